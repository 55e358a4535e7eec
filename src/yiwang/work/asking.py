"""The small form of a verb: what was typed, what a search for posts found, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from yiwang.kernel.errors import Invalid
from yiwang.kernel.orgs import Directory
from yiwang.web.context import Context
from yiwang.web.tasks import CHOICES, SPANS, Choice, Given, Verb, find_posts, named, near


@dataclass(frozen=True, slots=True)
class Ask:
    """What ``tasks.questions`` draws."""

    verb: Verb
    given: Given = Given()
    wrong: Mapping[str, str] = field(default_factory=dict)
    chosen: list[Choice] = field(default_factory=list)
    found: list[Choice] = field(default_factory=list)
    q: str = ""
    searched: bool = False
    steps: tuple[tuple[str, str], ...] = ()
    choices: tuple[str, ...] = ()
    spans: tuple[tuple[str, str], ...] = ()


def read_given(form: FormData) -> Given:
    """What a posted form says; ids that are none are left out."""

    def text(name: str) -> str:
        found = form.get(name)
        return found.strip() if isinstance(found, str) else ""

    posts = [one for one in form.getlist("posts") if isinstance(one, str) and one.isascii() and one.isdigit()]
    version = text("_version")
    return Given(
        tuple(dict.fromkeys(int(one) for one in posts if len(one) < 16))[:50], text("reason")[:4000],
        text("choice")[:20], text("step")[:80], text("span") if text("span") in SPANS else "",
        int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None,
    )  # fmt: skip


def ask(
    ctx: Context, verb: Verb, given: Given, *, q: str = "", searched: bool = False, post: int = 0, area: str = "",
    steps: tuple[tuple[str, str], ...] = (), error: Invalid | None = None,
) -> Ask:  # fmt: skip
    """The form of a verb for a task at ``post`` and ``area``: what a search finds, or whom one probably means."""
    directory, chosen, found = ctx.rt.part(Directory), [], []
    if verb.posts:
        chosen = named(directory, given.posts, ctx.locale)
        if q:
            found = find_posts(directory, q, ctx.locale, leave_out=post)
        elif post:
            found = near(directory, post, area, ctx.locale)
    wrong = {p.where: ctx.t(p.key, **p.params) for p in error.problems} if error else {}
    spans = tuple((s, ctx.t(f"tasks.spans.{s}")) for s in SPANS if s) if verb.span else ()
    return Ask(
        verb, given, wrong, chosen, found, q, searched and bool(q), steps if verb.step else (),
        CHOICES.get(verb.choice, ()), spans,
    )  # fmt: skip
