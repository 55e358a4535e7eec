"""Installed versions of processes, compiled once and kept: a version never changes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from yiwang.kernel.db import Conn
from yiwang.kernel.forms import Form
from yiwang.kernel.process.engine import Decision, Spec, compile_process
from yiwang.kernel.process.engine.decisions import load_decision
from yiwang.kernel.process.engine.safexml import parse_xml
from yiwang.kernel.process.errors import NoSuchProcess
from yiwang.kernel.process.model import Json
from yiwang.kernel.process.store import q
from yiwang.kernel.runtime import Runtime

#: Compiled versions kept in memory; one is some hundred kilobytes.
_KEPT = 200
#: Seconds for which the newest version of a process is taken as known: a start may fall on the version before.
_NEWEST_S = 1.0
#: Forms that the kernel's own verbs use, by the key that task rows carry.
BUILT_IN = {
    f"yw:{name}": orjson.loads((Path(__file__).parent / "forms" / f"{name}.json").read_bytes())
    for name in ("opinion", "read", "finding")
}


@dataclass(frozen=True)
class Definition:
    """A version that can run: the compiled process, and the forms that its steps name."""

    key: str
    version: int
    package: str
    title_zh: str
    title_en: str
    spec: Spec
    forms: Mapping[str, Json]
    _compiled: dict[str, Form] = field(default_factory=dict, repr=False)

    def guards(self, step: str) -> bool:
        """Whether an error of a service may be caught inside: only then its call needs a savepoint.

        That takes an error boundary on the step itself or on a sub-process around it; within a called process any
        error event may be it.
        """
        if "/" in step:
            return any(b"errorEventDefinition" in spec.xml for spec in (self.spec, *self.spec.calls.values()))
        return step in self._guarded

    @cached_property
    def _guarded(self) -> frozenset[str]:
        root = parse_xml(self.spec.xml, self.spec.file)
        boundaries = root.iterfind(".//{*}boundaryEvent[{*}errorEventDefinition]")
        caught = {boundary.get("attachedToRef") for boundary in boundaries}
        return frozenset(
            str(inner.get("id")) for node in root.iter() if node.get("id") in caught for inner in node.iter()
        )

    def form(self, key: str | None) -> Form | None:
        """A form of this version, or one of the kernel's own; None for a step without one."""
        if key is None:
            return None
        if key not in self._compiled:
            body = BUILT_IN.get(key) or self.forms.get(key)
            if body is None:
                return None
            self._compiled[key] = Form.load(body)
        return self._compiled[key]


class Definitions:
    """``rt.part(Definitions)``: definitions by key and version."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._kept: OrderedDict[tuple[str, int], Definition] = OrderedDict()
        self._newest: dict[str, tuple[float, int]] = {}

    async def newest(self, db: Conn, key: str) -> Definition:
        """The version that new instances take; NoSuchProcess when none is installed (or the package is retired)."""
        at, version = self._newest.get(key, (float("-inf"), 0))
        if time.monotonic() - at > _NEWEST_S:
            found = await db.fetchval(q.newest_version, key)
            if found is None:
                raise NoSuchProcess(f"no process {key!r} is installed", process=key)
            version = int(found)
            self._newest[key] = (time.monotonic(), version)
        return await self.get(db, key, version)

    async def newest_of(self, db: Conn, keys: Iterable[str]) -> dict[str, Definition]:
        """The newest versions of those of these processes that are installed."""
        self.forget_newest()
        found: dict[str, Definition] = {}
        for key in keys:
            with suppress(NoSuchProcess):
                found[key] = await self.newest(db, key)
        return found

    async def get(self, db: Conn, key: str, version: int) -> Definition:
        """One version; NoSuchProcess when it was never installed."""
        kept = self._kept.get((key, version))
        if kept is not None:
            self._kept.move_to_end((key, version))
            return kept
        row = await db.fetchrow(q.definition, key, version)
        if row is None:
            raise NoSuchProcess(f"process {key!r} has no version {version}", process=key)
        called = {name: (await self.get(db, name, number)).spec for name, number in row["calls"].items()}
        found = Definition(
            key, version, row["package"], row["title_zh"], row["title_en"],
            compile_process(
                row["xml"].encode(), file=f"{key}.bpmn", decisions=decisions_of(row["decisions"]), processes=called
            ),
            row["forms"],
        )  # fmt: skip
        self._kept[key, version] = found
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    def forget_newest(self) -> None:
        """Look again for newer versions at once (after an installation in this process)."""
        self._newest.clear()


def decisions_of(files: Mapping[str, Any]) -> dict[str, Decision]:
    """Decision tables by the key that processes name, from their DMN text."""
    return {key: load_decision(str(xml).encode(), file=f"{key}.dmn") for key, xml in files.items()}
