"""The people of a story: whoever holds a post, made and appointed when nobody does."""

from __future__ import annotations

from uuid import UUID

from yiwang.kernel.identity import actor_for, create_account
from yiwang.kernel.orgs import Directory
from yiwang.kernel.orgs.actions.appointments import appoint
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"


class People:
    """Finds or makes the holders of posts, and residents by name."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._residents: dict[str, UUID] = {}

    async def holder(self, post: int) -> Actor:
        """The person who holds the post now, acting from it."""
        directory = await self._rt.part(Directory).fresh()
        held = directory.holders(post, self._rt.clock.now())
        account = held[0] if held else await self._appoint(post)
        return await actor_for(self._rt, account, post)

    async def _appoint(self, post: int) -> UUID:
        directory, system = self._rt.part(Directory), Actor.system("story")
        one = directory.post(post)
        account = await create_account(
            self._rt, system, kind="staff", login=f"story-{post}",
            name=f"{_SURNAMES[post % len(_SURNAMES)]}{one.title_zh}"[:80], org=one.org,
        )  # fmt: skip
        await appoint(self._rt, system, post, account)
        await directory.refresh()
        return account

    async def resident(self, name: str) -> Actor:
        """A resident with an account; `resident@other` is another one."""
        if name not in self._residents:
            number = len(self._residents) + 1
            self._residents[name] = await create_account(
                self._rt, Actor.system("story"), kind="resident", login=f"resident-{number}",
                name=f"{_SURNAMES[number % len(_SURNAMES)]}女士", phone=f"1390000{number:04d}",
            )  # fmt: skip
        return await actor_for(self._rt, self._residents[name])
