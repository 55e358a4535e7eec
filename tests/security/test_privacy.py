"""What is promised to reporters: an anonymous report names nobody, and a name is shown only where it was asked for."""

from __future__ import annotations

from yiwang.kernel.write import Actor

TABLES = {
    "govern.incident": "id", "govern.incident_log": "incident", "govern.contact": "incident",
    "process.instance": "subject_id", "process.task": "subject_id", "process.note": "subject_id",
    "process.attachment": "subject_id",
}  # fmt: skip


async def _resident(demo) -> tuple[str, str]:
    row = await demo.owner("select name from identity.account where id = $1", demo.plan.accounts["resident"])
    return str(demo.plan.accounts["resident"]), row


async def test_an_anonymous_report_of_somebody_signed_in_names_them_nowhere(demo):
    """The page says: your name, phone and account are not recorded."""
    key, name = await _resident(demo)
    async with demo.browser("resident") as browser:
        answer = await browser.api(
            "POST", "/api/v1/incidents", {"description": "楼上有人赌博，请查一查。", "anonymous": True, "source": "web"}
        )
    assert answer.status_code == 201
    incident = answer.json()["id"]
    for table, column in TABLES.items():
        found = await demo.owner(
            f"select coalesce(json_agg(t)::text, '') from {table} t where {column} = $1::text::uuid", incident
        )
        assert key not in found and name not in found, table
    for table in ("audit.entry", "event.log"):
        found = await demo.owner(
            f"select coalesce(string_agg(t::text, ' '), '') from {table} t where t::text like $1", f"%{incident}%"
        )
        assert found and key not in found and name not in found, table


async def test_a_resident_s_name_is_not_on_the_page_of_the_incident(demo):
    """It is masked like a contact that was left: whoever needs it asks for it and says why."""
    _, name = await _resident(demo)
    task = await demo.task_of("mine-opened")
    async with demo.browser("callback") as browser:
        for path in (f"/incidents/{demo.plan.incidents['mine-opened']}", f"/work/tasks/{task['id']}?here=1"):
            page = await browser.get(path)
            assert page.status_code == 200
            assert name not in page.text, path
    async with demo.rt.read(Actor.anonymous()) as db:
        assert await db.fetchval("select count(*) from govern.contact") == 0
