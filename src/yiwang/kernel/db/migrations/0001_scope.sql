-- The scope of row-level security: who asks, on behalf of which organisations, over which areas.
--
-- The settings are set in each transaction (set_config(.., true)); an unset one raises, so that a query outside a unit
-- of work sees nothing at all. plpgsql would be called per row: these are SQL functions that the planner can inline.

do $$ begin
    if not exists (select from pg_roles where rolname = 'yiwang_app') then
        begin
            create role yiwang_app nologin;
        exception when duplicate_object or unique_violation then null; -- another process was faster
        end;
    end if;
    execute format('grant yiwang_app to %I', current_user);
    -- Settings of ours that a restore or a pooler may know nothing of.
end $$;

grant usage on schema yw to yiwang_app;

create function yw.orgs() returns int[] language sql stable parallel safe
    as $$ select current_setting('yw.orgs')::int[] $$;
create function yw.areas() returns text[] language sql stable parallel safe
    as $$ select current_setting('yw.areas')::text[] $$;
create function yw.account() returns uuid language sql stable parallel safe
    as $$ select nullif(current_setting('yw.account'), '')::uuid $$;
create function yw.is_system() returns boolean language sql stable parallel safe
    as $$ select current_setting('yw.all') = 'on' $$;

-- A row is seen by the organisation that owns it, by those that take part, and by those that supervise its area.
-- No sub-select in here: a function with one is not inlined. ``yw.areas`` never holds the empty prefix (CHECKed by the
-- setter), which would mean the whole country.
create function yw.sees(org int, parties int[], area text) returns boolean language sql stable parallel safe as $$
    select org = any (yw.orgs()) or yw.is_system() or parties && yw.orgs() or area ^@ any (yw.areas())
$$;

grant execute on all functions in schema yw to yiwang_app;
