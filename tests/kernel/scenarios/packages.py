"""A good package to spoil in tests: the project's own first one, with a rule file added so that every rule has work."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from yiwang.app import rooms
from yiwang.kernel.errors import Problem
from yiwang.kernel.runtime import Registry
from yiwang.kernel.scenarios import Known, Package, check_package, offline

ROOT = Path(__file__).resolve().parents[3]
FIRST = ROOT / "scenarios" / "resident-requests"
NOTICE = b"""
id = "closed-late"
title = { zh = "x", en = "x" }
summary = { zh = "x", en = "x" }
dataset = "requests"
when = "state == 'closed' && on_time == false"
subject = ["number"]

[raises]
incident = "late"
severity = 3
title = { zh = "x", en = "x" }
area = "area"
"""
BARE = b"""<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yw="https://yiwang.dev/bpmn/1">
<bpmn:process id="second" name="x" isExecutable="true"><bpmn:startEvent id="s"/>
<bpmn:userTask id="t" yw:role="handler" yw:form="accept"/><bpmn:endEvent id="e"/>
<bpmn:sequenceFlow id="a" sourceRef="s" targetRef="t"/><bpmn:sequenceFlow id="b" sourceRef="t" targetRef="e"/>
</bpmn:process></bpmn:definitions>
"""


@cache
def known() -> Known:
    """What this checkout offers to packages."""
    return offline(Registry(rooms()))


def good() -> dict[str, bytes]:
    """The files of a package without a problem."""
    return dict(Package.read(FIRST).files) | {"rules/closed-late.toml": NOTICE}


def package(files: dict[str, bytes]) -> Package:
    """A package of these files, in a folder of the right name."""
    return Package(files, name="resident-requests")


def problems(files: dict[str, bytes], rule: str | None = None) -> list[Problem]:
    """What the check finds, of one rule if named; `no_handler` of rooms that are still to come is left out."""
    found = [p for p in check_package(package(files), known()) if p.key != "scenario.problem.no_handler"]
    return [item for item in found if rule is None or item.rule == rule]
