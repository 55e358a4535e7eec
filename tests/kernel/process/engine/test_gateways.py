# ruff: noqa: E501 - process files in one line each, so that the line of a problem can be told
"""Sequence and gateways: what runs, what waits, and that nothing written by one branch is lost in another."""

import pytest

from tests.kernel.process.engine.bpmn import Story, end, flow, gateway, process, sets, start, user
from yiwang.kernel.cel import CelError
from yiwang.kernel.process.engine import NoSuchToken, Runaway, RunBroken


def test_a_request_goes_from_step_to_step():
    story = Story(process(start("accept"), user("accept", "handle"), user("handle", "e"), end()))
    assert story.steps() == ["accept"]
    assert story.do("accept", category="noise").steps() == ["handle"]
    story.do("handle", result="done")
    assert story.ended and story.steps() == []
    assert story.data == {"category": "noise", "result": "done"}


def test_a_step_is_completed_once():
    story = Story(process(start("a"), user("a", "b"), user("b", "e"), end()))
    token = story.open["a"][0]
    story.do("a")
    with pytest.raises(NoSuchToken):
        story.run.complete(token, {}, story.now)
    with pytest.raises(NoSuchToken):
        story.run.complete("no number", {}, story.now)
    assert story.steps() == ["b"]


CHOICE = process(
    start("a"), user("a", "g"),
    gateway("exclusive", "g", flow("g", "b", "amount > 100"), flow("g", "c", "amount > 10"), flow("g", "d"), default="g-d"),
    user("b", "e"), user("c", "e"), user("d", "e"), end(),
)  # fmt: skip


@pytest.mark.parametrize(("amount", "step"), [(500, "b"), (50, "c"), (5, "d")])
def test_an_exclusive_gateway_takes_the_first_condition_that_holds(amount, step):
    assert Story(CHOICE).do("a", amount=amount).steps() == [step]


def test_a_condition_that_fails_breaks_the_run_and_says_why():
    story = Story(CHOICE)
    with pytest.raises(CelError) as caught:
        story.do("a", amount="many")
    assert "amount > 100" in caught.value.expression
    with pytest.raises(RunBroken):
        story.run.dump()
    with pytest.raises(RunBroken):
        story.run.advance(story.now)


def test_a_condition_is_true_or_false():
    with pytest.raises(CelError):
        Story(process(start("g"), gateway("exclusive", "g", flow("g", "a", "1"), flow("g", "b"), default="g-b"),
                      user("a", "e"), user("b", "e"), end()))  # fmt: skip


PARALLEL = process(
    start("split"), gateway("parallel", "split", flow("split", "a"), flow("split", "b"), flow("split", "c")),
    user("a", "join"), user("b", "join"), user("c", "join"), gateway("parallel", "join", flow("join", "z")),
    user("z", "e"), end(),
)  # fmt: skip


@pytest.mark.parametrize("order", ["abc", "cba", "bca"])
def test_parallel_branches_join_when_all_have_come(order):
    story = Story(PARALLEL)
    assert story.steps() == ["a", "b", "c"]
    story.do(order[0])
    story.do(order[1])
    assert story.steps() == [order[2]]
    assert story.do(order[2]).steps() == ["z"]
    assert story.do("z").ended


def test_what_one_branch_writes_is_not_overwritten_by_one_that_arrives_later():
    story = Story(PARALLEL, {"phone": "old", "list": [1, 2, 3]})
    story.do("a", phone="new", list=[1])
    story.do("b")
    story.do("c", other=1)
    assert story.data == {"phone": "new", "list": [1], "other": 1}


def test_a_parallel_join_inside_a_loop_waits_for_both_branches_each_time_round():
    story = Story(process(
        start("m"), gateway("exclusive", "m", flow("m", "split")),
        gateway("parallel", "split", flow("split", "a"), flow("split", "b")), user("a", "join"), user("b", "join"),
        gateway("parallel", "join", flow("join", "g")),
        gateway("exclusive", "g", flow("g", "m", "again == true"), flow("g", "e"), default="g-e"), end(),
    ).replace(b'<exclusiveGateway id="m"/>', b'<exclusiveGateway id="m"/>'))  # fmt: skip
    for first, second in ("ab", "ba", "ab", "ba"):
        assert story.do(first, again=True).steps() == [second]
        assert story.do(second).steps() == ["a", "b"]
    story.do("b")
    assert story.do("a", again=False).ended


