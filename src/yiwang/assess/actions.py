"""The only writer of assess: what packages declare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yiwang.assess.store import q
from yiwang.kernel.db import Conn
from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.rule import Known


class ViewsSection:
    """Installs ``views/*.toml``; works inside the installer's action, which writes the audit row."""

    def check(self, package: Package, known: Known) -> Iterable[Problem]:
        """Nothing beyond the validator's own rule for views."""
        return ()

    async def install(self, act: Any, package: Package, previous: str | None) -> None:
        """Replace what the package declared before."""
        if package.manifest is None:
            return  # the validator has refused it before
        key = package.manifest.id
        await self.remove(act, key)
        indicators = [i.model_dump(mode="json") for views in package.views.values() for i in views.indicator]
        boards = [b.model_dump(mode="json") for views in package.views.values() for b in views.board]
        await act.db.execute(q.put_indicators, key, indicators)
        await act.db.execute(q.put_boards, key, boards)

    async def remove(self, act: Any, package_id: str) -> None:
        """Indicators hold no history of their own: they are declared again when the package is installed again."""
        await act.db.execute(q.drop_views, package_id)

    async def open_work(self, conn: Conn, package_id: str) -> int:
        """Nothing runs here."""
        return 0
