"""Systems with OAuth2 client credentials: the token endpoint as a stranger's client sees it (RFC 6749, 6750, 7009)."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from tests.kernel.identity.identity_kit import SYSTEM, Make
from yiwang.app import create_app
from yiwang.kernel.errors import Invalid
from yiwang.kernel.identity import BearerRefused, disable_account, resolve_bearer
from yiwang.kernel.identity.clients import (
    Tokens,
    list_clients,
    register_client,
    revoke_client_tokens,
    rotate_secret,
    set_scopes,
)
from yiwang.kernel.runtime import Runtime

SCOPES = ("incident:intake", "audit:read")


@pytest_asyncio.fixture
async def http(rt: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(rt), client=("10.9.9.9", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


async def register(rt: Runtime) -> tuple[object, str]:
    return await register_client(rt, SYSTEM, client_id="water-company", name="自来水公司", org=7, scopes=SCOPES)


async def ask(http: httpx.AsyncClient, secret: str, **more: str) -> httpx.Response:
    body = {"grant_type": "client_credentials", "client_id": "water-company", "client_secret": secret, **more}
    return await http.post("/oauth2/token", data=body)


async def test_a_client_gets_a_token_and_acts_for_its_organisation(rt: Runtime, http: httpx.AsyncClient) -> None:
    account, secret = await register(rt)
    answer = await ask(http, secret)
    body = answer.json()
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert body["token_type"] == "Bearer" and body["expires_in"] == 1800
    actor = await resolve_bearer(rt, body["access_token"])
    assert (actor.kind, actor.id, actor.orgs) == ("client", account, (7,))
    assert actor.roles == {"intake", "auditor"}


async def test_basic_authentication_and_fewer_scopes(rt: Runtime, http: httpx.AsyncClient) -> None:
    _, secret = await register(rt)
    basic = base64.b64encode(f"water-company:{secret}".encode()).decode()
    answer = await http.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials", "scope": "audit:read"},
        headers={"authorization": f"Basic {basic}"},
    )
    assert answer.json()["scope"] == "audit:read"
    assert (await resolve_bearer(rt, answer.json()["access_token"])).roles == {"auditor"}


@pytest.mark.parametrize(
    ("change", "error", "status"),
    [
        ({"client_secret": "wrong"}, "invalid_client", 401),
        ({"client_id": "nobody"}, "invalid_client", 401),
        ({"client_secret": ""}, "invalid_client", 401),
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
        ({"grant_type": ""}, "invalid_request", 400),
        ({"scope": "audit:read data:steward"}, "invalid_scope", 400),
    ],
)
async def test_refusals_are_those_of_the_rfc(
    rt: Runtime, http: httpx.AsyncClient, change: dict[str, str], error: str, status: int
) -> None:
    _, secret = await register(rt)
    answer = await ask(http, secret, **change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_wrong_basic_credentials_are_challenged(rt: Runtime, http: httpx.AsyncClient) -> None:
    await register(rt)
    for value in ("Basic bm9ib2R5Ong=", "Basic ???", "Bearer x"):
        answer = await http.post(
            "/oauth2/token", data={"grant_type": "client_credentials"}, headers={"authorization": value}
        )
        assert answer.status_code in (400, 401)
        assert answer.status_code == 400 or answer.headers["www-authenticate"].startswith("Basic")


async def test_guessing_secrets_is_throttled(rt: Runtime, http: httpx.AsyncClient) -> None:
    _, secret = await register(rt)
    for _ in range(5):
        await ask(http, "wrong")
    answer = await ask(http, secret)
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) >= 1


async def test_a_token_expires(rt: Runtime, http: httpx.AsyncClient) -> None:
    _, secret = await register(rt)
    token = (await ask(http, secret)).json()["access_token"]
    await resolve_bearer(rt, token)
    rt.clock.advance(timedelta(seconds=1800))  # type: ignore[attr-defined]
    with pytest.raises(BearerRefused):
        await resolve_bearer(rt, token)


async def test_rotation_lets_the_old_secret_live_a_week_and_at_once_not_at_all(
    rt: Runtime, http: httpx.AsyncClient
) -> None:
    account, first = await register(rt)
    second = await rotate_secret(rt, SYSTEM, account)  # type: ignore[arg-type]
    assert [(await ask(http, s)).status_code for s in (first, second)] == [200, 200]
    rt.clock.advance(timedelta(days=7))  # type: ignore[attr-defined]
    assert [(await ask(http, s)).status_code for s in (first, second)] == [401, 200]
    token = (await ask(http, second)).json()["access_token"]
    third = await rotate_secret(rt, SYSTEM, account, at_once=True)  # type: ignore[arg-type]
    assert [(await ask(http, s)).status_code for s in (second, third)] == [401, 200]
    with pytest.raises(BearerRefused):
        await resolve_bearer(rt, token)


async def test_tokens_are_revoked_by_the_client_the_administrator_and_with_the_account(
    rt: Runtime, http: httpx.AsyncClient
) -> None:
    account, secret = await register(rt)
    own, other, last = [(await ask(http, secret)).json()["access_token"] for _ in range(3)]
    gone = await http.post("/oauth2/revoke", data={"token": own, "client_id": "water-company", "client_secret": secret})
    assert gone.status_code == 200
    with pytest.raises(BearerRefused):
        await resolve_bearer(rt, own)
    assert (await resolve_bearer(rt, other)).id == account
    assert await revoke_client_tokens(rt, SYSTEM, account) == 2  # type: ignore[arg-type]
    with pytest.raises(BearerRefused):
        await resolve_bearer(rt, last)
    token = (await ask(http, secret)).json()["access_token"]
    await disable_account(rt, SYSTEM, account)  # type: ignore[arg-type]
    rt.part(Tokens).forget_all()
    with pytest.raises(BearerRefused):
        await resolve_bearer(rt, token)
    assert (await ask(http, secret)).status_code in (401, 429)


async def test_unknown_scopes_are_refused_at_registration(rt: Runtime) -> None:
    with pytest.raises(Invalid):
        await register_client(rt, SYSTEM, client_id="x-client", name="x", org=7, scopes=("everything",))
    account, _ = await register(rt)
    with pytest.raises(Invalid):
        await set_scopes(rt, SYSTEM, account, ())  # type: ignore[arg-type]
    assert [c["login"] for c in await list_clients(rt, SYSTEM)] == ["water-company"]


async def test_a_client_cannot_sign_in_as_a_person(rt: Runtime, http: httpx.AsyncClient, make: Make) -> None:
    from tests.kernel.identity.identity_kit import HERE
    from yiwang.kernel.identity import sign_in
    from yiwang.kernel.identity.errors import SignInRefused

    _, secret = await register(rt)
    with pytest.raises(SignInRefused):
        await sign_in(rt, "water-company", secret, HERE)
