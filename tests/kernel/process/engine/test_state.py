# ruff: noqa: E501 - process files in one line each, so that the line of a problem can be told
"""The state of a run: text, small, flat, and the same run again when it is loaded."""

from datetime import timedelta
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.process.engine.bpmn import NOW, Story, boundary, end, flow, gateway, process, sets, start, timer, user
from yiwang.kernel.process.engine import BadData, Run, StateUnreadable, compile_process

LOOP = process(
    start("m"), gateway("exclusive", "m", flow("m", "a")), user("a", "t"), sets("t", "g", n="n + 1"),
    gateway("exclusive", "g", flow("g", "e", "done == true"), flow("g", "m"), default="g-m"), end(),
)  # fmt: skip
LONG = process(start("a1"), *[user(f"a{i}", f"a{i + 1}" if i < 401 else "e") for i in range(1, 402)], end())
BRANCHES = process(
    start("pg"), gateway("parallel", "pg", flow("pg", "wait"), flow("pg", "m")), user("wait", "j"),
    gateway("exclusive", "m", flow("m", "p2")), gateway("parallel", "p2", flow("p2", "a"), flow("p2", "b")),
    user("a", "j2"), user("b", "j2"), gateway("parallel", "j2", flow("j2", "g")),
    gateway("exclusive", "g", flow("g", "j", "done == true"), flow("g", "m"), default="g-m"),
    gateway("parallel", "j", flow("j", "z")), user("z", "e"), end(),
)  # fmt: skip
REMINDED = process(
    start("m"), gateway("exclusive", "m", flow("m", "a")), user("a", "g"),
    boundary("late", "a", "mark", timer("PT1H"), interrupting=False), sets("mark", "e2", late="true"), end("e2"),
    gateway("exclusive", "g", flow("g", "e", "done == true"), flow("g", "m"), default="g-m"), end(),
)  # fmt: skip


def sizes(xml, choose, count=400):
    story = Story(xml, {"n": 0})
    found = []
    for i in range(count):
        story.now += timedelta(minutes=61)
        story._take(story.run.advance(story.now))
        story.do(choose(i))
        found.append(len(story.run.dump()))
    return found


@pytest.mark.parametrize(
    ("xml", "choose"),
    [(LOOP, lambda i: "a"), (BRANCHES, lambda i: "ab"[i % 2]), (REMINDED, lambda i: "a"), (LONG, lambda i: f"a{i + 1}")],
    ids=["loop", "branches", "reminded", "long"],
)  # fmt: skip
def test_the_state_stays_flat_over_four_hundred_steps(xml, choose):
    found = sizes(xml, choose)
    assert found[399] <= 1.5 * found[49]


def test_the_tokens_do_not_grow():
    story = Story(BRANCHES, {"n": 0})
    for i in range(50):
        story.do("ab"[i % 2])
    assert len(orjson.loads(story.run.dump())["tokens"]) == 3


def test_key_order_of_the_data_is_kept():
    story = Story(LOOP, {"n": 0, "z": 1, "b": {"y": 1, "a": 2}})
    story.do("a", c=1)
    assert list(story.data) == ["n", "z", "b", "c"] and list(story.data["b"]) == ["y", "a"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"v":1}', '{"v":99,"spec":"x"}'])
def test_a_state_that_cannot_be_read_is_told(text):
    with pytest.raises(StateUnreadable):
        Run.load(compile_process(LOOP, file="p"), text, NOW)


def test_a_state_belongs_to_its_version():
    text = Story(LOOP, {"n": 0}).run.dump()
    with pytest.raises(StateUnreadable):
        Run.load(compile_process(REMINDED, file="p"), text, NOW)


def test_the_overlay_counts_although_finished_branches_are_gone():
    story = Story(LOOP, {"n": 0})
    for _ in range(9):
        story.now += timedelta(hours=1)
        story.do("a")
    overlay = story.run.overlay()
    assert overlay["a"] == {"state": "active", "count": 10, "entered_at": NOW + timedelta(hours=9)}
    assert overlay["s"]["count"] == 1 and overlay["g"] == {
        "state": "done",
        "count": 9,
        "entered_at": NOW + timedelta(hours=9),
    }
    assert overlay["g-m"]["count"] == 9 and "e" not in overlay
    story.do("a", done=True)
    assert story.run.overlay()["e"]["state"] == "done"


def test_the_compiled_process_is_not_changed_by_its_runs():
    spec = compile_process(BRANCHES, file="p")
    before = {name: (list(s._inputs), list(s._outputs), dict(vars(s))) for name, s in spec.main.task_specs.items()}
    runs = [Run.new(spec, {"n": i}, NOW) for i in range(3)]
    for run in runs:
        for step in run.started.opened:
            run.complete(step.token_id, {}, NOW)
    after = {name: (list(s._inputs), list(s._outputs), dict(vars(s))) for name, s in spec.main.task_specs.items()}
    assert before == after
    assert [run.data["n"] for run in runs] == [0, 1, 2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["wait", "a", "b", "z"]), st.booleans()), max_size=25))
