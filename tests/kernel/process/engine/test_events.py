# ruff: noqa: E501 - process files in one line each, so that the line of a problem can be told
"""Timers on the supplied moment, messages by name, boundary events, errors, escalations."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.kernel.process.engine.bpmn import (
    MESSAGE,
    NOW,
    Story,
    boundary,
    catch,
    end,
    flow,
    gateway,
    message,
    process,
    service,
    sets,
    start,
    timer,
    user,
)  # fmt: skip
from yiwang.kernel.cel import CelError
from yiwang.kernel.process.engine import ErrorNotCaught, NotAwaited

ERROR = ('<error id="err1" name="x" errorCode="no-post"/>', '<error id="err2" name="y" errorCode="other"/>')
ESCALATION = ('<escalation id="esc1" name="x" escalationCode="late"/>',)


def error(ref: str = "err1") -> str:
    return f'<errorEventDefinition errorRef="{ref}"/>' if ref else "<errorEventDefinition/>"


def escalation(ref: str = "esc1") -> str:
    return f'<escalationEventDefinition escalationRef="{ref}"/>' if ref else "<escalationEventDefinition/>"


def test_a_timer_waits_by_the_supplied_clock():
    story = Story(process(start("t"), catch("t", "a", timer("P1DT2H")), user("a", "e"), end()))
    assert story.last.next_timer == NOW + timedelta(days=1, hours=2)
    assert story.wait(hours=25).steps() == []
    assert story.wait(hours=1).steps() == ["a"]
    assert story.last.next_timer is None


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [("timeDuration", "P1M", datetime(2026, 4, 2, 1, tzinfo=UTC)), ("timeDuration", "PT90S", NOW + timedelta(seconds=90)),
     ("timeDate", "2026-03-05T09:00+08:00", datetime(2026, 3, 5, 1, tzinfo=UTC)), ("span", "3d", NOW + timedelta(days=3)),
     ("span", "30m", NOW + timedelta(minutes=30)), ("timeDuration", '="PT" + string(hours) + "H"', NOW + timedelta(hours=5)),
     ("timeDate", "=now + duration(&quot;1h&quot;)", NOW + timedelta(hours=1)), ("span", "=rush ? &quot;1h&quot; : &quot;2h&quot;", NOW + timedelta(hours=1))],
)  # fmt: skip
def test_when_timers_are_due(kind, text, due):
    story = Story(process(start("t"), catch("t", "e", timer(text, kind)), end()), {"hours": 5, "rush": True})
    assert story.last.next_timer == due


def test_working_days_are_asked_of_the_city():
    asked = []

    def due(moment, span):
        asked.append((moment, span))
        return moment + timedelta(days=4)

    story = Story(process(start("t"), catch("t", "e", timer("2wd", "span")), end()), due=due)
    assert asked == [(NOW, "2wd")]
    assert not story.wait(days=3).ended
    assert story.wait(days=1).ended
    with pytest.raises(CelError):
        Story(process(start("t"), catch("t", "e", timer("2wd", "span")), end()))


def test_a_bad_computed_timer_is_told():
    with pytest.raises(CelError) as caught:
        Story(process(start("t"), catch("t", "e", timer("=soon")), end()), {"soon": "tomorrow"})
    assert "tomorrow" in str(caught.value)


REMINDED = process(
    start("a"), user("a", "e"), boundary("late", "a", "urge", timer("PT1H"), interrupting=False), user("urge", "e2"),
    end(), end("e2"),
)  # fmt: skip


def test_a_boundary_timer_that_does_not_interrupt_leaves_the_step_open():
    story = Story(REMINDED).wait(hours=2)
    assert story.steps() == ["a", "urge"] and story.closed == []
    assert story.wait(hours=2).steps() == ["a", "urge"]
    assert not story.do("a").ended
    assert story.do("urge").ended


def test_a_boundary_timer_is_disarmed_when_the_step_is_done():
    story = Story(REMINDED).do("a")
    assert story.ended and story.last.next_timer is None


def test_a_boundary_timer_that_interrupts_closes_the_step():
    story = Story(process(start("a"), user("a", "e"), boundary("late", "a", "b", timer("PT1H")), user("b", "e"), end()))
    token = story.open["a"][0]
    assert story.wait(hours=1).steps() == ["b"]
    assert story.closed == [token]
    assert story.do("b").ended


def test_timers_that_are_due_together_fire_in_their_order():
    story = Story(process(
        start("a"), user("a", "e"), boundary("t2", "a", "b", timer("PT2H")), boundary("t1", "a", "c", timer("PT1H")),
        user("b", "e"), user("c", "e"), end(),
    ))  # fmt: skip
    assert story.wait(hours=5).steps() == ["c"]


def test_a_message_is_awaited_by_name_and_brings_data():
    story = Story(process(start("m"), catch("m", "a", message()), user("a", "e"), end(), outside=MESSAGE))
    assert story.last.awaiting == ["supplement"] and story.run.awaits("supplement")
    with pytest.raises(NotAwaited):
        story.tell("withdraw")
    assert story.tell("supplement", file="x.jpg").steps() == ["a"]
    assert story.data == {"file": "x.jpg"} and story.last.awaiting == []
    with pytest.raises(NotAwaited):
        story.tell("supplement")


def test_a_receive_task_waits_and_can_be_interrupted():
    file = process(
        start("r"), '<receiveTask id="r" messageRef="m1"/>', flow("r", "a"), boundary("late", "r", "b", timer("PT1H")),
        user("a", "e"), user("b", "e"), end(), outside=MESSAGE,
    )  # fmt: skip
    assert Story(file).tell("supplement").steps() == ["a"]
    story = Story(file).wait(hours=1)
    assert story.steps() == ["b"] and story.last.awaiting == []


def test_a_boundary_message_that_does_not_interrupt_comes_as_often_as_it_is_sent():
    story = Story(process(
        start("a"), user("a", "e"), boundary("m", "a", "note", message(), interrupting=False), user("note", "e2"), end(),
        end("e2"), outside=MESSAGE,
    ))  # fmt: skip
    story.tell("supplement", n=1)
    story.tell("supplement", n=2)
    assert story.steps() == ["a", "note", "note"]
    story.do("a")
    assert story.last.awaiting == [] and story.steps() == ["note", "note"]


def test_a_boundary_message_that_interrupts():
    story = Story(process(
        start("a"), user("a", "e"), boundary("m", "a", "b", message()), user("b", "e"), end(), outside=MESSAGE,
    )).tell("supplement")  # fmt: skip
    assert story.steps() == ["b"]


RACE = process(
    start("g"), gateway("eventBased", "g", flow("g", "m"), flow("g", "t"), flow("g", "r")),
    catch("m", "a", message()), catch("t", "b", timer("PT1H")), '<receiveTask id="r" messageRef="m2"/>', flow("r", "c"),
    user("a", "e"), user("b", "e"), user("c", "e"), end(), outside=(*MESSAGE, '<message id="m2" name="withdraw"/>'),
)  # fmt: skip


def test_an_event_based_gateway_goes_with_what_happens_first():
    for move, step in (
        (lambda s: s.tell("supplement"), "a"), (lambda s: s.wait(hours=1), "b"), (lambda s: s.tell("withdraw"), "c")
    ):  # fmt: skip
        story = Story(RACE)
        assert story.last.awaiting == ["supplement", "withdraw"] and story.last.next_timer is not None
        assert move(story).steps() == [step]
        assert story.last.awaiting == [] and story.last.next_timer is None


def test_an_event_based_gateway_in_a_loop_starts_anew():
    story = Story(process(
        start("g0"), gateway("exclusive", "g0", flow("g0", "g")),
        gateway("eventBased", "g", flow("g", "m"), flow("g", "t")), catch("m", "g0", message()), catch("t", "e", timer()),
        end(), outside=MESSAGE,
    ).replace(b'<endEvent id="e">', b'<endEvent id="e">'))  # fmt: skip
    for _ in range(3):
        story.wait(minutes=50)
        assert not story.tell("supplement").ended
    assert story.wait(hours=1).ended


def test_a_service_is_called_with_its_inputs_and_its_result_is_mapped():
    story = Story(process(
        start("route"), service("route", "a", "incident.route", {"category": "kind", "n": "count + 1"},
                                {"post": "result.post", "total": "count + result.extra"}),
        user("a", "e"), end(),
    ), {"kind": "noise", "count": 1})  # fmt: skip
    (call,) = story.last.services
    assert (call.capability, call.step, call.inputs) == ("incident.route", "route", {"category": "noise", "n": 2})
    assert [c.token_id for c in story.run.open_services(NOW)] == [call.token_id]
    story.answer("route", post=7, extra=10, ignored="x")
    assert story.steps() == ["a"] and story.data == {"kind": "noise", "count": 1, "post": 7, "total": 11}


FAILING = process(
    start("route"), service("route", "a"), boundary("b1", "route", "fallback", error()),
    boundary("b2", "route", "fallback2", error("")), user("a", "e"), user("fallback", "e"), user("fallback2", "e"), end(),
    outside=ERROR,
)  # fmt: skip


def test_an_error_goes_to_the_boundary_event_of_its_code_else_to_the_one_for_any():
    assert Story(FAILING).fail("route", "no-post").steps() == ["fallback"]
    assert Story(FAILING).fail("route", "timeout").steps() == ["fallback2"]
    assert Story(FAILING).answer("route").steps() == ["a"]


def test_an_error_that_nobody_catches_is_refused_and_the_stored_state_still_stands():
    story = Story(process(start("c"), service("c", "e"), end()))
    text = story.run.dump()
    with pytest.raises(ErrorNotCaught):
        story.fail("c", "no-post")
    story.run = type(story.run).load(story.spec, text, NOW)
    assert story.answer("c").ended


def sub(id: str, *inner: str, to: str = "", loop: str = "") -> str:
    return f'<subProcess id="{id}">{loop}' + "\n".join(inner) + "</subProcess>" + (flow(id, to) if to else "")


INSIDE = sub("sp", start("c", "s2"), service("c", "x"), user("x", "e2"), end("e2"), to="a")


def test_an_error_inside_a_sub_process_is_caught_outside_and_closes_what_was_open():
    story = Story(process(start("sp"), INSIDE, boundary("b", "sp", "help", error()), user("a", "e"), user("help", "e"),
                          end(), outside=ERROR))  # fmt: skip
    assert story.fail("c", "no-post").steps() == ["help"]
    assert story.do("help").ended


def test_an_error_end_event_interrupts_its_sub_process_at_once():
    story = Story(process(
        start("sp"),
        sub("sp", start("pg", "s2"), gateway("parallel", "pg", flow("pg", "x"), flow("pg", "y")), user("x", "e2"),
            user("y", "e3"), end("e2"), end("e3", error()), to="a"),
        boundary("b", "sp", "help", error()), user("a", "e"), user("help", "e"), end(), outside=ERROR,
    ))  # fmt: skip
    waiting = story.open["x"][0]
    assert story.do("y").steps() == ["help"] and story.closed == [waiting]


def test_an_error_end_event_that_nobody_catches_ends_the_run_with_its_code():
    story = Story(process(
        start("sp"), sub("sp", start("x", "s2"), user("x", "e2"), end("e2", error()), to="a"), user("a", "e"), end(),
        outside=ERROR,
    )).do("x")  # fmt: skip
    assert story.ended and story.last.error == "no-post" and story.run.error == "no-post" and story.steps() == []


@pytest.mark.parametrize(("interrupting", "steps"), [(True, ["boss"]), (False, ["boss", "y"])])
def test_an_escalation_tells_the_outside_and_may_leave_the_inside_running(interrupting, steps):
    story = Story(process(
        start("sp"),
        sub("sp", start("x", "s2"), user("x", "up"), f'<intermediateThrowEvent id="up">{escalation()}</intermediateThrowEvent>',
            flow("up", "y"), user("y", "e2"), end("e2"), to="a"),
        boundary("b", "sp", "boss", escalation(), interrupting), user("a", "e"), user("boss", "e3"), end(), end("e3"),
        outside=ESCALATION,
    )).do("x")  # fmt: skip
    assert story.steps() == steps


def test_an_escalation_that_nobody_catches_is_only_a_mark():
    story = Story(process(
        start("sp"), sub("sp", start("x", "s2"), user("x", "e2"), end("e2", escalation()), to="a"), user("a", "e"), end(),
        outside=ESCALATION,
    )).do("x")  # fmt: skip
    assert story.steps() == ["a"]


def test_a_timer_around_a_sub_process_closes_everything_inside():
    story = Story(process(
        start("sp"), sub("sp", start("x", "s2"), user("x", "sp2"), sub("sp2", start("y", "s3"), user("y", "e3"), end("e3"),
                                                                       to="e2"), end("e2"), to="a"),
        boundary("b", "sp", "help", timer("PT1H")), user("a", "e"), user("help", "e"), end(),
    )).do("x")  # fmt: skip
    assert story.steps() == ["y"]
    assert story.wait(hours=1).steps() == ["help"]
    assert len(story.closed) == 1


def test_a_moment_needs_a_time_zone():
    story = Story(REMINDED)
    with pytest.raises(ValueError, match="time zone"):
        story.run.advance(datetime(2026, 3, 2))


def test_a_script_behind_a_boundary_timer_runs_in_the_same_move():
    story = Story(process(start("a"), user("a", "e"), boundary("late", "a", "mark", timer(), interrupting=False),
                          sets("mark", "e2", late="true"), end(), end("e2")))  # fmt: skip
    assert story.wait(hours=1).data == {"late": True} and story.steps() == ["a"]


def test_a_repeated_step_that_fails_is_taken_over_as_a_whole():
    many = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    story = Story(process(start("a"), user("a", "e", inner=many), boundary("b", "a", "help", error()), user("help", "e"),
                          end(), outside=ERROR))  # fmt: skip
    assert story.fail("a", "no-post").steps() == ["help"] and len(story.closed) == 3


def test_an_inclusive_block_inside_a_loop():
    story = Story(process(
        start("m"), gateway("exclusive", "m", flow("m", "split")),
        gateway("inclusive", "split", flow("split", "a", "n &gt; 0"), flow("split", "b", "n &gt; 1"), flow("split", "c"),
                default="split-c"),
        user("a", "join"), user("b", "join"), user("c", "join"), gateway("inclusive", "join", flow("join", "g")),
        gateway("exclusive", "g", flow("g", "m", "n &lt; 3"), flow("g", "e"), default="g-e"), end(),
    ), {"n": 0})  # fmt: skip
    assert story.steps() == ["c"]
    assert story.do("c", n=2).steps() == ["a", "b"]
    assert story.do("b").steps() == ["a"]
    assert story.do("a", n=1).steps() == ["a"]
    assert story.do("a", n=2).steps() == ["a", "b"]
    story.do("a")
    assert story.do("b", n=3).ended
