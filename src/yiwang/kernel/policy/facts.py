"""The facts of one question, from an actor and a resource: raw values for the cache, Cedar JSON for the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import orjson

from yiwang.kernel.policy.declare import ACTOR_ATTRS, KINDS, STANDARD, ResourceType
from yiwang.kernel.policy.footprint import Path

#: Stands for "not given": a policy that reads it without ``has`` errs, and an error is a refusal.
MISSING: Any = object()
#: No account, post or organisation: one value for actors and another for resources, so that they are never equal.
NO_ACTOR, NO_RESOURCE = "-", "0"


def actor_value(actor: Any, attr: str) -> Any:
    """The raw, hashable value of an actor's attribute."""
    if attr in ("account", "@uid"):
        return str(actor.id) if actor.id is not None else (NO_ACTOR if attr == "account" else actor.name)
    if attr == "@in":
        return None
    return getattr(actor, attr)


def resource_value(resource: Any, attr: str) -> Any:
    """The raw, hashable value of an attribute that every resource has; "@in" is not asked here."""
    match attr:
        case "@uid" | "id":
            return str(resource.id) if resource.id is not None else ""
        case "org" | "area":
            return getattr(resource, attr)
        case "parties":
            return tuple(resource.parties)
        case "owner":
            return str(resource.owner) if resource.owner is not None else ""
        case "package":
            return resource.attrs.get("package") or ""
    raise KeyError(attr)


def declared_value(resource: Any, attr: str, kind: str) -> Any:
    """The raw, hashable value of a declared attribute, MISSING when the caller gave none.

    Raises TypeError when it is not of the declared type: Cedar's ``==`` between types is just false, so a ``forbid`` on
    a value of a wrong type would fail open.
    """
    value = resource.attrs.get(attr, MISSING)
    if value is MISSING or (value is None and kind in ("Post", "Org", "String")):
        return value
    if kind.startswith("Set<"):
        if not isinstance(value, list | tuple | set | frozenset):
            raise TypeError(f"{resource.type}.{attr}: expected a list, found {type(value).__name__}")
        return tuple(_of_kind(resource, attr, kind[4:-1], item) for item in value)
    return _of_kind(resource, attr, kind, value)


_PYTHON: dict[str, type | tuple[type, ...]] = {
    "String": str,
    "Long": int,
    "Bool": bool,
    "Post": (int, str),
    "Org": (int, str),
}


def _of_kind(resource: Any, attr: str, kind: str, value: Any) -> Any:
    if isinstance(value, UUID):
        value = str(value)
    if not isinstance(value, _PYTHON[kind]) or (isinstance(value, bool) and kind != "Bool"):
        raise TypeError(f"{resource.type}.{attr}: expected {kind}, found {type(value).__name__}")
    return value


def render(
    kind: str, action: str, declared: ResourceType, paths: Iterable[Path], values: Iterable[Any]
) -> tuple[dict[str, Any], str]:
    """The Cedar request and the JSON of its two entities, holding only what the policies read."""
    principal: dict[str, Any] = {}
    resource: dict[str, Any] = {}
    context: dict[str, Any] = {"purpose": "", "granted": False}
    uids = {"principal": NO_ACTOR, "resource": NO_RESOURCE}
    parents: list[dict[str, str]] = []
    groups: tuple[str, ...] = ()
    types = {**STANDARD, **declared.attrs}
    for (variable, attr), value in zip(paths, values, strict=True):
        if attr == "@uid":
            uids[variable] = str(value)
        elif attr == "@in":
            parents += _parents(value) if variable == "resource" else []
        elif variable == "action":
            groups = value
        elif variable == "context":
            context[attr] = value
        elif variable == "principal":
            principal[attr] = _cedar(ACTOR_ATTRS[attr], value, NO_ACTOR)
        else:
            rendered = _cedar(types[attr].removesuffix("?"), value, NO_RESOURCE)
            if rendered is not MISSING:
                resource[attr] = rendered
    who = {"type": KINDS[kind], "id": uids["principal"]}
    what = {"type": declared.name, "id": uids["resource"]}
    request: dict[str, Any] = {
        "principal": who,
        "action": {"type": "Action", "id": action},
        "resource": what,
        "context": context,
    }
    entities = [
        {"uid": who, "attrs": principal, "parents": []},
        {"uid": what, "attrs": resource, "parents": parents},
    ]
    if groups:
        mine = [{"type": "Action", "id": group} for group in groups]
        entities.append({"uid": request["action"], "attrs": {}, "parents": mine})
    return request, orjson.dumps(entities).decode()


def _parents(value: tuple[tuple[str, ...], str]) -> list[dict[str, str]]:
    areas, package = value
    found = [{"type": "Area", "id": area} for area in dict.fromkeys(areas)]
    return [*found, {"type": "Package", "id": package}] if package else found


def _reference(kind: str) -> Callable[[Any], Any]:
    return lambda value: {"__entity": {"type": kind, "id": str(value)}}


def _cedar(kind: str, value: Any, nothing: str) -> Any:
    if kind.startswith("Set<"):
        if value is MISSING or value is None:
            return MISSING
        return [_cedar(kind[4:-1], one, nothing) for one in value]
    if kind in ("Post", "Org", "Area"):
        if value is MISSING:
            return MISSING
        return _reference(kind)(nothing if value is None else value)
    if value is None:
        return "" if kind == "String" else MISSING
    return value
