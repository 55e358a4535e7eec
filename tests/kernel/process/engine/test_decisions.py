# ruff: noqa: E501 - process files in one line each, so that the line of a problem can be told
"""Decision tables: hit policies, cells, refusals by name and line, overlaps."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.process.engine.bpmn import Story, end, flow, process, start, user
from yiwang.kernel.cel import CelError
from yiwang.kernel.process.engine import ManyRulesMatch, ProcessInvalid, load_decision, load_decisions

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def table(inputs, outputs, *rules, policy="UNIQUE", extra="", space=SPACE, key="d"):
    """A DMN file; rule n is on line 3 + columns + n. ``inputs``: (expression, type), ``outputs``: (name, type)."""
    ins = [
        f'<input><inputExpression typeRef="{t}"><text>{escaped(e)}</text></inputExpression></input>' for e, t in inputs
    ]
    outs = [f'<output name="{n}" typeRef="{t}"/>' for n, t in outputs]
    rows = []
    for rule in rules:
        cells = [f"<inputEntry><text>{escaped(c)}</text></inputEntry>" for c in rule[: len(inputs)]]
        cells += [f"<outputEntry><text>{escaped(c)}</text></outputEntry>" for c in rule[len(inputs) :]]
        rows.append("<rule>" + "".join(cells) + "</rule>")
    mark = f' hitPolicy="{policy}"' if policy else ""
    lines = [f'<definitions xmlns="{space}">', f'<decision id="{key}" name="t">', f"<decisionTable{mark}>", *ins, *outs, *rows,
             "</decisionTable>", extra + "</decision>", "</definitions>"]  # fmt: skip
    return "\n".join(lines).encode()


def decide(xml, **variables):
    return load_decision(xml, file="d.dmn").decide(variables, now=NOW)


def matches(cell, value, kind="", **variables):
    return decide(table([("x", kind)], [("y", "")], (cell, "true"), policy="FIRST"), x=value, **variables) is True


ROUTE = table([("category", "string"), ("people", "integer")], [("level", "integer"), ("post", "string")],
              ('"gas", "fire"', "-", "1", '"119"'), ('"noise"', "< 10", "3", "street"), ('"noise"', ">= 10", "people / 10", '"city"'))  # fmt: skip


def test_unique_gives_the_one_rule_that_matches():
    assert decide(ROUTE, category="fire", people=1) == {"level": 1, "post": "119"}
    assert decide(ROUTE, category="noise", people=5, street="s7") == {"level": 3, "post": "s7"}
    assert decide(ROUTE, category="noise", people=55) == {"level": 5, "post": "city"}
    assert decide(ROUTE, category="tree", people=1) is None


def test_the_hit_policies():
    def go(policy, x):
        return decide(
            table([("x", "number")], [("y", "")], ("> 1", "1"), ("> 5", "2"), ("= 0", "-"), policy=policy), x=x
        )

    assert (go("FIRST", 9), go("FIRST", 2), go("FIRST", 1), go("FIRST", 0)) == (1, 1, None, None)
    assert (go("COLLECT", 9), go("COLLECT", 1)) == ([1, 2], [])
    assert (go("RULE ORDER", 9), go("RULE ORDER", 0)) == ([1, 2], [None])


def test_unique_with_several_matches_is_told_when_it_could_not_be_seen_before():
    xml = table([("x", "")], [("y", "")], ("?  > limit", "1"), ("> 5", "2"))
    assert decide(xml, x=9, limit=20) == 2
    with pytest.raises(ManyRulesMatch) as caught:
        decide(xml, x=9, limit=3)
    assert caught.value.params["rules"] == "1, 2"


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [("-", [1, "a", None], []), ("", [1, None], []), ("5", [5, 5.0], [4, "5", None]), ('"a"', ["a"], ["b", None]),
     ("'a'", ["a"], ["b"]), ('"a", "b"', ["a", "b"], ["c"]), ("true", [True], [False, 1, None]), ("null", [None], [0]),
     ("[1..5]", [1, 3, 5], [0, 6, None]), ("(1..5)", [2, 4.9], [1, 5]), ("]1..5[", [2], [1, 5]), ("[1..5)", [1, 4], [5]),
     ("< 5", [4], [5, None]), ("<= 5", [5], [6]), (">5", [6], [5]), (">= 5", [5], [4]), ("= 5", [5], [4]), ("!= 5", [4, None], [5]),
     ("[1..2], 7, > 10", [1, 7, 11], [5, 10]), ('not("a", "b")', ["c", None], ["a"]), ("not(> 5)", [5], [6]),
     ("-3", [-3], [3]), ('"a,b", "]"', ["a,b", "]"], ["a"]), ("? > 5 && ? < 9", [7], [5, 9]),
     ("(? > 5 ? true : false)", [6], [5]), ("it in [1, 2]", [1], [3]), ("[1..max_x]", [3], [9]), ("< max_x * 2", [15], [16]),
     ('it.startsWith("a")', ["ab"], ["b"])],
)  # fmt: skip
def test_cells(cell, yes, no):
    assert all(matches(cell, value, max_x=8) for value in yes)
    assert not any(matches(cell, value, max_x=8) for value in no)


def test_cells_with_chinese():
    assert matches('"燃气泄漏", "火灾"', "火灾", "string") and matches("len(it) == 4", "燃气泄漏", "string")


def test_a_cell_that_is_no_condition_is_told():
    with pytest.raises(CelError):
        matches("it + 1", 1)


def test_kinds_are_checked_on_the_way_in_and_out():
    assert decide(table([("x", "number")], [("y", "integer")], ("2.5", "7")), x=2.5) == 7
    for xml, x in ((table([("x", "number")], [("y", "")], ("1", "1")), "one"), (table([("x", "")], [("y", "integer")], ("-", "'a'")), 1),
                   (table([("x", "")], [("y", "money")], ("-", "1.5")), 1)):  # fmt: skip
        with pytest.raises(CelError):
            decide(xml, x=x)


def found(xml):
    with pytest.raises(ProcessInvalid) as caught:
        load_decision(xml, file="d.dmn")
    return [(int(p.where.split(":")[1]), p.key.removeprefix("engine.rule.")) for p in caught.value.problems]


ONE = [("x", "number")], [("y", "")]


@pytest.mark.parametrize(
    ("line", "kind", "xml"),
    [
        (3, "hit_policy", table(*ONE, ("1", "1"), policy="PRIORITY")),
        (3, "hit_policy", table(*ONE, ("1", "1"), policy='COLLECT" aggregation="SUM')),
        (3, "outputs", table([("x", "")], [], ("1",))),
        (3, "outputs", table([("x", "")], [("a", ""), ("a", "")], ("1", "1", "1"))),
        (4, "type", table([("x", "colour")], [("y", "")], ("1", "1"))),
        (4, "cel.syntax.detail", table([("x +", "")], [("y", "")], ("1", "1"))),
        (6, "cel.syntax.detail", table(*ONE, ("> ", "1"))),
        (7, "cel.syntax.detail", table(*ONE, ("1", "1"), ("2", "(1"))),
        (6, "cel.unknown_function.detail", table(*ONE, ("1", 'date("2026-01-01")'))),
        (6, "cells", table(*ONE, ("1",))),
        (7, "overlap", table(*ONE, ("[1..5]", "1"), ("> 4", "2"))),
        (1, "not_dmn", table(*ONE, ("1", "1"), space="http://example.org")),
        (1, "one_decision", table(*ONE, ("1", "1")).replace(b"</definitions>", b'<decision id="q"/></definitions>')),
        (8, "element", table(*ONE, ("1", "1"), extra="<knowledgeRequirement/>")),
        (8, "element", table(*ONE, ("1", "1"), extra="<informationRequirement><requiredDecision href='#x'/></informationRequirement>")),
        (4, "attribute", table(*ONE, ("1", "1")).replace(b"<inputExpression ", b'<inputExpression expressionLanguage="python" ')),
        (2, "one_table", b'<definitions xmlns="%s">\n<decision id="d"><literalExpression/></decision></definitions>' % SPACE.encode()),
    ],
)  # fmt: skip
def test_what_is_refused_at_its_line(line, kind, xml):
    assert (line, kind) in found(xml)


@pytest.mark.parametrize("space", ["http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
                                   "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/"])  # fmt: skip
def test_the_versions_of_dmn(space):
    assert decide(table(*ONE, ("1", "1"), space=space, policy=""), x=1) == 1


def test_several_files_are_loaded_together_and_a_key_is_used_once():
    tables = load_decisions({"a.dmn": table(*ONE, ("1", "1")), "b.dmn": table(*ONE, ("1", "1"), key="b")})
    assert sorted(tables) == ["b", "d"]
    with pytest.raises(ProcessInvalid) as caught:
        load_decisions({"a.dmn": table(*ONE, ("1", "1")), "b.dmn": table(*ONE, ("1", "1")), "c.dmn": b"x"})
    assert {p.where.split(":")[0] for p in caught.value.problems} == {"b.dmn", "c.dmn"}


@pytest.mark.parametrize(
    ("first", "second", "kind", "overlap"),
    [("1", "1", "number", True), ("1", "2", "number", False), ("1, 2", "2, 3", "number", True), ("[1..5]", "(5..9]", "number", False),
     ("[1..5]", "[5..9]", "number", True), ("(1..2)", "(1..2)", "integer", False), ("(1..2)", "(1..2)", "number", True),
     ("(1..3)", "(1..3)", "integer", True), ("> 5", "< 6", "integer", False), ("> 5", "< 6", "number", True), ("-", "7", "number", True),
     ("-", "-", "", True), ('"a"', 'not("a")', "string", False), ('"a", "b"', 'not("a")', "string", True),
     ('not("a")', 'not("b")', "string", True), ("not(true)", "not(false)", "boolean", False), ("true", "false", "boolean", False),
     ("true", "1", "", False), ("> 5", "!= 7", "number", True), ("[7..7]", "!= 7", "number", False), ("> 3", "10", "number", True),
     ("it > limit", "> 5", "number", False), ("[5..1]", "-", "number", False), ("= 3", "[1..4]", "number", True)],
)  # fmt: skip
def test_overlaps_of_unique_rules(first, second, kind, overlap):
    xml = table([("x", kind)], [("y", "")], (first, "1"), (second, "2"))
    if overlap:
        assert found(xml) == [(7, "overlap")]
    else:
        load_decision(xml, file="d.dmn")


def test_rules_overlap_only_where_every_column_does():
    load_decision(table([("x", ""), ("z", "")], [("y", "")], ("> 1", '"a"', "1"), ("> 1", '"b"', "2")), file="d.dmn")


numbers = st.integers(-4, 4).map(str)
cells = st.one_of(
    st.just("-"), numbers, numbers.map(lambda n: f"> {n}"), numbers.map(lambda n: f"<= {n}"), numbers.map(lambda n: f"!= {n}"),
    st.lists(numbers, min_size=1, max_size=3).map(", ".join), st.lists(numbers, min_size=1, max_size=2).map(lambda n: f"not({', '.join(n)})"),
    st.tuples(st.sampled_from("[("), numbers, numbers, st.sampled_from("])")).map(lambda t: f"{t[0]}{t[1]}..{t[2]}{t[3]}"),
)  # fmt: skip
rules = st.lists(st.tuples(cells, cells), min_size=1, max_size=5)


@given(rules, st.sampled_from(["integer", "number"]))
def test_a_unique_table_that_loads_has_at_most_one_match_for_any_case(rows, kind):
    """Whole numbers and halves cover every place where two plain cells can meet."""
    ins = [("a", kind), ("b", kind)]
    rows = [(a, b, str(i)) for i, (a, b) in enumerate(rows)]
    try:
        decision = load_decision(table(ins, [("y", "")], *rows), file="d.dmn")
    except ProcessInvalid as invalid:
        collect = load_decision(table(ins, [("y", "")], *rows, policy="COLLECT"), file="d.dmn")
        for problem in invalid.problems:
            pair = {problem.params["first"] - 1, problem.params["second"] - 1}
            assert any(
                pair <= set(collect.matching({"a": a, "b": b}, now=NOW)) for a in points(kind) for b in points(kind)
            )
        return
    undecided = any("not" in c or "!=" in c for row in rows for c in row[:2])
    for a in points(kind):
        for b in points(kind):
            assert undecided or len(decision.matching({"a": a, "b": b}, now=NOW)) <= 1


def points(kind):
    whole = [-1000, *range(-6, 7), 1000]
    return whole if kind == "integer" else [*whole, *(n + 0.5 for n in range(-6, 6))]


def test_a_business_rule_task_keeps_its_result():
    xml = process(
        start("t"),
        '<businessRuleTask id="t" yw:decision="d" yw:result="route"/>' + flow("t", "a"),
        user("a", "e"),
        end(),
    )
    story = Story(xml, {"category": "gas", "people": 1}, decisions={"d": load_decision(ROUTE, file="d.dmn")})
    assert story.data["route"] == {"level": 1, "post": "119"}
