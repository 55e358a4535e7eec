"""Publishing lists of service items: the one writer of ``serve.item``."""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.kernel.write import Act
from yiwang.messages.serve import ItemsPublished
from yiwang.serve.errors import KeyTaken
from yiwang.serve.model import Item
from yiwang.serve.store import q


async def put_items(act: Act, source: str, items: Sequence[Item]) -> int:
    """Make the items of a source exactly these, within an audited action; tells how many were removed.

    KeyTaken when a key belongs to another source.
    """
    keys = [item.key for item in items]
    taken = await act.db.fetchrow(q.foreign_keys, source, keys)
    if taken is not None:
        raise KeyTaken(f"item {taken['key']} belongs to {taken['source']}", item=taken["key"], source=taken["source"])
    removed = await act.db.execute(q.drop_missing, source, keys)
    if items:
        await act.db.execute(q.put_items, source, [item.row() for item in items], act.now)
    act.emit(ItemsPublished(source=source, items=len(items), removed=removed))
    return removed
