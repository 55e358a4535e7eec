-- name: due_timers
-- Instances whose timer is due; see migrations/0003_search.sql.
select process.due_timers($1, $2) as instance

-- name: try_lock
-- Take an instance unless another worker has it.
select process.try_lock($1)

-- name: timer_is_due
-- Asked again under the lock: another worker may have been here since the list was read.
select exists (select from process.timer where instance = $1 and greatest(due_at, retry_at) <= $2)

-- name: timer_failed
select process.timer_failed($1, $2, $3)

-- name: timer_attempts
select attempts from process.timer where instance = $1

-- name: late_instances
select process.late_instances($1, $2) as instance