def test_surplus_tokens_at_a_parallel_join_wait_for_the_next_round():
    story = Story(process(
        start("split"), gateway("parallel", "split", flow("split", "a"), flow("split", "b"), flow("split", "c")),
        user("a", "m"), user("b", "m"), user("c", "n"),
        gateway("exclusive", "m", flow("m", "join")), gateway("exclusive", "n", flow("n", "join")),
        gateway("parallel", "join", flow("join", "z")), user("z", "e"), end(),
    ).replace(b'<sequenceFlow id="n-join"', user("again", "n").encode() + b'<sequenceFlow id="n-join"')
     .replace(b'<userTask id="z"', b'<userTask id="z"').replace(flow("c", "n").encode(), flow("c", "n").encode() + flow("c", "again").encode()))  # fmt: skip
    story.do("a")
    story.do("b")
    assert story.do("c").steps() == ["again", "z"]
    assert story.do("again").steps() == ["z", "z"]


INCLUSIVE = process(
    start("x"), user("x", "split"),
    gateway("inclusive", "split", flow("split", "a", "a == true"), flow("split", "b", "b == true"), flow("split", "c"),
            default="split-c"),
    user("a", "join"), user("b", "b2"), user("b2", "join"), user("c", "join"),
    gateway("inclusive", "join", flow("join", "z")), user("z", "e"), end(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "steps"),
    [({"a": True}, ["a"]), ({"a": True, "b": True}, ["a", "b"]), ({}, ["c"]), ({"b": True}, ["b"])],
)
def test_an_inclusive_gateway_takes_every_condition_that_holds_else_the_default(chosen, steps):
    assert Story(INCLUSIVE).do("x", **chosen).steps() == steps


@pytest.mark.parametrize("order", [["a", "b", "b2"], ["b", "a", "b2"], ["b", "b2", "a"]])
def test_an_inclusive_join_waits_only_for_who_can_still_come(order):
    story = Story(INCLUSIVE).do("x", a=True, b=True)
    for step in order[:-1]:
        story.do(step)
        assert "z" not in story.steps()
    assert story.do(order[-1]).steps() == ["z"]
    alone = Story(INCLUSIVE).do("x", a=True)
    assert alone.do("a").steps() == ["z"]


def test_an_inclusive_join_waits_across_an_earlier_step_of_another_branch_that_turns_away():
    story = Story(process(
        start("split"), gateway("parallel", "split", flow("split", "a"), flow("split", "b")), user("a", "join"),
        user("b", "g"), gateway("exclusive", "g", flow("g", "join", "come == true"), flow("g", "e"), default="g-e"),
        gateway("inclusive", "join", flow("join", "z")), user("z", "e"), end(),
    ))  # fmt: skip
    assert story.do("a").steps() == ["b"]
    assert story.do("b", come=False).steps() == ["z"]


def test_a_script_sets_one_value_after_the_other():
    story = Story(
        process(start("t"), sets("t", "a", n="n + 1", twice="n * 2", when="now"), user("a", "e"), end()), {"n": 1}
    )
    assert story.data == {"n": 2, "twice": 4, "when": "2026-03-02T01:00:00+00:00"}


def test_a_process_that_never_rests_is_stopped():
    loop = process(
        start("m"), gateway("exclusive", "m", flow("m", "t")), sets("t", "g", n="1"),
        gateway("exclusive", "g", flow("g", "e", "n == 2"), flow("g", "m"), default="g-m"), end(),
    )  # fmt: skip
    with pytest.raises(Runaway):
        Story(loop)


def test_two_branches_that_end_apart_end_the_process_together():
    story = Story(process(start("split"), gateway("parallel", "split", flow("split", "a"), flow("split", "b")),
                          user("a", "e"), user("b", "e2"), end(), end("e2")))  # fmt: skip
    assert not story.do("a").ended
    assert story.do("b").ended


def test_terminate_ends_everything_at_once():
    story = Story(process(start("split"), gateway("parallel", "split", flow("split", "a"), flow("split", "b")),
                          user("a", "e"), user("b", "e2"), end("e", "<terminateEventDefinition/>"), end("e2")))  # fmt: skip
    waiting = story.open["b"][0]
    story.do("a")
    assert story.ended and story.steps() == [] and story.closed == [waiting]


def test_cancelling_closes_every_step():
    story = Story(PARALLEL)
    effects = story.run.cancel(story.now)
    assert effects.ended and sorted(effects.closed) == sorted(t[0] for t in story.open.values())
