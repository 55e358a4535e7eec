"""Jinja for all rooms: one environment per runtime, strict about names, escaping always.

Templates of the web room go by their name (``macros.html``); those of another room by ``<room>/<file>``. The global
functions read the context of the page being rendered, so macros need no ``with context``.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from yiwang.kernel.runtime import Runtime
from yiwang.web import cookies, format, maps, nav
from yiwang.web.context import Context, current
from yiwang.web.static import Assets

OWN = Path(__file__).parent / "templates"


class Templates:
    """The environment of one runtime."""

    def __init__(self, rt: Runtime) -> None:
        self.assets = Assets()
        rooms = {room.name: str(files(room.package) / "templates") for room in rt.registry.rooms}
        loader = ChoiceLoader(
            [FileSystemLoader(OWN), PrefixLoader({n: FileSystemLoader(path) for n, path in rooms.items()})]
        )
        self.env = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
            auto_reload=rt.settings.demo, cache_size=400,
        )  # fmt: skip
        functions = _functions(self.assets)
        self.reserved = frozenset(functions)
        self.env.globals.update(functions)
        self.env.filters.update(_FILTERS)

    def render(self, ctx: Context, template: str, context: dict[str, Any]) -> str:
        """A whole template. ValueError when a page's own name would hide a global one."""
        hidden = context.keys() & self.reserved
        if hidden:
            raise ValueError(f"{template}: these names belong to the shell: {', '.join(sorted(hidden))}")
        token = current.set(ctx)
        try:
            return self.env.get_template(template).render(ctx=ctx, **context)
        finally:
            current.reset(token)

    def render_block(self, ctx: Context, template: str, block: str, context: dict[str, Any]) -> str:
        """One block of a template."""
        token = current.set(ctx)
        try:
            found = self.env.get_template(template)
            values = found.new_context({"ctx": ctx, **context})
            return "".join(found.blocks[block](values))
        finally:
            current.reset(token)


def _functions(assets: Assets) -> dict[str, Any]:
    return {
        "t": lambda key, **params: current.get().t(key, **params),
        "has_text": lambda key: current.get().rt.strings.has(key),
        "pick": lambda texts: current.get().pick(texts),
        "locale": lambda: current.get().locale,
        "now": lambda: current.get().now,
        "csrf": _csrf_field,
        "csrf_token": lambda: current.get().csrf,
        "asset": assets.url,
        "icon": lambda name, more="": icon(assets, name, more),
        "with_query": _with_query,
        "flash_message": _flash,
        "rail": lambda: nav.rail(current.get()),
        "held_posts": lambda: nav.posts(current.get()),
        "city_name": lambda: nav.city_name(current.get()),
        "in_json": _in_json,
        "map_config": _map_config,
    }


def icon(assets: Assets, name: str, more: str = "") -> Markup:
    """A drawing from the sprite; decoration only, so hidden from screen readers."""
    return Markup('<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        more, assets.url("icons.svg"), name
    )


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="_csrf" value="{}">').format(current.get().csrf)


def _with_query(**changes: Any) -> str:
    """This page's address with some query fields replaced; None removes one."""
    request = current.get().request
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in changes]
    kept += [(k, str(v)) for k, v in changes.items() if v is not None and v != ""]
    return "?" + urlencode(kept) if kept else request.url.path


def _flash() -> tuple[str, str] | None:
    """(kind, sentence) of the message for this page, if any."""
    ctx = current.get()
    found = cookies.unpack(ctx.request.cookies.get(cookies.name(ctx.rt.settings, cookies.FLASH)))
    if found is None or not ctx.rt.strings.has(found[0]):
        return None
    key, kind, params = found
    return kind, ctx.t(key, **params)


def _in_json(value: Any) -> Markup:
    """JSON that is safe inside a script element of a data type."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def _map_config(config: dict[str, Any]) -> dict[str, Any]:
    """A map's configuration with the words of its buttons in the reader's language."""
    return {**config, "words": {name: current.get().t(key) for name, key in maps.WORDS.items()}}


def _moment(value: datetime | None) -> str:
    ctx = current.get()
    return "—" if value is None else format.moment(value, ctx.locale, ctx.zone, ctx.now)


def _day(value: date | datetime | None) -> str:
    ctx = current.get()
    if value is None:
        return "—"
    local = value.astimezone(ctx.zone).date() if isinstance(value, datetime) else value
    return format.day(local, ctx.locale, ctx.now.astimezone(ctx.zone).date())


def _iso(value: datetime | date) -> str:
    return (
        value.astimezone(current.get().zone).isoformat(timespec="seconds")
        if isinstance(value, datetime)
        else value.isoformat()
    )


_FILTERS: dict[str, Any] = {
    "moment": _moment,
    "day": _day,
    "iso": _iso,
    "ago": lambda value: format.ago(value, current.get().locale, current.get().now),
    "span": lambda value: format.span(
        value if isinstance(value, timedelta) else timedelta(seconds=value), current.get().locale
    ),
    "number": format.number,
    "size": format.size,
}
