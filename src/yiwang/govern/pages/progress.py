"""Where a report stands, in the words of a good letter: what happened, what comes next, by when. Nothing internal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yiwang.govern.flow import REOPENED, awaits
from yiwang.govern.model import Incident
from yiwang.govern.pages.choices import category_name, place_name
from yiwang.govern.store import q
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process import attachments
from yiwang.web.context import Context

_KINDS = {"closed": "good", "rated": "good", "state.rejected": "bad", "state.withdrawn": "warn", "reopened": "warn"}
_ICONS = {
    "opened": "send", "accepted": "clipboard-check", "state.dispatched": "forward", "state.handling": "wrench",
    "state.verifying": "map-pin", "state.calling-back": "phone", "result": "file-text", "closed": "circle-check",
    "reopened": "rotate-ccw", "rated": "star", "state.withdrawn": "undo-2", "state.rejected": "circle-x",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """What the reporter is shown and may do."""

    state: str
    state_kind: str
    next: str
    lines: list[dict[str, Any]]
    category: str
    place: str
    photos: int
    can_withdraw: bool
    can_reopen: bool
    can_rate: bool


async def progress_of(ctx: Context, incident: Incident) -> Progress:
    """The public part of a report. Read as the system: whoever asks has shown the code, or it is their own."""
    directory = await ctx.rt.part(Directory).fresh()
    async with ctx.rt.read_as_system() as db:
        rows = await db.fetch(q.public_log, incident.id)
        reopenable = incident.state == "closed" and await awaits(db, REOPENED, incident.id)
        photos = [f for f in await attachments(db, "incident", incident.id) if f.task is None]
    told = [_line(ctx, directory, row) for row in rows]
    if told and incident.live:
        told[-1]["kind"] = "now"
    return Progress(
        state=ctx.t(f"govern.state.{incident.state}"), state_kind=STATE_KINDS[incident.state],
        next=_next(ctx, incident), lines=told, category=category_name(directory, incident.category, ctx.locale),
        place=place_name(directory, incident.area[:12], ctx.locale), photos=len(photos), can_withdraw=incident.live,
        can_reopen=reopenable, can_rate=incident.state == "closed" and incident.rated_at is None,
    )  # fmt: skip


STATE_KINDS = {
    "opened": "info", "accepted": "info", "dispatched": "primary", "handling": "primary", "verifying": "primary",
    "calling-back": "primary", "closed": "success", "withdrawn": "", "rejected": "error",
}  # fmt: skip
"""The colour of each state (a kind of badge)."""


def _next(ctx: Context, incident: Incident) -> str:
    return ctx.t(f"govern.next.{incident.state}")


def _line(ctx: Context, directory: Directory, row: Any) -> dict[str, Any]:
    kind, detail = row["kind"], row["detail"]
    org = directory.find_org(int(detail["department"])) if detail.get("department") else None
    said = detail.get("reason") or detail.get("note") or (detail.get("result") if kind == "result" else "")
    if kind == "rated":
        said = ctx.t(f"govern.satisfied.{detail.get('satisfied', 'yes')}")
    return {
        "at": row["at"], "what": ctx.t(f"govern.line.{kind}"), "said": said or "", "kind": _KINDS.get(kind, ""),
        "who": org.name(ctx.locale) if org and kind.startswith("state.handling") else "",
        "icon": _ICONS.get(kind, "circle-dot"),
    }  # fmt: skip
