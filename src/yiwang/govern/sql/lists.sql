-- name: find_incidents
-- Ids come from a function that may use the GIN index; the rows are then read in the scope of whoever asks.
select i.id, i.title, i.number, i.opened_at from govern.find_incidents($1::text[], $2::int) f join govern.incident i on i.id = f.id
order by i.opened_at desc;

-- name: list_live
-- Open work, newest first or soonest due first; null parameters do not filter. $10 and $11 are the cursor.
select id, number, title, category, state, urgency, source, area, address, department, post, opened_at, due_at, closed_at,
       on_time, satisfied, supervised, reopened, lon, lat
from govern.incident
where live and ($1::text is null or state = $1) and ($2::text is null or category ^@ $2)
  and ($3::text is null or area ^@ $3) and ($4::int is null or department = $4)
  and (not $5::boolean or due_at < $6::timestamptz) and (not $7::boolean or supervised > 0)
  and ($8::timestamptz is null or opened_at >= $8) and ($9::timestamptz is null or opened_at < $9)
  and ($10::timestamptz is null or (opened_at, id) < ($10, $11::uuid))
  and ($12::uuid[] is null or id = any ($12))
order by opened_at desc, id desc limit $13;

-- name: list_all
-- The same over everything ever reported: the period bounds what is looked at.
select id, number, title, category, state, urgency, source, area, address, department, post, opened_at, due_at, closed_at,
       on_time, satisfied, supervised, reopened, lon, lat
from govern.incident
where ($1::text is null or state = $1) and ($2::text is null or category ^@ $2)
  and ($3::text is null or area ^@ $3) and ($4::int is null or department = $4)
  and (not $5::boolean or due_at < $6::timestamptz and coalesce(closed_at, $6) > due_at) and (not $7::boolean or supervised > 0)
  and ($8::timestamptz is null or opened_at >= $8) and ($9::timestamptz is null or opened_at < $9)
  and ($10::timestamptz is null or (opened_at, id) < ($10, $11::uuid))
  and ($12::uuid[] is null or id = any ($12))
order by opened_at desc, id desc limit $13;

-- name: count_live
-- Heads of the list: open, late, supervised, opened since a moment; each counted to a bound, so that it stays quick.
select count(*) as live, count(*) filter (where due_at < $1) as late, count(*) filter (where supervised > 0) as supervised,
       count(*) filter (where opened_at >= $2) as today
from (select due_at, supervised, opened_at from govern.incident where live order by opened_at desc limit 10000) as seen;

-- name: open_tasks
-- The live tasks of an incident that the scope sees, those of the given posts first.
select t.id, t.step, t.step_name_zh, t.step_name_en, t.kind, t.state, t.post, t.org, t.due_at, t.paused_at, t.version, t.form,
       t.claimed_by, t.claimed_name, t.supervised, t.post = any ($2::bigint[]) as mine
from process.instance i join process.task t on t.instance = i.id
where i.subject_type = 'incident' and i.subject_id = $1 and t.live
order by t.post = any ($2::bigint[]) desc, t.kind in ('circulate', 'supervise'), t.opened_at, t.id;

-- name: awaits
-- Whether an instance of the incident waits for a message (kernel.process says so itself).
select exists (select from process.awaiting($1::text, 'incident', $2::uuid));
