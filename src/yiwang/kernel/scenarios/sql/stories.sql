-- name: story_tasks
-- Every task of a subject, or of the whole scratch city while the story has no subject yet.
select id, instance, subject_type, subject_id, subject_no, title, step, step_name_zh, step_name_en, kind, post, org, area,
       state, priority, opened_at, due_at, overdue_at, done_at, version, form, data, reason, supervised, urged, live,
       case kind when 'countersign' then '会签' when 'signer' then '加签' when 'delegated' then '委派'
                 when 'circulate' then '传阅' when 'supervise' then '督办' when 'rework' then '返工' else '' end as kind_zh
from process.task
where $1::uuid is null or subject_id = $1
order by opened_at, id;

-- name: story_instances
-- The running and ended processes of a subject.
select id, key, version, state, started_at, ended_at from process.instance
where $1::uuid is null or subject_id = $1 order by started_at, id;

-- name: story_next_due
-- The next moment at which something happens by itself: a timer of a process, or a task becoming late.
select least(
    (select min(greatest(due_at, retry_at)) from process.timer),
    (select min(due_at) from process.task where live and overdue_at is null and paused_at is null)
);

-- name: story_audit
-- What was recorded, newest first.
select action, actor_kind, actor_name, resource_type, resource_id, note, before, after from audit.entry
where ($1::text is null or action = $1) order by id desc limit 200;
