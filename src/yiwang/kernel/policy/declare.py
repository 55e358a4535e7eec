"""What rooms declare for the policy: resource types, actions and groups of actions, in ``<package>/policies/*.toml``.

::

    [resource.incident]
    title = { zh = "事件", en = "incident" }
    attrs = { state = "String", department = "Org", secret = "Bool?" }
    sensitive = { reporter_name = "name", reporter_phone = "phone" }

    [action."incident.dispatch"]
    title = { zh = "派遣事件", en = "dispatch an incident" }
    on = ["incident"]
    groups = ["post_work"]        # action groups: the kernel's policies then already apply
    by = ["staff", "system"]      # kinds of actor that the action is open to at all (default: all)
    packages = true               # may a scenario package permit it on its own resources (default: no)
    grantable = true              # may it be given as a grant (default: yes)

    [group.post_work]
    title = { zh = "按岗位办理", en = "work of a post" }

An attribute type is one of ``TYPES``; with ``?`` it may be missing, and the schema then makes every policy ask ``has``
first. A declaration may be repeated by a higher room to add to it (``on``, ``groups``, ``attrs``); contradicting it is
an error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

from yiwang.kernel.errors import Problem, StartError

#: Entity type of each kind of actor in the schema.
KINDS = {
    "staff": "Staff",
    "resident": "Resident",
    "system": "System",
    "anonymous": "Anonymous",
    "client": "Client",
}
#: Declarable attribute types and how the schema writes them.
TYPES = {
    "String": "String",
    "Long": "Long",
    "Bool": "Bool",
    "Post": "Post",
    "Org": "Org",
    "Set<String>": "Set<String>",
    "Set<Long>": "Set<Long>",
    "Set<Post>": "Set<Post>",
    "Set<Org>": "Set<Org>",
}
#: Attributes that every resource has; a declaration may not use these names.
STANDARD = {
    "id": "String",
    "org": "Org",
    "parties": "Set<Org>",
    "area": "String",
    "owner": "String",
    "package": "String",
}
ACTOR_ATTRS = {
    "account": "String",
    "name": "String",
    "post": "Post",
    "posts": "Set<Post>",
    "orgs": "Set<Org>",
    "areas": "Set<Area>",
    "roles": "Set<String>",
}
CONTEXT_ATTRS = {"purpose": "String", "granted": "Bool"}
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,40}$")
_ACTION = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_-]*)+$")
_RESERVED = {"in", "is", "if", "then", "else", "like", "has", "true", "false", "permit", "forbid", "when", "unless"}
_FIELDS = {
    "resource": {"title", "attrs", "sensitive"},
    "action": {"title", "on", "groups", "by", "packages", "grantable"},
    "group": {"title"},
}


class PolicyInvalid(StartError):
    """The policies or their declarations are wrong; nothing starts with them."""

    key = "policy.error.invalid"


@dataclass(frozen=True)
class ResourceType:
    """A type of thing that actions are about; ``sensitive`` maps field names of its rows to kinds of mask."""

    name: str
    title: Mapping[str, str]
    attrs: Mapping[str, str] = field(default_factory=dict)
    sensitive: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ActionType:
    """Something an actor may do, the types it is done to, and the groups of actions it belongs to."""

    name: str
    title: Mapping[str, str]
    on: tuple[str, ...]
    groups: tuple[str, ...] = ()
    by: tuple[str, ...] = tuple(KINDS)
    packages: bool = False
    grantable: bool = True


@dataclass
class Declarations:
    """Everything declared by the installed rooms."""

    resources: dict[str, ResourceType] = field(default_factory=dict)
    actions: dict[str, ActionType] = field(default_factory=dict)
    groups: dict[str, Mapping[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of_packages(cls, packages: Iterable[str]) -> Declarations:
        """Read ``policies/*.toml`` of every Python package; the problems found are collected, not raised."""
        found = cls()
        for package in packages:
            folder = files(package) / "policies"
            if not folder.is_dir():
                continue
            for source in sorted(folder.iterdir(), key=lambda item: item.name):
                if source.name.endswith(".toml"):
                    found.add(source.read_text("utf-8"), f"{package.replace('.', '/')}/policies/{source.name}")
        found.check_references()
        return found

    def add(self, text: str, where: str) -> None:
        """Add one file; what is wrong with it goes to ``problems``."""
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self._wrong(where, "toml", f"is not TOML: {error}")
            return
        for section in set(table) - set(_FIELDS):
            self._wrong(where, "declare", f"unknown section [{section}]; there are {sorted(_FIELDS)}")
        for section, adder in (("group", self._group), ("resource", self._resource), ("action", self._action)):
            for name, entry in table.get(section, {}).items():
                place = f"{where}:{_line_of(text, section, name)}"
                if self._shape(section, name, entry, place):
                    adder(name, entry, place)

    def check_references(self) -> None:
        """Find actions on types, or in groups, that nobody declares."""
        for action in self.actions.values():
            for name in action.on:
                if name not in self.resources:
                    self._wrong(action.name, "declare", f"action {action.name!r} is on an undeclared resource {name!r}")
            for name in action.groups:
                if name not in self.groups:
                    self._wrong(action.name, "declare", f"action {action.name!r} is in an undeclared group {name!r}")

    def _shape(self, section: str, name: str, entry: Any, place: str) -> bool:
        before = len(self.problems)
        if not isinstance(entry, dict):
            self._wrong(place, "declare", f"{section} {name!r} must be a table")
            return False
        for unknown in set(entry) - _FIELDS[section]:
            self._wrong(place, "declare", f"{section} {name!r}: unknown field {unknown!r}")
        title = entry.get("title", {})
        if not (isinstance(title, dict) and title.get("zh") and title.get("en")):
            self._wrong(place, "declare", f"{section} {name!r} needs title = {{ zh = .., en = .. }}")
        pattern = _ACTION if section == "action" else _NAME
        if not pattern.match(name) or name in _RESERVED:
            self._wrong(place, "declare", f"{section} name {name!r} must match {pattern.pattern} and not be reserved")
        return len(self.problems) == before

    def _group(self, name: str, entry: dict[str, Any], _place: str) -> None:
        self.groups.setdefault(name, entry["title"])

    def _resource(self, name: str, entry: dict[str, Any], place: str) -> None:
        attrs = dict(entry.get("attrs", {}))
        for attr, kind in attrs.items():
            if attr in STANDARD or not _NAME.match(attr):
                self._wrong(place, "declare", f"resource {name!r}: attribute {attr!r} is reserved or badly named")
            if str(kind).removesuffix("?") not in TYPES:
                self._wrong(place, "declare", f"resource {name!r}: type {kind!r} is none of {sorted(TYPES)}")
        known = self.resources.get(name)
        if known:
            for attr in attrs.keys() & known.attrs.keys():
                if attrs[attr] != known.attrs[attr]:
                    self._wrong(
                        place, "declare", f"resource {name!r}: {attr!r} is declared elsewhere as {known.attrs[attr]}"
                    )
            attrs = {**known.attrs, **attrs}
        sensitive = {**(known.sensitive if known else {}), **entry.get("sensitive", {})}
        self.resources[name] = ResourceType(name, known.title if known else entry["title"], attrs, sensitive)

    def _action(self, name: str, entry: dict[str, Any], place: str) -> None:
        by = tuple(entry.get("by", KINDS))
        if not entry.get("on"):
            self._wrong(place, "declare", f"action {name!r} needs on = [resource types]")
        for kind in by:
            if kind not in KINDS:
                self._wrong(place, "declare", f"action {name!r}: {kind!r} is none of {sorted(KINDS)}")
        new = ActionType(
            name,
            entry["title"],
            tuple(entry.get("on", ())),
            tuple(entry.get("groups", ())),
            by,
            bool(entry.get("packages", False)),
            bool(entry.get("grantable", True)),
        )
        known = self.actions.get(name)
        if known:
            if {k: v for k, v in entry.items() if k in ("packages", "grantable", "by")} and (
                (known.packages, known.grantable, set(known.by)) != (new.packages, new.grantable, set(new.by))
            ):
                self._wrong(place, "declare", f"action {name!r} is declared elsewhere with other limits")
            new = replace(known, on=_union(known.on, new.on), groups=_union(known.groups, new.groups))
        self.actions[name] = new

    def _wrong(self, where: str, rule: str, text: str) -> None:
        self.problems.append(Problem(where, "policy.problem.declaration", {"text": text}, f"policy-{rule}", text))

    def schema_text(self) -> str:
        """The Cedar schema (human syntax) of everything declared."""
        lines = ["entity Post; entity Org; entity Area; entity Package;"]
        lines.append(f"entity {', '.join(KINDS.values())} {_record(ACTOR_ATTRS)};")
        lines += [
            f"entity {kind.name} in [Area, Package] {_record({**STANDARD, **kind.attrs})};"
            for kind in self.resources.values()
        ]
        lines += [f'action "{name}";' for name in self.groups]
        for action in self.actions.values():
            parents = f" in [{', '.join(chr(34) + g + chr(34) for g in action.groups)}]" if action.groups else ""
            principals = ", ".join(KINDS[kind] for kind in action.by)
            lines.append(
                f'action "{action.name}"{parents} appliesTo {{ principal: [{principals}], '
                f"resource: [{', '.join(action.on)}], context: {_record(CONTEXT_ATTRS)} }};"
            )
        return "\n".join([*lines, *self._empty_groups()])

    def _empty_groups(self) -> list[str]:
        """A group that no room uses yet gets a nameless member, so that the kernel's policy on it validates."""
        used = {group for action in self.actions.values() for group in action.groups}
        empty = [name for name in self.groups if name not in used]
        principals = ", ".join(KINDS.values())
        lines = [f"entity Nothing in [Area, Package] {_record(STANDARD)};"] if empty else []
        return lines + [
            f'action "nothing-{name}" in ["{name}"] appliesTo {{ principal: [{principals}], resource: [Nothing], '
            f"context: {_record(CONTEXT_ATTRS)} }};"
            for name in empty
        ]


def _record(attrs: Mapping[str, str]) -> str:
    return (
        "{ "
        + ", ".join(f"{n}{'?' * k.endswith('?')}: {TYPES.get(k.removesuffix('?'), k)}" for n, k in attrs.items())
        + " }"
    )


def _union(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*left, *right)))


def _line_of(text: str, section: str, name: str) -> int:
    """The line where a table begins, for a message; 1 when it is written in another way."""
    head = re.compile(rf"^\s*\[\s*{section}\s*\.\s*[\"']?{re.escape(name)}[\"']?\s*\]", re.M)
    match = head.search(text)
    return text.count("\n", 0, match.end()) + 1 if match else 1
