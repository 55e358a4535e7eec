"""A real SMTP server and a real gateway for texts, small enough to misbehave on demand."""

from __future__ import annotations

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response


class SmsGateway:
    """Accepts POST {id, to, text}; answers with `answers` first, then `always` or 202; delivers a key once."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/send"
        self.answers: list[int] = []
        self.always = 0
        self.keys: list[str] = []
        self.received: list[dict[str, Any]] = []
        app = FastAPI()
        app.post("/send")(self._send)
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        self._task: asyncio.Task[None] | None = None

    async def _send(self, request: Request) -> Response:
        self.keys.append(request.headers["idempotency-key"])
        body = await request.json()
        status = self.answers.pop(0) if self.answers else self.always or 202
        if status == 202:
            self.received.append(body)
        return Response(status_code=status)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._task:
            await self._task


class SmtpServer:
    """Speaks enough of RFC 5321 to receive a mail; `refuse` is what RCPT is answered with instead."""

    def __init__(self) -> None:
        self.refuse = ""
        self.raw: list[bytes] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()

    def messages(self) -> list[EmailMessage]:
        return [cast("EmailMessage", message_from_bytes(raw, policy=policy.default)) for raw in self.raw]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")
            await writer.drain()

        await say("220 test ESMTP")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                await say("250-test")
                await say("250 8BITMIME")
            elif verb == b"RCPT" and self.refuse:
                await say(self.refuse)
            elif verb == b"DATA":
                await say("354 go on")
                body = await reader.readuntil(b"\r\n.\r\n")
                self.raw.append(body[:-5])
                await say("250 accepted")
            elif verb == b"QUIT":
                await say("221 bye")
                break
            else:
                await say("250 ok")
        writer.close()
