"""processes: every process compiles, is named like its file, can be read in both languages, and is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine import ProcessInvalid, Spec, compile_process
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import problem, tagged
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.rules.decisions import loaded
from yiwang.kernel.scenarios.scan import Diagram, Step, scan


def check(package: Package, known: Known) -> Iterator[Problem]:
    """Compile every file of processes/ and look at how it reads."""
    compiler = _Compiler(package, known)
    for path, xml in package.folder("processes").items():
        for found in compiler.problems(path):
            yield tagged("processes", found)
        diagram = scan(path, xml)
        if len(diagram.processes) > 1:
            yield problem("processes", path, "one_process", count=len(diagram.processes))
        elif diagram.processes and diagram.processes[0] != diagram.key:
            yield problem("processes", path, "process_id", id=diagram.processes[0], stem=diagram.key)
        yield from _readable(diagram)


class _Compiler:
    """Compiles the processes of a package, each once, those that are called before those that call."""

    def __init__(self, package: Package, known: Known) -> None:
        self._files = {path: xml for path, xml in package.folder("processes").items() if path.endswith(".bpmn")}
        self._paths = package.stems("processes")
        self._known = known
        self._tables, _ = loaded(package)
        self._specs: dict[str, Spec | None] = {}
        self._found: dict[str, list[Problem]] = {}

    def problems(self, path: str) -> list[Problem]:
        """What is wrong with one file."""
        self._compile(path)
        return self._found.get(path, [])

    def _compile(self, path: str) -> Spec | None:
        if path in self._specs or path not in self._files:
            return self._specs.get(path)
        self._specs[path] = None  # a ring of calls finds nothing here, and the engine's rule says so
        try:
            self._specs[path] = compile_process(
                self._files[path], file=path, decisions=self._tables, known_capabilities=self._known.capabilities,
                processes=lambda key: self._compile(self._paths.get(key, "")),
            )  # fmt: skip
        except ProcessInvalid as invalid:
            self._found[path] = list(invalid.problems)
        return self._specs[path]


def _readable(diagram: Diagram) -> Iterator[Problem]:
    for step in diagram.steps:
        if not step.name:
            yield problem("processes", step.where, "step_untitled", step=step.id)
        elif not step.name_en:
            yield problem("processes", step.where, "step_no_english", step=step.id, name=step.name)
        if step.id not in diagram.drawn:
            yield problem("processes", step.where, "step_not_drawn", step=step.id)
        if step.kind == "userTask":
            yield from _addressed(step)


def _addressed(step: Step) -> Iterator[Problem]:
    if "form" not in step.attrs:
        yield problem("processes", step.where, "step_no_form", step=step.id)
    if "role" not in step.attrs and "post" not in step.attrs:
        yield problem("processes", step.where, "step_no_post", step=step.id)


RULE = Rule(
    "processes", "Every process compiles, is named like its file, reads in both languages, and is drawn.", check
)
