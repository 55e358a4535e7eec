# ruff: noqa: E501 - process files in one line each, so that the line of a problem can be told
"""Every rule of the validator: a bad case with the line and the kind of each problem it must find, beside a good one."""

import pytest

from tests.kernel.process.engine.bpmn import (  # fmt: skip
    HEAD,
    MESSAGE,
    boundary,
    catch,
    end,
    flow,
    gateway,
    message,
    process,
    sets,
    start,
    timer,
    user,
)
from yiwang.kernel.process.engine import ProcessInvalid, compile_process
from yiwang.kernel.process.engine.names import MAX_BYTES
from yiwang.kernel.process.engine.rules import RULES

#: What stands around a bad case, so that nothing but the bad line is wrong. Line 3 is the first line after the process.
OK = (start("a"), user("a", "e"), end())


def problems(xml, **known):
    with pytest.raises(ProcessInvalid) as caught:
        compile_process(xml, file="x.bpmn", **known)
    found = caught.value.problems
    assert all(p.where.startswith("x.bpmn:") and p.text and p.rule for p in found)
    assert len(caught.value.problems) == caught.value.params["count"]
    return [(p.rule, int(p.where.split(":")[1]), p.key.removeprefix("engine.rule.")) for p in found]


def via(element, after="e"):
    """A process whose second step is the bad element with the id x."""
    return process(start("a") + user("a", "x"), element + flow("x", after), end())


def loop(inner):
    return f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>"


ERR = ('<error id="err" errorCode="c"/>',)
ESC = ('<escalation id="esc" escalationCode="c"/>',)
G3 = (user("b", "e"), user("c", "e"), end())

