"""The declared indicators and boards."""

from __future__ import annotations

from typing import Any

from yiwang.assess.errors import NoSuchIndicator
from yiwang.assess.model import Board, Indicator
from yiwang.kernel.db import Conn, Queries

q = Queries.load("yiwang.assess")


async def all_indicators(db: Conn) -> dict[str, Indicator]:
    """Every declared indicator by its key ``package/id``, in the order of declaration."""
    found = [Indicator.of(r["package"], r["declared"]) for r in await db.fetch(q.list_indicators)]
    return {i.key: i for i in found}


async def all_boards(db: Conn) -> list[Board]:
    """Every declared board."""
    return [Board.of(r["package"], r["declared"]) for r in await db.fetch(q.list_boards)]


async def board_named(db: Conn, package: str, name: str) -> Board:
    """One board; NoSuchIndicator when nobody declares it."""
    for board in await all_boards(db):
        if (board.package, board.id) == (package, name):
            return board
    raise NoSuchIndicator(f"there is no board {package}/{name}", name=f"{package}/{name}")


def chosen(found: dict[str, Indicator], package: str, names: Any) -> tuple[Indicator, ...]:
    """The named indicators of a package, in the order given; NoSuchIndicator names the first that is missing."""
    picked = []
    for name in names:
        indicator = found.get(f"{package}/{name}")
        if indicator is None:
            raise NoSuchIndicator(f"there is no indicator {package}/{name}", name=f"{package}/{name}")
        picked.append(indicator)
    return tuple(picked)
