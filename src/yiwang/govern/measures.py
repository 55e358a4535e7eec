"""What indicators may be computed over incidents. What is not recorded is not counted: a null is no zero."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.orgs import Directory
from yiwang.kernel.runtime import MeasureSource, Runtime

_PLACES = frozenset({"district", "street", "community"})
_OWN = {"channel": "govern.source", "urgency": "govern.urgency", "state": "govern.state"}

DIMENSIONS = {
    "department": "department",
    "category": "nullif(category, '')",
    "group": "nullif(split_part(category, '.', 1), '')",
    "district": "district",
    "street": "street",
    "community": "community",
    "channel": "source",
    "urgency": "urgency",
    "state": "state",
    "week": "date_trunc('week', opened_on)::date",
    "month": "to_char(opened_on, 'YYYY-MM')",
    "day": "opened_on",
    "type": "type",
}

#: A withdrawn or rejected report is nobody's success or failure, so it is in none of the measures of handling.
MEASURES = {
    "opened": "count(*)",
    "total": "count(*)",
    "closed": "count(*) filter (where state = 'closed')",
    "open_now": "count(*) filter (where live)",
    "withdrawn": "count(*) filter (where state = 'withdrawn')",
    "rejected": "count(*) filter (where state = 'rejected')",
    # Has a date, and either was closed or has passed it: what can be said to be in time or not.
    "due": "count(*) filter (where due_at is not null and (on_time is not null or (live and due_at < $now)))",
    "on_time": "count(*) filter (where on_time)",
    "late_now": "count(*) filter (where live and due_at < $now)",
    "satisfied_asked": "count(*) filter (where satisfied in ('yes', 'partly', 'no'))",
    "satisfied": "count(*) filter (where satisfied in ('yes', 'partly'))",
    "ever_closed": "count(*) filter (where first_closed_at is not null)",
    "reopened": "count(*) filter (where reopened > 0)",
    "returned": "count(*) filter (where returned > 0)",
    "supervised": "count(*) filter (where supervised > 0)",
    "minutes_to_close": "avg(extract(epoch from closed_at - opened_at) / 60) filter (where state = 'closed')::float8",
    "hours_to_close": "avg(extract(epoch from closed_at - opened_at) / 3600) filter (where state = 'closed')::float8",
}


async def labels(rt: Runtime, dimension: str, keys: list[str], locale: str) -> dict[Any, str]:
    """What a person reads for the keys of a dimension."""
    directory = await rt.part(Directory).fresh()
    if dimension == "department":
        return {key: org.name(locale) for key in keys if (org := directory.find_org(int(key)))}
    if dimension in ("category", "group"):
        return {key: found.name(locale) for key in keys if (found := directory.category(key))}
    if dimension in _PLACES:
        known = directory.snapshot.divisions
        return {key: known[key].name(locale) for key in keys if key in known}
    if dimension in _OWN:
        return {key: rt.strings.t(f"{_OWN[dimension]}.{key}", locale) for key in keys}
    return {}


#: What was replayed live for a demonstration is in the history already: nothing is counted twice.
_REAL = "(select * from govern.incident where source <> 'replay') as real"

SOURCE = MeasureSource("govern.incident", _REAL, DIMENSIONS, MEASURES, "opened_at", labels)
