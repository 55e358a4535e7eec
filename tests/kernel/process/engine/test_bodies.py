# ruff: noqa: E501 - process files in one line each, so that the line of a problem can be told
"""Sub-processes, called processes and repeated steps."""

import pytest

from tests.kernel.process.engine.bpmn import (
    Story,
    boundary,
    end,
    flow,
    gateway,
    process,
    service,
    sets,
    start,
    timer,
    user,
)
from yiwang.kernel.cel import CelError
from yiwang.kernel.process.engine import compile_process


def sub(id: str, *inner: str, to: str, loop: str = "") -> str:
    return f'<subProcess id="{id}">{loop}' + "\n".join(inner) + "</subProcess>" + flow(id, to)


def many(
    over: str = "posts", item: str = "post", out: str = "", out_item: str = "", until: str = "", seq: bool = False
) -> str:
    source = f"<loopCardinality>{over}</loopCardinality>" if not item else (
        f'<loopDataInputRef>{over}</loopDataInputRef><inputDataItem id="in-{item}-{out}" name="{item}"/>')  # fmt: skip
    target = f"<loopDataOutputRef>{out}</loopDataOutputRef>" if out else ""
    target += f'<outputDataItem id="out-{out_item}" name="{out_item}"/>' if out_item else ""
    stop = f"<completionCondition>{until}</completionCondition>" if until else ""
    return (f'<multiInstanceLoopCharacteristics isSequential="{str(seq).lower()}">{source}{target}{stop}'
            "</multiInstanceLoopCharacteristics>")  # fmt: skip


def test_a_sub_process_shares_the_data_of_its_process():
    story = Story(process(start("sp"), sub("sp", start("x", "s2"), sets("x", "y", n="n + 1"), user("y", "e2"), end("e2"),
                                           to="a"), user("a", "e"), end()), {"n": 1})  # fmt: skip
    assert story.data == {"n": 2}
    assert story.do("y", m=5).steps() == ["a"]
    assert story.data == {"n": 2, "m": 5}


def test_a_sub_process_without_people_inside_passes_at_once():
    story = Story(process(start("sp"), sub("sp", start("x", "s2"), sets("x", "e2", n="1"), end("e2"), to="a"), user("a", "e"),
                          end()))  # fmt: skip
    assert story.steps() == ["a"]


def test_joint_handling_opens_a_step_for_each_post_and_collects_what_they_say():
    story = Story(process(start("a"), user("a", "z", attrs='yw:post="post"', inner=many(out="opinions", out_item="opinion")),
                          user("z", "e"), end()), {"posts": [7, 8, 9]})  # fmt: skip
    assert [(s.attrs["post"], s.index, s.total, s.data["post"]) for s in story.opened] == [
        (7, 0, 3, 7), (8, 1, 3, 8), (9, 2, 3, 9)]  # fmt: skip
    assert story.do("a", 2, opinion="no").steps() == ["a", "a"]
    story.do("a", 0, opinion="yes")
    assert story.do("a", 0, opinion="maybe").steps() == ["z"]
    assert story.data == {"posts": [7, 8, 9], "opinions": ["yes", "maybe", "no"]}


def test_without_a_name_for_it_the_whole_form_of_each_is_collected():
    story = Story(process(start("a"), user("a", "e", inner=many(out="forms")), end()), {"posts": [7, 8]})
    story.do("a", 0, ok=True)
    story.do("a", 0, ok=False)
    assert story.data["forms"] == [
        {"loopCounter": 0, "post": 7, "ok": True},
        {"loopCounter": 1, "post": 8, "ok": False},
    ]


def test_one_after_the_other():
    story = Story(process(start("a"), user("a", "z", inner=many(seq=True, out="said", out_item="x")), user("z", "e"), end()),
                  {"posts": [7, 8]})  # fmt: skip
    assert story.steps() == ["a"] and story.opened[-1].data["post"] == 7
    assert story.do("a", x=1).steps() == ["a"] and story.opened[-1].data["post"] == 8
    assert story.do("a", x=2).steps() == ["z"] and story.data["said"] == [1, 2]


@pytest.mark.parametrize("seq", [False, True])
def test_a_completion_condition_ends_the_rest(seq):
    story = Story(process(start("a"), user("a", "z", inner=many("3", "", until="approved == false", seq=seq)), user("z", "e"),
                          end()))  # fmt: skip
    assert story.do("a", approved=True).steps().count("a") == (1 if seq else 2)
    assert story.do("a", approved=False).steps() == ["z"]
    assert len(story.closed) == (0 if seq else 1)


def test_a_completion_condition_counts():
    story = Story(process(start("a"), user("a", "z", inner=many("4", "", until="nrOfCompletedInstances * 2 &gt;= nrOfInstances")),
                          user("z", "e"), end()))  # fmt: skip
    assert story.do("a").steps() == ["a", "a", "a"]
    assert story.do("a").steps() == ["z"]


def test_a_completion_condition_can_look_at_what_was_collected():
    story = Story(process(start("a"), user("a", "z", inner=many(out="votes", out_item="v", until="votes.exists(x, x == 'no')")),
                          user("z", "e"), end()), {"posts": [1, 2, 3]})  # fmt: skip
    assert story.do("a", v="yes").steps() == ["a", "a"]
    assert story.do("a", v="no").steps() == ["z"]


def test_nobody_to_ask_goes_on():
    story = Story(process(start("a"), user("a", "z", inner=many(out="said")), user("z", "e"), end()), {"posts": []})
    assert story.steps() == ["z"] and story.data["said"] == []


