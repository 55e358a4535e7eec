"""Named SQL: ``sql/*.sql`` of a room, in blocks that begin with ``-- name: verb_noun`` and a comment on why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_HEAD = re.compile(r"^-- name: *([a-z][a-z0-9_]*) *$", re.M)


@dataclass(frozen=True)
class Query:
    """One statement with ``$1`` parameters; ``name`` goes into logs and into the statement itself as a comment."""

    name: str
    text: str

    def __str__(self) -> str:
        """The SQL text."""
        return self.text


class Queries:
    """The statements of one package, as attributes: ``q.find_incident``."""

    def __init__(self, package: str, found: dict[str, Query]) -> None:
        self._package = package
        self._found = found

    def __getattr__(self, name: str) -> Query:
        """The query of that name; AttributeError names the package and what it has."""
        try:
            return self._found[name]
        except KeyError:
            raise AttributeError(f"{self._package}/sql has no query {name!r}; it has {sorted(self._found)}") from None

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._found)

    @staticmethod
    def load(package: str) -> Queries:
        """Read every ``sql/*.sql`` of the package; ValueError when a name stands twice or a block is empty."""
        return _load(package)


@lru_cache
def _load(package: str) -> Queries:
    found: dict[str, Query] = {}
    folder = files(package) / "sql"
    for source in sorted(folder.iterdir(), key=lambda item: item.name):
        if not source.name.endswith(".sql"):
            continue
        text = source.read_text("utf-8")
        heads = list(_HEAD.finditer(text))
        for head, following in zip(heads, [*heads[1:], None], strict=True):
            body = text[head.end() : following.start() if following else len(text)].strip().rstrip(";").strip()
            name = head.group(1)
            if name in found or not body:
                raise ValueError(f"{package}/sql/{source.name}: query {name!r} is empty or defined twice")
            found[name] = Query(name, f"/* {package}.{name} */ {body}")
    return Queries(package, found)
