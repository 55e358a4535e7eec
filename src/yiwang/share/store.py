"""Reading the catalogue."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.db import Conn, Queries
from yiwang.share.errors import NoSuchDataset
from yiwang.share.model import Dataset

q = Queries.load("yiwang.share")


async def list_datasets(db: Conn) -> list[tuple[Dataset, Any]]:
    """Every dataset that is not retired, with the row that also tells of its last batch."""
    return [(Dataset.of(r), r) for r in await db.fetch(q.list_datasets)]


async def find_dataset(db: Conn, package: str, name: str) -> Dataset:
    """One dataset; NoSuchDataset when it was never declared."""
    row = await db.fetchrow(q.find_dataset, package, name)
    if row is None:
        raise NoSuchDataset(f"there is no dataset {package}/{name}", name=f"{package}/{name}")
    return Dataset.of(row)


async def list_batches(db: Conn, dataset: Dataset, limit: int = 50) -> list[Any]:
    """The latest batches of a dataset: when, rows, accepted, quarantined, digest."""
    return await db.fetch(q.list_batches, dataset.package, dataset.id, limit)
