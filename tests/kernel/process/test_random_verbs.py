"""Any sequence of verbs: nothing said is lost, one live row holds the token, clocks go on, an end is in reach."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.kernel.process.boards import CARD, NINE, again, main_task, make_board, place
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.process import verbs
from yiwang.kernel.process.board import Board, Card
from yiwang.kernel.process.errors import NotNow
from yiwang.kernel.process.model import BLOCKING, FINAL, By, TaskRow
from yiwang.kernel.process.rules import VERBS, allowed

POSTS = st.integers(min_value=10, max_value=19)
STEPS = ("accept", "dispatch", "handle", "check")


class Offices(RuleBasedStateMachine):
    """A process of four steps in a row, its engine reduced to 'which step is next'."""

    @initialize()
    def begin(self) -> None:
        self.now = NINE
        self.board: Board = make_board()
        self.step = 0
        self.token = 1
        self.said: list[UUID] = []
        self.logged = 0
        self.ended = False
        self._open(None)
        self._settle()

    def _open(self, cause: TaskRow | None) -> None:
        name = STEPS[self.step]
        main_task(self.board, token=str(self.token), post=self.step + 1, cause=cause,
                  card=Card(name, name, name, name, "2wd", None, 0))  # fmt: skip

    def _settle(self) -> None:
        """What saving and loading does: the next action finds the rows and nothing else."""
        self.said += [n["id"] for n in self.board.notes]
        self.logged += len(self.board.logs)
        self.board = again(self.board, now=self.now)

    def _pick(self, data: st.DataObject, live: bool = True) -> TaskRow:
        rows = (live and self.board.live()) or list(self.board.rows.values())
        return rows[data.draw(st.integers(0, len(rows) - 1))]  # ids are random: only the order is repeatable

    def _try(self, verb: str, row: TaskRow, *args: object) -> None:
        """Do it as the one who has it in hands; what the table does not allow must be refused and change nothing."""
        who = row.claimed_by or UUID(int=row.post)
        if verb == "recall" and row.done_by:
            who = row.done_by
        self.board.by = By(who, f"p{who.int}", row.post)
        calls = {"return": verbs.return_task}
        before = {k: (r.state, r.version, r.due_at) for k, r in self.board.rows.items()}
        try:
            result = (calls.get(verb) or getattr(verbs, verb))(self.board, row, *args)
        except YiwangError as error:
            assert before == {k: (r.state, r.version, r.due_at) for k, r in self.board.rows.items()}, error
            assert isinstance(error, NotNow) != allowed(verb, row.kind, row.state) or not isinstance(error, NotNow)
            return
        assert allowed(verb, row.kind, before[row.id][0])
        if isinstance(result, verbs.Outcome) and result.token is not None:
            self.step += 1
            self.token += 1
            if self.step == len(STEPS):
                self.ended = True
            else:
                self._open(self.board.rows[result.cause])
        self._settle()

    # ---- what people do

    @rule(minutes=st.integers(min_value=0, max_value=5000))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.board = again(self.board, now=self.now)

    @rule(data=st.data(), verb=st.sampled_from(["claim", "release", "urge", "resume"]))
    def plain(self, data: st.DataObject, verb: str) -> None:
        self._try(verb, self._pick(data))

    @rule(data=st.data(), agree=st.booleans())
    def complete(self, data: st.DataObject, agree: bool) -> None:
        row = self._pick(data, live=False)
        form = {"agree": agree, "opinion": "好"} if row.kind in ("countersign", "signer") else {"x": self.token}
        self._try("complete", row, form)

    @rule(data=st.data())
    def work_off(self, data: st.DataObject) -> None:
        """A plain day: somebody completes something that lies on their desk."""
        rows = [r for r in self.board.live() if r.on_desk and r.kind in ("main", "rework", "signer", "countersign")]
        if rows:
            row = rows[data.draw(st.integers(0, len(rows) - 1))]
            self._try("complete", row, {"agree": True} if row.kind in ("countersign", "signer") else {"x": 1})

    @rule(data=st.data())
    def think_again(self, data: st.DataObject) -> None:
        """Whoever completed the step before takes it back, if they still can."""
        before = {r.cause for r in self.board.live() if r.kind in ("main", "rework")}
        rows = [r for r in self.board.rows.values() if r.id in before]
        if rows:
            self._try("recall", rows[data.draw(st.integers(0, len(rows) - 1))])

    @rule(data=st.data(), how=st.sampled_from(["all", "any", "majority"]))
    def countersign(self, data: st.DataObject, how: str) -> None:
        posts = data.draw(st.lists(POSTS, min_size=1, max_size=4))
        self._try("countersign", self._pick(data), [place(p) for p in posts], how)

    @rule(data=st.data(), when=st.sampled_from(["before", "after"]), post=POSTS)
    def add_signer(self, data: st.DataObject, when: str, post: int) -> None:
        self._try("add_signer", self._pick(data), [place(post)], when)

    @rule(data=st.data(), post=POSTS, verb=st.sampled_from(["delegate", "transfer", "supervise"]))
    def hand_over(self, data: st.DataObject, post: int, verb: str) -> None:
        self._try(verb, self._pick(data), place(post), "理由")

    @rule(data=st.data(), post=POSTS)
    def circulate(self, data: st.DataObject, post: int) -> None:
        self._try("circulate", self._pick(data, live=False), [place(post)])

    @rule(data=st.data(), verb=st.sampled_from(["return", "suspend"]))
    def with_a_reason(self, data: st.DataObject, verb: str) -> None:
        self._try(verb, self._pick(data), "理由")

    @rule(data=st.data())
    def recall(self, data: st.DataObject) -> None:
        self._try("recall", self._pick(data, live=False))

    @rule(data=st.data())
    def speak(self, data: st.DataObject) -> None:
        self.board.write("comment", "意见", self._pick(data, live=False))
        self._settle()

    @precondition(lambda self: not self.ended)
    @rule()
    def pause_the_whole(self) -> None:
        self.board.by = By(None, "system")
        verbs.suspend_all(self.board, "暂停")
        self.now += timedelta(hours=30)
        self.board = again(self.board, now=self.now)
        verbs.resume_all(self.board, "")
        self._settle()

    # ---- what must hold

    @invariant()
    def one_live_row_holds_the_token(self) -> None:
        holders = [r for r in self.board.rows.values() if r.live and r.token is not None]
        assert len(holders) == (0 if self.ended else 1)
        assert all(r.token == str(self.token) for r in holders)

    @invariant()
    def nothing_said_is_lost(self) -> None:
        assert len(set(self.said)) == len(self.said)

    @invariant()
    def whoever_waits_waits_for_somebody(self) -> None:
        for row in self.board.live():
            serving = [r for r in self.board.live() if r.kind in BLOCKING and (
                r.origin == row.id or str(row.id) in r.plan.get("parks", []))]  # fmt: skip
            if row.state in ("waiting", "returned", "recalled"):
                assert serving, (row.kind, row.state)
            elif row.state in ("open", "claimed"):
                assert not serving, (row.kind, row.state, [s.kind for s in serving])
            if row.kind in BLOCKING:
                owner = self.board.rows[row.origin]
                assert owner.live, (row.kind, owner.state)

    @invariant()
    def clocks_go_forward(self) -> None:
        for row in self.board.rows.values():
            assert row.opened_at <= self.now
            assert row.done_at is None or row.opened_at <= row.done_at <= self.now
            assert row.paused_minutes >= 0
            assert (row.paused_at is not None) == (row.state in ("suspended", "returned", "recalled")), row.state
            first = self.__dict__.setdefault("first_due", {}).setdefault(row.id, row.due_at)
            assert row.due_at is None or row.due_at >= first
            self.first_due[row.id] = row.due_at

    @invariant()
    def ended_rows_stay_ended(self) -> None:
        ended = self.__dict__.setdefault("ended_rows", {})
        for row in self.board.rows.values():
            if row.id in ended:
                assert row.state == ended[row.id]
            elif row.state in FINAL:
                ended[row.id] = row.state

    def teardown(self) -> None:
        """From wherever it stands, plain diligence reaches the end: resume, and complete whatever can be completed."""
        for _ in range(400):
            if self.ended or not hasattr(self, "board"):
                return
            for row in self.board.live():
                if row.state == "suspended" and row.plan["paused"]["by"] == "task":
                    self._try("resume", row)
                    break
            else:
                todo = [r for r in self.board.live() if r.on_desk and r.kind not in ("circulate", "supervise")]
                assert todo, "nobody can do anything, and it has not ended"
                row = todo[0]
                self._try("complete", row, {"agree": True} if row.kind in ("countersign", "signer") else {"x": 1})
        raise AssertionError("the end is out of reach")


TestOffices = Offices.TestCase
TestOffices.settings = settings(max_examples=60, stateful_step_count=40, deadline=None,
                                suppress_health_check=list(HealthCheck))  # fmt: skip


def test_every_verb_is_drawn() -> None:
    drawn = {"claim", "release", "urge", "resume", "complete", "countersign", "add_signer", "delegate", "transfer",
             "supervise", "circulate", "return", "suspend", "recall"}  # fmt: skip
    assert set(VERBS) - drawn == {"save", "comment", "attach"}
    assert CARD.span == "2wd"