def test_a_run_that_is_stored_after_every_move_does_what_one_in_memory_does(moves):
    kept, stored = Story(BRANCHES, {"n": 0}, stored=False), Story(BRANCHES, {"n": 0})
    for step, done in moves:
        assert kept.steps() == stored.steps()
        if not kept.open.get(step):
            continue
        kept.do(step, done=done)
        stored.do(step, done=done)
    assert kept.run.dump() == stored.run.dump()


CHAIN = st.recursive(
    st.just(("task",)),
    lambda inner: st.tuples(st.sampled_from(["seq", "and", "or"]), st.lists(inner, min_size=2, max_size=3)),
    max_leaves=8,
)


class _Drawn:
    """A block-structured process drawn at random: every split has its join."""

    def __init__(self, tree):
        self.lines, self.tasks, self.n = [], [], 0
        first, last = self.block(tree)
        self.xml = process(start(first), *self.lines, flow(last, "e"), end())

    def name(self, kind):
        self.n += 1
        return f"{kind}{self.n}"

    def block(self, tree):
        if tree[0] == "task":
            name = self.name("t")
            self.tasks.append(name)
            self.lines.append(user(name))
            return name, name
        parts = [self.block(part) for part in tree[1]]
        if tree[0] == "seq":
            self.lines += [flow(a[1], b[0]) for a, b in zip(parts, parts[1:], strict=False)]
            return parts[0][0], parts[-1][1]
        kind, split, join = ("parallel" if tree[0] == "and" else "inclusive"), self.name("s"), self.name("j")
        conditions = ["" if kind == "parallel" else f"bits.exists(x, x == {i})" for i in range(len(parts))]
        flows = [flow(split, a, c) for (a, _), c in zip(parts, conditions, strict=True)]
        default = ""
        if kind == "inclusive":
            flows[-1] = flow(split, parts[-1][0])
            default = f"{split}-{parts[-1][0]}"
        self.lines.append(gateway(kind, split, *flows, default=default))
        self.lines.append(gateway(kind, join, *[flow(b, join) for _, b in parts]))
        return split, join


@settings(max_examples=80, deadline=None)
@given(CHAIN, st.sets(st.integers(0, 2)), st.randoms(use_true_random=False))
def test_any_block_structured_process_ends_and_does_each_task_at_most_once(tree, bits, chance):
    drawn = _Drawn(tree)
    story = Story(drawn.xml, {"bits": sorted(bits)})
    done = []
    while not story.ended:
        open_now = story.steps()
        assert open_now, "nothing is open and yet it has not ended"
        step = chance.choice(open_now)
        done.append(step)
        story.do(step)
    assert len(done) == len(set(done)) and set(done) <= set(drawn.tasks)
    if "or" not in str(tree):
        assert set(done) == set(drawn.tasks)


def test_four_hundred_steps_cost_the_same_each():
    """The work of a step is counted in tokens looked at, not in time: a bench does that."""
    run = Run.new(compile_process(LOOP, file="p"), {"n": 0}, NOW)
    effects = run.started
    for _ in range(400):
        effects = run.complete(effects.opened[0].token_id, {}, NOW)
    assert len(run._instance.tasks) == 2 and not run._instance.event_manager.tasks


@pytest.mark.parametrize(
    "bad", [2**63, float("nan"), "\ud800", object(), {1: 2}, {"a": {2}}, [[[object()]]], b"x"], ids=str
)
def test_what_cannot_be_stored_is_refused_and_the_run_goes_on(bad):
    story = Story(LOOP, {"n": 0})
    with pytest.raises(BadData):
        story.do("a", bad=bad)
    with pytest.raises(BadData):
        Story(LOOP, {"n": 0, "bad": bad})
    story.open["a"] = [story.run.open_steps(NOW)[0].token_id]
    assert story.do("a", good=1).data["good"] == 1


def test_what_a_kept_run_sees_is_what_a_loaded_one_sees():
    given = {"n": 0, "at": NOW, "day": NOW.date(), "who": UUID(int=1), "many": (1, 2), "span": timedelta(hours=1)}
    kept, stored = Story(LOOP, given, stored=False), Story(LOOP, given)
    assert kept.data == stored.data
    assert stored.data["who"] == str(UUID(int=1)) and stored.data["many"] == [1, 2] and stored.data["span"] == 3600


def test_nobody_changes_the_data_from_outside_by_accident():
    form = {"files": ["a"]}
    story = Story(LOOP, {"n": 0}, stored=False)
    story.do("a", **form)
    form["files"].append("b")
    assert story.data["files"] == ["a"]
