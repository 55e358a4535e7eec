"""Grants as facts: who may do which action on what, for which purpose, under which conditions, from when to when.

The policy ``core.granted`` permits what a valid grant names; every ``forbid`` still stands above it, and row-level
security still hides the rows of organisations that the subject takes no part in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.cel import CelError, Expression, compile_cel
from yiwang.kernel.policy.obligations import Duties, parse_duties

SUBJECTS = ("post", "org", "account", "role")
#: What ``conditions`` may hold.
CONDITIONS = {"mask", "rows", "watermark", "expires", "when"}


@dataclass(frozen=True)
class Grant:
    """One row of ``policy.grant``; None in a narrowing field means any."""

    id: UUID
    subject_kind: str
    subject: str
    action: str
    resource_type: str
    resource_id: str | None
    scope_org: int | None
    scope_area: str | None
    purpose: str | None
    valid_from: datetime
    valid_to: datetime | None
    duties: Duties
    when: Expression | None

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Grant:
        """From the database; ValueError when its conditions cannot be read."""
        duties, when = parse_conditions(row["conditions"])
        plain = {name: row[name] for name in cls.__dataclass_fields__ if name not in ("duties", "when")}
        return cls(**plain, duties=duties, when=when)

    def covers(self, actor: Any, resource: Any, purpose: str | None, now: datetime) -> bool:
        """Whether it allows this actor this resource for this purpose now (the action was matched before)."""
        return (
            self.valid_from <= now
            and (self.valid_to is None or now < self.valid_to)
            and self.resource_type == resource.type
            and (self.purpose is None or self.purpose == purpose)
            and self._is_subject(actor)
            and self._is_resource(resource)
            and self._holds(actor, resource, now)
        )

    def _is_subject(self, actor: Any) -> bool:
        match self.subject_kind:
            case "post":
                return self.subject in map(str, actor.posts)
            case "org":
                return self.subject in map(str, actor.orgs)
            case "account":
                return actor.id is not None and self.subject == str(actor.id)
            case "role":
                return self.subject in actor.roles
        return False

    def _is_resource(self, resource: Any) -> bool:
        return (
            (self.resource_id is None or self.resource_id == str(resource.id))
            and (self.scope_org is None or self.scope_org == resource.org)
            and (self.scope_area is None or resource.area.startswith(self.scope_area))
        )

    def _holds(self, actor: Any, resource: Any, now: datetime) -> bool:
        if self.when is None:
            return True
        given = {
            "resource": {**resource.attrs, "id": str(resource.id), "org": resource.org, "area": resource.area},
            "actor": {"posts": list(actor.posts), "orgs": list(actor.orgs), "roles": sorted(actor.roles)},
        }
        try:
            return self.when.evaluate(given, now=now) is True
        except CelError:
            return False


def parse_conditions(conditions: Mapping[str, Any]) -> tuple[Duties, Expression | None]:
    """The duties and the CEL condition of a grant; ValueError says what is wrong."""
    unknown = set(conditions) - CONDITIONS
    if unknown:
        raise ValueError(f"unknown conditions {sorted(unknown)}; there are {sorted(CONDITIONS)}")
    when = conditions.get("when")
    try:
        compiled = compile_cel(str(when), names={"resource": "map", "actor": "map"}) if when else None
    except CelError as error:
        raise ValueError(f"when: {error}") from error
    return parse_duties(conditions), compiled


class GrantBook:
    """The valid grants by action."""

    def __init__(self, grants: Iterable[Grant] = ()) -> None:
        self._by_action: dict[str, list[Grant]] = {}
        for grant in grants:
            self._by_action.setdefault(grant.action, []).append(grant)

    def matching(self, actor: Any, action: str, resource: Any, purpose: str | None, now: datetime) -> list[Grant]:
        """The grants that cover the question."""
        listed = self._by_action.get(action)
        if not listed:
            return []
        return [grant for grant in listed if grant.covers(actor, resource, purpose, now)]
