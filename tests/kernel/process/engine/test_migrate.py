# ruff: noqa: E501 - process files in one line each, so that the line of a problem can be told
"""Moving a running instance to another version of its process."""

from datetime import timedelta

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
    start,
    timer,
    user,
)  # fmt: skip
from yiwang.kernel.process.engine import CannotMove, compile_process, migratable

OLD = process(start("a"), user("a", "b"), user("b", "e"), end())


def spec(xml):
    return compile_process(xml, file="new.bpmn")


def move(story, new, mapping=None):
    effects = story.run.migrate(new, mapping or {}, story.now)
    story.spec = new
    text = story.run.dump()
    story.run = type(story.run).load(new, text, story.now)
    return effects


def test_an_instance_goes_on_in_the_new_version():
    story = Story(OLD, {"n": 1}).do("a", m=2)
    new = spec(process(start("a"), user("a", "b"), user("b", "c"), user("c", "e"), end()))
    token = story.open["b"][0]
    move(story, new)
    assert [(s.step, s.token_id) for s in story.run.open_steps(NOW)] == [("b", token)]
    assert story.do("b").steps() == ["c"] and story.data == {"n": 1, "m": 2}
    assert story.do("c").ended


def test_a_renamed_step_is_mapped_and_its_count_goes_with_it():
    story = Story(OLD)
    new = spec(process(start("a2"), user("a2", "b"), user("b", "e"), end()))
    assert [p.params["element"] for p in migratable(story.spec, new, story.run, {})] == ["a"]
    with pytest.raises(CannotMove) as caught:
        story.run.migrate(new, {}, NOW)
    assert caught.value.problems[0].key == "engine.move.no_counterpart"
    assert story.run.spec is story.spec and [s.step for s in story.run.open_steps(NOW)] == ["a"]
    assert migratable(story.spec, new, story.run, {"a": "a2"}) == []
    move(story, new, {"a": "a2"})
    assert [s.step for s in story.run.open_steps(NOW)] == ["a2"]
    assert story.run.overlay()["a2"]["state"] == "active" and "a" not in story.run.overlay()


def test_a_counterpart_of_another_kind_or_an_unknown_target_is_refused():
    story = Story(OLD)
    waits = spec(process(start("a"), catch("a", "e", timer()), end()))
    assert [p.key for p in migratable(story.spec, waits, story.run, {})] == ["engine.move.no_counterpart"]
    assert "engine.move.no_target" in [p.key for p in migratable(story.spec, waits, story.run, {"a": "zzz"})]
    many = spec(process(start("a"), user("a", "e", inner="<multiInstanceLoopCharacteristics><loopCardinality>2"
                                                         "</loopCardinality></multiInstanceLoopCharacteristics>"), end()))  # fmt: skip
    assert [p.key for p in migratable(story.spec, many, story.run, {})] == ["engine.move.no_counterpart"]


def test_a_run_of_another_version_is_refused():
    story = Story(OLD)
    other = spec(process(start("x"), user("x", "e"), end()))
    assert [p.key for p in migratable(other, other, story.run, {})] == ["engine.move.other_version"]


def test_boundary_events_are_disarmed_kept_and_armed():
    story = Story(process(start("a"), user("a", "e"), boundary("old", "a", "x", timer("PT1H")),
                          boundary("kept", "a", "x", timer("PT5H")), user("x", "e"), end()))  # fmt: skip
    new = spec(process(start("a"), user("a", "e"), boundary("kept", "a", "x", timer("PT9H")),
                       boundary("m", "a", "y", message()), user("x", "e"), user("y", "e"), end(), outside=MESSAGE))  # fmt: skip
    story.now += timedelta(minutes=10)
    effects = move(story, new)
    assert effects.next_timer == NOW + timedelta(hours=5) and effects.awaiting == ["supplement"]
    assert story.tell("supplement").steps() == ["y"]


def test_a_token_that_waits_at_a_join_moves_with_the_flow_by_which_it_came():
    def both(a, join, extra=False):
        return process(
            start("g"), gateway("parallel", "g", flow("g", a), flow("g", "b")), user(a, join), user("b", join),
            gateway("parallel", join, flow(join, "z")), user("z", "e"), end(),
        )  # fmt: skip

    story = Story(both("a", "j")).do("a")
    assert migratable(story.spec, spec(both("a2", "j2")), story.run, {"j": "j2"})[0].key == "engine.move.join_changed"
    move(story, spec(both("a2", "j2")), {"a": "a2", "j": "j2"})
    assert story.do("b").steps() == ["z"]


def test_a_race_with_other_rivals_is_refused():
    def race(*more):
        return process(start("g"), gateway("eventBased", "g", flow("g", "m"), flow("g", "t"), *[flow("g", m) for m in more]),
                       catch("m", "e", message()), catch("t", "e", timer()), *[catch(m, "e", timer("PT2H")) for m in more],
                       end(), outside=MESSAGE)  # fmt: skip

    story = Story(race())
    keys = {p.key for p in migratable(story.spec, spec(race("t2")), story.run, {})}
    assert keys == {"engine.move.race_changed"}
    move(story, spec(race()))
    assert story.tell("supplement").ended


def test_what_runs_in_a_sub_process_moves_with_it():
    def nested(sp, x):
        return process(start(sp), f'<subProcess id="{sp}">{start(x, "s2")}{user(x, "e2")}{end("e2")}</subProcess>',
                       flow(sp, "a"), user("a", "e"), end())  # fmt: skip

    story = Story(nested("sp", "x"))
    assert len(migratable(story.spec, spec(nested("sp2", "x")), story.run, {})) == 2
    move(story, spec(nested("sp2", "x2")), {"sp": "sp2", "x": "x2"})
    story.open = {"x2": story.open["x"]}
    assert story.do("x2").steps() == ["a"]
