"""Reading DMN files: what is not a plain decision table is refused by name and line, all problems at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from yiwang.kernel.cel import CelError, Expression, Kind, compile_cel
from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.decisions.cell import Cell, parse_cell
from yiwang.kernel.process.engine.decisions.overlap import overlaps
from yiwang.kernel.process.engine.decisions.table import Decision, HitPolicy, Input, Output, TableRule
from yiwang.kernel.process.engine.document import line_of
from yiwang.kernel.process.engine.errors import ProcessInvalid
from yiwang.kernel.process.engine.safexml import parse_xml

_SPACES = re.compile(r"https?://www\.omg\.org/spec/DMN/(20151101/dmn\.xsd|20180521/MODEL/|20191111/MODEL/"
                     r"|20211108/MODEL/|20230324/MODEL/)")  # fmt: skip
_ELEMENTS = frozenset(
    {"definitions", "decision", "variable", "decisionTable", "input", "inputExpression", "text", "output", "rule",
     "inputEntry", "outputEntry"}
)  # fmt: skip
_NOTES = frozenset(
    {
        "description",
        "annotation",
        "annotationEntry",
        "inputData",
        "informationRequirement",
        "question",
        "allowedAnswers",
    }
)
_POLICIES: dict[str, HitPolicy] = {"UNIQUE": "U", "FIRST": "F", "COLLECT": "C", "RULE ORDER": "R"}
_KINDS: dict[str, Kind] = {
    "string": "text", "boolean": "bool", "number": "number", "double": "number", "integer": "int", "long": "int",
    "date": "date", "dateTime": "time", "money": "money", "Any": "any", "": "any",
}  # fmt: skip
#: Rows and columns of one table; every pair of rows is compared when it is loaded.
MAX_RULES, MAX_COLUMNS = 1_000, 40


def load_decisions(files: Mapping[str, bytes]) -> dict[str, Decision]:
    """The tables of several files (name -> content) by key. Raises ProcessInvalid with the problems of all of them."""
    tables: dict[str, Decision] = {}
    problems: list[Problem] = []
    for file, xml in files.items():
        try:
            decision = load_decision(xml, file=file)
        except ProcessInvalid as invalid:
            problems += invalid.problems
            continue
        if decision.key in tables:
            text = f"the decision {decision.key!r} is also in {tables[decision.key].file}"
            problems.append(_problem(file, 1, "duplicate_id", text, id=decision.key, first=tables[decision.key].file))
        tables[decision.key] = decision
    if problems:
        raise ProcessInvalid(", ".join(files), problems)
    return tables


def load_decision(xml: bytes, *, file: str) -> Decision:
    """The one table of a file. Raises ProcessInvalid with every problem found."""
    reader = _Reader(parse_xml(xml, file), file)
    decision = reader.read(xml)
    if reader.problems or decision is None:
        raise ProcessInvalid(file, sorted(reader.problems, key=lambda p: int(p.where.rpartition(":")[2])))
    return decision


class _Reader:
    """Reads one file, collecting problems."""

    def __init__(self, root: etree._Element, file: str) -> None:
        self._root = root
        self._file = file
        self._space = etree.QName(root).namespace or ""
        self.problems: list[Problem] = []

    def read(self, xml: bytes) -> Decision | None:
        """The table, or None when there is none; a table with problems is not to be used."""
        if not _SPACES.fullmatch(self._space) or etree.QName(self._root).localname != "definitions":
            self._add(self._root, "not_dmn", "this is not a DMN file (1.1 to 1.5)")
            return None
        self._allow(self._root)
        decisions = list(self._find(self._root, "decision"))
        if len(decisions) != 1:
            self._add(self._root, "one_decision", f"a file holds one decision, this one {len(decisions)}",
                      count=len(decisions))  # fmt: skip
            return None
        tables = list(self._find(decisions[0], "decisionTable"))
        if len(tables) != 1:
            self._add(
                decisions[0], "one_table", "a decision is one decision table", element=decisions[0].get("id") or ""
            )
            return None
        return self._decision(decisions[0], tables[0], xml)

    def _decision(self, decision: etree._Element, table: etree._Element, xml: bytes) -> Decision:
        key = decision.get("id") or ""
        if not key:
            self._add(decision, "bad_id", "<decision> needs an id", element="decision", id="")
        policy = self._policy(table)
        inputs = tuple(self._input(element) for element in self._find(table, "input"))
        outputs = tuple(self._output(element) for element in self._find(table, "output"))
        names = [output.name for output in outputs]
        if not outputs or len(set(names)) < len(names) or (len(names) > 1 and "" in names):
            self._add(table, "outputs", f"{key}: output columns need names that differ", element=key)
        rows = list(self._find(table, "rule"))
        if len(rows) > MAX_RULES or len(inputs) + len(outputs) > MAX_COLUMNS:
            text = f"{key}: at most {MAX_RULES} rules and {MAX_COLUMNS} columns"
            self._add(table, "too_many_rules", text, element=key, limit=MAX_RULES)
            rows = []
        rules = tuple(self._rule(row, len(inputs), len(outputs)) for row in rows)
        if policy == "U" and not self.problems:
            self._overlaps(inputs, rules)
        digest = hashlib.sha256(xml).hexdigest()
        title = decision.get("name") or ""
        return Decision(key, title, policy, inputs, outputs, rules, digest, self._file, xml)

    def _policy(self, table: etree._Element) -> HitPolicy:
        name = table.get("hitPolicy", "UNIQUE")
        policy = _POLICIES.get(name)
        if policy is None:
            self._add(table, "hit_policy", f"the hit policy {name} is not supported: U, F, C or R", name=name)
        if table.get("aggregation"):
            name = f"{name} {table.get('aggregation')}"
            self._add(table, "hit_policy", f"the hit policy {name} is not supported: U, F, C or R", name=name)
        return policy or "U"

    def _input(self, element: etree._Element) -> Input:
        inner = next(self._find(element, "inputExpression"), None)
        source = element if inner is None else inner
        expression = self._cel(source, self._text(source))
        return Input(element.get("label") or "", expression, self._kind(source))

    def _output(self, element: etree._Element) -> Output:
        return Output(element.get("name") or "", self._kind(element))

    def _kind(self, element: etree._Element) -> Kind:
        name = (element.get("typeRef") or "").removeprefix("feel:")
        if name not in _KINDS:
            known = ", ".join(sorted(k for k in _KINDS if k))
            self._add(element, "type", f"the type {name!r} is not supported: {known}", name=name, known=known)
        return _KINDS.get(name, "any")

    def _rule(self, row: etree._Element, inputs: int, outputs: int) -> TableRule:
        given, results = list(self._find(row, "inputEntry")), list(self._find(row, "outputEntry"))
        if len(given) != inputs or len(results) != outputs:
            text = f"a rule of {len(given)} + {len(results)} cells in a table of {inputs} + {outputs} columns"
            self._add(row, "cells", text, found=len(given) + len(results), expected=inputs + outputs)
        cells = tuple(self._cell(entry) for entry in given)
        made = tuple(self._cel(e, t) if (t := self._text(e)) not in ("", "-") else None for e in results)
        return TableRule(cells, made, line_of(row))

    def _cell(self, element: etree._Element) -> Cell:
        try:
            return parse_cell(self._text(element))
        except CelError as wrong:
            self.problems.append(wrong.problem(f"{self._file}:{line_of(element)}", "decision"))
            return Cell("", None)

    def _cel(self, element: etree._Element, text: str) -> Expression:
        try:
            return compile_cel(text, names=None)
        except CelError as wrong:
            self.problems.append(wrong.problem(f"{self._file}:{line_of(element)}", "decision"))
            return compile_cel("null", names=None)

    def _overlaps(self, inputs: tuple[Input, ...], rules: tuple[TableRule, ...]) -> None:
        for first, second in overlaps([r.cells for r in rules], [i.kind in ("int", "money") for i in inputs]):
            text = (
                f"rule {second + 1} overlaps with rule {first + 1} (line {rules[first].line}); unique allows one match"
            )
            where = f"{self._file}:{rules[second].line}"
            params = {"first": first + 1, "second": second + 1}
            self.problems.append(Problem(where, "engine.rule.overlap", params, "decision", text))

    def _allow(self, parent: etree._Element) -> None:
        for child in parent:
            name = etree.QName(child)
            if name.namespace != self._space:
                if "DMNDI" not in (name.namespace or ""):
                    self._add(child, "element", f"<{name.localname}> is not supported here", element=name.localname)
            elif name.localname in _ELEMENTS:
                self._allow(child)
            elif name.localname not in _NOTES or next(self._find(child, "requiredDecision"), None) is not None:
                shown = name.localname if name.localname not in _NOTES else "requiredDecision"
                self._add(child, "element", f"<{shown}> is not supported here", element=shown)
            for attribute in ("expressionLanguage",):
                if child.get(attribute) not in (None, "cel", "CEL", "https://cel.dev"):
                    value = child.get(attribute) or ""
                    text = f"<{name.localname}>: the attribute {attribute}={value!r} is not supported"
                    self._add(child, "attribute", text, element=name.localname, name=attribute, value=value)

    def _find(self, parent: etree._Element, name: str) -> Iterator[etree._Element]:
        return (child for child in parent if child.tag == f"{{{self._space}}}{name}")

    def _text(self, element: etree._Element) -> str:
        inner = next(self._find(element, "text"), None)
        return "" if inner is None else (inner.text or "").strip()

    def _add(self, place: etree._Element, kind: str, text: str, /, **params: object) -> None:
        self.problems.append(_problem(self._file, line_of(place), kind, text, **params))


def _problem(file: str, line: int, kind: str, text: str, /, **params: object) -> Problem:
    return Problem(f"{file}:{line}", f"engine.rule.{kind}", params, "decision", text)
