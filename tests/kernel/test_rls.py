"""Row-level security, tried out as the application's role against every table that belongs to somebody.

The tables are found in the catalogue: a new one with ``org``, ``parties`` or ``area`` that protects nothing makes
this red.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from yiwang.kernel.runtime import Runtime

OWNER, PARTNER, STRANGER = 101, 102, 103
AREA, ELSEWHERE = "320211001", "320213"
APP = "yiwang_app"

#: Tables that name an organisation or an area and are yet open to everybody, each for its reason.
OPEN = {
    "org.post": "the directory of posts is public: a resident may know whose duty something is",
    "govern.stage": "rows on their way in, of one import, deleted when it ends; they are no incidents yet",
    "serve.item": "service items are published to everybody, before signing in; they belong to an office and to nobody",
}
#: What a row has to say so that it is one of those that are not everybody's.
PRIVATE = {"identity.account": {"kind": "resident"}}  # the names of staff are a directory for staff
#: Columns that hold what proves an identity; the application's role reads them through narrow functions only.
SECRETS = ("password", "token", "secret", "totp", "totp_pending", "csrf", "fingerprint", "code", "digest")
#: Secret-looking columns that it may read, each for its reason.
READABLE = {
    ("identity.contact", "digest"): "a keyed digest, to find the account of a telephone number; guarded by the row",
    ("identity.provider", "secret"): "sealed with the key of the installation, which is not in the database",
}


@dataclass(frozen=True)
class Table:
    name: str
    columns: frozenset[str]
    protected: bool
    rules: str

    @property
    def quoted(self) -> str:
        schema, _, table = self.name.partition(".")
        return f'"{schema}"."{table}"'


TABLES = """
select n.nspname || '.' || c.relname as name, c.relrowsecurity as protected,
       array_agg(a.attname::text) as columns,
       coalesce((select string_agg(coalesce(pg_get_expr(polqual, polrelid), ''), ';')
                 from pg_policy where polrelid = c.oid and polcmd in ('r', '*')), '') as rules
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p') and not c.relispartition
  and n.nspname not in ('information_schema', 'yw') and n.nspname !~ '^pg_'
group by c.oid, n.nspname, c.relname
having bool_or(a.attname = 'org' and a.atttypid = 'int'::regtype
               or a.attname = 'parties' and a.atttypid = 'int[]'::regtype
               or a.attname = 'area' and a.atttypid = 'text'::regtype)
order by 1
"""
COLUMNS = """
select a.attname as name, format_type(a.atttypid, -1) as type, a.attidentity <> '' or a.attgenerated <> '' as made,
       a.attnotnull and not a.atthasdef as needed
