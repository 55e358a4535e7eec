-- name: begin_history
-- A table of its own for a large batch, open for COPY; see migrations/0003_replay.sql.
select govern.begin_history($1, $2, $3, $4);

-- name: drop_known
select govern.drop_known($1) as line;

-- name: finish_history
select imported, quarantined from govern.finish_history($1);

-- name: same_file
-- The batch that brought this very file.
select id, source, at, rows, imported, quarantined from govern.batch where digest = $1 and imported > 0 order by at limit 1;

-- name: batches
select id, source, at, rows, imported, quarantined, derived from govern.batch order by at desc, id desc;

-- name: count_reasons
select reason, count(*)::int as rows from govern.quarantine where batch = $1 group by reason order by 2 desc, 1;

-- name: refused_rows
-- A page of the quarantine of a batch, in the order of the file.
select line, key, reason, raw from govern.quarantine
where batch = $1 and line > $2 and ($3::text is null or reason = $3) order by line limit $4;

-- name: requests_of_day
-- What the history says of one day, in the order in which it is replayed.
select id, number, title, category, address, area, department, opened_at, closed_at, due_at, on_time
from govern.incident
where batch is not null and type = $1 and opened_on = $2 and opened_at >= $3 and opened_at < $4 order by opened_at, number;

-- name: replayed_on
-- How many requests of a day were replayed before.
select count(*)::int from govern.incident where source = 'replay' and opened_on = $1 and opened_at >= $2 and opened_at < $3;

-- name: open_steps
-- What waits on somebody's desk for these incidents.
select id, step, kind, post, version, subject_id, opened_at from process.task
where subject_type = 'incident' and subject_id = any ($1::uuid[]) and live and state in ('open', 'claimed')
  and kind <> 'circulate'
order by opened_at, id;

-- name: replayed_results
select i.id, i.number, i.title, i.department, i.state, i.on_time, i.supervised, i.due_at, i.closed_at
from govern.incident i where i.id = any ($1::uuid[]);

-- name: next_due
-- The next moment at which something happens by itself: a timer of a process, or a task becoming late.
select least(
    (select min(greatest(due_at, retry_at)) from process.timer),
    (select min(due_at) from process.task where live and overdue_at is null and paused_at is null)
);
