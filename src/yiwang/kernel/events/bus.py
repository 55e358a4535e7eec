"""The bus over NATS JetStream: one stream a city, publishing with acknowledgement, one durable consumer a reaction."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from uuid import UUID

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StreamConfig
from nats.js.errors import NoStreamResponseError, NotFoundError

from yiwang.kernel.errors import Unavailable

log = logging.getLogger(__name__)
_BATCH = 100


class NatsBus:
    """A connection that reconnects for ever; publishing waits for JetStream's acknowledgement."""

    def __init__(self, url: str, city: str) -> None:
        self._url = url
        self._city = city
        self._connection: Client | None = None
        self._opening = asyncio.Lock()
        self.stream = "YW_" + re.sub(r"[^A-Za-z0-9]", "_", city)

    def subject(self, event_type: str) -> str:
        """The NATS subject of an event type."""
        return f"yw.{self._city}.event.{event_type}"

    async def _connected(self) -> Client:
        if self._connection is None:
            async with self._opening:
                if self._connection is None:
                    try:
                        connection = await nats.connect(
                            self._url, connect_timeout=3, max_reconnect_attempts=-1, reconnect_time_wait=0.25,
                            allow_reconnect=True, error_cb=_quiet, name=f"yiwang-{self._city}",
                        )  # fmt: skip
                        await self._ensure_stream(connection)
                    except (NatsError, OSError, TimeoutError) as error:
                        raise Unavailable(f"NATS does not answer: {error!r}") from error
                    self._connection = connection
        return self._connection

    async def _ensure_stream(self, connection: Client) -> None:
        config = StreamConfig(
            name=self.stream, subjects=[f"yw.{self._city}.event.>"], retention=RetentionPolicy.LIMITS,
            max_age=7 * 86400, max_bytes=1 << 30, duplicate_window=120,
        )  # fmt: skip
        manager = connection.jsm()
        try:
            await manager.stream_info(self.stream)
        except NotFoundError:
            await manager.add_stream(config)

    async def publish(self, messages: list[tuple[str, str, bytes]]) -> None:
        """Publish (event type, id, body); an id repeated within two minutes is dropped. Unavailable if any failed."""
        connection = await self._connected()
        stream = connection.jetstream(timeout=5)
        try:
            await asyncio.gather(
                *(
                    stream.publish(
                        self.subject(kind),
                        body,
                        headers={"Nats-Msg-Id": key, "Content-Type": "application/cloudevents+json"},
                    )
                    for kind, key, body in messages
                )
            )
        except (NotFoundError, NoStreamResponseError) as error:
            await self._ensure_stream(connection)
            raise Unavailable("the stream was gone and has been made again") from error
        except (NatsError, OSError, TimeoutError) as error:
            raise Unavailable(f"NATS did not acknowledge: {error!r}") from error

    async def consume(self, name: str, types: list[str], handle: Callable[[UUID], Awaitable[object]]) -> None:
        """For ever: fetch batches for one durable consumer and hand over each event id; acknowledged after it ran.

        What fails is put off in the database, so every message is acknowledged once and never redelivered in a storm.
        """
        durable = re.sub(r"[^A-Za-z0-9]", "_", name)
        config = ConsumerConfig(
            durable_name=durable, filter_subjects=[self.subject(t) for t in types],
            ack_policy=AckPolicy.EXPLICIT, ack_wait=60, deliver_policy=DeliverPolicy.ALL, max_ack_pending=_BATCH * 4,
        )  # fmt: skip
        while True:
            try:
                connection = await self._connected()
                await self._ensure_stream(connection)
                stream = connection.jetstream(timeout=5)
                await connection.jsm().add_consumer(self.stream, config)
                pull = await stream.pull_subscribe_bind(durable, self.stream)
                while True:
                    try:
                        batch = await pull.fetch(_BATCH, timeout=5)
                    except TimeoutError:
                        continue
                    for message in batch:
                        await handle(UUID((message.headers or {})["Nats-Msg-Id"]))
                        await message.ack()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("consumer starts again", extra={"reaction": name, "error": repr(error)})
                await asyncio.sleep(1)

    async def ready(self) -> bool:
        """Whether NATS answers now."""
        try:
            connection = await self._connected()
            await asyncio.wait_for(connection.flush(2), 2)
        except (Unavailable, NatsError, TimeoutError, OSError):
            return False
        return bool(connection.is_connected)

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


async def _quiet(error: Exception) -> None:
    log.debug("nats", extra={"error": repr(error)})
