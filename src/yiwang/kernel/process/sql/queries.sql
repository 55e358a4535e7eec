-- name: inbox_first
-- The first page of some posts' inbox: an index range of each in the right order, merged.
select t.id, t.instance, t.token, t.origin, t.subject_type, t.subject_id, t.subject_no, t.title, t.step, t.step_name_zh, t.step_name_en,
    t.kind, t.post, t.org, t.area, t.state, t.priority, t.opened_at, t.due_at, t.paused_at, t.overdue_at, t.done_at, t.done_by,
    t.done_name, t.claimed_by, t.claimed_name, t.version, t.form, t.reason, t.supervised, t.urged
from unnest($1::bigint[]) p(post) cross join lateral (
    select * from process.task t
    where t.post = p.post and t.live and t.state in ('open', 'claimed') and t.kind <> 'circulate'
    order by t.due_sort, t.rank, t.id limit $2
) t
order by t.due_sort, t.rank, t.id limit $2

-- name: found_tasks
-- A filtered list; the function sees all rows and repeats the row-level rule, because a search cannot use its index else.
select t.id, t.instance, t.token, t.origin, t.subject_type, t.subject_id, t.subject_no, t.title, t.step, t.step_name_zh, t.step_name_en,
    t.kind, t.post, t.org, t.area, t.state, t.priority, t.opened_at, t.due_at, t.paused_at, t.overdue_at, t.done_at, t.done_by,
    t.done_name, t.claimed_by, t.claimed_name, t.version, t.form, t.reason, t.supervised, t.urged
from process.find_tasks($1, $2, $3) with ordinality f(id, place) join process.task t on t.id = f.id order by f.place

-- name: count_desk
select * from process.count_desk($1, $2, $3, $4)

-- name: task
-- One task with all its columns.
select * from process.task where id = $1

-- name: tasks_of
-- Every row of an instance in the order in which they were opened.
select * from process.task where instance = $1 order by opened_at, id

-- name: instance
select * from process.instance where id = $1

-- name: instances_of
select * from process.instance where subject_type = $1 and subject_id = $2 order by started_at, id

-- name: notes
select id, task, kind, body, by, by_name, post, at from process.note where instance = $1 order by at, id

-- name: timeline
-- What happened, over all instances of a subject.
select l.id, l.instance, l.task, l.verb, l.at, l.by, l.by_name, l.post, l.from_post, l.to_post, l.reason, l.detail,
    t.step, t.step_name_zh, t.step_name_en, t.kind, t.due_at
from process.instance i join process.log l on l.instance = i.id left join process.task t on t.id = l.task
where i.subject_type = $1 and i.subject_id = $2 order by l.id

-- name: live_steps
-- Open rows by step, for the overlay.
select step, count(*) as open, bool_or(overdue_at is not null) as overdue
from process.task where instance = $1 and live and kind not in ('circulate', 'supervise') group by step

-- name: engine_state
select body from process.engine where instance = $1

-- name: definition_xml
select version, xml from process.definition
where key = $1 and (version = $2::int or $2::int is null) order by version desc limit 1

-- name: stuck_timers
select instance, due_at, attempts, retry_at, last_error from process.timer where attempts > 0 order by due_at limit 200
