"""Names and limits of the BPMN that we read (OMG BPMN 2.0.2, formal/2013-12-09) and of our own attributes."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
YW = "https://yiwang.dev/bpmn/1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
#: Drawing only: read by the browser, not by the engine.
DRAWING = frozenset(
    {"http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DC",
     "http://www.omg.org/spec/DD/20100524/DI", "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
     "http://bpmn.io/schema/bpmn/biocolor/1.0"}
)  # fmt: skip

#: Bytes of one file, elements of one file, and automatic steps between two waits of one instance.
MAX_BYTES = 2_000_000
MAX_ELEMENTS = 20_000
MAX_NODES = 1_000
MAX_STEPS = 10_000
#: Items of one multi-instance step.
MAX_INSTANCES = 200

GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
TASKS = frozenset({"userTask", "serviceTask", "scriptTask", "businessRuleTask", "receiveTask"})
BODIES = frozenset({"subProcess", "callActivity"})
ACTIVITIES = TASKS | BODIES
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
NODES = GATEWAYS | ACTIVITIES | EVENTS
#: Elements that only explain the diagram.
NOTES = frozenset(
    {"documentation", "textAnnotation", "text", "association", "group", "laneSet", "lane", "flowNodeRef", "category",
     "categoryValue", "dataObject", "dataObjectReference", "dataStoreReference", "collaboration", "participant"}
)  # fmt: skip
DEFINITIONS = frozenset({"message", "error", "escalation"})
DETAILS = frozenset(
    {"incoming", "outgoing", "conditionExpression", "extensionElements", "timerEventDefinition", "timeDuration",
     "timeDate", "messageEventDefinition", "errorEventDefinition", "escalationEventDefinition",
     "terminateEventDefinition", "multiInstanceLoopCharacteristics", "loopCardinality", "loopDataInputRef",
     "loopDataOutputRef", "inputDataItem", "outputDataItem", "completionCondition"}
)  # fmt: skip
EVENT_DEFINITIONS = frozenset(
    {"timerEventDefinition", "messageEventDefinition", "errorEventDefinition", "escalationEventDefinition",
     "terminateEventDefinition"}
)  # fmt: skip
ELEMENTS = frozenset({"definitions", "process", "sequenceFlow"}) | NODES | NOTES | DEFINITIONS | DETAILS
