"""Compiling a BPMN file: read, check with every rule, build, describe."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from yiwang.kernel.process.engine.build import Builder
from yiwang.kernel.process.engine.decisions.table import Decision
from yiwang.kernel.process.engine.document import Document
from yiwang.kernel.process.engine.effects import StepInfo
from yiwang.kernel.process.engine.errors import ProcessInvalid
from yiwang.kernel.process.engine.read import read
from yiwang.kernel.process.engine.rules import Context, check_all
from yiwang.kernel.process.engine.spec import Spec

#: Finds the newest version of another process by its key, for call activities; None when there is none.
Resolver = Callable[[str], Spec | None]


def compile_process(
    xml: bytes, *, file: str, decisions: Mapping[str, Decision] | None = None,
    known_capabilities: Iterable[str] | None = None, processes: Resolver | Mapping[str, Spec] | None = None,
) -> Spec:  # fmt: skip
    """Compile a process file, or raise ProcessInvalid with every problem found (``file:line``, tagged with its rule).

    ``decisions`` are the tables that its business rule tasks may name; ``known_capabilities`` those that its service
    tasks may name (None: not checked, for tools that have no rooms); ``processes`` finds what its call activities call.
    """
    document = read(xml, file)
    tables = decisions or {}
    find = processes.get if isinstance(processes, Mapping) else processes
    capabilities = None if known_capabilities is None else frozenset(known_capabilities)
    problems = check_all(document, Context(file, tables, capabilities, find or (lambda _key: None)))
    if problems:
        raise ProcessInvalid(file, problems)
    return _assemble(document, xml, tables, find)


def _assemble(document: Document, xml: bytes, tables: Mapping[str, Decision], find: Resolver | None) -> Spec:
    process = document.processes[0]
    called = {key: spec for key in _called(document) if find is not None and (spec := find(key)) is not None}
    main, bodies = build_bodies(document, tables, called)
    steps = {step.id: step for step in _steps(document)}
    for key, spec in called.items():
        steps.update({f"{key}/{step.id}": _within(step, key) for step in spec.steps.values()})
    used = {n.yw["decision"]: tables[n.yw["decision"]] for n in document.nodes() if n.tag == "businessRuleTask"}
    digest = hashlib.sha256(xml)
    digests = [(key, other.digest) for key, other in called.items()] + [(k, t.digest) for k, t in used.items()]
    for key, inner in sorted(digests):
        digest.update(f"{key}:{inner}".encode())
    return Spec(
        key=process.id,
        title_zh=process.name,
        title_en=process.element.get("{https://yiwang.dev/bpmn/1}title-en") or "",
        steps=steps,
        digest=digest.hexdigest(),
        xml=xml,
        file=document.file,
        main=main,
        bodies=bodies,
        places={place: number for number, place in enumerate(_places(document, called))},
        document=document,
        decisions=dict(tables),
        capabilities=frozenset(n.yw["capability"] for n in document.nodes() if n.tag == "serviceTask"),
        calls=called,
    )


def build_bodies(
    document: Document, tables: Mapping[str, Decision], called: Mapping[str, Spec], prefix: str = ""
) -> tuple[Any, dict[str, Any]]:
    """The spec of the process and of every body that it can run, called processes built under their prefix."""
    builder = Builder(document, tables, prefix)
    main = builder.build(document.processes[0])
    bodies: dict[str, Any] = dict(builder.bodies)
    for key, spec in called.items():
        inside = f"{prefix}{key}/"
        bodies[inside], more = build_bodies(spec.document, spec.decisions, spec.calls, inside)
        bodies.update(more)
    return main, bodies


def _called(document: Document) -> list[str]:
    return sorted({n.element.get("calledElement") or "" for n in document.nodes() if n.tag == "callActivity"})


def _steps(document: Document) -> Iterator[StepInfo]:
    for node in document.nodes():
        loop = None if node.loop is None else "sequential" if node.loop.sequential else "parallel"
        yield StepInfo(node.id, node.tag, node.name, dict(node.yw), document.processes[0].id, loop)


def _places(document: Document, called: Mapping[str, Spec]) -> Iterator[str]:
    yield from (node.id for node in document.nodes())
    yield from (flow.id for flow in document.flows())
    for key, spec in called.items():
        yield from (f"{key}/{place}" for place in spec.places)


def _within(step: StepInfo, key: str) -> StepInfo:
    return StepInfo(f"{key}/{step.id}", step.kind, step.name, step.attrs, step.process, step.loop)
