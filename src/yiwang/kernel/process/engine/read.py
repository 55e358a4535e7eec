"""Reading a BPMN file into the graph. It takes what is there and judges nothing: the rules do."""

from __future__ import annotations

from lxml import etree

from yiwang.kernel.process.engine.document import Document, Event, Flow, Loop, Node, Scope, line_of
from yiwang.kernel.process.engine.names import BPMN, EVENT_DEFINITIONS, NODES, YW
from yiwang.kernel.process.engine.safexml import parse_xml

_REFS = {"message": "messageRef", "error": "errorRef", "escalation": "escalationRef"}


def read(xml: bytes, file: str) -> Document:
    """The graph of a file. Raises ProcessInvalid where it is not XML that we can read."""
    root = parse_xml(xml, file)
    document = Document(file=file, root=root)
    for element in root:
        name = local(element)
        identity = element.get("id") or ""
        if name == "process":
            document.processes.append(_scope(element, None))
        elif name == "message":
            document.messages[identity] = element.get("name") or ""
        elif name == "error":
            document.errors[identity] = element.get("errorCode") or ""
        elif name == "escalation":
            document.escalations[identity] = element.get("escalationCode") or ""
    return document


def local(element: etree._Element) -> str:
    """The local name of a BPMN element; empty for an element of another namespace."""
    tag = str(element.tag)
    return tag[len(BPMN) + 2 :] if tag.startswith(f"{{{BPMN}}}") else ""


def _scope(element: etree._Element, parent: Scope | None) -> Scope:
    identity = element.get("id") or ""
    scope = Scope(id=identity, line=line_of(element), name=element.get("name") or "", element=element, parent=parent)
    for child in element:
        name = local(child)
        if name in NODES:
            node = _node(child, name, scope)
            scope.nodes.setdefault(node.id, node)
        elif name == "sequenceFlow":
            scope.flows.append(_flow(child))
    _connect(scope)
    return scope


def _connect(scope: Scope) -> None:
    for flow in scope.flows:
        flow.source, flow.target = scope.nodes.get(flow.source_ref), scope.nodes.get(flow.target_ref)
        if flow.source is not None:
            flow.source.outgoing.append(flow)
        if flow.target is not None:
            flow.target.incoming.append(flow)
    for node in scope.nodes.values():
        host = scope.nodes.get(node.attached_to or "")
        if node.tag == "boundaryEvent" and host is not None:
            host.boundary.append(node)


def _flow(element: etree._Element) -> Flow:
    condition = element.find(f"{{{BPMN}}}conditionExpression")
    return Flow(
        id=element.get("id") or "",
        line=line_of(element),
        source_ref=element.get("sourceRef") or "",
        target_ref=element.get("targetRef") or "",
        condition=None if condition is None else (condition.text or "").strip(),
        condition_line=line_of(element) if condition is None else line_of(condition),
    )


def _node(element: etree._Element, tag: str, scope: Scope) -> Node:
    prefix = f"{{{YW}}}"
    node = Node(
        id=element.get("id") or "",
        tag=tag,
        line=line_of(element),
        name=element.get("name") or "",
        scope=scope,
        element=element,
        yw={str(k)[len(prefix) :]: str(v) for k, v in element.attrib.items() if str(k).startswith(prefix)},
        default=element.get("default"),
        attached_to=element.get("attachedToRef"),
        interrupting=element.get("cancelActivity", "true") != "false",
    )
    node.events = [_event(child) for child in element if local(child) in EVENT_DEFINITIONS]
    if tag == "receiveTask":
        node.events = [Event(kind="message", line=node.line, ref=element.get("messageRef") or "")]
    loop = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    node.loop = None if loop is None else _loop(loop)
    if tag == "subProcess":
        node.body = _scope(element, scope)
    return node


def _event(element: etree._Element) -> Event:
    kind = local(element).removesuffix("EventDefinition")
    event = Event(kind=kind, line=line_of(element), ref=element.get(_REFS.get(kind, "-")) or "")
    if kind == "timer":
        span = element.get(f"{{{YW}}}span")
        found = [("span", span)] if span else []
        found += [(local(child), (child.text or "").strip()) for child in element if local(child)]
        if len(found) == 1:
            event.timer, event.text = found[0]
    return event


def _loop(element: etree._Element) -> Loop:
    def text(name: str) -> str | None:
        child = element.find(f"{{{BPMN}}}{name}")
        return None if child is None else (child.text or "").strip()

    def item(name: str) -> str | None:
        child = element.find(f"{{{BPMN}}}{name}")
        return None if child is None else (child.get("name") or child.get("id") or "")

    return Loop(
        line=line_of(element),
        sequential=element.get("isSequential") == "true",
        cardinality=text("loopCardinality"),
        collection=text("loopDataInputRef"),
        item=item("inputDataItem"),
        output=text("loopDataOutputRef"),
        output_item=item("outputDataItem"),
        until=text("completionCondition"),
    )
