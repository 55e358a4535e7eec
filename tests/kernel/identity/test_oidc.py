"""Signing in with an outside provider, over HTTP on both sides."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from joserfc.jwk import OctKey, RSAKey

from tests.kernel.identity.identity_kit import HERE, PASSWORD, SYSTEM, Make
from tests.kernel.identity.local_provider import CLIENT_ID, CLIENT_SECRET, LocalProvider
from yiwang.app import create_app
from yiwang.kernel.errors import Invalid
from yiwang.kernel.identity import SignedIn, oidc, resolve_session, sign_in
from yiwang.kernel.identity.errors import ProviderFailed
from yiwang.kernel.identity.oidc.discovery import Discovery
from yiwang.kernel.identity.oidc.flow import check_id_token
from yiwang.kernel.runtime import Runtime

BASE = "http://127.0.0.1:8000"


@pytest_asyncio.fixture
async def provider(rt: Runtime) -> AsyncIterator[LocalProvider]:
    local = LocalProvider()
    local.now = lambda: rt.clock.now().timestamp()
    await local.start()
    await trust(rt, local)
    yield local
    await local.stop()


async def trust(rt: Runtime, local: LocalProvider, key: str = "city-id", **more: object) -> None:
    values = {"kind": "resident", "creates": True, "secret": CLIENT_SECRET, **more}
    await oidc.put_provider(
        rt, SYSTEM, key=key, title_zh="市民身份", title_en="City ID", issuer=local.issuer, client_id=CLIENT_ID, **values
    )  # type: ignore[arg-type]


@pytest_asyncio.fixture
async def http(rt: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(rt), client=("10.9.9.9", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers={"accept": "text/html"}) as client:
        yield client


async def visit_provider(http: httpx.AsyncClient, start: str) -> str:
    """Go to the provider as a browser would and return the address it sends us back to."""
    leaving = await http.get(start)
    assert leaving.status_code == 303, leaving.text[-1500:]
    async with httpx.AsyncClient() as outside:
        back = await outside.get(leaving.headers["location"])
    assert back.status_code == 302, back.text
    return str(back.headers["location"]).removeprefix(BASE)


async def test_a_new_resident_comes_in_and_is_the_same_the_next_time(
    rt: Runtime, provider: LocalProvider, http: httpx.AsyncClient
) -> None:
    assert "City ID" in (await http.get("/signin", headers={"accept-language": "en"})).text
    seen = set()
    for _ in range(2):
        answer = await http.get(await visit_provider(http, "/oidc/city-id/start?next=/account"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        session = await resolve_session(rt, http.cookies["yw_session"])
        assert session and session.method == "oidc" and session.account.name == "Jane Doe"
        seen.add(session.account.id)
        http.cookies.delete("yw_session")
    assert len(seen) == 1


async def test_state_is_bound_to_the_browser_and_used_once(
    provider: LocalProvider, http: httpx.AsyncClient, rt: Runtime
) -> None:
    back = await visit_provider(http, "/oidc/city-id/start")
    stolen = http.cookies["yw_oidc"]
    http.cookies.delete("yw_oidc")
    assert (await http.get(back)).status_code == 410
    http.cookies.set("yw_oidc", stolen, domain="127.0.0.1", path="/")
    assert (await http.get(back)).status_code == 303
    http.cookies.set("yw_oidc", stolen, domain="127.0.0.1", path="/")
    assert (await http.get(back)).status_code == 410


async def test_what_the_provider_refuses_is_a_sentence(provider: LocalProvider, http: httpx.AsyncClient) -> None:
    await http.get("/oidc/city-id/start")
    answer = await http.get("/oidc/city-id/callback?error=access_denied&state=x", headers={"accept-language": "zh"})
    assert answer.status_code == 502 and "没有完成登录" in answer.text
    assert "access_denied" not in answer.text.partition("<main")[2]


@pytest.mark.parametrize(
    "twist",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another"]},
        {"azp": "another-client"},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
    ],
    ids=str,
)
async def test_an_id_token_that_is_not_for_us_now_is_refused(
    provider: LocalProvider, http: httpx.AsyncClient, twist: dict[str, object]
) -> None:
    provider.twist = twist
    answer = await http.get(await visit_provider(http, "/oidc/city-id/start"))
    assert answer.status_code == 502 and "yw_session" not in http.cookies


async def test_only_the_providers_asymmetric_keys_sign(rt: Runtime, provider: LocalProvider) -> None:
    trusted = await oidc.find_provider(rt, "city-id")
    assert (await check_id_token(rt, trusted, provider.id_token("n"), nonce="n"))["sub"] == "248289761001"
    own = provider.signing
    provider.signing = RSAKey.generate_key(2048, parameters={"kid": own.kid})
    with pytest.raises(ProviderFailed):
        await check_id_token(rt, trusted, provider.id_token("n"), nonce="n")
    provider.signing = OctKey.import_key(CLIENT_SECRET, parameters={"kid": own.kid})
    provider.header = {"alg": "HS256"}
    with pytest.raises(ProviderFailed):
        await check_id_token(rt, trusted, provider.id_token("n"), nonce="n")
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    provider.signing, provider.header = own, {}
    unsigned = f"{head}.{provider.id_token('n').split('.')[1]}."
    with pytest.raises(ProviderFailed):
        await check_id_token(rt, trusted, unsigned, nonce="n")


async def test_rotated_keys_are_fetched_again_but_not_for_every_stranger(
    rt: Runtime, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = await oidc.find_provider(rt, "city-id")
    await check_id_token(rt, trusted, provider.id_token("n"), nonce="n")
    provider.rotate()
    with pytest.raises(ProviderFailed):
        await check_id_token(rt, trusted, provider.id_token("n"), nonce="n")
    assert provider.fetched_keys == 1
    monkeypatch.setattr("yiwang.kernel.identity.oidc.discovery.RETRY_KEYS_S", 0.0)
    await check_id_token(rt, trusted, provider.id_token("n"), nonce="n")
    assert provider.fetched_keys == 2


async def test_staff_are_linked_by_themselves_and_never_made(
    rt: Runtime, provider: LocalProvider, http: httpx.AsyncClient, make: Make
) -> None:
    await trust(rt, provider, "gov-id", kind="staff", creates=False)
    unknown = await http.get(await visit_provider(http, "/oidc/gov-id/start"))
    assert unknown.status_code == 403
    account = await make()
    done = await sign_in(rt, "li.lei", PASSWORD, HERE)
    assert isinstance(done, SignedIn)
    http.cookies.set("yw_session", done.token, domain="127.0.0.1", path="/")
    linked = await http.get(await visit_provider(http, "/oidc/gov-id/start?link=true"))
    assert (linked.status_code, linked.headers["location"]) == (303, "/account")
    http.cookies.clear()
    await http.get(await visit_provider(http, "/oidc/gov-id/start"))
    session = await resolve_session(rt, http.cookies["yw_session"])
    assert session and session.account.id == account
    await oidc.unlink(rt, session, "gov-id")
    http.cookies.clear()
    assert (await http.get(await visit_provider(http, "/oidc/gov-id/start"))).status_code == 403


async def test_the_only_way_in_is_not_given_up(rt: Runtime, provider: LocalProvider, http: httpx.AsyncClient) -> None:
    await http.get(await visit_provider(http, "/oidc/city-id/start"))
    session = await resolve_session(rt, http.cookies["yw_session"])
    assert session
    with pytest.raises(Invalid):
        await oidc.unlink(rt, session, "city-id")


async def test_a_provider_that_is_down_or_lies_is_a_sentence_and_not_a_crash(
    rt: Runtime, provider: LocalProvider, http: httpx.AsyncClient
) -> None:
    await provider.stop()
    rt.part(Discovery).forget()
    answer = await http.get("/oidc/city-id/start", headers={"accept-language": "zh"})
    assert answer.status_code == 502 and "没有正常应答" in answer.text


async def test_plain_http_is_trusted_on_this_machine_only(rt: Runtime) -> None:
    for issuer in ("http://id.example", "ftp://id.example", "https://id.example/?x=1"):
        with pytest.raises(Invalid):
            await oidc.put_provider(
                rt,
                SYSTEM,
                key="bad",
                title_zh="x",
                title_en="x",
                issuer=issuer,
                client_id="x",
                secret="x",
                kind="staff",
            )


async def test_pkce_and_nonce_are_in_the_request(rt: Runtime, provider: LocalProvider) -> None:
    begun = await oidc.begin(rt, await oidc.find_provider(rt, "city-id"), f"{BASE}/oidc/city-id/callback")
    asked = parse_qs(urlsplit(begun.url).query)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
    assert asked["response_type"] == ["code"] and asked["nonce"] and asked["state"] == [begun.state]