BAD = [
    # rule, line, kind, file
    ("elements", 4, "element", via('<task id="x"/>')),
    ("elements", 4, "element", via('<manualTask id="x"/>')),
    ("elements", 4, "element", via('<sendTask id="x"/>')),
    ("elements", 4, "element", via('<complexGateway id="x"/>')),
    ("elements", 4, "element", via('<transaction id="x"/>')),
    ("elements", 4, "element", via('<adHocSubProcess id="x"/>')),
    ("elements", 4, "element", via('<userTask id="x" name="x" yw:role="r"><standardLoopCharacteristics/></userTask>')),
    ("elements", 4, "element", via('<intermediateThrowEvent id="x"><linkEventDefinition name="l"/></intermediateThrowEvent>')),
    ("elements", 4, "element", via('<intermediateThrowEvent id="x"><compensateEventDefinition/></intermediateThrowEvent>')),
    ("elements", 4, "element", via('<intermediateCatchEvent id="x"><signalEventDefinition/></intermediateCatchEvent>')),
    ("elements", 4, "element", via('<intermediateCatchEvent id="x"><conditionalEventDefinition/></intermediateCatchEvent>')),
    ("elements", 4, "element", via('<scriptTask id="x"><extensionElements><yw:set name="a">1</yw:set></extensionElements><script>import os</script></scriptTask>')),
    ("elements", 4, "element", via('<userTask id="x" name="x" yw:role="r"><extensionElements><yw:set name="a">1</yw:set></extensionElements></userTask>')),
    ("elements", 4, "element", via('<intermediateCatchEvent id="x"><timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition></intermediateCatchEvent>')),
    ("attributes", 4, "attribute", via('<userTask id="x" name="x" yw:role="r" assignee="me"/>')),
    ("attributes", 4, "attribute", via('<userTask id="x" name="x" yw:role="r" yw:capability="c"/>')),
    ("attributes", 4, "attribute", via('<userTask id="x" name="x" yw:role="r" xmlns:c="http://camunda.org/schema/1.0/bpmn" c:assignee="me"/>')),
    ("attributes", 4, "attribute", via('<userTask id="x" name="x" yw:role="r" isForCompensation="true"/>')),
    ("attributes", 4, "attribute", via(f'<subProcess id="x" triggeredByEvent="true">{start("y", "s2")}{user("y", "e2")}{end("e2")}</subProcess>')),
    ("attributes", 2, "attribute", process(*OK).replace(b'isExecutable="true"', b'isExecutable="false"')),
    ("identities", 4, "duplicate_id", process(start("a"), user("a", "e") + '<dataObject id="a"/>', end())),
    ("identities", 4, "bad_id", via('<userTask id="x" name="x" yw:role="r"/><userTask name="no id" yw:role="r"/>')),
    ("identities", 4, "bad_id", process(start("a b"), user("a b", "e"), end())),
    ("scopes", 2, "no_name", process(*OK).replace('name="流程"'.encode(), b"")),
    ("scopes", 1, "one_process", process(*OK).replace(b"</process>", b'</process><process id="q" name="q"><startEvent id="s9"/><endEvent id="e9"/><sequenceFlow id="f9" sourceRef="s9" targetRef="e9"/></process>')),
    ("scopes", 2, "one_start", process(*OK, start("a", "s2"))),
    ("scopes", 4, "no_end", via(f'<subProcess id="x">{start("y", "s2")}{user("y")}</subProcess>')),
    ("flows", 6, "dangling", process(*OK, flow("a", "nowhere"))),
    ("flows", 6, "dangling", process(*OK, flow("nowhere", "a"))),
    ("flows", 4, "dangling", process(start("a"), '<userTask id="a" name="a" yw:role="r"><outgoing>gone</outgoing></userTask>' + flow("a", "e"), end())),
    ("flows", 4, "dangling", via(f'<subProcess id="x">{start("y", "s2")}{user("y", "e2")}{end("e2")}{flow("y", "e", id="out")}</subProcess>')),
    ("flows", 6, "second_flow", process(*OK, flow("a", "e", id="again"))),
    ("flows", 6, "into_start", process(*OK, flow("a", "s"))),
    ("flows", 6, "out_of_end", process(*OK, flow("e", "a"))),
    ("reachable", 6, "unreachable", process(*OK, user("island", "e"))),
    ("reachable", 4, "dead_end", process(start("g"), user("x"), gateway("parallel", "g", flow("g", "x"), flow("g", "e")), end())),
    ("reachable", 4, "trap", process(start("g"), user("x", "x2"), user("x2", "x"), gateway("parallel", "g", flow("g", "x"), flow("g", "e")), end())),
    ("gateways", 3, "no_default", process(start("g") + gateway("exclusive", "g", flow("g", "b", "x"), flow("g", "c", "y")), *G3)),
    ("gateways", 3, "no_condition", process(start("g") + gateway("inclusive", "g", flow("g", "b"), flow("g", "c"), default="g-c"), *G3)),
    ("gateways", 3, "bad_default", process(start("g") + gateway("exclusive", "g", flow("g", "b", "x"), flow("g", "c", "y"), default="zz"), *G3)),
    ("gateways", 3, "default_condition", process(start("g") + gateway("exclusive", "g", flow("g", "b", "x"), flow("g", "c", "y"), default="g-c"), *G3)),
    ("gateways", 3, "stray_condition", process(start("g") + gateway("parallel", "g", flow("g", "b", "x"), flow("g", "c")), *G3)),
    ("gateways", 3, "stray_condition", process('<startEvent id="s"/>' + flow("s", "a", "x == 1"), *OK[1:])),
    ("gateways", 4, "idle_gateway", via('<exclusiveGateway id="x"/>')),
    ("gateways", 3, "bad_race", process(start("g") + gateway("eventBased", "g", flow("g", "b"), flow("g", "t")), user("b", "e"), catch("t", "e", timer()), end())),
    ("conditions", 3, "cel", process(start("g") + gateway("exclusive", "g", flow("g", "b", "amount ="), flow("g", "c"), default="g-c"), *G3)),
    ("conditions", 3, "cel", process(start("g") + gateway("exclusive", "g", flow("g", "b", "size(x) == 3"), flow("g", "c"), default="g-c"), *G3)),
    ("events", 4, "bad_event", via('<intermediateCatchEvent id="x"/>')),
    ("events", 4, "bad_event", via('<intermediateThrowEvent id="x"><errorEventDefinition errorRef="err"/></intermediateThrowEvent>').replace(HEAD.encode(), (HEAD + ERR[0]).encode())),
    ("events", 3, "bad_event", process('<startEvent id="s">' + timer() + "</startEvent>" + flow("s", "a"), *OK[1:])),
    ("events", 4, "many_definitions", via('<intermediateCatchEvent id="x">' + timer() * 2 + "</intermediateCatchEvent>")),
    ("events", 4, "unknown_event", via('<intermediateCatchEvent id="x">' + message("gone") + "</intermediateCatchEvent>")),
    ("events", 4, "unknown_event", via('<receiveTask id="x"/>')),
    ("events", 5, "unknown_event", process(*OK[:2], end("e", '<errorEventDefinition errorRef="gone"/>'))),
    ("boundaries", 6, "no_host", process(*OK, boundary("b", "gone", "e", timer()))),
    ("boundaries", 4, "bad_host", via('<scriptTask id="x"><extensionElements><yw:set name="a">1</yw:set></extensionElements></scriptTask>' + boundary("b", "x", "e", timer()))),
    ("boundaries", 6, "bad_host", process(*OK, boundary("b", "a", "e", "<escalationEventDefinition/>"))),
    ("boundaries", 6, "must_interrupt", process(*OK, boundary("b", "a", "e", "<errorEventDefinition/>", interrupting=False))),
    ("boundaries", 8, "caught_twice", process(*OK, boundary("b", "a", "e", message()), boundary("c", "a", "e", message()), outside=MESSAGE)),
    ("timers", 4, "bad_timer", via('<intermediateCatchEvent id="x">' + timer("P") + "</intermediateCatchEvent>")),
    ("timers", 4, "bad_timer", via('<intermediateCatchEvent id="x">' + timer("two days") + "</intermediateCatchEvent>")),
    ("timers", 4, "bad_timer", via('<intermediateCatchEvent id="x">' + timer("2 wd", "span") + "</intermediateCatchEvent>")),
    ("timers", 4, "bad_timer", via('<intermediateCatchEvent id="x">' + timer("2026-03-02", "timeDate") + "</intermediateCatchEvent>")),
    ("timers", 4, "bad_timer", via('<intermediateCatchEvent id="x"><timerEventDefinition/></intermediateCatchEvent>')),
    ("timers", 4, "bad_timer", via('<intermediateCatchEvent id="x">' + timer("P999Y") + "</intermediateCatchEvent>")),
    ("timers", 4, "cel", via('<intermediateCatchEvent id="x">' + timer("=a +") + "</intermediateCatchEvent>")),
    ("steps", 4, "nobody", via('<userTask id="x" name="x"/>')),
    ("steps", 4, "no_name", via('<userTask id="x" yw:role="r"/>')),
    ("steps", 4, "cel", via('<userTask id="x" name="x" yw:post="a +"/>')),
    ("steps", 4, "cel", via('<userTask id="x" name="x" yw:role="r" yw:due="=a +"/>')),
    ("steps", 4, "bad_timer", via('<userTask id="x" name="x" yw:role="r" yw:due="soon"/>')),
    ("steps", 4, "bad_name", via('<userTask id="x" name="x" yw:role="r" yw:into="1x"/>')),
    ("services", 4, "no_capability", via('<serviceTask id="x"/>')),
    ("services", 4, "unknown_capability", via('<serviceTask id="x" yw:capability="rm.rf"/>')),
    ("services", 4, "twice", via('<serviceTask id="x" yw:capability="c.do"><extensionElements><yw:input name="a">1</yw:input><yw:input name="a">2</yw:input></extensionElements></serviceTask>')),
    ("services", 4, "cel", via('<serviceTask id="x" yw:capability="c.do"><extensionElements><yw:output name="a">result.</yw:output></extensionElements></serviceTask>')),
    ("scripts", 4, "no_set", via('<scriptTask id="x"/>')),
    ("scripts", 4, "bad_name", via(sets("x", "e", now="1").replace(flow("x", "e"), ""))),
    ("scripts", 4, "cel", via('<scriptTask id="x"><extensionElements><yw:set name="a">import os</yw:set></extensionElements></scriptTask>')),
    ("tables", 4, "no_decision", via('<businessRuleTask id="x" yw:decision="d"/>')),
    ("tables", 4, "unknown_decision", via('<businessRuleTask id="x" yw:decision="d" yw:result="r"/>')),
    ("loops", 4, "what_to_repeat", via(user("x", inner=loop("")))),
    ("loops", 4, "no_item", via(user("x", inner=loop("<loopDataInputRef>xs</loopDataInputRef>")))),
    ("loops", 4, "no_output", via(user("x", inner=loop('<loopCardinality>2</loopCardinality><outputDataItem id="o" name="o"/>')))),
    ("loops", 4, "too_many_instances", via(user("x", inner=loop("<loopCardinality>1000</loopCardinality>")))),
    ("loops", 4, "cel", via(user("x", inner=loop("<loopCardinality>2</loopCardinality><completionCondition>a ==</completionCondition>")))),
    ("loops", 4, "not_repeatable", via(sets("x", "e", a="1").replace(flow("x", "e"), "").replace("</scriptTask>", loop("<loopCardinality>2</loopCardinality>") + "</scriptTask>"))),
    ("calls", 4, "unknown_process", via('<callActivity id="x" calledElement="gone"/>')),
    ("calls", 4, "unknown_process", via('<callActivity id="x"/>')),
    ("calls", 4, "calls_itself", via('<callActivity id="x" calledElement="p"/>')),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "line", "kind", "file"), BAD)
