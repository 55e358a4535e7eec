"""What the desk's frame shows: the rail of the nets, the posts one may act from, the name of the city."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.orgs import Directory, UnknownDivision, UnknownPost
from yiwang.kernel.policy import Policies
from yiwang.kernel.runtime import MenuEntry, Runtime
from yiwang.kernel.write import Actor, Resource
from yiwang.web.context import Context

#: The five nets in the order of a working day, then what counts and what carries them.
NETS = ("work", "serve", "govern", "sense", "share", "assess", "system")
REMEMBERED = 5_000


@dataclass(frozen=True)
class Entry:
    """One line of the rail."""

    label: str
    href: str
    icon: str
    here: bool


@dataclass(frozen=True)
class Net:
    """One group of the rail."""

    name: str
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class PostChoice:
    """A post one may act from."""

    id: int
    name: str
    here: bool


class Menus:
    """Which entries an actor's posts are for; asked of the policy once for each set of posts and policy version."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._known: dict[tuple[object, ...], tuple[MenuEntry, ...]] = {}

    async def of(self, actor: Actor) -> tuple[MenuEntry, ...]:
        """The entries to show. Hiding is courtesy only; what an action needs is decided when it is done."""
        policies = self._rt.part(Policies)
        key = (policies.compiled.version, actor.kind, actor.post, actor.posts, actor.orgs, actor.roles)
        if key not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            entries: list[MenuEntry] = self._rt.registry.all("menu")
            self._known[key] = tuple([entry for entry in entries if await self._shown(policies, actor, entry)])
        return self._known[key]

    async def _shown(self, policies: Policies, actor: Actor, entry: MenuEntry) -> bool:
        if not entry.needs:
            return True
        action = policies.compiled.declarations.actions.get(entry.needs)
        if action is None:
            return bool(actor.roles & set(entry.needs.split("|")))
        for org in actor.orgs or (None,):
            for kind in action.on:
                ruling = await policies.may(actor, entry.needs, Resource(kind, org=org))
                # An error means that the policy asks for facts that only a certain thing has: some may be open.
                if ruling.allowed or ruling.errors:
                    return True
        return False


def rail(ctx: Context) -> list[Net]:
    """The menu entries of this request, grouped by net; the one that leads here is marked."""
    here = ctx.request.url.path
    longest = max((e.href for e in ctx.menu if _leads_to(e.href, here)), key=len, default=None)
    nets = []
    for name in NETS:
        mine = sorted((e for e in ctx.menu if e.net == name), key=lambda e: e.order)
        entries = tuple(Entry(ctx.t(e.key), e.href, e.icon or "circle", e.href == longest) for e in mine)
        if entries:
            nets.append(Net(name, ctx.t(f"web.net.{name}"), entries))
    return nets


def _leads_to(href: str, here: str) -> bool:
    return here == href or here.startswith(href.rstrip("/") + "/")


def posts(ctx: Context) -> list[PostChoice]:
    """The posts of the person signed in, with the name of their organisation."""
    directory = ctx.rt.part(Directory)
    found = []
    for post in ctx.actor.posts:
        try:
            found.append(PostChoice(post, directory.post_label(post, ctx.locale), post == ctx.actor.post))
        except UnknownPost:
            continue
    return found


def city_name(ctx: Context) -> str:
    """The name of the city as its own file gives it; empty before one is loaded."""
    try:
        return ctx.rt.part(Directory).city.name(ctx.locale)
    except UnknownDivision:
        return ""
