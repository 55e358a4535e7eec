"""The only writers of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Conn
from yiwang.kernel.errors import Problem
from yiwang.kernel.orgs import Directory
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.rule import Known
from yiwang.kernel.write import Resource
from yiwang.share.store import q


class DatasetsSection:
    """Installs ``datasets/*.toml``; works inside the installer's action, which writes the audit row."""

    def check(self, package: Package, known: Known) -> Iterable[Problem]:
        """Nothing beyond the validator's own rule for datasets."""
        return ()

    async def install(self, act: Any, package: Package, previous: str | None) -> None:
        """Declare every dataset of the package, and retire those that it no longer has."""
        if package.manifest is None:
            return  # the validator has refused it before
        directory = act.rt.part(Directory)
        owner = directory.org(directory.city.code).id
        kept = []
        for dataset in package.datasets.values():
            kept.append(dataset.id)
            await act.db.execute(
                q.put_dataset, package.manifest.id, dataset.id, package.manifest.version, owner, dataset.share,
                dataset.open, dataset.model_dump(mode="json"), act.now,
            )  # fmt: skip
        await act.db.execute(q.retire_datasets, package.manifest.id, act.now, kept)

    async def remove(self, act: Any, package_id: str) -> None:
        """Retire: batches and history stay explainable."""
        await act.db.execute(q.retire_datasets, package_id, act.now, [])

    async def open_work(self, conn: Conn, package_id: str) -> int:
        """Nothing runs here."""
        return 0


async def record_batch(
    unit: Any,
    *,
    key: UUID,
    keeper: str,
    source: str,
    at: datetime,
    rows: int,
    accepted: int,
    quarantined: int,
    digest: str,
) -> None:
    """Note a batch that a net took in, under every dataset kept by ``keeper`` (such as ``govern.incident``)."""
    for row in await unit.db.fetch(q.datasets_of_source, keeper):
        resource = Resource("dataset", f"{row['package']}/{row['id']}")
        async with unit.also("dataset.receive", resource) as act:
            await act.db.execute(
                q.add_batch, key, row["package"], row["id"], source, at, rows, accepted, quarantined, digest
            )
            act.record(after={"batch": str(key), "quarantined": quarantined}, count=rows, digest=digest)
