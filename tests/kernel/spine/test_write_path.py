"""The write path: decide, change, audit row, event, commit; and what happens when a part is left out."""

import pytest
import pytest_asyncio

from yiwang.kernel.audit import verify_chain
from yiwang.kernel.audit.seal import seal_entries
from yiwang.kernel.errors import Refused, SilentAction
from yiwang.kernel.events import reconcile
from yiwang.kernel.runtime import Reaction, Room
from yiwang.kernel.write import Actor, Decision, Resource
from yiwang.messages.base import Event


class Noted(Event):
    type = "cn.yiwang.test.noted.v1"
    note: str


class Gatekeeper:
    """Stands in for the policy: these tests are about the path, not about who may."""

    def __init__(self) -> None:
        self.allowed = True

    async def decide(self, actor, action, resource, purpose, now):
        return Decision(self.allowed)


class Heard:
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.fail = False

    async def handle(self, unit, event) -> None:
        if self.fail:
            raise ValueError("cannot apply")
        self.notes.append(event.note)


@pytest_asyncio.fixture
async def spine(rt):
    heard = Heard()
    rt.decider = Gatekeeper()
    room = Room("test", "yiwang.kernel.audit", reactions=(Reaction("test.hear", (Noted,), heard.handle),))
    rt.registry.rooms = (*rt.registry.rooms, room)
    async with rt.db.raw("owner") as raw:
        await raw.execute("create table public.note (text text); grant all on public.note to yiwang_app")
    return rt, heard


async def note(rt, text: str, *, record: bool = True, emit: bool = True) -> None:
    async with rt.act(Actor.system("test"), "note.add", Resource("note", text)) as act:
        await act.db.execute("insert into public.note values ($1)", text)
        if record:
            act.record(after={"text": text})
        if emit:
            act.emit(Noted(note=text))


async def count(rt, table: str) -> int:
    async with rt.db.transaction("owner") as db:
        return await db.fetchval(f"select count(*) from {table}")


async def test_change_audit_and_event_are_one_commit(spine):
    rt, heard = spine
    await note(rt, "a")
    assert [await count(rt, t) for t in ("public.note", "audit.entry", "event.log")] == [1, 1, 1]
    assert await rt.drain() == 1
    assert heard.notes == ["a"]


async def test_an_action_without_audit_row_rolls_everything_back(spine):
    rt, _ = spine
    with pytest.raises(SilentAction):
        await note(rt, "a", record=False)
    assert [await count(rt, t) for t in ("public.note", "audit.entry", "event.log")] == [0, 0, 0]


async def test_a_unit_that_changes_rows_without_any_action_rolls_back(spine):
    rt, _ = spine
    with pytest.raises(SilentAction):
        async with rt.unit(Actor.system("test")) as unit:
            await unit.db.execute("insert into public.note values ('x')")
    assert await count(rt, "public.note") == 0


async def test_recording_twice_is_an_error(spine):
    rt, _ = spine
    with pytest.raises(SilentAction):
        async with rt.act(Actor.system("test"), "note.add", Resource("note")) as act:
            act.record()
            act.record()


async def test_a_refusal_opens_no_transaction(spine):
    rt, _ = spine
    rt.decider.allowed = False
    with pytest.raises(Refused):
        await note(rt, "a")
    assert await count(rt, "public.note") == 0


async def test_no_policy_means_no(spine):
    rt, _ = spine
    rt.decider = None
    with pytest.raises(Refused):
        await note(rt, "a")


async def test_an_event_is_applied_once_however_often_it_is_drained(spine):
    rt, heard = spine
    await note(rt, "a")
    await rt.drain()
    await rt.drain()
    assert heard.notes == ["a"]
    books = {c.reaction: c for c in await reconcile(rt)}["test.hear"]
    assert (books.made, books.applied, books.waiting, books.dead) == (1, 1, 0, 0)


async def test_what_fails_is_put_off_then_buried_then_replayed(spine):
    from yiwang.kernel.events import list_dead_letters, replay_dead_letters

    rt, heard = spine
    heard.fail = True
    await note(rt, "a")
    for _ in range(6):
        await rt.drain()
    (letter,) = await list_dead_letters(rt)
    assert letter.tries == 6
    assert "cannot apply" in letter.error
    assert all(c.balanced for c in await reconcile(rt))
    heard.fail = False
    async with rt.act(Actor.system("test"), "event.replay", Resource("dead_letter")) as act:
        assert await replay_dead_letters(act, [letter.id]) == 1
    await rt.drain()
    assert heard.notes == ["a"]
    assert await list_dead_letters(rt) == []


async def test_the_chain_verifies_and_finds_a_changed_a_removed_and_a_smuggled_row(spine):
    rt, _ = spine
    for text in "abcde":
        await note(rt, text)
    assert (await verify_chain(rt)).waiting == 5
    assert await seal_entries(rt) == 5
    verdict = await verify_chain(rt)
    assert verdict.ok
    assert (verdict.sealed, verdict.waiting) == (5, 0)

    async def tamper(statement: str) -> list[str]:
        async with rt.db.raw("owner") as raw:
            transaction = raw.transaction()
            await transaction.start()
            await raw.execute("alter table audit.entry disable trigger append_only")
            await raw.execute(statement)
            await transaction.commit()
        return (await verify_chain(rt)).problems

    assert (
        "outside the write path"
        in (
            await tamper(
                "insert into audit.entry (at, actor_kind, action, resource_type) values (now(), 'x', 'x', 'x')"
            )
        )[0]
    )
    assert "was changed" in (await tamper("update audit.entry set note = 'better' where id = 3"))[0]
    assert "was removed" in (await tamper("delete from audit.entry where id = 2"))[0]


async def test_audit_rows_cannot_be_changed_even_by_their_owner(spine):
    rt, _ = spine
    await note(rt, "a")
    async with rt.db.raw("owner") as raw:
        with pytest.raises(Exception, match="never changed"):
            await raw.execute("delete from audit.entry")
