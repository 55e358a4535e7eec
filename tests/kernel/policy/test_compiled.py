"""Policies are validated before anything runs, and the cache never answers for another question."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.policy import Compiled, Declarations, PolicyInvalid
from yiwang.kernel.policy.source import Source, of_packages, statements
from yiwang.kernel.write import Actor, Resource

MODULES = ["yiwang.kernel.policy"]
DECLARED = """
[resource.case]
title = { zh = "办件", en = "case" }
attrs = { state = "String", sealed = "Bool?", post = "Post", level = "Long" }

[action."case.read"]
title = { zh = "查看办件", en = "read a case" }
on = ["case"]
groups = ["org_read", "own", "supervision", "post_work"]
"""
POLICIES = """
// Sealed cases are nobody's business.
@id("case.sealed")
@title_zh("封存的办件不得查看")
@title_en("Sealed cases are not read")
forbid (principal, action == Action::"case.read", resource is case)
when { resource has sealed && resource.sealed };

@id("case.research")
@title_zh("研究用途可以查看已办结的低等级办件")
@title_en("Closed cases of a low level may be read for research")
@mask("identity,contact")
permit (principal is Staff, action == Action::"case.read", resource is case)
when { context.purpose == "research" && resource.state == "closed" }
unless { resource.level > 3 };
"""


def declared(extra: str = DECLARED) -> Declarations:
    found = Declarations.of_packages(MODULES)
    found.add(extra, "cases.toml")
    found.check_references()
    return found


def compiled(policies: str = POLICIES, extra: str = DECLARED) -> Compiled:
    return Compiled(declared(extra), [*of_packages(MODULES), Source("cases.cedar", policies)])


def problems(policies: str = POLICIES, extra: str = DECLARED) -> list[str]:
    with pytest.raises(PolicyInvalid) as caught:
        compiled(policies, extra)
    return [str(p) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("resource.state ==", "resource.stat ==", "cases.cedar:9: case.research: attribute `stat`"),
        ("resource has sealed && ", "", "cases.cedar:3: case.sealed: unable to guarantee"),
        ("resource.level > 3", "resource.level > \"3\"", "cases.cedar:9: "),
        ('"case.read", resource is case)\nwhen { con', '"case.raed", resource is case)\nwhen { con', "cases.cedar:9: "),
        ('"case.research"', '"case.sealed"', "cases.cedar:9: @id 'case.sealed' is already taken at cases.cedar:3"),
        ('"case.research"', '"Research"', 'cases.cedar:9: needs @id("room.name")'),
        ('@title_en("Closed', '@title_fr("Closed', "cases.cedar:9: unknown annotation @title_fr"),
        ('@mask("identity,contact")', '@mask("shoes")', "cases.cedar:9: @mask: 'shoes'"),
        ("forbid (", '@mask("all")\nforbid (', "cases.cedar:3: a forbid cannot oblige: @mask"),
        ("permit (", "permitt (", "cases.cedar:9: cannot be read"),
        ("(principal is Staff", "(principal == ?principal", "cases.cedar:9: must be exactly one policy without slots"),
    ],
)  # fmt: skip
def test_an_invalid_policy_is_refused_with_file_and_line(old: str, new: str, expected: str) -> None:
    assert old in POLICIES
    found = problems(POLICIES.replace(old, new))
    assert any(one.startswith(expected) for one in found), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"Bool?"', '"Boolean?"', "cases.toml:2: resource 'case': type 'Boolean?'"),
        ('on = ["case"]', 'on = ["kase"]', "undeclared resource 'kase'"),
        ('"own",', '"owners",', "undeclared group 'owners'"),
        ('en = "case"', 'fr = "case"', "cases.toml:2: resource 'case' needs title"),
        ("groups =", "gruops =", "cases.toml:6: action 'case.read': unknown field 'gruops'"),
        ("[resource.case]", "[resources.case]", "unknown section [resources]"),
        ("state =", "org =", "attribute 'org' is reserved"),
        ("[resource.case]", "[resource.Case]", "cases.toml:2: resource name 'Case'"),
        ("attrs", "attrs = attrs", "is not TOML"),
    ],
)
def test_a_wrong_declaration_is_refused(old: str, new: str, expected: str) -> None:
    found = problems("", DECLARED.replace(old, new))
    assert any(expected in one for one in found), found


def test_a_higher_room_adds_to_a_declaration_but_does_not_contradict_it() -> None:
    more = declared()
    more.add('[action."case.read"]\ntitle = { zh = "a", en = "b" }\non = ["task"]\ngroups = ["auditing"]', "more.toml")
    assert more.problems == []
    assert more.actions["case.read"].on == ("case", "task")
    more.add('[resource.case]\ntitle = { zh = "a", en = "b" }\nattrs = { level = "String" }', "more.toml")
    assert "declared elsewhere as Long" in str(more.problems[0])


def test_statements_are_cut_at_semicolons_that_end_them() -> None:
    text = (
        'permit (principal, action, resource) when { "a;b" == "// ;" }; // c;d\n\nforbid (principal, action, resource);'
    )
    assert [line for line, _ in statements(text)] == [1, 3]


def actor(**facts: Any) -> Actor:
    return Actor("staff", UUID(int=1), "x", **facts)


def case(**attrs: Any) -> Resource:
    return Resource("case", 1, org=7, attrs={"state": "closed", "post": 5, "level": 2, **attrs})


def test_a_forbid_stands_above_every_permit() -> None:
    policies, insider = compiled(), actor(orgs=(7,))
    assert policies.verdict(insider, "case.read", case(), "", False).policies == ("staff.org-read",)
    assert policies.verdict(insider, "case.read", case(), "", True).policies == ("core.granted", "staff.org-read")
    assert not policies.verdict(insider, "case.read", case(sealed=True), "", True).allowed


def test_purpose_and_unless_count() -> None:
    policies, outsider = compiled(), actor(orgs=(9,))
    assert policies.verdict(outsider, "case.read", case(), "research", False).allowed
    assert not policies.verdict(outsider, "case.read", case(), "", False).allowed
    assert not policies.verdict(outsider, "case.read", case(level=4), "research", False).allowed
    assert not policies.verdict(outsider, "case.read", case(state="open"), "research", False).allowed


@pytest.mark.parametrize(
    "strange",
    [
        {"level": "2"},
        {"state": ["closed"]},
        {"level": 10**30},
        {"state": {"a": 1}},
        {"level": 1.5},
        {"sealed": 1},
        {"level": True},
        {"post": [5]},
    ],
)
def test_an_attribute_of_a_wrong_type_is_a_refusal(strange: dict[str, Any]) -> None:
    verdict = compiled().verdict(actor(orgs=(9,)), "case.read", case(**strange), "research", False)
    assert not verdict.allowed
    assert verdict.errors


WARM = compiled()
ACTORS = st.builds(
    actor,
    posts=st.sampled_from([(), (5,), (6,), (5, 6)]),
    orgs=st.sampled_from([(), (7,), (8,), (7, 8)]),
    areas=st.sampled_from([(), ("320211",), ("3202",), ("320213", "320211001")]),
    roles=st.frozensets(st.sampled_from(["supervisor", "handler", "leader"])),
)
CASES = st.builds(
    lambda org, parties, area, owner, attrs: Resource("case", 1, org, parties, area, owner, attrs),
    st.sampled_from([None, 7, 8]),
    st.sampled_from([(), (7,), (8, 9)]),
    st.sampled_from(["", "320211001", "320213"]),
    st.sampled_from([None, UUID(int=1), UUID(int=2)]),
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(["open", "closed"]),
            "post": st.sampled_from([None, 5, 6]),
            "level": st.integers(1, 5),
        },
        optional={"sealed": st.booleans()},
    ),
)


def expected(who: Actor, what: Resource, purpose: str) -> bool:
    """The rules above said in Python, to compare with."""
    if what.attrs.get("sealed"):
        return False
    takes_part = what.org in who.orgs or bool(set(what.parties) & set(who.orgs))
    supervises = bool(who.roles & {"supervisor", "leader"}) and (
        takes_part or any(what.area.startswith(area) for area in who.areas)
    )
    research = purpose == "research" and what.attrs["state"] == "closed" and what.attrs["level"] <= 3
    return takes_part or supervises or what.owner == who.id or what.attrs["post"] in who.posts or research


@given(ACTORS, CASES, st.sampled_from(["", "research"]))
def test_warm_cold_and_plain_python_agree(who: Actor, what: Resource, purpose: str) -> None:
    cold = WARM.scope("staff", "case.read", "case")
    asked = WARM.values(cold, who, what, purpose, granted=False)
    assert WARM.ask(cold, cold.handle, asked) == WARM.verdict(who, "case.read", what, purpose, granted=False)
    assert WARM.verdict(who, "case.read", what, purpose, granted=False).allowed == expected(who, what, purpose)
