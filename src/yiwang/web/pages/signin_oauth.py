"""The token endpoint for systems: OAuth 2.0 client credentials (RFC 6749 section 4.4, revocation RFC 7009)."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import unquote_plus

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, Response

from yiwang.kernel.errors import TooMany
from yiwang.kernel.identity.clients import OAuthRefused, issue_token, revoke_token
from yiwang.kernel.runtime import Runtime

pages = APIRouter(tags=["oauth2"])
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_ERROR = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"description": text, "content": {"application/json": {"schema": _ERROR}}}
    for code, text in {
        400: "RFC 6749 section 5.2: invalid_request, invalid_scope, unsupported_grant_type",
        401: "invalid_client", 429: "Too many failed tries",
    }.items()
}  # fmt: skip


def _refusal(
    error: str, description: str, status: int, *, challenge: bool = False, wait: int | None = None
) -> JSONResponse:
    headers = dict(NO_STORE)
    if challenge:
        headers["WWW-Authenticate"] = 'Basic realm="yiwang"'
    if wait:
        headers["Retry-After"] = str(wait)
    return JSONResponse({"error": error, "error_description": description}, status, headers)


def _credentials(request: Request, client_id: str | None, client_secret: str | None) -> tuple[str, str, bool]:
    """(id, secret, whether by Basic). Section 2.3.1: Basic with form-encoded parts, or the body; not both."""
    header = request.headers.get("authorization", "")
    if not header:
        return client_id or "", client_secret or "", False
    if header[:6].lower() != "basic " or client_secret is not None:
        raise OAuthRefused("invalid_request", "use one way to authenticate: Basic, or the body")
    try:
        name, colon, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise OAuthRefused("invalid_client", "the Basic credentials cannot be read") from error
    if not colon:
        raise OAuthRefused("invalid_client", "the Basic credentials cannot be read")
    return unquote_plus(name), unquote_plus(secret), True


@pages.post("/oauth2/token", summary="Get an access token (client credentials)", responses=_REFUSALS)
async def token(
    request: Request,
    grant_type: Annotated[str, Form(max_length=100)] = "",
    scope: Annotated[str, Form(max_length=1000)] = "",
    client_id: Annotated[str | None, Form(max_length=100)] = None,
    client_secret: Annotated[str | None, Form(max_length=300)] = None,
) -> Response:
    """Exchange a client's id and secret for an access token to send as `Authorization: Bearer`."""
    rt: Runtime = request.app.state.rt
    basic = False
    try:
        name, secret, basic = _credentials(request, client_id, client_secret)
        if not grant_type:
            raise OAuthRefused("invalid_request", "grant_type is missing")
        if grant_type != "client_credentials":
            raise OAuthRefused("unsupported_grant_type", "only client_credentials is offered")
        if not name or not secret:
            raise OAuthRefused("invalid_client", "client id and secret are needed")
        address = request.client.host if request.client else ""
        issued = await issue_token(rt, name, secret, scope, address=address)
    except OAuthRefused as error:
        challenge = error.error == "invalid_client" and (basic or "authorization" in request.headers)
        return _refusal(error.error, error.description, error.status, challenge=challenge)
    except TooMany as error:
        return _refusal("invalid_client", "too many failed tries", 429, wait=getattr(error, "retry_after", None))
    body = {
        "access_token": issued.access_token, "token_type": "Bearer", "expires_in": issued.expires_in,
        "scope": issued.scope,
    }  # fmt: skip
    return JSONResponse(body, headers=NO_STORE)


@pages.post("/oauth2/revoke", summary="Revoke an access token (RFC 7009)", responses=_REFUSALS)
async def revoke(
    request: Request,
    token: Annotated[str, Form(max_length=300)] = "",
    client_id: Annotated[str | None, Form(max_length=100)] = None,
    client_secret: Annotated[str | None, Form(max_length=300)] = None,
) -> Response:
    """A client gives back a token of its own; an unknown token is fine too."""
    rt: Runtime = request.app.state.rt
    try:
        name, secret, _ = _credentials(request, client_id, client_secret)
        if not token:
            raise OAuthRefused("invalid_request", "token is missing")
        await revoke_token(rt, name, secret, token, address=request.client.host if request.client else "")
    except OAuthRefused as error:
        return _refusal(error.error, error.description, error.status, challenge="authorization" in request.headers)
    except TooMany as error:
        return _refusal("invalid_client", "too many failed tries", 429, wait=getattr(error, "retry_after", None))
    return Response(status_code=200, headers=NO_STORE)
