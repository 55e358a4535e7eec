"""Settings: read once from the environment (``YIWANG_*``), checked at the edge, frozen afterwards.

Every setting is a field with its documentation; a test compares them with docs/running-in-production.md.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import Problem, StartError


def _setting(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """What one process of Yiwang is told from outside."""

    state_dir: Path = _setting(Path(".yiwang"), "Folder of everything that is kept: embedded servers, files, keys.")
    city: str = _setting("320200", "Code of the city: a folder below cities/.")
    database_url: str | None = _setting(None, "PostgreSQL 15 or newer; without it an embedded server is started.")
    nats_url: str | None = _setting(None, "NATS with JetStream; without it an embedded server is started.")
    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: int = _setting(8000, "Port to listen on.")
    base_url: str | None = _setting(None, "Public address, for links in notices and sign-in redirects.")
    demo: bool = _setting(False, "Load the demo: accounts, and the packages of scenarios/.")
    demo_mode_totp_optional: bool = _setting(True, "Demo accounts may sign in without a second factor.")
    web_workers: int = _setting(1, "Web processes that `yiwang up` starts.")
    pool_size: int = _setting(10, "Database connections per process.")
    upload_limit_mib: int = _setting(20, "Largest file that may be uploaded, MiB.")
    log_format: str = _setting("auto", "text, json, or auto (text on a terminal).")
    log_level: str = _setting("info", "debug, info, warning or error.")
    trusted_proxies: str = _setting("127.0.0.1", "Addresses whose X-Forwarded-For is believed, comma separated.")
    secure_cookies: bool = _setting(
        False, "Cookies over HTTPS only; on by itself where YIWANG_BASE_URL begins with https."
    )
    secret: str | None = _setting(
        None,
        "Key (32 characters or more) that seals contacts, seeds and kept forms; else one is made in the state folder.",
    )
    sms_url: str | None = _setting(
        None, "http(s)://user:password@host/path of a gateway for text messages; without it they stay in the sandbox."
    )
    smtp_url: str | None = _setting(
        None,
        "smtp(s):// or smtp+starttls://user:password@host:port?from=address; without it mail stays in the sandbox.",
    )

    @property
    def database_name(self) -> str:
        """One installation holds one city; its database carries the city's code."""
        return f"yiwang_{self.city}"

    @property
    def public_url(self) -> str:
        """The address that a person can open."""
        return self.base_url or f"http://{self.host}:{self.port}"

    def with_(self, **changes: Any) -> Settings:
        """A copy with some values changed."""
        return replace(self, **changes)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read ``YIWANG_*``; collects every bad value into one StartError. An unknown name is an error too."""
        env = os.environ if env is None else env
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        known = {f"YIWANG_{f.name.upper()}": f for f in fields(cls)}
        for name, text in env.items():
            if not name.startswith("YIWANG_"):
                continue
            if name not in known:
                problems.append(Problem(name, "settings.unknown", text="there is no such setting"))
                continue
            try:
                values[known[name].name] = _parse(str(known[name].type), text)
            except ValueError as error:
                problems.append(Problem(name, "settings.bad", text=str(error)))
        if problems:
            raise StartError("Some settings in the environment are wrong:", problems=problems)
        # A public address over HTTPS means that TLS is in front: cookies are then secure, unless told otherwise.
        values.setdefault("secure_cookies", str(values.get("base_url") or "").startswith("https://"))
        return cls(**values)


def _parse(kind: str, text: str) -> Any:
    if kind == "int":
        number = int(text)
        if number < 0:
            raise ValueError("expected a number of at least 0")
        return number
    if kind == "bool":
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise ValueError("expected true or false")
    if kind == "Path":
        return Path(text).expanduser()
    return text or None
