-- Lists of tasks. Under row-level security an operator that is not leakproof (@>, LIKE) cannot use an index, so lists go
-- through a function that sees all rows, repeats yw.sees() on each, and returns ids in the order of the list.

-- p: posts, orgs (arrays), tab (todo, read, waiting, done), mine, kinds, steps, subject_types, processes (arrays),
-- area (prefix), supervised, overdue_before, due_before, opened_from, opened_to, min_priority, grams + words (a search),
-- number (prefix), after (cursor: {"sort", "rank", "id"}). The statement is put together from the filters given, so that
-- each combination gets its own plan; every value is a parameter.
create function process.find_tasks(p jsonb, p_now timestamptz, p_limit int) returns table (id uuid)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    done boolean := p ->> 'tab' = 'done';
    key text := case when done then 't.done_at desc, t.id desc' else 't.due_sort, t.rank, t.id' end;
    cond text := case p ->> 'tab'
        when 'todo' then 't.live and t.state in (''open'', ''claimed'') and t.kind <> ''circulate'''
        when 'read' then 't.live and t.kind = ''circulate'''
        when 'waiting' then 't.live and t.state not in (''open'', ''claimed'')'
        when 'done' then 'not t.live and t.state <> ''cancelled'''
        else 't.live' end;
    source text := 'process.task t';
    hits uuid[];
