"""Only elements that the engine runs or the diagram explains itself with; everything else is refused by name.

SpiffWorkflow accepts compensation, link events and others in silence and then does something else.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, line_of
from yiwang.kernel.process.engine.names import BPMN, DRAWING, ELEMENTS, MAX_NODES, NODES, NOTES, YW
from yiwang.kernel.process.engine.rules.base import Context

NAME = "elements"
_EXTENSIONS = {"userTask": set[str](), "serviceTask": {"input", "output"}, "callActivity": {"input", "output"},
               "scriptTask": {"set"}}  # fmt: skip


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Walk the whole file except the drawing."""
    root = document.root
    if root.tag != f"{{{BPMN}}}definitions":
        yield _refuse(context, root, str(etree.QName(root).localname))
        return
    yield from _walk(root, context)
    count = sum(1 for _ in document.nodes())
    if count > MAX_NODES:
        text = f"{count} elements; a process has at most {MAX_NODES}"
        yield context.problem(1, NAME, "too_many_elements", text, count=count, limit=MAX_NODES)


def _walk(parent: etree._Element, context: Context) -> Iterator[Problem]:
    for child in parent:
        name = etree.QName(child)
        if name.namespace in DRAWING:
            continue
        if name.namespace != BPMN or name.localname not in ELEMENTS:
            yield _refuse(context, child, name.localname)
        elif name.localname == "extensionElements":
            yield from _extensions(child, parent, context)
        elif name.localname not in NOTES or name.localname in NODES:
            yield from _walk(child, context)


def _extensions(element: etree._Element, owner: etree._Element, context: Context) -> Iterator[Problem]:
    allowed = _EXTENSIONS.get(etree.QName(owner).localname, set())
    for child in element:
        name = etree.QName(child)
        if name.namespace != YW or name.localname not in allowed:
            yield _refuse(context, child, name.localname)


def _refuse(context: Context, element: etree._Element, name: str) -> Problem:
    text = f"<{name}> is not supported here"
    return context.problem(line_of(element), NAME, "element", text, element=name, id=element.get("id") or "")
