"""x-rules: conditions over several fields, in CEL, with the sentence that is shown when one does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel.cel import CelError, Expression, Kind, compile_cel
from yiwang.kernel.errors import Problem

_KINDS: dict[str, Kind] = {
    "string": "text",
    "integer": "int",
    "number": "number",
    "boolean": "bool",
    "array": "list",
    "object": "map",
}


@dataclass(frozen=True)
class Rule:
    """One compiled rule; ``fields`` are those beside which the message is shown."""

    expression: Expression
    message: Mapping[str, str]
    fields: tuple[str, ...]
    needs_now: bool

    def check(self, data: Mapping[str, Any], now: datetime | None, bad: set[str]) -> list[Problem]:
        """Its problem over the data; none when a field it reads is already known to be wrong.

        A rule that cannot be evaluated because an optional field is absent says nothing; any other failure counts as
        a rule that does not hold.
        """
        if bad & {*self.expression.names, *self.fields}:
            return []
        if now is None and self.needs_now:
            raise ValueError(f"the rule {self.expression.text!r} needs the present time")
        try:
            holds = self.expression.evaluate(data, now=now or _NEVER) is True
        except CelError:
            holds = any(name not in data for name in self.expression.names)
        if holds:
            return []
        params = {f"message_{locale}": said for locale, said in self.message.items()}
        return [Problem(name, "forms.error.rule", params, "form-rule", self.message["en"]) for name in self.fields]


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_NOW = re.compile(r"(?<![\w.])now(?!\w)")


def compile_rule(entry: Mapping[str, Any], properties: Mapping[str, Any]) -> Rule:
    """Compile one entry of x-rules; CelError when it cannot be used."""
    names = {name: kind_of(field) for name, field in properties.items()}
    expression = compile_cel(entry["rule"], names=names)
    return Rule(expression, entry["message"], tuple(entry["fields"]), bool(_NOW.search(entry["rule"])))


def kind_of(field: Mapping[str, Any]) -> Kind:
    """The CEL kind of a field of a form."""
    if field.get("format") == "money":
        return "money"
    return _KINDS.get(str(field.get("type")), "any")


def compile_rules(entries: Iterable[Mapping[str, Any]], properties: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Compile all of them."""
    return tuple(compile_rule(entry, properties) for entry in entries)