begin
    if p ? 'mine' then
        cond := cond || case when done then ' and t.done_by' else ' and t.claimed_by' end || ' = ($1 ->> ''mine'')::uuid';
    end if;
    if p ? 'kinds' then cond := cond || ' and t.kind = any (array(select jsonb_array_elements_text($1 -> ''kinds'')))'; end if;
    if p ? 'steps' then cond := cond || ' and t.step = any (array(select jsonb_array_elements_text($1 -> ''steps'')))'; end if;
    if p ? 'subject_types' then
        cond := cond || ' and t.subject_type = any (array(select jsonb_array_elements_text($1 -> ''subject_types'')))';
    end if;
    if p ? 'area' then cond := cond || ' and t.area ^@ ($1 ->> ''area'')'; end if;
    if p ? 'supervised' then cond := cond || ' and t.supervised = ($1 ->> ''supervised'')::boolean'; end if;
    if p ? 'overdue' then
        cond := cond || case when p ->> 'overdue' = 'true' then ' and t.due_sort < $2 and t.paused_at is null'
                             else ' and t.due_sort >= $2' end;
    end if;
    if p ? 'due_before' then cond := cond || ' and t.due_sort < ($1 ->> ''due_before'')::timestamptz'; end if;
    if p ? 'opened_from' then cond := cond || ' and t.opened_at >= ($1 ->> ''opened_from'')::timestamptz'; end if;
    if p ? 'opened_to' then cond := cond || ' and t.opened_at < ($1 ->> ''opened_to'')::timestamptz'; end if;
    if p ? 'min_priority' then cond := cond || ' and t.priority >= ($1 ->> ''min_priority'')::int'; end if;
    if p ? 'number' then
        cond := cond || ' and t.instance = any (array(select i.id from process.instance i'
            || ' where i.subject_no ^@ ($1 ->> ''number'') order by i.id desc limit 2000))';
    end if;
    if p ? 'processes' then
        source := source || ' join process.instance i on i.id = t.instance';
        cond := cond || ' and i.key = any (array(select jsonb_array_elements_text($1 -> ''processes'')))';
    end if;
    if p ? 'grams' then
        -- A desk is short: look at the words of each of its rows. Elsewhere the words lead, unless they are so common that
        -- walking the list in its order meets a page full of them soon.
        if done or not (p ? 'posts' or p ? 'orgs') then
            execute format('select array(select w.instance from process.words w where w.grams @> %L::text[]
                and strpos(w.words, $1 ->> ''words'') > 0 order by w.instance desc limit 2001)',
                array(select jsonb_array_elements_text(p -> 'grams'))) into hits using p;
        end if;
        if hits is not null and (cardinality(hits) <= 2000 or not (p ? 'posts' or p ? 'orgs')) then
            cond := cond || ' and t.instance = any ($4)';
        else
            cond := cond || ' and exists (select from (select w.words from process.words w where w.instance = t.instance'
                || ' offset 0) w where strpos(w.words, $1 ->> ''words'') > 0)';
        end if;
    end if;
    if p ? 'after' then
        cond := cond || case when done
            then ' and (t.done_at, t.id) < (($1 #>> ''{after,sort}'')::timestamptz, ($1 #>> ''{after,id}'')::uuid)'
            else ' and (t.due_sort, t.rank, t.id) > (($1 #>> ''{after,sort}'')::timestamptz,'
                || ' ($1 #>> ''{after,rank}'')::int, ($1 #>> ''{after,id}'')::uuid)' end;
    end if;
    cond := cond || ' and yw.sees(t.org, t.parties, t.area)';
    if p ? 'posts' then
        -- Each post's list is an index range in the right order: take the head of each, then merge.
        return query execute format(
            'select h.id from unnest(array(select jsonb_array_elements_text($1 -> ''posts'')::bigint)) o(post) cross join lateral
                (select t.id, t.due_sort, t.rank, t.done_at from %s where t.post = o.post and %s order by %s limit $3) h
             order by %s limit $3', source, cond, key, replace(key, 't.', 'h.')) using p, p_now, p_limit, hits;
    elsif p ? 'orgs' then
        return query execute format(
            'select h.id from unnest(array(select jsonb_array_elements_text($1 -> ''orgs'')::int)) o(org) cross join lateral
                (select t.id, t.due_sort, t.rank, t.done_at from %s where t.org = o.org and %s order by %s limit $3) h
             order by %s limit $3', source, cond, key, replace(key, 't.', 'h.')) using p, p_now, p_limit, hits;
    else
        return query execute format('select t.id from %s where %s order by %s limit $3', source, cond, key)
            using p, p_now, p_limit, hits;
    end if;
end $$;

-- How many live tasks lie on the desks of some posts, by tab, each counted to a bound: {"todo": 12, "overdue": 3, ..}.
-- The posts are the caller's own, so their organisations' rows are all visible; others count as nothing.
create function process.count_desk(p_posts bigint[], p_account uuid, p_now timestamptz, p_bound int)
returns table (todo bigint, overdue bigint, mine bigint, reading bigint, waiting bigint, supervised bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select count(*) filter (where s.state in ('open', 'claimed') and s.kind <> 'circulate'),
           count(*) filter (where s.due_sort < p_now and s.state in ('open', 'claimed') and s.kind <> 'circulate'),
           count(*) filter (where s.claimed_by = p_account and s.state = 'claimed'),
           count(*) filter (where s.kind = 'circulate'),
           count(*) filter (where s.state not in ('open', 'claimed')),
           count(*) filter (where s.supervised)
    from unnest(p_posts) o(post) cross join lateral (
        select t.state, t.kind, t.due_sort, t.claimed_by, t.supervised
        from process.task t where t.post = o.post and t.live and (t.org = any (yw.orgs()) or yw.is_system())
        order by t.due_sort, t.rank, t.id limit p_bound
    ) s
$$;

-- Instances whose timer is due. Nothing is locked here: whoever works on one takes it with process.try_lock.
create function process.due_timers(p_now timestamptz, p_limit int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select t.instance from process.timer t where greatest(t.due_at, t.retry_at) <= p_now
    order by greatest(t.due_at, t.retry_at) limit p_limit
$$;

-- Take an instance unless somebody else has it just now: several workers share the work without waiting.
create function process.try_lock(p_instance uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform from process.instance i where i.id = p_instance for update skip locked;
    return found;
end $$;

-- A timer that could not be applied: tried again later, and shown with its error until then.
create function process.timer_failed(p_instance uuid, p_retry timestamptz, p_error text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    update process.timer set attempts = attempts + 1, retry_at = p_retry, last_error = left(p_error, 2000)
    where instance = p_instance
$$;

-- Instances with tasks that have passed their deadline and were not marked yet.
create function process.late_instances(p_now timestamptz, p_limit int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select distinct s.instance from (
        select t.instance from process.task t
        where t.live and t.overdue_at is null and t.paused_at is null and t.due_at < p_now
        order by t.due_at limit p_limit
    ) s
$$;

revoke execute on all functions in schema process from public;
grant execute on all functions in schema process to yiwang_app;
