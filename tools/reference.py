"""Writes docs/reference from the code: settings, commands, events, permissions, capabilities; ``--check`` compares.

A test runs the check, so what is not documented here is red.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click

from yiwang.app import rooms
from yiwang.kernel.policy.declare import Declarations
from yiwang.kernel.settings import Settings
from yiwang.messages.base import event_types

OUT = Path(__file__).resolve().parent.parent / "docs" / "reference"
HEAD = "<!-- Written by tools/reference.py; do not edit. -->\n"


def settings() -> str:
    """Every YIWANG_* variable."""
    lines = ["# Settings", "", "| variable | default | what it is |", "|---|---|---|"]
    for one in fields(Settings):
        default = one.default if one.default is not None else ""
        lines.append(f"| `YIWANG_{one.name.upper()}` | `{default}` | {one.metadata['doc']} |")
    return "\n".join(lines)


def _walk(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(command, click.Group):
        for child in sorted(command.commands):
            yield from _walk(command.commands[child], f"{name} {child}")
    else:
        arguments = " ".join(
            p.make_metavar(click.Context(command)) for p in command.params if p.param_type_name == "argument"
        )
        yield f"{name} {arguments}".rstrip(), (command.help or "").strip().split("\n\n")[0].replace("\n", " ")


def commands() -> str:
    """Every command of the terminal."""
    from yiwang.cli import _add_room_commands, yiwang

    _add_room_commands()
    lines = ["# Commands", "", "| command | what it does |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{name}` | {text} |" for name, text in _walk(yiwang, "yiwang"))])


def events() -> str:
    """Every event type with its fields."""
    import importlib
    import pkgutil

    import yiwang.messages

    for module in pkgutil.iter_modules(yiwang.messages.__path__):
        importlib.import_module(f"yiwang.messages.{module.name}")
    lines = ["# Events", "", "CloudEvents 1.0 envelopes on `yw.<city>.event.<type>`; payloads are closed.", ""]
    for name, kind in sorted(event_types().items()):
        if not kind.__module__.startswith("yiwang."):
            continue
        parts = ", ".join(f"`{field}`" for field in kind.model_fields)
        lines += [
            f"## {name}",
            (kind.__doc__ or "").strip().split("\n\n")[0].replace("\n", " "),
            "",
            f"Fields: {parts}",
            "",
        ]
    return "\n".join(lines).rstrip()


def permissions() -> str:
    """Every action that the policy knows."""
    declared = Declarations.of_packages([room.package for room in rooms()])
    lines = ["# Permissions", "", "| action | on | groups | open to | what it is |", "|---|---|---|---|---|"]
    for name, action in sorted(declared.actions.items()):
        by = ", ".join(sorted(action.by)) if len(action.by) < 5 else "all"
        lines.append(
            f"| `{name}` | {', '.join(sorted(action.on))} | {', '.join(sorted(action.groups))} | {by} "
            f"| {action.title['en']} |"
        )
    return "\n".join(lines)


def capabilities() -> str:
    """What service tasks of processes may call."""
    lines = [
        "# Capabilities",
        "",
        "What a service task names in `yw:capability`.",
        "",
        "| name | inputs | what it does |",
        "|---|---|---|",
    ]
    for room in rooms():
        for one in room.capabilities:
            inputs = ", ".join(f"`{i}`" + ("" if i in one.required else "?") for i in one.inputs)
            lines.append(f"| `{one.name}` | {inputs} | {' '.join(one.doc.split())} |")
    return "\n".join(lines)


def main() -> int:
    """Write, or with ``--check`` compare; 1 when a file is not what the code says."""
    check = "--check" in sys.argv
    stale = []
    for make in (settings, commands, events, permissions, capabilities):
        path = OUT / f"{make.__name__}.md"
        text = HEAD + make() + "\n"
        if check:
            if not path.exists() or path.read_text("utf-8") != text:
                stale.append(path.name)
        else:
            path.write_text(text, "utf-8")
    if stale:
        print(f"docs/reference is older than the code: {', '.join(stale)}. Run: .venv/bin/python tools/reference.py")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
