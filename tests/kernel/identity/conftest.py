"""Shared by the tests of identity."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from tests.kernel.identity.identity_kit import PASSWORD, SYSTEM, Make
from yiwang.kernel.identity import create_account
from yiwang.kernel.notices import send_due
from yiwang.kernel.runtime import Runtime


@pytest.fixture
def make(rt: Runtime) -> Make:
    """make("li.lei", kind="staff", …) -> account id; a demo account with PASSWORD unless told otherwise."""

    async def create(login: str = "li.lei", **more: object) -> UUID:
        values = {"kind": "staff", "name": "李雷", "password": PASSWORD, "must_change": False, "demo": True, **more}
        return await create_account(rt, SYSTEM, login=login, **values)  # type: ignore[arg-type]

    return create


@pytest.fixture
def sent_code(rt: Runtime) -> Callable[[], Awaitable[str]]:
    """The code in the newest message of the sandbox, as an administrator would read it."""

    async def read() -> str:
        from yiwang.kernel.notices import list_notices

        await send_due(rt)
        newest = (await list_notices(rt, SYSTEM))[0]
        assert newest.state == "sandboxed" and newest.text
        found = re.search(r"\b(\d{6})\b", newest.text)
        assert found, newest.text
        return found[1]

    return read
