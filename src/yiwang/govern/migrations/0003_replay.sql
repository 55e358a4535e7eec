-- Logs of other systems, taken in by the hundred thousand: each large batch becomes a table of its own below
-- govern.incident (inheritance), filled by COPY and indexed afterwards. Whoever reads govern.incident reads it too, under
-- the same row-level policies. Measured for 341,299 rows: 8 s by INSERT .. SELECT into the one table with its indexes,
-- under 2 s this way; and nothing that others use is dropped, rebuilt or locked against reading and writing.

-- What a batch holds that its source did not record, and how it was derived: shown beside the numbers.
alter table govern.batch add column derived jsonb;

-- A foreign key cannot follow a row into an inherited table. Lines are written by govern.add_log only, after the incident
-- was locked.
alter table govern.incident_log drop constraint incident_log_incident_fkey;

-- Rows of a running load that need a second look: refused by the reader (``reason``), or perhaps a repeated key (null).
create unlogged table govern.suspect (
    batch uuid not null, line int not null, key text not null, reason text, raw text not null
);
grant insert on govern.suspect to yiwang_app;

create function govern.history_table(p_batch uuid) returns text language sql immutable
    as $$ select 'history_' || replace(p_batch::text, '-', '') $$;

-- The line of the source file, from 1 after the heading: the last 48 bits of the id that the loader gave.
create function govern.history_line(p_id uuid) returns int language sql immutable
    as $$ select ('x' || right(p_id::text, 12))::bit(48)::bigint::int $$;

-- Begin a load: an empty table with what all its rows share, open for COPY until govern.finish_history. One at a time.
create function govern.begin_history(p_batch uuid, p_type text, p_source text, p_org int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare v_name text := govern.history_table(p_batch);
begin
    perform yw.orgs(); -- raises outside of a unit of work
    perform pg_advisory_xact_lock(x'7265706c6179'::bigint);
    execute format('create table govern.%I () inherits (govern.incident)', v_name);
    execute format('alter table govern.%I alter type set default %L, alter source set default %L, alter org set default %s,
        alter batch set default %L, alter times_generated set default true', v_name, p_type, p_source, p_org, p_batch);
    execute format('grant insert on govern.%I to yiwang_app', v_name);
    return v_name;
end $$;

-- Take out the rows whose key was imported or given before, and tell their lines.
create function govern.drop_known(p_batch uuid) returns setof int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare v_name text := govern.history_table(p_batch); v_own oid := format('govern.%I', v_name)::regclass; v_other regclass;
begin
    for v_other in
        select 'govern.incident'::regclass union all
        select inhrelid::regclass from pg_inherits where inhparent = 'govern.incident'::regclass and inhrelid <> v_own
    loop
        return query execute format(
            'delete from govern.%I mine using only %s other where other.number = mine.number
             returning govern.history_line(mine.id)', v_name, v_other);
    end loop;
end $$;

-- End a load: the first line of a key wins, the others and the refused ones go into quarantine; then the indexes.
create function govern.finish_history(p_batch uuid) returns table (imported bigint, quarantined bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set work_mem = '64MB' as $$
declare v_name text := govern.history_table(p_batch); n_in bigint; n_out bigint;
begin
    perform yw.orgs();
    execute format(
        'with ranked as (
            select id, row_number() over (partition by number order by id) as place from govern.%1$I
            where number in (select key from govern.suspect where batch = $1 and reason is null)
        ), dropped as (
            delete from govern.%1$I mine using ranked where mine.id = ranked.id and place > 1
            returning govern.history_line(mine.id) as line
        )
        insert into govern.quarantine
            select batch, line, key, ''repeated-key'', raw from govern.suspect s
            where batch = $1 and reason is null and line in (select d.line from dropped d)
            union all
            select batch, line, key, reason, raw from govern.suspect where batch = $1 and reason is not null', v_name)
        using p_batch;
    get diagnostics n_out = row_count;
    delete from govern.suspect where batch = p_batch;
    execute format('create unique index on govern.%1$I (id)', v_name);
    execute format('create unique index on govern.%1$I (number)', v_name);
    execute format('create index on govern.%1$I (opened_at desc, id desc)', v_name);
    execute format('create index on govern.%1$I (opened_at desc, id desc) where live', v_name);
    execute format('create index on govern.%1$I (due_at) where live and due_at is not null', v_name);
    execute format('revoke insert on govern.%1$I from yiwang_app', v_name);
    execute format('select count(*) from govern.%1$I', v_name) into n_in;
    return query select n_in, n_out;
end $$;

revoke execute on function govern.history_table, govern.history_line, govern.begin_history, govern.drop_known,
    govern.finish_history from public;
grant execute on function govern.begin_history, govern.drop_known, govern.finish_history to yiwang_app;
