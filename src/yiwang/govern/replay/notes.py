"""What the readers of indicators must know about imported history: shown where a number says how it is computed."""

from __future__ import annotations

from yiwang.govern.replay.quarantine import batches
from yiwang.kernel.calendar import work_calendar
from yiwang.kernel.runtime import Runtime


async def notes(rt: Runtime, locale: str) -> list[str]:
    """One paragraph per imported log that had to be completed: what is derived, how, and what is not recorded."""
    found = []
    for batch in await batches(rt):
        facts = batch.derived
        if not facts or not batch.imported:
            continue
        at = work_calendar(rt).local(batch.at).date().isoformat()
        title = facts["title"].get(locale) or facts["title"]["en"]
        params = {"rows": f"{batch.imported:,}", "title": title, "at": at, "quarantined": f"{batch.quarantined:,}"}
        lines = [rt.strings.t("govern.replay.note.history", locale, **params)]
        lines.append(rt.strings.t("govern.replay.note.department", locale))
        if facts.get("due"):
            lines.append(rt.strings.t("govern.replay.note.due", locale, rule=facts["due"]))
        lines += [rt.strings.t(f"govern.replay.note.{name}", locale) for name in ("missing", "times", "live")]
        found.append(("" if locale == "zh" else " ").join(lines))
    return found
