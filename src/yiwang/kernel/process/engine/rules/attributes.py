"""Only attributes that mean something to the engine: one that would be ignored in silence is refused by name."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, line_of
from yiwang.kernel.process.engine.names import BPMN, DRAWING, ELEMENTS, NOTES, XSI, YW
from yiwang.kernel.process.engine.rules.base import Context

NAME = "attributes"

#: Attribute -> the values it may have (empty: any).
_BPMN: dict[str, dict[str, set[str]]] = {
    "definitions": {
        name: set() for name in ("targetNamespace", "exporter", "exporterVersion", "expressionLanguage", "typeLanguage")
    },
    "process": {"isExecutable": {"true"}, "processType": {"None", "Private"}, "isClosed": {"false"}},
    "sequenceFlow": {"sourceRef": set(), "targetRef": set()},
    "conditionExpression": {"language": {"CEL", "cel", "https://cel.dev"}},
    "exclusiveGateway": {"default": set(), "gatewayDirection": set()},
    "inclusiveGateway": {"default": set(), "gatewayDirection": set()},
    "parallelGateway": {"gatewayDirection": set()},
    "eventBasedGateway": {"gatewayDirection": set(), "eventGatewayType": {"Exclusive"}, "instantiate": {"false"}},
    "boundaryEvent": {"attachedToRef": set(), "cancelActivity": {"true", "false"}},
    "startEvent": {"isInterrupting": {"true"}},
    "subProcess": {"triggeredByEvent": {"false"}},
    "callActivity": {"calledElement": set()},
    "receiveTask": {"messageRef": set(), "instantiate": {"false"}},
    "messageEventDefinition": {"messageRef": set()},
    "errorEventDefinition": {"errorRef": set()},
    "escalationEventDefinition": {"escalationRef": set()},
    "error": {"errorCode": set()},
    "escalation": {"escalationCode": set()},
    "multiInstanceLoopCharacteristics": {"isSequential": {"true", "false"}, "behavior": {"All"}},
    "inputDataItem": {"isCollection": {"false"}},
    "outputDataItem": {"isCollection": {"false"}},
}
_ANY = {"id": set[str](), "name": set[str]()}
_TYPED = frozenset({"conditionExpression", "timeDuration", "timeDate", "loopCardinality", "completionCondition"})
_YW = {
    "process": {"title-en"},
    "userTask": {"role", "org", "post", "form", "due", "title-en", "priority", "into", "escalate"},
    "serviceTask": {"capability"},
    "businessRuleTask": {"decision", "result"},
    "timerEventDefinition": {"span"},
}


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at every attribute of every element that means something."""
    for element in document.root.iter():
        name = etree.QName(element)
        if name.namespace == BPMN and name.localname in ELEMENTS and name.localname not in NOTES:
            yield from _attributes(element, name.localname, context)
        elif name.namespace == YW:
            for key in element.attrib:
                if key != "name":
                    yield _refuse(context, element, name.localname, str(key), "")


def _attributes(element: etree._Element, tag: str, context: Context) -> Iterator[Problem]:
    allowed = {**_ANY, **_BPMN.get(tag, {})}
    yw_allowed = _YW.get(tag, set()) | ({"title-en"} if element.get("id") else set())
    for key, value in element.attrib.items():
        name = etree.QName(str(key))
        if name.namespace == YW:
            fine = name.localname in yw_allowed
        elif name.namespace == XSI:
            fine = (name.localname == "type" and tag in _TYPED) or name.localname == "schemaLocation"
        elif name.namespace in DRAWING:
            fine = True
        else:
            values = None if name.namespace else allowed.get(name.localname)
            fine = values is not None and (not values or value in values)
        if not fine:
            yield _refuse(context, element, tag, name.localname, str(value))


def _refuse(context: Context, element: etree._Element, tag: str, name: str, value: str) -> Problem:
    text = f"<{tag}>: the attribute {name}={value!r} is not supported"
    return context.problem(line_of(element), NAME, "attribute", text, element=tag, name=name, value=value[:80])
