"""Compiling and evaluating one expression inside the cage."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from yiwang.kernel.cel.errors import CelError
from yiwang.kernel.cel.library import cel
from yiwang.kernel.cel.limits import MAX_CHARS, MAX_JOINS, MAX_JOINS_IN_MACROS, MAX_MACROS, MAX_WALKED
from yiwang.kernel.cel.scan import Scan, scan
from yiwang.kernel.cel.values import BadValue, Kind, coerce, count

#: Functions that an expression may call; ``len`` is ours and counts code points. ``size`` counts bytes: refused.
FUNCTIONS = frozenset(
    {"len", "has", "int", "uint", "double", "string", "bool", "duration", "timestamp", "dyn", "type", "bytes"}
    | {"contains", "startsWith", "endsWith", "matches", "min", "max"}
    | {"getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"}
    | {"getHours", "getMinutes", "getSeconds", "getMilliseconds"}
)
_NOT_NAMES = frozenset({"true", "false", "null", "in", "now"})
_SYNTAX = re.compile(r"<input>:(\d+):(\d+): (.*)")


def _len(value: Any) -> int:
    if not isinstance(value, str | list | dict | bytes):
        raise TypeError("len() takes a text, a list or a map")
    return len(value)


_OURS = {"len": _len}


class Expression:
    """A compiled expression; immutable, so it may be shared by everything that runs."""

    __slots__ = ("_found", "_kinds", "_len", "_now", "_program", "names", "text")

    def __init__(self, text: str, program: Any, found: Scan, kinds: Mapping[str, Kind] | None) -> None:
        self.text = text
        self._program = program
        self._found = found
        bound = found.bound
        #: Names that the expression reads, without ``now`` and what its macros bind.
        self.names: tuple[str, ...] = tuple(n for n in program.variables() if n not in bound and n not in _NOT_NAMES)
        self._kinds: dict[str, Kind] = {n: (kinds or {}).get(n, "any") for n in self.names}
        self._len = "len" in found.calls
        self._now = "now" in found.names

    def evaluate(self, variables: Mapping[str, Any], *, now: datetime) -> Any:
        """The value over ``variables`` at the moment ``now`` (aware). A name that is absent reads as null.

        Raises CelError when a value does not fit its declared kind, or when evaluation fails.
        """
        walked = bool(self._found.macros)
        given: dict[str, Any] = {}
        for name, kind in self._kinds.items():
            try:
                given[name] = coerce(variables.get(name), kind, walked=walked)
            except BadValue as bad:
                raise self._error(bad.kind, f"{name}: {bad}", self._found.names.get(name, 0), name=name) from None
        if walked and sum(map(count, given.values())) > MAX_WALKED:
            raise self._error("too_many", f"more than {MAX_WALKED} values to walk", 0)
        if self._now:
            if now.tzinfo is None:
                raise self._error("wrong_type", "now: a moment without a time zone", 0, name="now")
            given["now"] = now
        return self._execute(given)

    def _execute(self, given: dict[str, Any]) -> Any:
        context = cel.Context(given, _OURS) if self._len else given
        try:
            value = self._program.execute(context)
        except KeyError as missing:
            raise self._error("missing_key", f"there is no key {missing.args[0]!r}", self._at_key(missing)) from None
        except ZeroDivisionError:
            raise self._error("division", "division by zero", 0) from None
        except OverflowError:
            raise self._error("overflow", "a whole number outgrew 64 bits", 0) from None
        except (TypeError, ValueError, RuntimeError, IndexError) as wrong:
            raise self._error("types", _first_sentence(str(wrong)), 0) from None
        except BaseException as panic:
            if type(panic).__name__ != "PanicException":
                raise
            raise self._error("failed", "the expression cannot be evaluated", 0) from None
        if isinstance(value, float) and not math.isfinite(value):
            raise self._error("overflow", "the result is not a finite number", 0)
        return value

    def _at_key(self, missing: KeyError) -> int:
        return max(self.text.find(str(missing.args[0])), 0)

    def _error(self, kind: str, reason: str, at: int, **params: Any) -> CelError:
        return CelError(kind, reason, expression=self.text, position=at + 1, **params)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def compile_cel(text: str, *, names: Mapping[str, Kind] | Collection[str] | None) -> Expression:
    """Compile an expression once (equal ones are shared).

    ``names`` declares what it may read: a mapping of name to kind, a collection of names (any kind), or None where the
    names cannot be known, as with the data of a process. ``now`` is always there.
    Raises CelError: too long, bad syntax, an unknown name or function, a macro inside a macro, too many joins.
    """
    if names is None:
        return _compiled(text, None)
    kinds = names.items() if isinstance(names, Mapping) else ((name, "any") for name in names)
    return _compiled(text, tuple(sorted(kinds)))


@lru_cache(maxsize=4096)
def _compiled(text: str, declared: tuple[tuple[str, Kind], ...] | None) -> Expression:
    if len(text) > MAX_CHARS:
        raise CelError("too_long", f"longer than {MAX_CHARS} characters", expression=text, limit=MAX_CHARS)
    if not text.strip():
        raise CelError("syntax", "the expression is empty", expression=text)
    found = scan(text)
    _check(text, found)
    expression = Expression(text, _program(text), found, dict(declared) if declared is not None else None)
    if declared is not None:
        known = {name for name, _ in declared}
        for name in expression.names:
            if name not in known:
                at = found.names.get(name, 0) + 1
                raise CelError(
                    "unknown_name", f"{name} is not declared", expression=text, position=at, name=name,
                    known=", ".join(sorted(known)),
                )  # fmt: skip
    return expression


def _check(text: str, found: Scan) -> None:
    for name, at in found.calls.items():
        if name == "size":
            raise CelError("size", "size() counts bytes: write len()", expression=text, position=at + 1)
        if name not in FUNCTIONS:
            raise CelError("unknown_function", f"there is no function {name}()", expression=text, position=at + 1,
                           name=name)  # fmt: skip
    if found.nested is not None:
        raise CelError("nested_macro", "a macro inside a macro", expression=text, position=found.nested + 1)
    if found.matches_in_macro is not None:
        at = found.matches_in_macro + 1
        raise CelError("nested_macro", "matches() inside a macro", expression=text, position=at)
    if found.built_in_macro is not None:
        at = found.built_in_macro + 1
        raise CelError("nested_macro", "a list or map built inside a macro", expression=text, position=at)
    if len(found.macros) > MAX_MACROS:
        raise CelError("too_many", f"more than {MAX_MACROS} macros", expression=text)
    if found.joins > MAX_JOINS or found.joins_in_macros > MAX_JOINS_IN_MACROS:
        raise CelError("too_many", f"more than {MAX_JOINS} joins (+), or {MAX_JOINS_IN_MACROS} inside macros",
                       expression=text)  # fmt: skip


def _program(text: str) -> Any:
    try:
        return cel.compile(text)
    except ValueError as wrong:
        match = _SYNTAX.search(str(wrong))
        at, reason = 1, _first_sentence(str(wrong))
        if match:
            at, reason = _offset(text, int(match[1]), int(match[2])), match[3].split(" expecting ")[0]
        raise CelError("syntax", reason, expression=text, position=at) from None
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise CelError("syntax", "the expression cannot be read", expression=text) from None


def _offset(text: str, line: int, column: int) -> int:
    before = text.split("\n")[: line - 1]
    return sum(len(part) + 1 for part in before) + column


def _first_sentence(message: str) -> str:
    return re.split(r"(?<=[a-z])\.\s| — |\n", message)[0]
