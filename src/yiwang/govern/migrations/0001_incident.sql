-- Incidents: what people and things report, who answers for it, and what became of it. Meant for millions of rows.
--
-- The application's role reads these tables under row-level security and writes none of them: every change goes through
-- a function below. A report comes from somebody who may not see the row that it becomes, and a hand-over may take a row
-- out of the sight of whoever hands it over; the policy has decided by then, and the functions keep the rows consistent.
create schema govern;
grant usage on schema govern to yiwang_app;

create table govern.incident (
    id uuid primary key,
    number text not null unique,
    type text not null,
    category text not null default '',
    title text not null check (length(title) between 1 and 120),
    description text not null default '' check (length(description) <= 4000),
    source text not null,
    reporter uuid, anonymous boolean not null default false, contactable boolean not null default false,
    lon double precision, lat double precision,
    address text not null default '' check (length(address) <= 300),
    area text not null default '',
    -- The place at the levels that reports are broken down by; codes of cities differ in shape, so they are kept apart.
    district text, street text, community text,
    state text not null check (state in ('opened', 'accepted', 'dispatched', 'handling', 'verifying', 'calling-back',
        'closed', 'withdrawn', 'rejected')),
    urgency text not null default 'normal',
    org int not null, parties int[] not null default '{}',
    department int, post bigint, verify_org int,
    opened_at timestamptz not null, opened_on date not null, -- the day in the city's time zone
    accepted_at timestamptz, due_at timestamptz, closed_at timestamptz, first_closed_at timestamptz,
    on_time boolean,
    result text not null default '', outcome text not null default '', verified text not null default '',
    satisfied text check (satisfied in ('yes', 'partly', 'no', 'unreached')), comment text not null default '',
    rated_at timestamptz,
    reopened int not null default 0, returned int not null default 0, supervised int not null default 0,
    process text, -- key of the process that handles it; its instance is found by the subject
    batch uuid, times_generated boolean not null default false,
    version int not null default 1,
    live boolean not null generated always as (state not in ('closed', 'withdrawn', 'rejected')) stored
) with (fillfactor = 85);
create index incident_recent on govern.incident (opened_at desc, id desc);
-- What is open now is small whatever the history: lists of open work stand on these two.
create index incident_live on govern.incident (opened_at desc, id desc) where live;
create index incident_due on govern.incident (due_at) where live and due_at is not null;
create index incident_department on govern.incident (department, opened_at desc);
create index incident_reporter on govern.incident (reporter, opened_at desc) where reporter is not null;
create index incident_batch on govern.incident (batch) where batch is not null;

-- The code on the receipt, as a keyed digest: whoever reads the table cannot look anything up with it. It comes before
-- the incident, so that the same form sent twice at the same moment waits here and finds the first.
create table govern.tracking (
    digest bytea primary key,
    incident uuid not null references govern.incident deferrable initially deferred
);

-- Who reported, where they want to be called: sealed by the application's key. Masked forms are for lists.
create table govern.contact (
    incident uuid primary key references govern.incident,
    name_masked text not null default '', phone_masked text not null default '',
    name_sealed bytea, phone_sealed bytea, phone_digest bytea
);
create index contact_phone on govern.contact (phone_digest) where phone_digest is not null;

-- What happened, for the timeline. ``public`` lines are shown to whoever holds the tracking code.
create table govern.incident_log (
    id bigint generated always as identity primary key,
    incident uuid not null references govern.incident,
    at timestamptz not null,
    kind text not null,
    public boolean not null,
    actor uuid, actor_name text not null default '', post bigint, org int,
    detail jsonb not null default '{}'
);
create index log_of_incident on govern.incident_log (incident, id);

-- Search keys (bigrams of number, title, description and address): this server has no trigrams.
create table govern.words (incident uuid primary key references govern.incident, grams text[] not null);
create index words_grams on govern.words using gin (grams);

