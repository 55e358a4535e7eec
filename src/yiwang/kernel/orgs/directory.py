"""The directory: places, organisations, posts and people, answered from memory.

Lookups are plain calls on the newest copy that this process has read. The copy is renewed by `refresh`, which asks for
one number and reads again only when it has moved: after each action of this process, every second by a loop, and by
`fresh()` before a person's posts are looked up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.orgs import responsibility
from yiwang.kernel.orgs.errors import DivisionRetired, UnknownDivision, UnknownOrg, UnknownPost
from yiwang.kernel.orgs.model import CITY, SUPERVISING, Category, Delegation, Division, HeldPost, Org, Period, Post
from yiwang.kernel.orgs.snapshot import Contents, People, Snapshot
from yiwang.kernel.orgs.store import read_people, read_structure, read_versions
from yiwang.kernel.runtime import Runtime

#: A person's posts are looked up in a copy at most this old (seconds).
MAX_AGE_S = 1.0


class Directory:
    """Use it as ``rt.part(Directory)``."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._now = Snapshot(Contents())
        self._people = People()
        self._checked = float("-inf")
        self._refreshing = asyncio.Lock()
        self._catching_up = asyncio.Lock()

    # -- keeping up ------------------------------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """A number that every change of the copy raises; 0 before the first `refresh`."""
        return self._now.version + self._people.version

    @property
    def snapshot(self) -> Snapshot:
        """The copy itself, for a run of lookups that must agree with each other."""
        return self._now

    async def refresh(self) -> bool:
        """Read again if anything has changed; tells whether it had."""
        async with self._refreshing:
            with self._rt.db.beside():
                return await self._read_again()

    async def _read_again(self) -> bool:
        async with self._rt.read_as_system() as db:
            structure, people = await read_versions(db)
            before = self.version
            if structure != self._now.version:
                self._now = Snapshot(await read_structure(db))
            if people != self._people.version:
                self._people = await read_people(db, self._rt.clock.now())
            self._checked = time.monotonic()
            return self.version != before

    async def fresh(self) -> Directory:
        """Itself, at most a second old."""
        if time.monotonic() - self._checked > MAX_AGE_S:
            async with self._catching_up:  # one looks, the others wait for what it finds
                if time.monotonic() - self._checked > MAX_AGE_S:
                    await self.refresh()
        return self

    # -- places ----------------------------------------------------------------------------------------------------

    @property
    def city(self) -> Division:
        """The city itself; UnknownDivision when none is loaded."""
        for one in self._now.divisions_below.get(None, ()):
            if one.level == CITY:
                return one
        raise UnknownDivision("no city is loaded: run `yiwang city load`", code="")

    def division(self, code: str) -> Division:
        """The division of a code, retired ones included; UnknownDivision."""
        found = self._now.divisions.get(code)
        if found is None:
            raise UnknownDivision(f"there is no division {code!r}", code=code)
        return found

    def usable(self, code: str) -> Division:
        """As `division`, for filing something new: a retired one is refused with DivisionRetired."""
        found = self.division(code)
        if found.retired_at is not None:
            raise DivisionRetired(
                f"division {code} ({found.name_en}) was dropped from the national list; choose one that is in force",
                code=code, name_zh=found.name_zh, name_en=found.name_en, when=found.retired_at.date().isoformat(),
            )  # fmt: skip
        return found

    def chain(self, code: str) -> list[Division]:
        """The division and those above it, from the city down to itself; UnknownDivision."""
        self.division(code)
        return self._now.chain(code)[::-1]

    def divisions_below(self, code: str | None, *, retired: bool = False) -> list[Division]:
        """The divisions directly below one (None: the cities), by code."""
        return [one for one in self._now.divisions_below.get(code, ()) if retired or one.retired_at is None]

    def prefix(self, code: str) -> str:
        """What the codes of a division and all below it begin with: the `area` prefix of row-level security."""
        return responsibility.supervised_prefix(self._now, code)

    def full_name(self, code: str, locale: str = "zh") -> str:
        """Names from the district down, joined as the locale does (滨湖区河埒街道; Helie Subdistrict, Binhu)."""
        names = [one.name(locale) for one in self.chain(code)]
        names = names[1:] or names
        return "".join(names) if locale == "zh" else ", ".join(reversed(names))

    def locate(self, lon: float, lat: float) -> list[Division]:
        """The divisions that hold a position (WGS 84, degrees), from the district down to the grid; empty outside."""
        code = self._now.places.containing(lon, lat)
        return [one for one in self.chain(code) if one.level > CITY] if code else []

    def outline(self, code: str) -> Any | None:
        """The outline of a division as a shapely geometry in WGS 84, or None where the city's data hold none."""
        return self._now.places.outline(self.prefix(code))

    def alias(self, kind: str, value: str) -> str | None:
        """Our code (of a division, or key of a category) for what another system calls it, or None."""
        return self._now.aliases.get((kind, value))

    # -- organisations and posts -----------------------------------------------------------------------------------

    def org(self, key: int | str) -> Org:
        """The organisation of an id or a code; UnknownOrg."""
        found = self.find_org(key)
        if found is None:
            raise UnknownOrg(f"there is no organisation {key!r}", org=key)
        return found

    def find_org(self, key: int | str) -> Org | None:
        """As `org`, None when there is none."""
        return self._now.orgs.get(key) if isinstance(key, int) else self._now.orgs_by_code.get(key)

    def orgs(self, ids: Iterable[int] | None = None) -> list[Org]:
        """Organisations by id (unknown ones left out), or all of them by code."""
        if ids is None:
            return list(self._now.orgs.values())
        return [self._now.orgs[one] for one in ids if one in self._now.orgs]

    def orgs_below(self, org: int | None) -> list[Org]:
        """The open organisations directly below one (None: those at the top)."""
        return [one for one in self._now.orgs_below.get(org, ()) if one.closed_at is None]

    def orgs_at(self, division: str) -> list[Org]:
        """The open organisations of a division (its government, departments, command centre)."""
        return [one for one in self._now.orgs_at.get(division, ()) if one.closed_at is None]

    def search_orgs(self, text: str, limit: int = 20) -> list[Org]:
        """Open organisations whose code begins with, or whose names contain, the text (see search.py)."""
        from yiwang.kernel.orgs.search import search_orgs

        return search_orgs(self._now.orgs.values(), text, limit)

    def post(self, post: int) -> Post:
        """The post of an id; UnknownPost."""
        found = self._now.posts.get(post)
        if found is None:
            raise UnknownPost(f"there is no post {post}", post=post)
        return found

    def posts_in(self, org: int) -> list[Post]:
        """The open posts of an organisation."""
        return [one for one in self._now.posts_in.get(org, ()) if one.closed_at is None]

    def post_for(self, org: int | str, role: str) -> Post | None:
        """The first open post of a role in an organisation (id or code), or None; UnknownOrg."""
        return responsibility.post_for(self._now, self.org(org).id, role)

    def post_near(self, role: str, area: str) -> Post | None:
        """The post of a role nearest to a place: its grid, community, street, district centre, city; or None."""
        return responsibility.post_near(self._now, role, area)

    def post_label(self, post: int, locale: str = "zh") -> str:
        """Organisation and title of a post, as a person reads it."""
        one = self.post(post)
        return f"{self.org(one.org).name(locale)} · {one.title(locale)}"

    # -- who answers for what --------------------------------------------------------------------------------------

    def categories(self) -> list[Category]:
        """The categories in force, in the order of the city's file."""
        return [one for one in self._now.categories.values() if one.retired_at is None]

    def category(self, key: str) -> Category | None:
        """A category, retired ones included, or None."""
        return self._now.categories.get(key)

    def responsible_post(self, category: str, area: str) -> Post | None:
        """The post that answers for a category at a place, or None when the table names nobody.

        UnknownDivision or DivisionRetired for a place that nothing may be filed under.
        """
        self.usable(area)
        return responsibility.responsible_post(self._now, category, area)

    # -- people ----------------------------------------------------------------------------------------------------

    def holders(self, post: int, at: datetime) -> list[UUID]:
        """The accounts appointed to a post at a moment, longest in post first."""
        return list(dict.fromkeys(one.account for one in self._people.appointments_to.get(post, ()) if one.covers(at)))

    def delegates(self, post: int, at: datetime) -> list[UUID]:
        """The accounts that a holder lets act from the post at that moment; a delegation ends with its giver's post."""
        people = self._people
        found = [one for one in people.delegations_of.get(post, ()) if one.covers(at)]
        return list(dict.fromkeys(one.account for one in found if people.holds(one.from_account, post, at)))

    def who_on_duty(self, post: int, at: datetime) -> list[UUID]:
        """Who stands watch on a post at a moment by its roster; without an entry, whoever holds it.

        An entry of somebody who has left the post since counts no more.
        """
        people = self._people
        entries = [one for one in people.duties_of.get(post, ()) if one.covers(at)]
        rostered = [one.account for one in entries if people.holds(one.account, post, at)]
        return list(dict.fromkeys(rostered)) or self.holders(post, at)

    def appointments(self, post: int, at: datetime) -> list[Period]:
        """The appointments to a post that are running or still to come, earliest first."""
        return [one for one in self._people.appointments_to.get(post, ()) if one.ends_at is None or one.ends_at > at]

    def delegations(self, post: int, at: datetime) -> list[Delegation]:
        """The delegations of a post that are running or still to come, and whose giver holds it now."""
        found = [one for one in self._people.delegations_of.get(post, ()) if one.ends_at is None or one.ends_at > at]
        return [one for one in found if self._people.holds(one.from_account, post, at)]

    def roster(self, post: int, at: datetime) -> list[Period]:
        """The entries of a post's roster that are running or still to come, earliest first."""
        people = self._people
        coming = [one for one in people.duties_of.get(post, ()) if one.ends_at is None or one.ends_at > at]
        return [one for one in coming if people.holds(one.account, post, max(one.starts_at, at))]

    def posts_of(self, account: UUID, at: datetime) -> list[HeldPost]:
        """The open posts that an account may act from: its own first, then those delegated to it."""
        people = self._people
        found: dict[int, HeldPost] = {}
        for one in people.appointments_of.get(account, ()):
            if one.covers(at) and (held := self._held(one.post, "appointment", one.ends_at, None)):
                found.setdefault(one.post, held)
        for lent in people.delegations_to.get(account, ()):
            if lent.covers(at) and people.holds(lent.from_account, lent.post, at):
                held = self._held(lent.post, "delegation", lent.ends_at, lent.from_account)
                if held:
                    found.setdefault(lent.post, held)
        return list(found.values())

    def _held(self, key: int, via: Any, until: datetime | None, on_behalf_of: UUID | None) -> HeldPost | None:
        post = self._now.posts.get(key)
        if post is None or post.closed_at is not None:
            return None
        org = self._now.orgs[post.org]
        if org.closed_at is not None:
            return None
        return HeldPost(post, org, via, until, on_behalf_of)

    def areas_of(self, post: Post) -> tuple[str, ...]:
        """The area prefixes that a post supervises: those of supervisors and leaders of command centres."""
        org = self._now.orgs[post.org]
        if org.kind != "command" or post.role not in SUPERVISING:
            return ()
        return (self.prefix(org.division),)

    def administrators(self, org: int) -> list[int]:
        """Organisations whose administrators look after this one: those with an admin post at or above its place."""
        places = {one.code for one in self._now.chain(self._now.orgs[org].division)}
        admins = (post for post in self._now.posts.values() if post.role == "admin" and post.closed_at is None)
        return sorted({post.org for post in admins if self._now.orgs[post.org].division in places})


async def standing(rt: Runtime, account: UUID, at: datetime) -> list[tuple[int, int, str, tuple[str, ...]]]:
    """(post, organisation, role, areas supervised) of every post that an account may act from: for kernel.identity."""
    directory = await rt.part(Directory).fresh()
    held = directory.posts_of(account, at)
    return [(one.post.id, one.org.id, one.post.role, directory.areas_of(one.post)) for one in held]
