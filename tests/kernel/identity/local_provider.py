"""A real OpenID Connect provider on a port of this machine: discovery, PKCE, RS256, rotation, misbehaviour."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import socket
import time
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, Request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

CLIENT_ID, CLIENT_SECRET = "yiwang-test", "a shared secret of both sides"


class LocalProvider:
    """`issuer` is its address; `user` signs in there; `twist` changes claims; `now` is the time it believes in."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.issuer = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.user = {"sub": "248289761001", "name": "Jane Doe"}
        self.twist: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.now = time.time
        self.fetched_keys = 0
        self.signing: Any = None
        self.published: list[RSAKey] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.rotate()
        self._server = uvicorn.Server(uvicorn.Config(self._app(), log_level="error", lifespan="off"))
        self._task: asyncio.Task[None] | None = None

    def rotate(self) -> None:
        """Sign with a new key; only the new one is published."""
        self.signing = RSAKey.generate_key(2048, parameters={"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})
        self.published = [self.signing]

    async def start(self) -> None:
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._task:
            await self._task

    def _app(self) -> FastAPI:
        app = FastAPI()
        app.get("/.well-known/openid-configuration")(self._configuration)
        app.get("/authorize")(self._authorize)
        app.post("/token")(self._token)
        app.get("/keys")(self._keys)
        return app

    async def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    async def _keys(self) -> Any:
        self.fetched_keys += 1
        return KeySet(list(self.published)).as_dict(private=False)

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT_ID or asked.get("code_challenge_method") != "S256":
            return JSONResponse({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def _token(
        self, code: str = Form(), code_verifier: str = Form(), redirect_uri: str = Form(), client_secret: str = Form()
    ) -> Response:
        asked = self._codes.pop(code, None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
        if (
            asked is None
            or client_secret != CLIENT_SECRET
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != redirect_uri
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])})

    def id_token(self, nonce: str) -> str:
        now = int(self.now())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce,
            **self.user, **self.twist,
        }  # fmt: skip
        claims = {k: v for k, v in claims.items() if v is not None}
        header = {"alg": "RS256", "kid": self.signing.kid, **self.header}
        return jwt.encode(header, claims, self.signing, algorithms=["RS256", "HS256", "none"])
