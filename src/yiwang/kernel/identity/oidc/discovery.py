"""What a provider says of itself: its addresses and its keys, fetched when needed and remembered for a while."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from yiwang.kernel.identity.errors import ProviderFailed
from yiwang.kernel.runtime import Runtime

TIMEOUT_S = 8.0
METADATA_S = 3600.0
KEYS_S = 3600.0
#: A token signed by a key that we do not know makes us fetch the keys again, but not more often than this.
RETRY_KEYS_S = 30.0
MAX_BYTES = 512 * 1024
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class _Known:
    metadata: dict[str, Any]
    fetched: float
    keys: KeySet | None = None
    keys_at: float = 0.0


class Discovery:
    """The memory of one process: `rt.part(Discovery)`."""

    def __init__(self, _rt: Runtime) -> None:
        self._known: dict[str, _Known] = {}

    async def metadata(self, issuer: str) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0 section 4; the issuer named inside must be the one that was asked."""
        known = self._known.get(issuer)
        if known is None or time.monotonic() - known.fetched > METADATA_S:
            found = await fetch_json("GET", f"{issuer}/.well-known/openid-configuration")
            missing = [name for name in NEEDED if not isinstance(found.get(name), str)]
            if missing or found["issuer"].rstrip("/") != issuer:
                raise ProviderFailed(f"the configuration of {issuer} is not its own: {missing or found['issuer']}")
            known = self._known[issuer] = _Known(found, time.monotonic())
        return known.metadata

    async def keys(self, issuer: str, kid: str | None) -> KeySet:
        """The provider's keys; fetched again when `kid` is not among them, because providers rotate."""
        metadata = await self.metadata(issuer)
        known = self._known[issuer]
        age = time.monotonic() - known.keys_at
        strange = known.keys is not None and kid is not None and all(k.kid != kid for k in known.keys.keys)
        if known.keys is None or age > KEYS_S or (strange and age > RETRY_KEYS_S):
            body = await fetch_json("GET", metadata["jwks_uri"])
            try:
                known.keys = KeySet.import_key_set(body)  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise ProviderFailed(f"the keys of {issuer} cannot be read: {error}") from error
            known.keys_at = time.monotonic()
        return known.keys

    def forget(self) -> None:
        """Drop everything."""
        self._known.clear()


async def fetch_json(method: str, url: str, **more: Any) -> dict[str, Any]:
    """A JSON object from a provider; ProviderFailed for anything else. Redirects are not followed."""
    body = b""
    try:
        async with (
            httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, **more) as response,
        ):
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise ProviderFailed(f"{url} answers more than {MAX_BYTES} bytes")
        found = httpx.Response(response.status_code, content=body).json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderFailed(f"{url} does not answer as expected: {type(error).__name__} {error}") from error
    if response.status_code != 200 or not isinstance(found, dict):
        reason = found.get("error", "") if isinstance(found, dict) else ""
        raise ProviderFailed(f"{url} answered {response.status_code} {reason}")
    return found
