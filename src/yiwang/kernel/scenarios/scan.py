"""What processes say about themselves, read from their XML with line numbers.

The engine compiles a process; this only lists the facts that cross-references are checked against, so that a dangling
reference is named with its file and line even when the process does not compile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
YW = "https://yiwang.dev/bpmn/1"
STEPS = {
    "userTask",
    "manualTask",
    "serviceTask",
    "businessRuleTask",
    "scriptTask",
    "callActivity",
    "subProcess",
    "task",
}


@dataclass(frozen=True)
class Step:
    """One activity of a process, with our attributes without their prefix."""

    file: str
    line: int
    id: str
    kind: str
    name: str
    attrs: dict[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"

    @property
    def name_en(self) -> str:
        """The name in English, or the empty string."""
        return self.attrs.get("title-en", "")


@dataclass(frozen=True)
class Diagram:
    """One .bpmn file: the ids of its processes, its activities, its messages, and the shapes it draws."""

    file: str
    processes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    messages: tuple[str, ...] = ()
    drawn: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The name that other files call it by: the stem of the file."""
        return PurePosixPath(self.file).stem

    def tasks(self) -> Iterator[Step]:
        """The steps that people do."""
        return (s for s in self.steps if s.kind == "userTask")


def parse_xml(content: bytes) -> etree._Element | None:
    """Parse XML without entities, DTDs or network; None when it is not well-formed or declares a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    return (
        None
        if content.lstrip()[:2000].find(b"<!DOCTYPE") >= 0 or root.getroottree().docinfo.internalDTD is not None
        else root
    )


def scan(file: str, content: bytes) -> Diagram:
    """List the facts of one .bpmn file; an empty diagram when it is not well-formed (the rule `processes` says so)."""
    root = parse_xml(content)
    if root is None:
        return Diagram(file)
    steps = tuple(_step(file, node) for node in root.iter(f"{{{BPMN}}}*") if etree.QName(node).localname in STEPS)
    return Diagram(
        file=file,
        processes=tuple(node.get("id", "") for node in root.iter(f"{{{BPMN}}}process")),
        steps=steps,
        messages=tuple(node.get("name", "") for node in root.iter(f"{{{BPMN}}}message")),
        drawn=frozenset(
            n.get("bpmnElement", "") for n in root.iter() if isinstance(n.tag, str) and n.get("bpmnElement")
        ),
    )


def _step(file: str, node: etree._Element) -> Step:
    prefix = f"{{{YW}}}"
    attrs = {str(k)[len(prefix) :]: str(v) for k, v in node.attrib.items() if str(k).startswith(prefix)}
    if node.get("calledElement"):
        attrs["calledElement"] = str(node.get("calledElement"))
    line = node.sourceline or 1
    return Step(
        file,
        line if isinstance(line, int) else 1,
        node.get("id", ""),
        etree.QName(node).localname,
        node.get("name", "").strip(),
        attrs,
    )