def test_what_is_wrong_is_found_by_its_rule_at_its_line(rule, line, kind, file):
    found = problems(file, known_capabilities={"c.do"})
    if kind == "cel":
        assert any(r == rule and at == line and key.startswith("cel.") for r, at, key in found), found
    else:
        assert (rule, line, kind) in found


def test_every_rule_has_a_bad_case():
    assert {rule.NAME for rule in RULES} == {case[0] for case in BAD}


def test_a_good_file_with_a_drawing_and_notes_passes_every_rule():
    good = process(
        "<documentation>诉求办理</documentation>", '<laneSet id="ls"><lane id="l1"><flowNodeRef>a</flowNodeRef></lane></laneSet>',
        start("a"), user("a", "g", attrs='yw:form="accept" yw:due="2wd" yw:title-en="Accept" yw:priority="2"'),
        gateway("exclusive", "g", flow("g", "b", "ok == true &amp;&amp; len(text) &gt; 2"), flow("g", "e"), default="g-e"),
        user("b", "e"), boundary("late", "b", "e", timer("=&quot;PT1H&quot;")), end(), '<textAnnotation id="n1"><text>x</text></textAnnotation>',
        '<association id="as1" sourceRef="a" targetRef="n1"/>',
    ).replace(b"</definitions>", b'<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="D">'
              b'<bpmndi:BPMNPlane bpmnElement="p"/></bpmndi:BPMNDiagram></definitions>')  # fmt: skip
    spec = compile_process(good, file="good.bpmn")
    assert (spec.key, spec.title_zh, spec.steps["a"].name, spec.steps["a"].attrs["due"]) == ("p", "流程", "a", "2wd")


