"""What the desk's frame shows: the rail of the nets, the posts one may act from, the name of the city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yiwang.web.context import Context

#: The five nets in the order of a working day, then what counts and what carries them.
NETS = ("work", "serve", "govern", "sense", "share", "assess", "system")


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


def rail(ctx: Context) -> list[Net]:
    """The menu entries of all rooms that this actor's posts are for, grouped by net."""
    here = ctx.request.url.path
    menu = [entry for entry in ctx.rt.registry.all("menu") if allowed(ctx, entry)]
    longest = max((e.href for e in menu if _leads_to(e.href, here)), key=len, default=None)
    nets = []
    for name in NETS:
        mine = sorted((e for e in menu if e.net == name), key=lambda e: e.order)
        entries = tuple(Entry(ctx.t(e.key), e.href, e.icon or "circle", e.href == longest) for e in mine)
        if entries:
            nets.append(Net(name, ctx.t(f"web.net.{name}"), entries))
    return nets


def _leads_to(href: str, here: str) -> bool:
    return here == href or here.startswith(href.rstrip("/") + "/")


def allowed(ctx: Context, entry: Any) -> bool:
    """Whether to show an entry: ``needs`` names a role of the actor's posts, or several joined by ``|``.

    Hiding is courtesy only; what an action needs is decided by policy when it is done.
    """
    return not entry.needs or not ctx.is_staff or bool(ctx.actor.roles & set(entry.needs.split("|")))


@dataclass(frozen=True)
class PostChoice:
    """A post one may act from."""

    id: int
    name: str
    here: bool


def posts(ctx: Context) -> list[PostChoice]:
    """The posts of the person signed in, with the name of their organisation."""
    names = ctx.rt.registry.extra("post_names")
    label = names[0] if names else None
    chosen = ctx.actor.post
    return [PostChoice(p, label(ctx.rt, p, ctx.locale) if label else str(p), p == chosen) for p in ctx.actor.posts]


def city_name(ctx: Context) -> str:
    """The name of the city as its own file gives it."""
    names = ctx.rt.registry.extra("city_name")
    return str(names[0](ctx.rt, ctx.locale)) if names else ""
