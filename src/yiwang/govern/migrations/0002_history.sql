-- History of another system, imported in bulk: rows are copied into a stage, and one statement moves them over. What
-- cannot be taken is kept with its reason, so that rows in = imported + quarantined always holds.

create table govern.batch (
    id uuid primary key,
    source text not null, type text not null,
    at timestamptz not null, by uuid, by_name text not null default '',
    rows bigint not null, imported bigint not null, quarantined bigint not null,
    digest text not null, note text not null default ''
);

-- Row-level security refuses COPY, so the stage has none: rows live here within one transaction only, and the insert
-- policy of nobody matters because only the batch of the same transaction is ever read.
create unlogged table govern.stage (
    batch uuid not null,
    line int not null,              -- line of the source file, from 1 after the heading
    key text not null,              -- the number that the other system gave; unique among imported incidents
    category text not null, title text not null,
    area text not null,             -- division code, '' when unknown
    address text not null,
    department int,                 -- organisation that answers for it, where known
    opened_at timestamptz, closed_at timestamptz,
    due_at timestamptz, on_time boolean, satisfied text, -- null: not recorded
    source text not null,
    problem text,                   -- why the reader of the file refuses this row; null when it is good
    raw text not null               -- the row as it was, for the quarantine
);

create table govern.quarantine (
    batch uuid not null references govern.batch deferrable initially deferred,
    line int not null, key text not null, reason text not null, raw text not null,
    primary key (batch, line)
);
create index quarantine_reason on govern.quarantine (batch, reason);

grant select, insert on govern.stage to yiwang_app;
grant select on govern.batch, govern.quarantine to yiwang_app;
alter table govern.batch enable row level security;
create policy staff on govern.batch for select to yiwang_app using (yw.is_system() or yw.account() is not null);
alter table govern.quarantine enable row level security;
create policy staff on govern.quarantine for select to yiwang_app using (yw.is_system() or yw.account() is not null);

-- A UUID of version 7 made from the moment and the key: the same row of the same source has the same id wherever it is
-- imported, and indexes still grow at one end.
create function govern.history_id(p_at timestamptz, p_key text) returns uuid language sql immutable parallel safe as $$
    select (lpad(to_hex((extract(epoch from p_at) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(p_key), 1, 3) || '8' || substr(md5(p_key), 4, 15))::uuid
$$;

-- Move a staged batch: the first line of a key wins, the others and what is already there are quarantined.
-- ``p_places`` maps each area code to its district, street and community.
create function govern.import_stage(p_batch uuid, p_type text, p_org int, p_zone text, p_places jsonb)
returns table (imported bigint, quarantined bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
set work_mem = '64MB' as $$
declare n_in bigint; n_out bigint;
begin
    perform yw.orgs();
    create temp table bad on commit drop as
        select line, reason from (
            select s.line, coalesce(s.problem,
                case when row_number() over (partition by s.key order by (s.problem is not null), s.line) > 1 then 'repeated-key'
                     when exists (select from govern.incident i where i.number = s.key) then 'already-imported'
                     when s.opened_at is null then 'no-opening-date'
                     when s.closed_at < s.opened_at then 'closed-before-opened' end) as reason
            from govern.stage s where s.batch = p_batch
        ) judged where reason is not null;
    insert into govern.quarantine
        select p_batch, s.line, s.key, b.reason, s.raw from bad b join govern.stage s on s.batch = p_batch and s.line = b.line;
    get diagnostics n_out = row_count;
    insert into govern.incident (id, number, type, category, title, source, address, area, district, street, community,
        state, org, parties, department, opened_at, opened_on, accepted_at, due_at, closed_at, first_closed_at, on_time,
        satisfied, batch, times_generated)
    select govern.history_id(s.opened_at, s.key), s.key, p_type, s.category, s.title, s.source, s.address, s.area,
        p.district, p.street, p.community,
        case when s.closed_at is null then 'handling' else 'closed' end, p_org,
        case when s.department is null or s.department = p_org then '{}' else array[s.department] end, s.department,
        s.opened_at, (s.opened_at at time zone p_zone)::date, null, s.due_at, s.closed_at, s.closed_at,
        coalesce(s.on_time, s.closed_at <= s.due_at), s.satisfied, p_batch, true
    from govern.stage s
    left join jsonb_to_recordset(p_places) as p (area text, district text, street text, community text) on p.area = s.area
    where s.batch = p_batch and not exists (select from bad b where b.line = s.line)
    order by s.opened_at, s.line;
    get diagnostics n_in = row_count;
    delete from govern.stage where batch = p_batch;
    drop table bad;
    return query select n_in, n_out;
end $$;

create function govern.record_batch(p jsonb) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into govern.batch select * from jsonb_populate_record(null::govern.batch, p)
$$;

revoke execute on function govern.import_stage, govern.record_batch, govern.history_id from public;
grant execute on function govern.import_stage, govern.record_batch to yiwang_app;
