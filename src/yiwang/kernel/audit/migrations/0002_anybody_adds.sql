-- Whoever acts leaves a row, also somebody who may read none (a visitor who reports a problem): RETURNING, which the queue
-- of the sealer needs, would ask for the right to read it back.
create function audit.add_entries(p jsonb) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    with added as (
        insert into audit.entry (at, actor, actor_kind, actor_name, post, action, resource_type, resource_id, org, area,
                                 purpose, policies, before, after, note, count, digest, request_id)
        select (r ->> 'at')::timestamptz, (r ->> 'actor')::uuid, r ->> 'actor_kind', r ->> 'actor_name',
               (r ->> 'post')::bigint, r ->> 'action', r ->> 'resource_type', r ->> 'resource_id', (r ->> 'org')::int,
               r ->> 'area', r ->> 'purpose',
               array(select jsonb_array_elements_text(r -> 'policies')),
               nullif(r -> 'before', 'null'), nullif(r -> 'after', 'null'),
               r ->> 'note', (r ->> 'count')::bigint, r ->> 'digest', r ->> 'request_id'
        from jsonb_array_elements(p) as r
        returning id
    )
    insert into audit.pending (entry) select id from added
$$;
revoke execute on function audit.add_entries from public;
grant execute on function audit.add_entries to yiwang_app;