-- The public entries that installed packages declare: which process a report starts.
create table govern.entry (
    package text not null, item text not null,
    process text not null, form text not null, path text not null,
    title_zh text not null, title_en text not null,
    anonymous boolean not null, promised text not null,
    position int generated always as identity,
    primary key (package, item)
);

-- How many reports came from one place lately (a keyed digest of it); unlogged, it may be lost.
create unlogged table govern.rate (digest bytea, window_start timestamptz, count int not null, primary key (digest, window_start));

-- Numbers within a day: drawn from one sequence, counted from the first of the day. A report that is rolled back leaves a
-- gap; a counter row would make all reports of a city wait for each other.
create sequence govern.report_number;
create table govern.day (day date primary key, first bigint not null);

grant select on govern.incident, govern.incident_log, govern.contact, govern.entry to yiwang_app;
grant insert, delete on govern.entry to yiwang_app; -- by the installer of packages, in its audited action

alter table govern.incident enable row level security;
create policy by_org on govern.incident for select to yiwang_app
    using (yw.sees(org, parties, area) or reporter = yw.account());
alter table govern.incident_log enable row level security;
create policy by_incident on govern.incident_log for select to yiwang_app
    using (exists (select from govern.incident i where i.id = incident));
-- A reporter sees that a number was left, never another's: only staff in sight of the incident read this.
alter table govern.contact enable row level security;
create policy by_incident on govern.contact for select to yiwang_app
    using (exists (select from govern.incident i where i.id = incident));

create function govern.next_number(p_day date) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare v_first bigint;
begin
    select d.first into v_first from govern.day d where d.day = p_day;
    if not found then
        insert into govern.day values (p_day, nextval('govern.report_number') + 1) on conflict do nothing;
        select d.first into strict v_first from govern.day d where d.day = p_day;
    end if;
    return to_char(p_day, 'YYYYMMDD') || '-' || lpad((nextval('govern.report_number') - v_first + 1)::text, 5, '0');
end $$;

create function govern.add_log(p_incident uuid, p_log jsonb) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into govern.incident_log (incident, at, kind, public, actor, actor_name, post, org, detail)
    select p_incident, r.at, r.kind, coalesce(r.public, false), r.actor, coalesce(r.actor_name, ''), r.post, r.org,
           coalesce(r.detail, '{}')
    from jsonb_to_recordset(p_log) as r (at timestamptz, kind text, public boolean, actor uuid, actor_name text,
                                          post bigint, org int, detail jsonb)
$$;

-- A report becomes an incident, once for each tracking code: ``fresh`` tells a first from a repeated report.
create function govern.open_incident(p jsonb, p_tracking bytea, p_contact jsonb, p_grams text[], p_log jsonb)
returns table (id uuid, number text, fresh boolean)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v govern.incident := jsonb_populate_record(null::govern.incident, p);
begin
    perform yw.orgs(); -- raises outside of a unit of work
    insert into govern.tracking values (p_tracking, v.id) on conflict do nothing;
    if not found then
        return query select i.id, i.number, false
                     from govern.tracking t join govern.incident i on i.id = t.incident where t.digest = p_tracking;
        return;
    end if;
    v.number := govern.next_number(v.opened_on);
    insert into govern.incident (id, number, type, category, title, description, source, reporter, anonymous, contactable,
        lon, lat, address, area, district, street, community, state, urgency, org, parties, opened_at, opened_on, process)
    values (v.id, v.number, v.type, v.category, v.title, v.description, v.source, v.reporter, v.anonymous, v.contactable,
        v.lon, v.lat, v.address, v.area, v.district, v.street, v.community, v.state, v.urgency, v.org, v.parties,
        v.opened_at, v.opened_on, v.process);
    if p_contact is not null then
        insert into govern.contact values (v.id, p_contact ->> 'name_masked', p_contact ->> 'phone_masked',
            decode(p_contact ->> 'name', 'hex'), decode(p_contact ->> 'phone', 'hex'), decode(p_contact ->> 'digest', 'hex'));
    end if;
    insert into govern.words values (v.id, p_grams);
    perform govern.add_log(v.id, p_log);
    return query select v.id, v.number, true;
