-- A board is one instance with its tasks, loaded under a lock and saved whole: two round trips for any verb.

-- Lock the instance and read it. ``p_known`` is the stamp that the caller holds in memory: the engine's text is sent only
-- when it differs. ``p_whole`` adds the finished rows. Without ``p_trusted`` the caller must see the task or the instance.
create function process.load_board(p_instance uuid, p_task uuid, p_known bigint, p_whole boolean, p_trusted boolean)
returns table (instance json, tasks json, engine text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v process.instance;
    seen boolean := p_trusted;
    found_in uuid := p_instance;
begin
    if p_task is not null then
        select t.instance, p_trusted or yw.sees(t.org, t.parties, t.area) into found_in, seen
        from process.task t where t.id = p_task and (p_instance is null or t.instance = p_instance);
    end if;
    -- Locked before the rows are read: a statement after the wait sees what the one before us committed.
    select i.* into v from process.instance i where i.id = found_in for update;
    if not found or not (seen or yw.sees(v.org, v.parties, v.area)) then
        return;
    end if;
    return query select
        row_to_json(v),
        case when p_whole then
            (select coalesce(json_agg(t order by t.opened_at, t.id), '[]') from process.task t where t.instance = v.id)
        else
            (select coalesce(json_agg(t), '[]') from (
                select * from process.task a where a.instance = v.id and a.live
                union all
                select * from process.task b where b.id = p_task and not b.live
            ) t)
        end,
        (select e.body from process.engine e where e.instance = v.id and v.stamp <> p_known);
end $$;

-- Write a board back: one JSON document with what is new and what changed. Whoever calls holds the lock of load_board,
-- which is why rows need no check of their version here. Fails as a whole, with SQLSTATE YW002 when the clock is behind
-- what was already written.
create function process.save_board(p json, p_engine text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_id uuid := (p ->> 'id')::uuid;
    touched int;
begin
    perform yw.orgs(); -- fails outside of a unit of work
    if p -> 'start' is not null then
        insert into process.instance (id, key, version, subject_type, subject_id, subject_no, title, state, org, parties,
            area, started_by, started_name, started_at, ended_at, stamp, latest, result)
        select r.id, r.key, r.version, r.subject_type, r.subject_id, r.subject_no, r.title, r.state, r.org, r.parties,
            r.area, r.started_by, r.started_name, r.started_at, r.ended_at, r.stamp, r.latest, r.result
        from json_populate_record(null::process.instance, p -> 'start') r;
        insert into process.words (instance, words, grams)
        select v_id, p ->> 'words', array(select json_array_elements_text(p -> 'grams'));
    elsif p -> 'instance' is not null then
        update process.instance i
        set version = r.version, state = r.state, parties = r.parties, ended_at = r.ended_at,
            suspended_at = r.suspended_at, stamp = r.stamp, latest = r.latest, result = r.result
        from json_populate_record(null::process.instance, p -> 'instance') r
        where i.id = v_id and i.latest <= r.latest;
        if not found then
            raise exception 'the clock is behind what process instance % already recorded', v_id using errcode = 'YW002';
        end if;
    end if;
    if p_engine is not null then
        insert into process.engine (instance, body) values (v_id, p_engine)
        on conflict (instance) do update set body = excluded.body;
    elsif p ->> 'ended' = 'true' then
        delete from process.engine where instance = v_id;
    end if;
    if p -> 'change' is not null then
        update process.task t
        set origin = c.origin, cause = c.cause, state = c.state, resume_to = c.resume_to, priority = c.priority,
            due_at = c.due_at, paused_at = c.paused_at, paused_minutes = c.paused_minutes, overdue_at = c.overdue_at,
            claimed_by = c.claimed_by, claimed_name = c.claimed_name, claimed_at = c.claimed_at, done_at = c.done_at,
            done_by = c.done_by, done_name = c.done_name, version = c.version, data = c.data, gathered = c.gathered,
            plan = c.plan, supervised = c.supervised, urged = c.urged, urged_at = c.urged_at,
            step = c.step, token = c.token, step_name_zh = c.step_name_zh, step_name_en = c.step_name_en, form = c.form
        from json_populate_recordset(null::process.task, p -> 'change') c
        where t.id = c.id and t.instance = v_id;
        get diagnostics touched = row_count;
        if touched <> json_array_length(p -> 'change') then
            raise exception 'a task of instance % is not there any more', v_id using errcode = 'YW001';
        end if;
    end if;
    if p -> 'open' is not null then
        insert into process.task (id, instance, token, origin, cause, subject_type, subject_id, subject_no, title, step,
            step_name_zh, step_name_en, kind, post, assigned, org, parties, area, state, resume_to, priority, opened_at,
            due_at, span, escalate, paused_at, paused_minutes, claimed_by, claimed_name, claimed_at, done_at, done_by,
            done_name, version, form, data, gathered, plan, reason, supervised, urged)
        select r.id, r.instance, r.token, r.origin, r.cause, r.subject_type, r.subject_id, r.subject_no, r.title, r.step,
            r.step_name_zh, r.step_name_en, r.kind, r.post, r.assigned, r.org, r.parties, r.area, r.state, r.resume_to,
            r.priority, r.opened_at, r.due_at, r.span, r.escalate, r.paused_at, r.paused_minutes, r.claimed_by,
            r.claimed_name, r.claimed_at, r.done_at, r.done_by, r.done_name, r.version, r.form, r.data, r.gathered,
            r.plan, r.reason, r.supervised, r.urged
        from json_populate_recordset(null::process.task, p -> 'open') r;
    end if;
    if p -> 'notes' is not null then
        insert into process.note select * from json_populate_recordset(null::process.note, p -> 'notes');
    end if;
    if p -> 'log' is not null then
        insert into process.log (instance, task, verb, at, by, by_name, post, from_post, to_post, reason, detail)
        select v_id, r.task, r.verb, r.at, r.by, r.by_name, r.post, r.from_post, r.to_post, r.reason, r.detail
        from json_populate_recordset(null::process.log, p -> 'log') r;
    end if;
    if p -> 'timer' is not null then
        delete from process.timer where instance = v_id and p ->> 'timer' is null;
        insert into process.timer (instance, due_at)
        select v_id, (p ->> 'timer')::timestamptz where p ->> 'timer' is not null
        on conflict (instance) do update set due_at = excluded.due_at, attempts = 0, retry_at = null, last_error = null;
    end if;
    if p -> 'awaiting' is not null then
        delete from process.subscription where instance = v_id;
        insert into process.subscription (instance, message, subject_type, subject_id)
        select v_id, m, i.subject_type, i.subject_id
        from json_array_elements_text(p -> 'awaiting') m, process.instance i where i.id = v_id;
    end if;
end $$;

-- Instances of a subject that wait for a message. The caller's action on the subject was decided before.
create function process.awaiting(p_message text, p_type text, p_subject uuid) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select s.instance from process.subscription s
      where s.message = p_message and s.subject_type = p_type and s.subject_id = p_subject order by s.instance $$;

revoke execute on all functions in schema process from public;
grant execute on all functions in schema process to yiwang_app;