from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
"""
DUMMIES: dict[str, Any] = {
    "text": "x", "character": "x", "character varying": "x", "integer": 1, "bigint": 1, "smallint": 1, "boolean": False,
    "jsonb": "{}", "json": "{}", "bytea": b"", "double precision": 0.0, "real": 0.0, "numeric": 0,
}  # fmt: skip


async def tables(raw: Any) -> list[Table]:
    rows = await raw.fetch(TABLES)
    return [Table(r["name"], frozenset(r["columns"]), r["protected"], r["rules"]) for r in rows]


async def put_row(raw: Any, table: Table) -> None:
    """One row of OWNER with PARTNER in AREA. The transaction is rolled back, so checks may be dropped first."""
    await raw.execute("set local session_replication_role = replica")
    for check in await raw.fetch(
        "select conname from pg_constraint where conrelid = $1::regclass and contype = 'c'", table.quoted
    ):
        await raw.execute(f'alter table {table.quoted} drop constraint "{check["conname"]}"')
    given = {"org": OWNER, "parties": [PARTNER], "area": AREA, **PRIVATE.get(table.name, {})}
    names, marks, values = [], [], []
    for column in await raw.fetch(COLUMNS, table.quoted):
        if column["name"] in given and not column["type"].startswith("timestamp"):
            value: Any = given[column["name"]]
        elif column["made"] or not column["needed"]:
            continue
        else:
            value = dummy(column["type"])
        values.append(value)
        names.append(f'"{column["name"]}"')
        marks.append(f"${len(values)}")
    statement = f"insert into {table.quoted} ({', '.join(names)}) values ({', '.join(marks)})"
    await raw.execute(statement, *values)


def dummy(kind: str) -> Any:
    if kind.endswith("[]"):
        return []
    if kind == "uuid":
        return uuid4()
    if kind.startswith("timestamp") or kind == "date":
        moment = datetime(2026, 3, 2, tzinfo=UTC)
        return moment.date() if kind == "date" else moment
    return DUMMIES[kind]


async def become(
    raw: Any, *, orgs: str = "{}", areas: str = "{}", account: UUID | None = None, system: str = "off"
) -> None:
    await raw.execute(f"set local role {APP}")
    await raw.execute(
        "select set_config('yw.orgs', $1, true), set_config('yw.areas', $2, true), set_config('yw.account', $3, true), "
        "set_config('yw.all', $4, true)",
        orgs, areas, str(account or ""), system,
    )  # fmt: skip


async def seen(raw: Any, table: Table, **scope: Any) -> int:
    """How many rows the scope sees; a refusal of the whole table counts as none."""
    trial = raw.transaction()
    await trial.start()
    try:
        await become(raw, **scope)
        return int(await raw.fetchval(f"select count(*) from {table.quoted}"))
    except asyncpg.InsufficientPrivilegeError:
        return 0
    finally:
        await trial.rollback()


@asynccontextmanager
async def undone(rt: Runtime, role: str = "owner") -> AsyncIterator[Any]:
    async with rt.db.raw(role) as raw:
        work = raw.transaction()
        await work.start()
        try:
            yield raw
        finally:
            await work.rollback()


async def may_read(raw: Any, table: Table) -> bool:
    return bool(
        await raw.fetchval(
            "select has_table_privilege($1, $2, 'select') or has_any_column_privilege($1, $2, 'select')",
            APP,
            table.quoted,
        )
    )


async def test_every_table_that_belongs_to_somebody_is_protected(rt: Runtime) -> None:
    async with rt.db.raw("owner") as raw:
        found = await tables(raw)
        bare = [t.name for t in found if not t.protected and t.name not in OPEN and await may_read(raw, t)]
    assert {"policy.grant", "policy.refusal", "audit.entry"} <= {t.name for t in found}
    assert bare == [], "these tables have org, parties or area and no row-level security"


async def test_a_new_table_without_a_policy_would_be_found(rt: Runtime) -> None:
    async with undone(rt) as raw:
        await raw.execute(f"create table policy.leak (org int not null); grant select on policy.leak to {APP}")
        (leak,) = [t for t in await tables(raw) if t.name == "policy.leak"]
        assert not leak.protected
        assert await may_read(raw, leak)
        await put_row(raw, leak)
        assert await seen(raw, leak, orgs=f"{{{STRANGER}}}") == 1


async def test_rows_of_other_organisations_and_areas_are_invisible(rt: Runtime) -> None:
    leaks = []
    async with rt.db.raw("owner") as raw:
        for table in [t for t in await tables(raw) if t.name not in OPEN]:
            async with undone(rt) as trial:
                await put_row(trial, table)
                scopes = {
                    "another organisation": {"orgs": f"{{{STRANGER}}}"},
                    "another area": {"areas": f"{{{ELSEWHERE}}}"},
                    "another account": {"account": uuid4()},
                    "nobody": {},
                }
                for who, scope in scopes.items():
                    if await seen(trial, table, **scope):
                        leaks.append(f"{table.name} to {who}")
    assert leaks == []


async def test_the_owner_partners_supervisors_and_the_system_see_the_row(rt: Runtime) -> None:
    """Otherwise the test above would be satisfied by a table that nobody can read."""
    blind, tried = [], 0
    async with rt.db.raw("owner") as raw:
        for table in [t for t in await tables(raw) if "sees(" in t.rules]:
            async with undone(rt) as trial:
                await put_row(trial, table)
                scopes: dict[str, dict[str, Any]] = {"system": {"system": "on"}}
                if "org" in table.columns:
                    scopes["owner"] = {"orgs": f"{{{OWNER}}}"}
                if "parties" in table.columns:
                    scopes["partner"] = {"orgs": f"{{{PARTNER}}}"}
                if "area" in table.columns:
                    scopes["supervisor"] = {"areas": "{320211}"}
                for who, scope in scopes.items():
                    tried += 1
                    if not await seen(trial, table, **scope):
                        blind.append(f"{table.name} to {who}")
    assert blind == []
    assert tried >= 3


async def test_without_settings_a_query_fails_and_does_not_answer(rt: Runtime) -> None:
    answered = []
    async with rt.db.raw("owner") as raw:
        for table in [t for t in await tables(raw) if "sees(" in t.rules]:
            async with undone(rt) as trial:
                await put_row(trial, table)
                await trial.execute(f"set local role {APP}")
                # As in a pooled connection on which an earlier transaction had set them: empty, not unset.
                for prepare in (
                    "select 1",
                    "select set_config('yw.' || x, '', true) from unnest(array['orgs','areas','account','all']) x",
                ):
                    await trial.execute(prepare)
                    step = trial.transaction()
                    await step.start()
                    try:
                        await trial.fetch(f"select * from {table.quoted}")
                        answered.append(table.name)
                    except asyncpg.PostgresError:
                        pass
                    finally:
                        await step.rollback()
    assert answered == []


async def test_an_unset_setting_fails_on_a_new_connection(rt: Runtime) -> None:
    with pytest.raises(asyncpg.PostgresError):
        async with rt.db.transaction("app") as db:
            await db.fetch("select yw.sees(1, '{}', '')")


async def test_a_row_cannot_be_moved_to_or_written_for_another_organisation(rt: Runtime) -> None:
    async with undone(rt) as raw:
        (table,) = [t for t in await tables(raw) if t.name == "policy.grant"]
        await put_row(raw, table)
        await become(raw, orgs=f"{{{OWNER}}}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await raw.execute("update policy.\"grant\" set org = $1, area = ''", STRANGER)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit.entry set note = 'x'",
        "delete from audit.entry",
        "truncate audit.entry",
        "update audit.seal set hash = ''",
        "delete from audit.seal",
        "insert into audit.seal values (1, 1, '', now())",
        "delete from audit.pending",
        "alter table audit.entry disable trigger all",
        "alter table audit.entry disable row level security",
        "drop policy reads on audit.entry",
        "create policy mine on audit.entry using (true)",
        'alter table policy."grant" disable row level security',
        "create table audit.mine (x int)",
        "create table public.mine (x int)",
        "create or replace function yw.is_system() returns boolean language sql as 'select true'",
        "alter role yiwang_app bypassrls",
        "grant select on identity.secret to yiwang_app",
    ],
)
async def test_the_application_cannot_change_the_log_or_the_rules(rt: Runtime, statement: str) -> None:
    async with undone(rt, "app") as raw:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute(statement)


async def test_the_log_is_closed_even_to_its_owner(rt: Runtime) -> None:
    async with undone(rt) as raw:
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await raw.execute("delete from audit.entry")


async def test_switching_row_security_off_stops_the_query(rt: Runtime) -> None:
    async with undone(rt, "app") as raw:
        await become(raw, orgs=f"{{{STRANGER}}}")
        await raw.execute("set local row_security = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await raw.fetch("select * from audit.entry")


async def test_passwords_tokens_and_seeds_cannot_be_read(rt: Runtime) -> None:
    async with rt.db.raw("owner") as raw:
        rows = await raw.fetch(
            "select n.nspname || '.' || c.relname as name, a.attname::text as column, "
            "has_column_privilege($1, c.oid, a.attnum, 'select') as readable "
            "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
            "where n.nspname = 'identity' and c.relkind in ('r', 'p', 'v') and a.attname = any ($2)",
            APP, list(SECRETS),
        )  # fmt: skip
    found = {(r["name"], r["column"]) for r in rows}
    assert {("identity.secret", "password"), ("identity.secret", "totp"), ("identity.session", "fingerprint")} <= found
    assert {(r["name"], r["column"]) for r in rows if r["readable"]} - set(READABLE) == set()
    assert set(READABLE) <= found, "an exemption for a column that is no more"


async def test_the_application_role_is_powerless_beyond_its_grants(rt: Runtime) -> None:
    async with rt.db.raw("owner") as raw:
        role = await raw.fetchrow("select * from pg_roles where rolname = $1", APP)
        assert not any(
            role[name] for name in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
        )
        assert (
            await raw.fetch(
                "select 1 from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = $1", APP
            )
            == []
        )
        assert (
            await raw.fetch(
                "select relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = $1", APP
            )
            == []
        )
        too_much = await raw.fetch(
            "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
            "and (has_table_privilege($1, c.oid, 'truncate') or has_table_privilege($1, c.oid, 'trigger') "
            "or has_table_privilege($1, c.oid, 'references'))", APP,
        )  # fmt: skip
        assert too_much == []


async def test_functions_that_act_for_the_owner_pin_their_search_path(rt: Runtime) -> None:
    """A SECURITY DEFINER function without one can be made to call somebody else's code."""
    async with rt.db.raw("owner") as raw:
        loose = await raw.fetch(
            "select n.nspname || '.' || p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
            "where p.prosecdef and n.nspname !~ '^pg_' "
            "and not exists (select from unnest(p.proconfig) c where c like 'search_path=%')"
        )
    assert [r["name"] for r in loose] == []


async def test_exemptions_are_still_needed(rt: Runtime) -> None:
    async with rt.db.raw("owner") as raw:
        names = {t.name: t for t in await tables(raw)}
    assert [name for name in OPEN if name not in names] == []
    assert [name for name in OPEN if names[name].protected] == []


async def test_the_application_cannot_become_the_owner(rt: Runtime) -> None:
    async with undone(rt, "app") as raw:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute("set local role none")
            await raw.fetch("select * from identity.secret")