@pytest.mark.parametrize("posts", ["many", 3, None, list(range(201))])
def test_what_cannot_be_repeated_is_told(posts):
    with pytest.raises(CelError):
        Story(process(start("a"), user("a", "e", inner=many()), end()), {"posts": posts})


def test_a_timer_around_a_repeated_step_closes_all_of_them():
    story = Story(process(start("a"), user("a", "e", inner=many()), boundary("late", "a", "z", timer()), user("z", "e"), end()),
                  {"posts": [1, 2, 3]}).do("a")  # fmt: skip
    assert story.wait(hours=1).steps() == ["z"] and len(story.closed) == 2


def test_a_repeated_sub_process_keeps_the_data_of_each_instance_apart():
    story = Story(process(
        start("sp"),
        sub("sp", start("x", "s2"), user("x", "t"), sets("t", "y", mine="post * 10 + answer"), user("y", "e2"), end("e2"),
            to="z", loop=many(out="all", out_item="mine")),
        user("z", "e"), end(),
    ), {"posts": [1, 2]})  # fmt: skip
    assert story.steps() == ["x", "x"]
    story.do("x", 1, answer=5)
    story.do("x", 0, answer=6)
    assert story.steps() == ["y", "y"]
    story.do("y", 0)
    assert story.do("y", 0).steps() == ["z"]
    assert story.data["all"] == [16, 25] and "mine" not in story.data


def test_a_repeated_service():
    story = Story(process(start("c"), service("c", "e", inputs={"to": "post"}).replace(
        "</extensionElements>", "</extensionElements>" + many(seq=True)), end()), {"posts": [1, 2]})  # fmt: skip
    assert story.inputs["c"] == {"to": 1}
    assert story.answer("c").inputs["c"] == {"to": 2}
    assert story.answer("c").ended


CHILD = compile_process(
    process(start("x"), user("x", "t"), sets("t", "e", total="amount * 2"), end(), key="child"), file="c"
)


def call(id: str, to: str, called: str = "child", inputs: str = "", inner: str = "") -> str:
    return (
        f'<callActivity id="{id}" calledElement="{called}"><extensionElements>{inputs}</extensionElements>{inner}</callActivity>'
        + flow(id, to)
    )


def test_a_called_process_has_its_own_data():
    story = Story(process(
        start("c"), call("c", "a", inputs='<yw:input name="amount">n + 1</yw:input><yw:output name="sum">total</yw:output>'),
        user("a", "e"), end()), {"n": 4, "secret": 1}, processes={"child": CHILD})  # fmt: skip
    assert story.steps() == ["child/x"] and story.opened[0].data == {"amount": 5}
    assert story.spec.steps["child/x"].kind == "userTask"
    assert story.do("child/x", note="inside").steps() == ["a"]
    assert story.data == {"n": 4, "secret": 1, "sum": 10}


def test_without_inputs_and_outputs_all_data_go_in_and_come_back():
    story = Story(
        process(start("c"), call("c", "a"), user("a", "e"), end()), {"amount": 4}, processes={"child": CHILD}.get
    )
    story.do("child/x", note="n")
    assert story.data == {"amount": 4, "note": "n", "total": 8}


def test_called_processes_call_others_and_are_repeated():
    middle = compile_process(
        process(start("c"), call("c", "e"), end(), key="middle"), file="m", processes={"child": CHILD}
    )
    story = Story(process(start("c"), call("c", "a", "middle", inner=many("items", "amount", out="got", out_item="total")),
                          user("a", "e"), end()), {"items": [1, 2]}, processes={"middle": middle})  # fmt: skip
    assert story.steps() == ["middle/child/x", "middle/child/x"]
    story.do("middle/child/x")
    assert story.do("middle/child/x").steps() == ["a"]
    assert story.data["got"] == [2, 4]


def test_the_digest_covers_what_is_called():
    other = compile_process(process(start("x"), user("x", "e"), end(), key="child"), file="c")
    file = process(start("c"), call("c", "e"), end())
    first = compile_process(file, file="p", processes={"child": CHILD})
    second = compile_process(file, file="p", processes={"child": other})
    assert first.digest != second.digest


def test_steps_tell_what_was_computed_for_them():
    story = Story(process(start("a"), user("a", "e", attrs='yw:org="dept" yw:priority="urgent ? 1 : 3" yw:due="=days + \'wd\'" '
                                           'yw:form="accept" yw:title-en="Accept"'), end()),
                  {"dept": "320200/chengguan", "urgent": True, "days": "2"})  # fmt: skip
    assert story.opened[0].attrs == {"role": "handler", "org": "320200/chengguan", "priority": 1, "due": "2wd",
                                     "form": "accept", "title-en": "Accept"}  # fmt: skip
    with pytest.raises(CelError):
        Story(process(start("a"), user("a", "e", attrs='yw:post="dept"'), end()), {"dept": "x"})


def test_results_can_be_kept_under_a_name():
    story = Story(process(start("a"), user("a", "e", attrs='yw:into="verify"'), end()), {"n": 1}).do("a", ok=True)
    assert story.data == {"n": 1, "verify": {"ok": True}}


def test_parallel_sub_processes_with_gateways_inside():
    inner = (gateway("parallel", "g1", flow("g1", "x"), flow("g1", "y")), user("x", "g2"), user("y", "g2"),
             gateway("parallel", "g2", flow("g2", "e2")), end("e2"))  # fmt: skip
    story = Story(
        process(start("sp"), sub("sp", start("g1", "s2"), *inner, to="z", loop=many("2", "")), user("z", "e"), end())
    )
    assert story.steps() == ["x", "x", "y", "y"]
    story.do("x", 0)
    story.do("x", 0)
    story.do("y", 0)
    assert story.steps() == ["y"]
    assert story.do("y", 0).steps() == ["z"]
