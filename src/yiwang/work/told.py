"""An error in the words of its reader, for pages that show it beside what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.kernel.errors import YiwangError
from yiwang.web import format
from yiwang.web.context import Context


@dataclass(frozen=True, slots=True)
class Told:
    """Title, detail, and what to do next."""

    title: str
    detail: str
    next: str


def tell(ctx: Context, error: YiwangError) -> Told:
    """The sentences of an error; moments among its parameters are written as people write them."""
    strings = ctx.rt.strings
    key = error.key if strings.has(f"{error.key}.title") else _inherited(ctx, error)
    params = {name: _readable(ctx, name, value) for name, value in error.params.items()}

    def say(part: str) -> str:
        return ctx.t(f"{key}.{part}", **params) if strings.has(f"{key}.{part}") else ""

    return Told(say("title"), say("detail"), say("next"))


def _inherited(ctx: Context, error: YiwangError) -> str:
    for kind in type(error).__mro__:
        key = kind.__dict__.get("key")
        if key and ctx.rt.strings.has(f"{key}.title"):
            return str(key)
    return "error.unexpected"


def _readable(ctx: Context, name: str, value: object) -> object:
    if name in ("when", "at") and isinstance(value, str):
        try:
            return format.moment(datetime.fromisoformat(value), ctx.locale, ctx.zone, ctx.now)
        except ValueError:
            return value
    return value
