"""Templates of messages: `notices/*.toml` in the folder of any room, each text in Chinese and English, parameters
declared.

    [template."govern.accepted"]
    title = { zh = "受理通知", en = "acceptance" }        # what the person's settings call it
    channels = ["inapp", "sms"]                          # where it goes unless the caller says otherwise
    params = ["number", "title"]
    urgent = false      # true: also in quiet hours
    secret = false      # true: sealed, wiped once sent (codes)
    optional = true     # true: people may turn it off
    ttl = "1d"          # given up after (m, h, d)
    zh = { subject = "…", text = "您反映的 {title} 已受理，编号 {number}。" }
    en = { subject = "…", text = "…" }
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from typing import Any

from yiwang.kernel.errors import Problem, StartError
from yiwang.kernel.runtime import Runtime

CHANNELS = ("sms", "email", "inapp")
LIMITS = {"subject": 80, "text": 500}
_KEY = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+")
_FIELDS = {"title", "channels", "params", "urgent", "secret", "optional", "ttl", "zh", "en"}
_TTL = re.compile(r"([1-9][0-9]{0,3})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class TemplatesInvalid(StartError):
    """Some message templates are wrong; nothing starts with them."""


class UnknownTemplate(LookupError):
    """No room brings this template: a bug of the caller."""


@dataclass(frozen=True)
class Template:
    """One message to people, in two languages."""

    key: str
    title: Mapping[str, str]
    channels: tuple[str, ...]
    params: frozenset[str]
    texts: Mapping[str, Mapping[str, str]]
    urgent: bool = False
    secret: bool = False
    optional: bool = False
    ttl: timedelta = timedelta(days=1)

    def fill(self, locale: str, params: Mapping[str, Any]) -> tuple[str, str]:
        """(subject, text). ValueError when the parameters are not those declared: a bug of the caller."""
        if set(params) != self.params:
            raise ValueError(f"template {self.key} takes {sorted(self.params)}, got {sorted(params)}")
        values = {name: _plain(value) for name, value in params.items()}
        texts = self.texts.get(locale) or self.texts["zh"]
        return texts["subject"].format_map(values), texts["text"].format_map(values)


def _plain(value: Any) -> str:
    """A value as text without control characters: nobody smuggles a header or a second line into a subject."""
    return " ".join(str(value).split())[:200]


class TemplateBook:
    """All templates of the installed rooms: `rt.part(TemplateBook)`."""

    def __init__(self, rt: Runtime) -> None:
        problems: list[Problem] = []
        self._templates = {t.key: t for t in read_packages(rt.registry.packages(), problems)}
        if problems:
            raise TemplatesInvalid("Message templates are wrong:", problems=problems)

    def get(self, key: str) -> Template:
        """The template of a key; UnknownTemplate."""
        found = self._templates.get(key)
        if found is None:
            raise UnknownTemplate(f"no message template {key!r}; there are {sorted(self._templates)}")
        return found

    def optional(self) -> list[Template]:
        """Those that a person may turn off, by key."""
        return [t for _, t in sorted(self._templates.items()) if t.optional]

    def keys(self) -> list[str]:
        """All keys, sorted."""
        return sorted(self._templates)


def read_packages(packages: Iterable[str], problems: list[Problem]) -> list[Template]:
    """The templates of Python packages; what is wrong is collected with its file."""
    found: dict[str, Template] = {}
    for package in packages:
        folder = files(package) / "notices"
        if not folder.is_dir():
            continue
        for source in sorted(folder.iterdir(), key=lambda item: item.name):
            if not source.name.endswith(".toml"):
                continue
            where = f"{package.replace('.', '/')}/notices/{source.name}"
            for template in read_text(source.read_text("utf-8"), where, problems):
                if template.key in found:
                    problems.append(_wrong(where, template.key, "is defined twice"))
                found[template.key] = template
    return list(found.values())


def read_text(text: str, where: str, problems: list[Problem]) -> list[Template]:
    """The templates of one file."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(_wrong(where, "file", f"is not TOML: {error}"))
        return []
    found = []
    for key, entry in table.get("template", {}).items():
        complaints = list(_complaints(key, entry))
        problems.extend(_wrong(where, key, complaint) for complaint in complaints)
        if not complaints:
            found.append(_template(key, entry))
    return found


def _template(key: str, entry: dict[str, Any]) -> Template:
    match = _TTL.fullmatch(entry.get("ttl", "1d"))
    ttl = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else timedelta(days=1)
    texts = {locale: {"subject": "", **entry[locale]} for locale in ("zh", "en")}
    switches = {name: bool(entry.get(name, False)) for name in ("urgent", "secret", "optional")}
    channels, params = tuple(entry["channels"]), frozenset(entry.get("params", ()))
    return Template(key, entry["title"], channels, params, texts, ttl=ttl, **switches)


def _complaints(key: str, entry: Any) -> Iterable[str]:
    if not _KEY.fullmatch(key):
        yield "must be named room.what in lower case"
    if not isinstance(entry, dict):
        yield "must be a table"
        return
    for name in sorted(set(entry) - _FIELDS):
        yield f"has an unknown field {name!r}"
    title = entry.get("title")
    if not (isinstance(title, dict) and title.get("zh") and title.get("en")):
        yield "needs title = { zh = .., en = .. }"
    channels = entry.get("channels") or []
    if not channels or set(channels) - set(CHANNELS):
        yield f"needs channels out of {list(CHANNELS)}"
    if not _TTL.fullmatch(str(entry.get("ttl", "1d"))):
        yield "ttl must be like 10m, 2h or 3d"
    if entry.get("secret") and "inapp" in channels:
        yield "a secret does not belong into the inbox of the application"
    declared = set(entry.get("params", ()))
    for locale in ("zh", "en"):
        yield from _text_complaints(locale, entry.get(locale), declared, channels)


def _text_complaints(locale: str, texts: Any, declared: set[str], channels: list[str]) -> Iterable[str]:
    if not (isinstance(texts, dict) and texts.get("text")):
        yield f"needs {locale} = {{ subject = .., text = .. }}"
        return
    if not texts.get("subject") and set(channels) & {"email", "inapp"}:
        yield f"{locale}: mail and the inbox need a subject"
    used: set[str] = set()
    for part, limit in LIMITS.items():
        text = str(texts.get(part, ""))
        if len(text) > limit:
            yield f"{locale}: {part} is longer than {limit} characters"
        try:
            used |= {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError as error:
            yield f"{locale}: {part} cannot be read: {error}"
    if used - declared:
        yield f"{locale}: uses undeclared {sorted(used - declared)}"
    if declared - used:
        yield f"{locale}: never uses {sorted(declared - used)}"


def _wrong(where: str, key: str, text: str) -> Problem:
    return Problem(where, "notice.problem.template", {"key": key, "text": text}, "notice-template", f"{key} {text}")
