"""Category x place -> post: who answers for what, where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from yiwang.kernel.orgs.model import GRID, LEVEL_NAMES, Division, Post, Responsibility
from yiwang.kernel.orgs.snapshot import Snapshot

#: The levels that a pattern may name, as in ``{district}/chengguan``.
PATTERN = re.compile(r"\{(" + "|".join(LEVEL_NAMES.values()) + r")\}")
#: Where a post of a role is looked for at one place: the place's own body first, then command centres, then the rest.
_NEAREST = ("grid", "community", "street", "board", "council", "command", "government")


def widening(category: str) -> Iterator[str]:
    """The category itself, then those above it: road.light, road."""
    while category:
        yield category
        category = category.rpartition(".")[0]


def responsible_post(snapshot: Snapshot, category: str, area: str) -> Post | None:
    """The post that answers for a category at a place, or None when the table names nobody.

    The closest category wins over the closest place: a row for road.light anywhere beats a row for road here. Among
    rows of one category the longest matching place wins, then the order of the file; a row whose organisation or post
    does not exist at this place (a pattern names a level that the place has not) gives way to the next.
    """
    chain = {LEVEL_NAMES[one.level]: one for one in snapshot.chain(area)}
    for key in widening(category):
        rows = [row for row in snapshot.responsibilities.get(key, ()) if area.startswith(row.place)]
        for row in sorted(rows, key=lambda row: -len(row.place)):
            if post := _resolve(snapshot, row, chain):
                return post
    return None


def _resolve(snapshot: Snapshot, row: Responsibility, chain: Mapping[str, Division]) -> Post | None:
    if any(level not in chain for level in PATTERN.findall(row.org)):
        return None
    org = snapshot.orgs_by_code.get(PATTERN.sub(lambda match: chain[match[1]].code, row.org))
    return post_for(snapshot, org.id, row.role) if org and org.closed_at is None else None


def post_for(snapshot: Snapshot, org: int, role: str) -> Post | None:
    """The first open post of a role in an organisation."""
    return next((one for one in snapshot.posts_in.get(org, ()) if one.role == role and one.closed_at is None), None)


def post_near(snapshot: Snapshot, role: str, area: str) -> Post | None:
    """The post of a role that is nearest to a place, from its grid up to the city; None when no level has one."""
    for place in snapshot.chain(area):
        here = [one for one in snapshot.orgs_at.get(place.code, ()) if one.closed_at is None and one.kind in _NEAREST]
        for org in sorted(here, key=lambda one: _NEAREST.index(one.kind)):
            if post := post_for(snapshot, org.id, role):
                return post
    return None


def supervised_prefix(snapshot: Snapshot, division: str) -> str:
    """What all codes below a division begin with; a national code of a city ends in zeros that those below lack."""
    place = snapshot.divisions.get(division)
    top = place is not None and place.parent is None and place.level < GRID
    return snapshot.prefix if top and snapshot.prefix else division
