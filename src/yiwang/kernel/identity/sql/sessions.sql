-- name: session_of
select * from identity.session_of($1, $2);

-- name: add_session
insert into identity.session
    (id, fingerprint, account, csrf, method, duty, post, address, agent, created_at, seen_at, expires_at, ends_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12);

-- name: rotate_session
-- A new token for the same session: at a change of privilege an older copy of the token is worth nothing.
update identity.session set fingerprint = $2, csrf = $3, duty = $4, post = $5 where id = $1 and revoked_at is null;

-- name: end_session
update identity.session set revoked_at = $2 where id = $1 and revoked_at is null;

-- name: end_sessions
select identity.end_sessions($1, $2, $3);

-- name: own_sessions
select id, method, address, agent, created_at, seen_at, expires_at from identity.session
where account = $1 and revoked_at is null and expires_at > $2 and ends_at > $2 order by seen_at desc limit 50;

-- name: slide_sessions
-- Uses seen by one process since its last flush, written in one go.
update identity.session s set seen_at = greatest(s.seen_at, u.seen), expires_at = greatest(s.expires_at, u.until)
from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as u (id, seen, until)
where s.id = u.id and s.revoked_at is null;

-- name: put_ticket
select identity.put_ticket($1, $2, $3, $4, $5, $6, $7);

-- name: try_ticket
select * from identity.try_ticket($1, $2, $3, $4);

-- name: use_ticket
select identity.use_ticket($1, $2);

-- name: lock_throttle
select * from identity.lock_throttle($1, $2);

-- name: set_throttle
select identity.set_throttle($1, $2, $3);

-- name: keep_form
select identity.keep_form($1, $2, $3, $4, $5);

-- name: kept_form_of
select * from identity.kept_form_of($1, $2);

-- name: drop_kept_form
select identity.drop_kept_form($1);

-- name: purge
select identity.purge($1);
