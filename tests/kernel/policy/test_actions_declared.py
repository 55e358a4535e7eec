"""Every action that the code does is declared, and the declarations of all rooms hold together."""

from __future__ import annotations

import ast
from pathlib import Path

import yiwang
from yiwang.app import rooms
from yiwang.kernel.policy import Declarations

SOURCE = Path(yiwang.__file__).parent
#: Calls whose arguments (after the actor, or first) name an action.
DOORS = {"act", "also", "may", "decide"}


def named_actions() -> dict[str, set[str]]:
    """Action names written as literals in calls of the write path and of the policy, with the files they stand in."""
    found: dict[str, set[str]] = {}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DOORS):
                continue
            for argument in node.args[:3]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and "." in argument.value:
                    found.setdefault(argument.value, set()).add(str(file.relative_to(SOURCE)))
    return found


def test_every_action_that_the_code_does_is_declared() -> None:
    declared = Declarations.of_packages(room.package for room in rooms())
    assert declared.problems == []
    used = named_actions()
    assert "grant.give" in used
    assert {name: files for name, files in used.items() if name not in declared.actions} == {}
