"""Installing processes, forms and decisions of a package: each installation that changes something is a new version."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Protocol

from yiwang.kernel.db import Conn
from yiwang.kernel.errors import Problem
from yiwang.kernel.forms import check_form
from yiwang.kernel.process.definitions import Definitions
from yiwang.kernel.process.engine import ProcessInvalid, Spec, compile_process
from yiwang.kernel.process.engine.decisions import Decision, load_decision
from yiwang.kernel.process.model import Json
from yiwang.kernel.process.store import dumps, q
from yiwang.kernel.runtime import Runtime, SectionHandler
from yiwang.kernel.write import Act
from yiwang.messages.process import ProcessInstalled

_CALLED = re.compile(rb'calledElement\s*=\s*"([^"]{1,200})"')


class Parcel(Protocol):
    """What is needed of a scenario package (kernel.scenarios stands above this part)."""

    @property
    def manifest(self) -> Any:
        """scenario.toml: ``id`` and ``version``."""
        ...

    def folder(self, name: str) -> dict[str, bytes]:
        """The files directly below a folder, by path."""
        ...


def _stem(path: str) -> str:
    return PurePosixPath(path).stem


def forms_of(package: Parcel) -> tuple[dict[str, Json], list[Problem]]:
    """The forms of a package by name, and what is wrong with the others."""
    found: dict[str, Json] = {}
    problems: list[Problem] = []
    for path, content in package.folder("forms").items():
        try:
            body = json.loads(content)
        except ValueError as error:
            problems.append(Problem(path, "process.error.not_json", {"reason": str(error)}, text=str(error)))
            continue
        wrong = check_form(body, path)
        problems += wrong
        if not wrong:
            found[_stem(path)] = body
    return found, problems


def decisions_of_package(package: Parcel) -> tuple[dict[str, Decision], list[Problem]]:
    """The decision tables of a package by file name, and what is wrong with the others."""
    found: dict[str, Decision] = {}
    problems: list[Problem] = []
    for path, content in package.folder("decisions").items():
        try:
            found[_stem(path)] = load_decision(content, file=path)
        except ProcessInvalid as error:
            problems += error.problems
    return found, problems


class FormSection:
    """forms/*.json."""

    def check(self, package: Parcel, _known: Any) -> Iterable[Problem]:
        """What is wrong with the forms."""
        return forms_of(package)[1]

    async def install(self, act: Act, package: Parcel, _previous: str | None) -> None:
        """Keep each form that is new or changed as a further version."""
        for key, body in forms_of(package)[0].items():
            await act.db.execute(q.add_form, package.manifest.id, key, body, _digest(dumps(body)), act.now)

    async def remove(self, _act: Act, _package_id: str) -> None:
        """Forms stay: what was filled in can still be shown with its form."""

    async def open_work(self, _conn: Conn, _package_id: str) -> int:
        """Forms run nothing."""
        return 0


class DecisionSection:
    """decisions/*.dmn."""

    def check(self, package: Parcel, _known: Any) -> Iterable[Problem]:
        """What is wrong with the tables."""
        return decisions_of_package(package)[1]

    async def install(self, act: Act, package: Parcel, _previous: str | None) -> None:
        """Keep each table that is new or changed as a further version."""
        for path, content in package.folder("decisions").items():
            text = content.decode()
            await act.db.execute(q.add_decision, package.manifest.id, _stem(path), text, _digest(text), act.now)

    async def remove(self, _act: Act, _package_id: str) -> None:
        """Tables stay: running instances hold copies of theirs anyway."""

    async def open_work(self, _conn: Conn, _package_id: str) -> int:
        """Tables run nothing."""
        return 0


class ProcessSection:
    """processes/*.bpmn."""

    def check(self, package: Parcel, known: Any) -> Iterator[Problem]:
        """Every problem of every process: elements, expressions, capabilities, forms that do not exist."""
        forms, decisions = forms_of(package)[0], decisions_of_package(package)[0]
        batch = Batch(package.folder("processes"), decisions, known.capabilities or None, {})
        for path in batch.files:
            try:
                spec = batch.compile(path)
            except ProcessInvalid as error:
                yield from error.problems
                continue
            yield from _missing_forms(path, spec, forms)

    async def install(self, act: Act, package: Parcel, _previous: str | None) -> None:
        """Add a version of each process whose file, tables, forms or callees changed; retire those that are gone."""
        forms, decisions = forms_of(package)[0], decisions_of_package(package)[0]
        files = package.folder("processes")
        definitions = act.rt.part(Definitions)
        installed = await definitions.newest_of(act.db, _called_keys(files.values()))
        batch = Batch(files, decisions, None, {key: found.spec for key, found in installed.items()})
        versions = {key: found.version for key, found in installed.items()}
        for path in batch.in_order():
            await self._add(act, package, batch.compile(path), forms, versions)
        keys = [batch.compile(path).key for path in batch.files]
        await act.db.execute(q.retire_definitions, package.manifest.id, act.now, keys)
        definitions.forget_newest()

    async def _add(
        self, act: Act, package: Parcel, spec: Spec, forms: Mapping[str, Json], versions: dict[str, int]
    ) -> None:
        texts = {_stem(p): c.decode() for p, c in package.folder("decisions").items()}
        used = {key: texts[key] for key in spec.decisions if key in texts}
        wanted = {name: forms[name] for name in _form_names(spec) if name in forms}
        calls = {key: versions[key] for key in spec.calls}
        digest = _digest(f"{spec.digest}:{dumps(wanted)}:{dumps(calls)}")
        last = await act.db.fetchrow(q.newest_digest, spec.key)
        if last is not None and last["digest"] == digest:
            versions[spec.key] = last["version"]
            if last["retired_at"] is not None:
                await act.db.execute(q.revive_definition, spec.key, last["version"])
            return
        version = versions[spec.key] = (last["version"] if last else 0) + 1
        await act.db.execute(
            q.add_definition, spec.key, version, package.manifest.id, package.manifest.version, spec.title_zh,
            spec.title_en, spec.xml.decode(), used, wanted, calls, digest, act.now,
        )  # fmt: skip
        act.emit(ProcessInstalled(process=spec.key, version=version, package=package.manifest.id))

    async def remove(self, act: Act, package_id: str) -> None:
        """Nothing new begins; what runs goes on to its end under its version."""
        await act.db.execute(q.retire_definitions, package_id, act.now, [])
        act.rt.part(Definitions).forget_newest()

    async def open_work(self, conn: Conn, package_id: str) -> int:
        """Instances that still run, counted to a thousand."""
        return int(await conn.fetchval(q.open_instances, package_id))

    async def after(self, rt: Runtime) -> None:
        """Look again for the newest versions."""
        rt.part(Definitions).forget_newest()


class Batch:
    """The process files of a package, which may call each other, compiled once each."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        decisions: Mapping[str, Decision],
        capabilities: Any,
        installed: Mapping[str, Spec],
    ) -> None:
        self.files = files
        self._decisions = decisions
        self._capabilities = capabilities
        self._installed = installed
        self._by_key = {_process_id(content): path for path, content in files.items()}
        self._done: dict[str, Spec] = {}
        self._open: list[str] = []
        self._order: list[str] = []

    def compile(self, path: str) -> Spec:
        """The spec of a file; ProcessInvalid with every problem. A ring of calls ends in a callee that is not there."""
        if path not in self._done:
            self._open.append(path)
            try:
                self._done[path] = compile_process(
                    self.files[path], file=path, decisions=self._decisions, known_capabilities=self._capabilities,
                    processes=self._find,
                )  # fmt: skip
            finally:
                self._open.remove(path)
            self._order.append(path)
        return self._done[path]

    def in_order(self) -> list[str]:
        """Every file, called ones before those that call them."""
        for path in self.files:
            self.compile(path)
        return self._order

    def _find(self, key: str) -> Spec | None:
        path = self._by_key.get(key)
        if path is not None and path not in self._open:
            return self.compile(path)
        return self._installed.get(key)


def _process_id(content: bytes) -> str:
    found = re.search(rb"<(?:\w+:)?process\b[^>]*?\bid\s*=\s*\"([^\"]{1,200})\"", content)
    return found.group(1).decode(errors="replace") if found else ""


def _called_keys(files: Iterable[bytes]) -> list[str]:
    return sorted({key.decode(errors="replace") for content in files for key in _CALLED.findall(content)})


def _form_names(spec: Spec) -> list[str]:
    return sorted({step.attrs["form"] for step in spec.steps.values() if step.attrs.get("form")})


def _missing_forms(path: str, spec: Spec, forms: Mapping[str, Json]) -> Iterator[Problem]:
    for step in spec.steps.values():
        name = step.attrs.get("form")
        if name and "/" not in step.id and name not in forms:
            node = next((n for n in spec.document.nodes() if n.id == step.id), None)
            yield Problem(
                f"{path}:{node.line if node else 1}", "process.error.form_missing", {"step": step.id, "form": name},
                text=f"step {step.id} names the form {name!r}, and there is no forms/{name}.json",
            )  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


SECTIONS = (
    SectionHandler("forms", (".json",), FormSection()),
    SectionHandler("decisions", (".dmn",), DecisionSection()),
    SectionHandler("processes", (".bpmn",), ProcessSection()),
)
__all__ = ["SECTIONS", "Batch", "decisions_of_package", "forms_of"]
