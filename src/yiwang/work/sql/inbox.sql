-- name: senders
-- Where each task came from: the row whose completion led to it, or that asks for it.
select t.id, c.done_name, c.claimed_name, c.post
from process.task t join process.task c on c.id = coalesce(t.cause, t.origin)
where t.id = any ($1::uuid[])

-- name: chosen
-- The rows that somebody ticked, in the order of the inbox; what the scope does not see is missing.
select id, instance, origin, subject_type, subject_id, subject_no, title, step, step_name_zh, step_name_en, kind, post, org,
    area, state, priority, opened_at, due_at, paused_at, done_at, done_name, claimed_by, claimed_name, version, reason,
    supervised, urged
from process.task where id = any ($1::uuid[]) order by due_sort, rank, id
