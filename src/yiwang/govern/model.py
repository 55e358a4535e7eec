"""An incident and what may become of it: pure, so that every path can be tested without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiwang.govern.errors import NotInThisState

STATES = (
    "opened", "accepted", "dispatched", "handling", "verifying", "calling-back", "closed", "withdrawn", "rejected",
)  # fmt: skip
#: States from which nothing leads on, except that a closed incident may be reopened.
FINAL = frozenset({"closed", "withdrawn", "rejected"})
#: States in which a post has already had it.
WORKED = frozenset({"handling", "verifying", "calling-back"})
LIVE = tuple(s for s in STATES if s not in FINAL)
URGENCIES = ("low", "normal", "high", "urgent")
SATISFIED = ("yes", "partly", "no", "unreached")
SOURCES = ("web", "phone", "app", "counter", "staff", "import", "system")
OUTCOMES = ("solved", "partly", "explained", "rejected")

#: Which state may follow which. Work may go back (returned, reopened) as well as on, but nothing leaves a final state
#: except by reopening, and nothing skips acceptance on its way to a post.
FOLLOWS: Mapping[str, frozenset[str]] = {
    "opened": frozenset({"accepted", "rejected", "withdrawn"}),
    "accepted": frozenset({"dispatched", "handling", "rejected", "withdrawn", "closed"}),
    "dispatched": frozenset({"accepted", "dispatched", "handling", "verifying", "rejected", "withdrawn", "closed"}),
    "handling": frozenset({"accepted", "dispatched", "handling", "verifying", "calling-back", "withdrawn", "closed"}),
    "verifying": frozenset({"accepted", "dispatched", "handling", "verifying", "calling-back", "withdrawn", "closed"}),
    "calling-back": frozenset({"accepted", "dispatched", "handling", "verifying", "withdrawn", "closed"}),
    "closed": frozenset({"accepted"}),
    "withdrawn": frozenset(),
    "rejected": frozenset(),
}


Changes = dict[str, Any]
"""Field names and their new values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One row of ``govern.incident``; the docstring of the migration says what each field is."""

    id: UUID
    number: str
    type: str
    category: str
    title: str
    description: str
    source: str
    reporter: UUID | None
    anonymous: bool
    contactable: bool
    lon: float | None
    lat: float | None
    address: str
    area: str
    district: str | None
    street: str | None
    community: str | None
    state: str
    urgency: str
    org: int
    parties: tuple[int, ...]
    department: int | None
    post: int | None
    verify_org: int | None
    opened_at: datetime
    opened_on: date
    accepted_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    first_closed_at: datetime | None
    on_time: bool | None
    result: str
    outcome: str
    verified: str
    satisfied: str | None
    comment: str
    rated_at: datetime | None
    reopened: int
    returned: int
    supervised: int
    process: str | None
    batch: UUID | None
    times_generated: bool
    version: int

    @staticmethod
    def of(row: Any) -> Incident:
        """From a row of the table (columns that the model does not know are left out)."""
        values = {name: row[name] for name in _FIELDS}
        values["parties"] = tuple(values["parties"])
        return Incident(**values)

    def changed(self, changes: Changes) -> Incident:
        """As it is after a save: the fields changed, one version on."""
        values: dict[str, Any] = {k: tuple(v) if k == "parties" else v for k, v in changes.items()}
        return replace(self, version=self.version + 1, **values)

    @property
    def live(self) -> bool:
        """Whether there is still something to do."""
        return self.state not in FINAL

    def overdue(self, now: datetime) -> bool:
        """Whether it is late: open past its date."""
        return self.live and self.due_at is not None and now > self.due_at

    def snapshot(self, names: Iterable[str]) -> dict[str, Any]:
        """The named fields, for an audit row."""
        return {name: getattr(self, name) for name in names}


_FIELDS = tuple(f.name for f in fields(Incident))


def move(incident: Incident, state: str) -> Changes:
    """The change of state; NotInThisState when it may not follow. Moving to the same state changes nothing."""
    if state == incident.state:
        return {}
    if state not in FOLLOWS[incident.state]:
        raise NotInThisState(
            f"incident {incident.number} is {incident.state}; {state} cannot follow",
            number=incident.number, state=incident.state, wanted=state,
        )  # fmt: skip
    return {"state": state}


def accepted(
    incident: Incident, *, category: str, urgency: str, due_at: datetime | None, now: datetime, title: str = ""
) -> Changes:
    """Taken on by intake. A second acceptance (after a reopening) sets a new date and keeps the first moment."""
    changes = move(incident, "accepted")
    changes |= {"category": category or incident.category, "urgency": urgency, "due_at": due_at, "on_time": None}
    changes["accepted_at"] = incident.accepted_at or now
    if title.strip():
        changes["title"] = title.strip()
    return changes


def closed(incident: Incident, now: datetime) -> Changes:
    """Done. On time means at or before its date; without a date nothing is said about time."""
    changes = move(incident, "closed")
    if not changes:
        return {}
    on_time = None if incident.due_at is None else now <= incident.due_at
    return changes | {"closed_at": now, "first_closed_at": incident.first_closed_at or now, "on_time": on_time}


def reopened(incident: Incident, due_at: datetime | None) -> Changes:
    """Its reporter is not content: open again, with a new date; what was measured about its end no longer holds."""
    if incident.state != "closed":
        raise NotInThisState(
            f"incident {incident.number} is {incident.state}, only a closed one is reopened",
            number=incident.number, state=incident.state, wanted="reopened",
        )  # fmt: skip
    changes: Changes = {"state": "accepted", "closed_at": None, "on_time": None, "due_at": due_at}
    return changes | {"satisfied": None, "reopened": incident.reopened + 1}


def came_back(incident: Incident, state: str) -> bool:
    """Whether moving to ``state`` means that work already done has to be done again."""
    return incident.state in WORKED and state in {"accepted", "dispatched", "handling"}


def handed_to(
    incident: Incident, *, post: int | None, org: int | None, co_orgs: Iterable[int] = (), verify_org: int | None = None
) -> Changes:
    """The post that has it now. Whoever once took part keeps sight of it: parties only grow."""
    changes: Changes = {}
    if post is not None:
        changes |= {"post": post, "department": org if org is not None else incident.department}
    if verify_org is not None:
        changes["verify_org"] = verify_org
    joining = [o for o in (org, verify_org, *co_orgs) if o is not None]
    parties = tuple(dict.fromkeys((*incident.parties, *(o for o in joining if o != incident.org))))
    if parties != incident.parties:
        changes["parties"] = list(parties)
    return changes


def real_changes(incident: Incident, changes: Changes) -> Changes:
    """Without the fields that stay what they are."""
    current = {name: getattr(incident, name) for name in changes}
    current = {k: list(v) if isinstance(v, tuple) else v for k, v in current.items()}
    return {name: value for name, value in changes.items() if value != current[name]}


def title_from(description: str, limit: int = 40) -> str:
    """A title from the first sentence of what a person wrote."""
    text = " ".join(description.split())
    for index, char in enumerate(text[: limit + 1]):
        if char in "。！？!?；;" or (char == "." and text[index + 1 : index + 2] == " "):
            return text[: index or 1]
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
