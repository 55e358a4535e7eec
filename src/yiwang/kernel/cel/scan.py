"""Reading an expression before the library does: macros, what they bind, joins, calls.

The library tells names and functions but not where they stand, and it runs nested macros without a limit. So the text
is split into tokens here (strings and comments are skipped), which is enough to know what is nested in what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Functions that walk a list or map with an expression of their own.
MACROS = frozenset({"all", "exists", "exists_one", "existsOne", "map", "filter"})

_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|//[^\n]*)
  | (?P<string>[rRbB]{0,2}(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
  | (?P<number>0[xX][0-9a-fA-F]+[uU]?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[uU]?|\.\d+(?:[eE][+-]?\d+)?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """One token: its kind (string, number, name, mark), text and position (from 0)."""

    kind: str
    text: str
    at: int


@dataclass
class Scan:
    """What an expression holds: the calls and macros by position, names bound by macros, joins (``+``)."""

    names: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    macros: list[int] = field(default_factory=list)
    nested: int | None = None
    bound: set[str] = field(default_factory=set)
    joins: int = 0
    joins_in_macros: int = 0
    matches_in_macro: int | None = None
    built_in_macro: int | None = None


def tokens(text: str) -> Iterator[Token]:
    """The tokens of an expression, without blanks and comments."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        if kind != "skip":
            yield Token(kind, match.group(), match.start())


def scan(text: str) -> Scan:
    """Look through an expression once; nothing is evaluated and bad syntax is left to the compiler."""
    found = Scan()
    stream = list(tokens(text))
    brackets: list[bool] = []  # for each open bracket: is it the argument list of a macro?
    for index, token in enumerate(stream):
        if token.kind == "name":
            _name(found, stream, index, inside=any(brackets))
        elif token.kind != "mark":
            continue
        elif token.text in "([{":
            macro = token.text == "(" and _is_macro(stream, index - 1)
            if any(brackets) and found.built_in_macro is None and _is_literal(stream, index):
                found.built_in_macro = token.at
            brackets.append(macro)
            if macro and index + 1 < len(stream):
                found.bound.add(stream[index + 1].text)
        elif token.text in ")]}":
            if brackets:
                brackets.pop()
        elif token.text == "+":
            found.joins += 1
            found.joins_in_macros += any(brackets)
    return found


def _is_macro(stream: list[Token], index: int) -> bool:
    return index >= 1 and stream[index].text in MACROS and stream[index - 1].text == "."


def _is_literal(stream: list[Token], index: int) -> bool:
    """Whether this bracket builds a list or map (not an index, a call, a group, or the set after ``in``)."""
    before = stream[index - 1]
    if stream[index].text == "{":
        return True
    follows_value = before.kind in ("name", "string") or before.text in (")", "]")  # ``in`` is a name here too
    return stream[index].text == "[" and not follows_value


def _name(found: Scan, stream: list[Token], index: int, *, inside: bool) -> None:
    token = stream[index]
    called = index + 1 < len(stream) and stream[index + 1].text == "("
    if called and _is_macro(stream, index):
        found.macros.append(token.at)
        if inside and found.nested is None:
            found.nested = token.at
    elif called:
        found.calls.setdefault(token.text, token.at)
        if token.text == "matches" and inside and found.matches_in_macro is None:
            found.matches_in_macro = token.at
    elif index == 0 or stream[index - 1].text != ".":
        found.names.setdefault(token.text, token.at)
