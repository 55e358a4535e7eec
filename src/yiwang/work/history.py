"""What has happened, newest first, in sentences: from the kernel's log of the tasks and the notes of the people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yiwang.kernel.orgs import Directory
from yiwang.web.context import Context

ICONS = {
    "start": "flag", "complete": "check", "read": "check", "claim": "hand", "release": "undo-2", "transfer": "forward",
    "return": "corner-up-left", "recall": "rotate-ccw", "countersign": "stamp", "add_signer": "signature",
    "delegate": "user-check", "handed_back": "user-check", "circulate": "book-open", "urge": "bell", "supervise": "eye",
    "suspend": "circle-pause", "resume": "circle-play", "overdue": "alarm-clock", "cancelled": "circle-x",
    "attach": "paperclip", "comment": "message-square", "message": "mail", "end": "flag", "timer": "timer",
}  # fmt: skip
_KIND = {"complete": "good", "end": "good", "overdue": "bad", "return": "warn", "urge": "warn", "supervise": "warn"}
#: What the notes say themselves, so that it is not told twice.
_IN_NOTES = frozenset({"comment"})


def entries(ctx: Context, directory: Directory, log: Iterable[Any], notes: Iterable[Any]) -> list[dict[str, Any]]:
    """Entries for ``ui.timeline``, newest first."""
    told = [_happened(ctx, directory, row) for row in log if row["verb"] not in _IN_NOTES]
    told += [_written(ctx, directory, note) for note in notes if note["kind"] != "reason"]
    return sorted((entry for entry in told if entry), key=lambda entry: entry["at"], reverse=True)


def _happened(ctx: Context, directory: Directory, row: Mapping[str, Any] | Any) -> dict[str, Any]:
    verb = row["verb"]
    step = (row["step_name_zh"] if ctx.locale == "zh" else row["step_name_en"] or row["step_name_zh"]) or ""
    what = ctx.t(f"process.verb.{verb}")
    to = "" if verb == "overdue" else _post(directory, row["to_post"], ctx.locale)
    head = f"{step} · {what}" if step else what
    return {
        "at": row["at"], "what": f"{head} → {to}" if to else head, "who": _who(ctx, directory, row),
        "said": row["reason"], "icon": ICONS.get(verb, "circle-dot"), "kind": _KIND.get(verb, ""),
    }  # fmt: skip


def _written(ctx: Context, directory: Directory, note: Mapping[str, Any] | Any) -> dict[str, Any]:
    return {
        "at": note["at"], "what": ctx.t(f"work.note.{note['kind']}"), "who": _who(ctx, directory, note),
        "said": note["body"], "icon": "message-square", "kind": "",
    }  # fmt: skip


def _who(ctx: Context, directory: Directory, row: Mapping[str, Any] | Any) -> str:
    if row["by"] is None:
        return row["by_name"] if row["by_name"] and row["post"] else ctx.t("work.by_system")
    return " · ".join(part for part in (row["by_name"], _post(directory, row["post"], ctx.locale)) if part)


def _post(directory: Directory, post: int | None, locale: str) -> str:
    return directory.post_label(post, locale) if post and post in directory.snapshot.posts else ""
