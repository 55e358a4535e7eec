-- name: any_incident
select exists (select from govern.incident);

-- name: demo_tasks
-- Tasks of an incident that somebody has to do now, the oldest first; the supervisor's stands beside the others.
select id, step, post, version from process.task
where subject_type = 'incident' and subject_id = $1 and live and kind = 'main' order by opened_at, id
