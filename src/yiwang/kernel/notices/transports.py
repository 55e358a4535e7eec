"""How a message leaves the house: mail by SMTP, texts by an HTTP gateway, and the sandbox, which keeps them for
looking at.

A transport is handed the message's id as an idempotency key: a gateway that honours it delivers once even when we
had to ask twice.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import httpx

from yiwang.kernel.runtime import Runtime

TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Outgoing:
    """One message on its way:

    `id` is the idempotency key, `stop` the address that turns such messages off (or empty).
    """

    id: UUID
    channel: str
    to: str
    subject: str
    text: str
    stop: str = ""


class Transient(Exception):
    """It did not work now; try again later."""


class Permanent(Exception):
    """It will never work (no such address, refused content): give up at once."""


class Transport(Protocol):
    """Delivers one message and returns the provider's reference. Raises Transient or Permanent."""

    sandbox: bool

    async def deliver(self, message: Outgoing) -> str:
        """Hand it over."""
        ...


class Sandbox:
    """Keeps messages where an administrator can read what would have been sent."""

    sandbox = True

    async def deliver(self, message: Outgoing) -> str:
        """Nothing leaves."""
        return f"sandbox:{message.id}"


class Smtp:
    """Mail over smtp://, smtp+starttls:// or smtps://user:password@host:port?from=address (standard library, in a
    thread).
    """

    sandbox = False

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtp+starttls", "smtps"} or not parts.hostname:
            raise ValueError(f"not an SMTP address: {parts.scheme}://{parts.hostname}")
        self._scheme = parts.scheme
        self._host = parts.hostname
        self._port = parts.port or {"smtp": 25, "smtp+starttls": 587, "smtps": 465}[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = dict(p.split("=", 1) for p in parts.query.split("&") if "=" in p).get("from") or (
            self._user if "@" in self._user else f"noreply@{self._host}"
        )

    async def deliver(self, message: Outgoing) -> str:
        """Send it; the Message-ID carries our id, so that a server can drop a repetition."""
        mail = EmailMessage()
        mail["Subject"] = message.subject
        mail["From"] = formataddr(("", self._sender))
        mail["To"] = message.to
        mail["Message-ID"] = f"<{message.id}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        if message.stop:
            mail["List-Unsubscribe"] = f"<{message.stop}>"
        mail.set_content(message.text)
        try:
            await asyncio.to_thread(self._send, mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            kind = Permanent if all(code >= 500 for code in codes) else Transient
            raise kind(f"recipient refused {codes}") from error
        except smtplib.SMTPResponseException as error:
            kind = Permanent if 500 <= error.smtp_code < 600 and error.smtp_code not in {530, 535} else Transient
            raise kind(f"SMTP {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Transient(f"{type(error).__name__}") from error
        return str(mail["Message-ID"])

    def _send(self, mail: EmailMessage) -> None:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        with server:
            if self._scheme == "smtp+starttls":
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
            server.send_message(mail)


class HttpSms:
    """Texts by an HTTP gateway: POST {id, to, text} as JSON, with the id as Idempotency-Key, answered with 2xx.

    Every carrier has an interface of its own; a gateway of the city's speaks this one and the carrier's.
    """

    sandbox = False

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("not an HTTP address")
        self._auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        host = parts.hostname + (f":{parts.port}" if parts.port else "")
        self._url = parts._replace(netloc=host).geturl()

    async def deliver(self, message: Outgoing) -> str:
        """Send it; 4xx other than 408, 409, 425 and 429 is final. 409 means that the gateway has it already."""
        body = {"id": str(message.id), "to": message.to, "text": message.text}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
                headers = {"Idempotency-Key": str(message.id)}
                answer = await client.post(
                    self._url, json=body, headers=headers, auth=self._auth or httpx.USE_CLIENT_DEFAULT
                )
        except httpx.HTTPError as error:
            raise Transient(type(error).__name__) from error
        if answer.is_success or answer.status_code == 409:
            return str(answer.headers.get("x-message-id", ""))[:200]
        final = 400 <= answer.status_code < 500 and answer.status_code not in {408, 425, 429}
        raise (Permanent if final else Transient)(f"the gateway answered {answer.status_code}")


class Transports:
    """Which transport serves which channel in this installation:

    `rt.part(Transports)`. Without settings, the sandbox.
    """

    def __init__(self, rt: Runtime) -> None:
        settings = rt.settings
        self.by_channel: dict[str, Transport] = {
            "email": Smtp(settings.smtp_url) if settings.smtp_url else Sandbox(),
            "sms": HttpSms(settings.sms_url) if settings.sms_url else Sandbox(),
        }

    def is_sandbox(self, channel: str) -> bool:
        """Does nothing of this channel leave the house?"""
        return self.by_channel[channel].sandbox
