-- name: close_unit
-- What every unit of work leaves behind, in one round trip: its audit rows ($1) and its events.
with given as (
    select * from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[]) as t (id, type, subject, at, body)
), logged as (
    insert into event.log (id, type, subject, at, body) select * from given
), queued as (
    insert into event.pending (event) select id from given
)
select audit.add_entries($1::jsonb), pg_notify('yw_event', '');
