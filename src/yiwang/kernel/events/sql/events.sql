-- name: add_events
-- All events of a unit of work in one statement; the notification wakes the relay at commit.
with given as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[]) as t (id, type, subject, at, body)
), logged as (
    insert into event.log (id, type, subject, at, body) select * from given
), queued as (
    insert into event.pending (event) select id from given
)
select pg_notify('yw_event', '');

-- name: take_pending
-- The oldest events not yet relayed; other relays skip them while we hold the locks.
select p.event, l.seq, l.type, l.body, p.routed from event.pending p join event.log l on l.id = p.event
order by p.seq limit $1 for update of p skip locked;

-- name: route_events
-- One delivery per interested reaction, made before anything is published, so that no handler can be early.
with routes as (
    select * from unnest($1::text[], $2::uuid[]) as t (reaction, event)
), made as (
    insert into event.delivery (reaction, event, next_at) select reaction, event, $3 from routes
    on conflict do nothing returning reaction
), counted as (
    insert into event.tally as t (reaction, made) select reaction, count(*) from made group by reaction
    on conflict (reaction) do update set made = t.made + excluded.made
)
update event.pending set routed = true where event = any ($4::uuid[]);

-- name: drop_pending
delete from event.pending where event = any ($1::uuid[]);

-- name: count_pending
select count(*) from event.pending;

-- name: take_delivery
-- Inside the handler's transaction: no row means that it was applied already (or is being applied by another worker).
select d.event, l.type, l.body, d.tries from event.delivery d join event.log l on l.id = d.event
where d.reaction = $1 and d.event = $2 for update of d skip locked;

-- name: finish_delivery
with gone as (delete from event.delivery where reaction = $1 and event = $2 returning 1)
update event.tally set applied = applied + (select count(*) from gone) where reaction = $1;

-- name: postpone_delivery
update event.delivery set tries = tries + 1, next_at = $3 where reaction = $1 and event = $2 returning tries;

-- name: bury_delivery
with gone as (delete from event.delivery where reaction = $1 and event = $2 returning reaction, event, tries)
insert into event.dead_letter (reaction, event, failed_at, tries, error)
select reaction, event, $3, tries, $4 from gone
on conflict (reaction, event) do update set failed_at = excluded.failed_at, tries = excluded.tries,
    error = excluded.error, replayed_at = null, replayed_by = null;

-- name: due_deliveries
-- What no message will bring: retries that are due, and deliveries whose message was lost on the way.
select reaction, event from event.delivery where next_at <= $1 order by next_at limit $2;

-- name: waiting_deliveries
select reaction, event from event.delivery order by event limit $1;

-- name: list_dead
select d.*, l.type, l.subject, l.body, l.at from event.dead_letter d join event.log l on l.id = d.event
where d.replayed_at is null and ($1::bigint is null or d.id < $1) order by d.id desc limit $2;

-- name: reconcile
select t.reaction, t.made, t.applied,
       (select count(*) from event.delivery d where d.reaction = t.reaction) as waiting,
       (select count(*) from event.dead_letter x where x.reaction = t.reaction and x.replayed_at is null) as dead
from event.tally t order by t.reaction;

-- name: count_logged
select (select count(*) from event.log) as logged, (select count(*) from event.pending) as pending;
