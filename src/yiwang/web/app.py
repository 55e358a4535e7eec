"""Puts the shell around an application: what the composition root calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.runtime import Runtime
from yiwang.web.described import describe
from yiwang.web.middleware import Shell
from yiwang.web.problems import answer
from yiwang.web.static import StaticSite


def install(app: FastAPI, rt: Runtime) -> None:
    """Give ``app`` the runtime, all rooms' routers, the static files, the error answers and the outer layer.

    Call it once, last: a middleware added afterwards would run outside of the error answers.
    """
    app.state.rt = rt
    for routed in rt.registry.all("routers"):
        app.include_router(routed)
    describe(app)
    app.mount("/static", StaticSite(), name="static")
    handler: Callable[[Request, Exception], Any] = _handle
    for kind in (YiwangError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handler)
    app.add_middleware(Shell, rt=rt)


async def _handle(request: Request, error: Exception) -> Response:
    return await answer(request, error)
