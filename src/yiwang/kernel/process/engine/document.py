"""A BPMN file as a graph with line numbers, before anything is checked or run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from yiwang.kernel.process.engine.names import BPMN, YW


@dataclass(eq=False)
class Flow:
    """A sequence flow; ``source`` and ``target`` are None where they dangle."""

    id: str
    line: int
    source_ref: str
    target_ref: str
    condition: str | None
    condition_line: int
    source: Node | None = None
    target: Node | None = None


@dataclass(eq=False)
class Event:
    """What an event waits for or throws: ``kind`` timer, message, error, escalation or terminate."""

    kind: str
    line: int
    ref: str = ""
    timer: str = ""
    text: str = ""


@dataclass(eq=False)
class Loop:
    """Multi-instance characteristics of an activity; each text as it stands in the file."""

    line: int
    sequential: bool
    cardinality: str | None
    collection: str | None
    item: str | None
    output: str | None
    output_item: str | None
    until: str | None


@dataclass(eq=False)
class Node:
    """A flow node with its flows, its yw: attributes and where it stands."""

    id: str
    tag: str
    line: int
    name: str
    scope: Scope
    element: etree._Element
    yw: Mapping[str, str]
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundary: list[Node] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    loop: Loop | None = None
    body: Scope | None = None
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True

    @property
    def event(self) -> Event | None:
        """The one event definition, or None."""
        return self.events[0] if self.events else None

    def children(self, name: str) -> Iterator[tuple[str, str, int]]:
        """The yw: children called ``name``: their name, text and line."""
        for extension in self.element.findall(f"{{{BPMN}}}extensionElements"):
            for child in extension.findall(f"{{{YW}}}{name}"):
                yield child.get("name") or "", (child.text or "").strip(), line_of(child)


@dataclass(eq=False)
class Scope:
    """A process or the body of an embedded sub-process."""

    id: str
    line: int
    name: str
    element: etree._Element
    parent: Scope | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def all(self) -> Iterator[Scope]:
        """This scope and every scope inside it."""
        yield self
        for node in self.nodes.values():
            if node.body is not None:
                yield from node.body.all()


@dataclass(eq=False)
class Document:
    """One file: its root element, its processes, and what messages, errors and escalations are called."""

    file: str
    root: etree._Element
    processes: list[Scope] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    escalations: dict[str, str] = field(default_factory=dict)

    def scopes(self) -> Iterator[Scope]:
        """Every process and sub-process body."""
        for process in self.processes:
            yield from process.all()

    def nodes(self) -> Iterator[Node]:
        """Every flow node at any depth."""
        for scope in self.scopes():
            yield from scope.nodes.values()

    def flows(self) -> Iterator[Flow]:
        """Every sequence flow at any depth."""
        for scope in self.scopes():
            yield from scope.flows


def line_of(element: etree._Element) -> int:
    """The line of an element in its file (1 where the parser does not know)."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 1
