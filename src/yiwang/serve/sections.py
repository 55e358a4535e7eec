"""The folder ``services/`` of scenario packages: each file is an item of the public list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yiwang.kernel.db import Conn
from yiwang.kernel.errors import Problem
from yiwang.kernel.orgs import Directory
from yiwang.kernel.write import Act
from yiwang.serve.actions import put_items
from yiwang.serve.model import Item
from yiwang.serve.store import q


class ServicesSection:
    """Puts the items of a package into the list, and takes them out again."""

    def check(self, _package: Any, _known: Any) -> Iterable[Problem]:
        """Nothing beyond the rules of kernel.scenarios."""
        return ()

    async def install(self, act: Act, package: Any, _previous: str | None) -> None:
        """Publish the items of the package; those of its previous version that are gone disappear."""
        directory = await act.rt.part(Directory).fresh()
        items = [_item(directory, item, position) for position, item in enumerate(package.services.values())]
        await put_items(act, package.manifest.id, items)

    async def remove(self, act: Act, package_id: str) -> None:
        """Take its items out of the list; cases keep the title that they were opened under."""
        await put_items(act, package_id, [])

    async def open_work(self, conn: Conn, package_id: str) -> int:
        """Cases of its items that are not closed."""
        return int(await conn.fetchval(q.count_open_cases, package_id))


def _item(directory: Directory, item: Any, position: int) -> Item:
    owner = _owner(directory, item.role)
    return Item(
        key=item.id, code=item.code, title_zh=item.title.zh, title_en=item.title.en, summary_zh=item.summary.zh,
        summary_en=item.summary.en, kind=item.kind, audience=item.audience, org=owner.id if owner else None,
        owner_zh=owner.name_zh if owner else "", owner_en=owner.name_en if owner else "", role=item.role,
        process=item.process, form=item.form, entry=item.entry, anonymous=item.anonymous, channels=item.channels,
        promised=item.promised, fee=item.fee, visits=item.visits, keywords=item.keywords, position=position,
        materials=tuple(m.model_dump(mode="json") for m in item.materials),
        basis=tuple(b.model_dump(mode="json") for b in item.basis),
    )  # fmt: skip


def _owner(directory: Directory, role: str) -> Any:
    """Who answers for it: the organisation of the post of that role nearest to the city; None before one is loaded."""
    if not directory.divisions_below(None):
        return None
    post = directory.post_near(role, directory.city.code)
    return directory.org(post.org) if post else None
