"""A decision table and its evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from yiwang.kernel.cel import CelError, Expression, Kind
from yiwang.kernel.cel.values import BadValue, coerce
from yiwang.kernel.errors import Conflict
from yiwang.kernel.process.engine.decisions.cell import VALUE, Cell
from yiwang.kernel.process.engine.values import json_value

#: U unique, F first, C collect (without aggregation), R rule order; the letters of DMN.
HitPolicy = Literal["U", "F", "C", "R"]


class ManyRulesMatch(Conflict):
    """A table in which at most one rule may match had several for one case."""

    key = "engine.many_rules_match"


@dataclass(frozen=True)
class Input:
    """A column that is looked at: its CEL over the data and its kind."""

    label: str
    expression: Expression
    kind: Kind


@dataclass(frozen=True)
class Output:
    """A column that is given: its name in the result and its kind."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class TableRule:
    """A row: input cells and output cells (None: null), and its line in the file."""

    cells: tuple[Cell, ...]
    results: tuple[Expression | None, ...]
    line: int


@dataclass(frozen=True, eq=False)
class Decision:
    """A decision table; ``key`` is the id of its decision element."""

    key: str
    title: str
    policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[TableRule, ...]
    digest: str
    file: str = ""
    xml: bytes = field(default=b"", repr=False)

    def decide(self, variables: Mapping[str, Any], *, now: datetime) -> Any:
        """The result over ``variables`` at ``now``.

        With one output column its value, with several a dict of them; U and F give null when no rule matches, C and R a
        list. Raises ManyRulesMatch (U only) and CelError.
        """
        matching = self.matching(variables, now=now)
        if self.policy == "U" and len(matching) > 1:
            numbers = ", ".join(str(index + 1) for index in matching)
            raise ManyRulesMatch(f"{self.key}: the rules {numbers} all match", decision=self.key, rules=numbers)
        results = [self._result(self.rules[index], variables, now) for index in matching]
        if self.policy in ("C", "R"):
            return results
        return results[0] if results else None

    def matching(self, variables: Mapping[str, Any], *, now: datetime) -> list[int]:
        """The numbers (from 0) of the rules that match, in the order of the table; for F the first only."""
        values = [_coerced(i.expression, i.expression.evaluate(variables, now=now), i.kind) for i in self.inputs]
        found = []
        for index, rule in enumerate(self.rules):
            if all(_matches(c, v, variables, now) for c, v in zip(rule.cells, values, strict=True)):
                found.append(index)
                if self.policy == "F":
                    break
        return found

    def _result(self, rule: TableRule, variables: Mapping[str, Any], now: datetime) -> Any:
        values = []
        for output, cell in zip(self.outputs, rule.results, strict=True):
            value = None if cell is None else json_value(cell.evaluate(variables, now=now))
            values.append(value if cell is None else _checked(cell, value, output.kind))
        if len(self.outputs) == 1:
            return values[0]
        return {output.name: value for output, value in zip(self.outputs, values, strict=True)}


class _WithValue(Mapping[str, Any]):
    """The data with the value of the column under its name, without copying the data."""

    def __init__(self, variables: Mapping[str, Any], value: Any) -> None:
        self._variables = variables
        self._value = value

    def __getitem__(self, name: str) -> Any:
        return self._value if name == VALUE else self._variables[name]

    def __iter__(self) -> Any:
        return iter({*self._variables, VALUE})

    def __len__(self) -> int:
        return len({*self._variables, VALUE})


def _matches(cell: Cell, value: Any, variables: Mapping[str, Any], now: datetime) -> bool:
    if cell.condition is None:
        return True
    result = cell.condition.evaluate(_WithValue(variables, value), now=now)
    if not isinstance(result, bool):
        raise CelError("types", "a cell of a decision table is a condition", expression=cell.text)
    return result


def _coerced(expression: Expression, value: Any, kind: Kind) -> Any:
    try:
        return coerce(value, kind, walked=False)
    except BadValue as bad:
        raise CelError(bad.kind, str(bad), expression=expression.text) from None


def _checked(expression: Expression, value: Any, kind: Kind) -> Any:
    """The value unchanged (3 stays 3 in a number column) once it is seen to fit."""
    coerced = _coerced(expression, value, kind)
    return coerced if kind in ("int", "money") else value