def test_all_problems_are_told_at_once_in_the_order_of_the_lines():
    found = problems(process(start("a"), '<userTask id="a"/>' + flow("a", "x"), '<task id="x"/>', user("y", "gone")))
    assert [line for _, line, _ in found] == sorted(line for _, line, _ in found)
    assert {rule for rule, _, _ in found} >= {"elements", "flows", "reachable", "steps", "scopes"}


@pytest.mark.parametrize(
    "xml",
    [b"", b"<definitions", b"not xml", "<a/>".encode("utf-16")[:3],
     b'<!DOCTYPE a [<!ENTITY x "y">]>' + process(*OK), b'<!DOCTYPE definitions SYSTEM "http://example.org/x.dtd">' + process(*OK),
     b"<definitions>" + b" " * MAX_BYTES + b"</definitions>", b"<definitions>" + b"<a/>" * 20_001 + b"</definitions>"],
)  # fmt: skip
def test_what_is_not_plain_xml_of_bounded_size_is_refused(xml):
    ((rule, line, _),) = problems(xml)
    assert rule == "xml" and line >= 1


def test_entities_are_not_expanded():
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;">]><definitions>&c;</definitions>'
    assert problems(bomb)[0][2] in ("doctype", "not_xml")


def test_another_kind_of_xml_is_refused_by_name():
    assert problems(b"<svg/>")[0][:2] == ("elements", 1)
