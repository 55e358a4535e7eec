"""A small HTTP/1.1 client for load: keep-alive over asyncio streams; the generator leaves the cores to the server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Answer:
    """Status, headers (lower case) and body of one answer, and how long it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Client:
    """One connection with its cookies."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.headers: dict[str, str] = {}
        self.cookies: dict[str, str] = {}

    async def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send one request; connects when need be. Raises OSError or EOFError when the server goes away."""
        if self._pipe is None:
            self._pipe = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._pipe
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}:{self._port}", f"Content-Length: {len(body)}"]
        lines += [f"{k.replace('_', '-')}: {v}" for k, v in (self.headers | headers).items()]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        began = time.perf_counter()
        try:
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            status = int(head[0].split(" ", 2)[1])
            got: dict[str, str] = {}
            for line in head[1:-2]:
                name, _, value = line.partition(": ")
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.split(";", 1)[0]
                got[name.lower()] = value
            content = await self._body(reader, got)
        except BaseException:
            self.close()
            raise
        if got.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, got, content, time.perf_counter() - began)

    async def _body(self, reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") == "chunked":
            parts = []
            while size := int((await reader.readline()).strip() or b"0", 16):
                parts.append(await reader.readexactly(size))
                await reader.readline()
            await reader.readline()
            return b"".join(parts)
        return await reader.readexactly(int(headers.get("content-length", "0")))

    async def json(self, method: str, path: str, data: Any = None, **headers: str) -> Answer:
        """Send JSON."""
        body = b"" if data is None else json.dumps(data).encode()
        return await self.request(
            method, path, body, Content_Type="application/json", Accept="application/json", **headers
        )

    def close(self) -> None:
        """Let go of the connection."""
        if self._pipe is not None:
            self._pipe[1].close()
            self._pipe = None


@dataclass
class Measured:
    """Latencies in seconds, errors, and the length of the run."""

    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def quantile_ms(self, share: float) -> float:
        """The latency that ``share`` of the calls did not exceed, in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


async def open_loop(rate: float, seconds: float, send: Callable[[int], Awaitable[Answer]]) -> Measured:
    """Offer ``rate`` requests a second whether or not earlier ones have been answered; latency counts from the moment
    a request was due, so that a slow server cannot slow its own questioner (coordinated omission)."""
    measured = Measured()
    loop = asyncio.get_running_loop()
    began = loop.time()
    tasks = []

    async def one(number: int, due: float) -> None:
        try:
            answer = await send(number)
            if answer.status >= 400:
                measured.errors.append(f"{answer.status}")
            measured.latencies.append(loop.time() - due)
        except (OSError, EOFError, ValueError) as error:
            measured.errors.append(repr(error))

    for number in range(int(rate * seconds)):
        due = began + number / rate
        if (wait := due - loop.time()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(one(number, due)))
    await asyncio.gather(*tasks)
    measured.seconds = loop.time() - began
    return measured
