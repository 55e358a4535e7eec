"""What a scenario package's policies may say, and what they open."""

from __future__ import annotations

import pytest

from yiwang.kernel.policy import check_package_policies, opens

MODULES = ("yiwang.kernel.policy",)
GOOD = """
// Volunteers help.
@id("gas-safety.volunteers")
@title_zh("志愿者可以查看燃气隐患任务")
@title_en("Volunteers may see gas hazard tasks")
permit (principal is Staff, action in [Action::"task.read", Action::"task.comment"], resource in Package::"gas-safety")
when { principal.roles.contains("volunteer") };
"""


def wrong(text: str) -> list[str]:
    return [str(p) for p in check_package_policies(text, "gas-safety", file="policies/a.cedar", modules=MODULES)]


def test_a_good_policy_passes_and_says_what_it_opens() -> None:
    assert wrong(GOOD) == []
    (told,) = opens(GOOD, modules=MODULES)
    assert told["zh"] == "工作人员可以：查看任务、填写意见（志愿者可以查看燃气隐患任务）"
    assert told["en"] == "Staff may: read a task, comment on a task (Volunteers may see gas hazard tasks)"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("gas-safety.volunteers", "other.volunteers", '@id must begin with "gas-safety."'),
        ('Package::"gas-safety"', 'Package::"other"', "only on its own resources"),
        ('resource in Package::"gas-safety"', "resource", "must confine the resource"),
        ("principal is Staff", "principal", "must name the kind of principal"),
        ("principal is Staff", "principal is System", "cannot rule over the system"),
        ('[Action::"task.read", Action::"task.comment"]', 'Action::"supervision"', "no action 'supervision'"),
        ('Action::"task.comment"', 'Action::"grant.give"', "'grant.give' is not open to packages"),
        ('action in [Action::"task.read", Action::"task.comment"]', "action", "must list the actions"),
        ("principal.roles", "principal.rolls", "attribute `rolls`"),
        ("@title_en", "@titel_en", "unknown annotation @titel_en"),
        ("when {", "whn {", "cannot be read"),
    ],
)
def test_each_fault_is_named_with_its_line(old: str, new: str, expected: str) -> None:
    found = wrong(GOOD.replace(old, new))
    assert any(expected in one for one in found), found
    assert all(one.startswith("policies/a.cedar:3: ") for one in found)


def test_every_fault_is_collected() -> None:
    found = wrong(GOOD.replace("Staff", "System") + "permit (principal, action, resource);")
    assert {one.split(": ")[0] for one in found} == {"policies/a.cedar:3", "policies/a.cedar:8"}
    assert len(found) == 4


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    assert "longer than" in wrong("//" + "x" * 300_000)[0]
