"""Finding an organisation by typing a part of its name."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.kernel.orgs.model import Org
from yiwang.kit.chinese import normalise, pinyin_initials

_MAX_TEXT = 60


def search_orgs(orgs: Iterable[Org], text: str, limit: int) -> list[Org]:
    """Open organisations by code prefix, part of a name, or pinyin initials (csglj); the best matches first."""
    wanted = normalise(text[:_MAX_TEXT])
    if not wanted:
        return []
    typed_initials = wanted.isascii() and wanted.isalnum()
    found: list[tuple[int, int, str, Org]] = []
    for org in orgs:
        if org.closed_at is not None:
            continue
        rank = _rank(org, wanted, typed_initials)
        if rank is not None:
            found.append((rank, len(org.name_zh), org.code, org))
    return [org for *_, org in sorted(found, key=lambda item: item[:3])[:limit]]


def _rank(org: Org, wanted: str, typed_initials: bool) -> int | None:
    if org.code.startswith(wanted):
        return 0
    if wanted in normalise(org.name_zh) or wanted in normalise(org.name_en):
        return 1
    # Initials of a thousand names cost some milliseconds each time; the cache of the key function holds them all.
    return 2 if typed_initials and wanted in pinyin_initials(org.name_zh) else None