end $$;

-- Lock an incident and read it whole. ``p_trusted`` is for what a process does to its subject, or a tracking code to its
-- own report: the action was decided on other grounds than sight of the row.
create function govern.lock_incident(p_id uuid, p_trusted boolean) returns setof govern.incident
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform yw.orgs();
    return query select i.* from govern.incident i
    where i.id = p_id and (p_trusted or yw.sees(i.org, i.parties, i.area) or i.reporter = yw.account()) for update;
end $$;

-- Write the named fields of a locked incident; SQLSTATE YW001 when it is not the version that was read.
create function govern.save_incident(p_id uuid, p_version int, p_changes jsonb, p_log jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform yw.orgs();
    update govern.incident i set
        (category, title, state, urgency, area, district, street, community, lon, lat, address, parties, department, post,
         verify_org, accepted_at, due_at, closed_at, first_closed_at, on_time, result, outcome, verified, satisfied,
         comment, rated_at, reopened, returned, supervised, process, version)
        = (select r.category, r.title, r.state, r.urgency, r.area, r.district, r.street, r.community, r.lon, r.lat,
                  r.address, r.parties, r.department, r.post, r.verify_org, r.accepted_at, r.due_at, r.closed_at,
                  r.first_closed_at, r.on_time, r.result, r.outcome, r.verified, r.satisfied, r.comment, r.rated_at,
                  r.reopened, r.returned, r.supervised, r.process, p_version + 1
           from jsonb_populate_record(i, p_changes) r)
    where i.id = p_id and i.version = p_version;
    if not found then
        raise exception 'incident % has been changed by someone else', p_id using errcode = 'YW001';
    end if;
    perform govern.add_log(p_id, p_log);
end $$;

-- What the holder of a tracking code sees: the incident itself, for the page that shows a part of it.
create function govern.tracked(p_digest bytea) returns setof govern.incident
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.* from govern.tracking t join govern.incident i on i.id = t.incident where t.digest = p_digest
$$;

create function govern.public_log(p_incident uuid) returns table (at timestamptz, kind text, org int, detail jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select l.at, l.kind, l.org, l.detail from govern.incident_log l where l.incident = p_incident and l.public order by l.id
$$;

-- Sealed still: only the application's key opens it, and only to write to the reporter.
create function govern.contact_for_notice(p_incident uuid) returns table (name_sealed bytea, phone_sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select c.name_sealed, c.phone_sealed from govern.contact c where c.incident = p_incident and yw.orgs() is not null
$$;

-- Ids of incidents whose text holds all keys, newest first. GIN on arrays is not leakproof and so is not used under
-- row-level security: the predicate is repeated here.
create function govern.find_incidents(p_grams text[], p_limit int) returns table (id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.id from govern.words w join govern.incident i on i.id = w.incident
    where w.grams @> p_grams and (yw.sees(i.org, i.parties, i.area) or i.reporter = yw.account())
    order by i.opened_at desc limit p_limit
$$;

-- Count one more report from a place in a window; tells how many there were, this one included.
create function govern.count_report(p_digest bytea, p_window timestamptz) returns int
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    with old as (delete from govern.rate where digest = p_digest and window_start < p_window)
    insert into govern.rate as r values (p_digest, p_window, 1)
    on conflict (digest, window_start) do update set count = r.count + 1 returning count
$$;

-- Windows that ended before a moment are of no use any more.
create function govern.prune_rate(p_before timestamptz) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    with gone as (delete from govern.rate where window_start < p_before returning 1) select count(*) from gone
$$;

revoke execute on all functions in schema govern from public;
grant execute on function govern.open_incident, govern.lock_incident, govern.save_incident, govern.tracked,
    govern.public_log, govern.find_incidents, govern.add_log, govern.contact_for_notice, govern.count_report, govern.prune_rate
    to yiwang_app;
