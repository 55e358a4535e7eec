-- name: causes
-- The row that led to each task: the one whose completion opened it, or that asks for it.
select id, coalesce(cause, origin) as came from process.task where id = any ($1::uuid[]) and coalesce(cause, origin) is not null

-- name: senders
-- Who did these rows. Two statements instead of a join: joined under the row-level rule, every instance is hashed.
select id, done_name, claimed_name, post from process.task where id = any ($1::uuid[])

-- name: chosen
-- The rows that somebody ticked, in the order of the inbox; what the scope does not see is missing.
select id, instance, origin, subject_type, subject_id, subject_no, title, step, step_name_zh, step_name_en, kind, post, org,
    area, state, priority, opened_at, due_at, paused_at, done_at, done_name, claimed_by, claimed_name, version, reason,
    supervised, urged
from process.task where id = any ($1::uuid[]) order by due_sort, rank, id
