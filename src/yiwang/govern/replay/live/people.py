"""Who acts in a replay: accounts made for it (marked as demo, nobody can sign in to them), appointed to posts."""

from __future__ import annotations

from uuid import UUID

from yiwang.kernel.identity import actor_for, create_account
from yiwang.kernel.identity.accounts import find_account
from yiwang.kernel.orgs import Directory
from yiwang.kernel.orgs.actions import appoint
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

_SYSTEM = Actor.system("replay")


class People:
    """Holders of posts, and residents by the number of their request."""

    def __init__(self, rt: Runtime, locale: str) -> None:
        self._rt = rt
        self._locale = locale

    async def holder(self, post: int) -> Actor:
        """The person who holds a post at the moment of the replay, acting from it."""
        directory = await self._rt.part(Directory).fresh()
        held = directory.holders(post, self._rt.clock.now())
        return await actor_for(self._rt, held[0] if held else await self._appoint(directory, post), post)

    async def _appoint(self, directory: Directory, post: int) -> UUID:
        one = directory.post(post)
        name = self._rt.strings.t("govern.replay.person", self._locale, title=one.title(self._locale))
        account = await self._account("staff", f"replay-post-{post}", name, one.org)
        await appoint(self._rt, _SYSTEM, post, account)
        await directory.refresh()
        return account

    async def resident(self, number: str) -> Actor:
        """Whoever reported a request; the log names nobody."""
        name = self._rt.strings.t("govern.replay.reporter", self._locale, number=number)
        return await actor_for(self._rt, await self._account("resident", f"replay-{number.lower()}", name, None))

    async def _account(self, kind: str, login: str, name: str, org: int | None) -> UUID:
        found = await find_account(self._rt, login)
        if found is not None:
            return found.id
        return await create_account(
            self._rt, _SYSTEM, kind=kind, login=login, name=name[:80], org=org, demo=True, locale=self._locale
        )
