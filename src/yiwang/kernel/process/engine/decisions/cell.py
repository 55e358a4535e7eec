"""An input cell: sugar such as ``"a", "b"``, ``[1..5]``, ``>= 3``, ``not("x")`` or ``-``, or a CEL condition.

Every cell becomes one CEL condition over ``it``, the value of its column. Where a cell is plain enough its meaning
is kept as well, as pieces of a set, so that overlaps of rules can be found before anybody runs into them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yiwang.kernel.cel import Expression, compile_cel
from yiwang.kernel.cel.scan import Token, tokens

#: The name under which a cell reads the value of its column.
VALUE = "it"

_RANGE = re.compile(r"([\[\](])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])", re.DOTALL)
_COMPARISON = re.compile(r"(<=|>=|!=|==|<|>|=)\s*(.+)", re.DOTALL)
_NEGATION = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')


@dataclass(frozen=True)
class Interval:
    """Numbers between two bounds (None: unbounded), each included or not."""

    low: float | None
    low_in: bool
    high: float | None
    high_in: bool


@dataclass(frozen=True)
class Meaning:
    """What a cell lets through: anything, or values and intervals, or everything but some values; or unknown."""

    anything: bool = False
    known: bool = True
    values: frozenset[Any] = frozenset()
    intervals: tuple[Interval, ...] = ()
    without: frozenset[Any] | None = None


@dataclass(frozen=True)
class Cell:
    """A compiled input cell; ``condition`` is None where anything matches."""

    text: str
    condition: Expression | None
    meaning: Meaning = field(default_factory=lambda: Meaning(known=False))


def parse_cell(text: str) -> Cell:
    """Compile an input cell. Raises CelError when a part of it is not CEL."""
    text = text.strip()
    if text in ("", "-"):
        return Cell(text, None, Meaning(anything=True))
    negated = _NEGATION.fullmatch(text)
    if negated and _balanced(negated[1]):
        parts = [_part(part) for part in _split(negated[1])]
        condition = "!(" + " || ".join(code for code, _ in parts) + ")"
        meaning = _negate([piece for _, piece in parts])
    else:
        parts = [_part(part) for part in _split(text)]
        condition = " || ".join(f"({code})" for code, _ in parts)
        meaning = _union([piece for _, piece in parts])
    return Cell(text, compile_cel(condition, names=None), meaning)


def literal(text: str) -> tuple[bool, Any]:
    """Whether a text is a plain literal, and its value."""
    if _NUMBER.fullmatch(text):
        return True, float(text) if any(c in text for c in ".eE") else int(text)
    if _TEXT.fullmatch(text):
        try:
            inner = text[1:-1]
            return True, json.loads(f'"{inner}"') if text[0] == '"' else json.loads(
                '"' + inner.replace('"', '\\"') + '"'
            )
        except json.JSONDecodeError:
            return False, None
    constants = {"true": True, "false": False, "null": None}
    return text in constants, constants.get(text)


def _part(text: str) -> tuple[str, Meaning]:
    """One alternative: its CEL and its meaning."""
    found = _RANGE.fullmatch(text)
    if found:
        return _range(*found.groups())
    found = _COMPARISON.fullmatch(text)
    if found:
        return _comparison(found[1], found[2])
    plain, value = literal(text)
    if plain:
        meaning = Meaning(values=frozenset({_key(value)}))
        return f"{VALUE} == {text}", meaning
    return _with_value(text), Meaning(known=False)


def _range(opening: str, low: str, high: str, closing: str) -> tuple[str, Meaning]:
    low_in, high_in = opening == "[", closing == "]"
    code = f"{VALUE} != null && {VALUE} >{'=' if low_in else ''} ({low}) && {VALUE} <{'=' if high_in else ''} ({high})"
    (a_plain, a), (b_plain, b) = literal(low), literal(high)
    if a_plain and b_plain and _is_number(a) and _is_number(b):
        return code, Meaning(intervals=(Interval(a, low_in, b, high_in),))
    return code, Meaning(known=False)


def _comparison(sign: str, text: str) -> tuple[str, Meaning]:
    sign = "==" if sign == "=" else sign
    guard = "" if sign in ("==", "!=") else f"{VALUE} != null && "
    code = f"{guard}{VALUE} {sign} ({_with_value(text)})"
    plain, value = literal(text)
    if not plain:
        return code, Meaning(known=False)
    if sign == "==":
        return code, Meaning(values=frozenset({_key(value)}))
    if sign == "!=":
        return code, Meaning(without=frozenset({_key(value)}))
    if not _is_number(value):
        return code, Meaning(known=False)
    included = len(sign) == 2
    interval = Interval(value, included, None, False) if sign[0] == ">" else Interval(None, False, value, included)
    return code, Meaning(intervals=(interval,))


def _with_value(text: str) -> str:
    """FEEL writes ``?`` for the value. In CEL ``?`` follows an operand, so one that does not is the value."""
    made, last, before = [], 0, None
    for token in tokens(text):
        if token.text == "?" and not _ends_operand(before):
            made += [text[last : token.at], VALUE]
            last = token.at + 1
            before = Token("name", VALUE, token.at)
        else:
            before = token
    return "".join([*made, text[last:]])


def _ends_operand(token: Token | None) -> bool:
    return token is not None and (token.kind in ("name", "number", "string") or token.text in (")", "]", "}"))


def _split(text: str) -> list[str]:
    """Split at commas that are outside brackets and texts."""
    parts, depth, last = [], 0, 0
    outside = _RANGE.sub(lambda m: "_" * len(m[0]), text) if ".." in text else text
    for token in tokens(outside):
        if token.kind != "mark":
            continue
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.text == "," and depth == 0:
            parts.append(text[last : token.at].strip())
            last = token.at + 1
    return [*parts, text[last:].strip()]


def _balanced(text: str) -> bool:
    depth = 0
    for token in tokens(text):
        if token.kind == "mark":
            depth += (token.text == "(") - (token.text == ")")
        if depth < 0:
            return False
    return depth == 0


def _union(pieces: list[Meaning]) -> Meaning:
    if any(not p.known for p in pieces):
        return Meaning(known=False)
    if len(pieces) == 1:
        return pieces[0]
    if any(p.without is not None for p in pieces):
        return Meaning(known=False)
    values = frozenset(v for p in pieces for v in p.values)
    return Meaning(values=values, intervals=tuple(i for p in pieces for i in p.intervals))


def _negate(pieces: list[Meaning]) -> Meaning:
    if any(not p.known or p.intervals or p.without is not None for p in pieces):
        return Meaning(known=False)
    return Meaning(without=frozenset(v for p in pieces for v in p.values))


def _key(value: Any) -> Any:
    """A value as a member of a set: true is not 1 (Python says it is), 1 and 1.0 are the same number."""
    return ("bool", value) if isinstance(value, bool) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def numbers(meaning: Meaning) -> Iterator[float]:
    """The plain numbers among the values."""
    for value in meaning.values:
        if _is_number(value):
            yield value
