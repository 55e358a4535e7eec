-- name: lock_post
-- Whoever changes who holds a post waits for the one before.
select p.id, p.org, p.role, p.closed_at, o.closed_at as org_closed_at, o.division, o.code as org_code
from org.post p join org.organisation o on o.id = p.org where p.id = $1 for update of p;

-- name: lock_org
select * from org.organisation where id = $1 for update;

-- name: add_org
insert into org.organisation (code, parent, kind, division, name_zh, name_en, sort_key, uscc, from_file)
values ($1, $2, $3, $4, $5, $6, $7, $8, false) on conflict (code) do nothing returning id;

-- name: change_org
update org.organisation set name_zh = $2, name_en = $3, sort_key = $4, uscc = $5, from_file = false where id = $1;

-- name: close_org
update org.organisation set closed_at = $2, from_file = false where id = $1;

-- name: count_open_below
select (select count(*) from org.organisation where parent = $1 and closed_at is null)
     + (select count(*) from org.post where org = $1 and closed_at is null);

-- name: add_post
insert into org.post (org, role, number, title_zh, title_en, from_file)
select $1, $2, coalesce(max(number), 0) + 1, $3, $4, false from org.post where org = $1 and role = $2
returning id, number;

-- name: close_post
update org.post set closed_at = $2, from_file = false where id = $1;

-- name: end_all_appointments
update org.appointment set ends_at = greatest(starts_at, $2)
where post = $1 and (ends_at is null or ends_at > $2) returning id, account;

-- name: appointment_at
-- The appointment of an account to a post that covers a moment.
select id, starts_at, ends_at from org.appointment
where post = $1 and account = $2 and starts_at <= $3 and (ends_at is null or ends_at > $3)
order by starts_at limit 1;

-- name: overlapping_appointment
select id from org.appointment
where post = $1 and account = $2 and (ends_at is null or ends_at > $3) and ($4::timestamptz is null or starts_at < $4)
limit 1;

-- name: add_appointment
insert into org.appointment (id, post, account, starts_at, ends_at, handed_over_from, note)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: end_appointment
update org.appointment set ends_at = $2 where id = $1;

-- name: add_delegation
insert into org.delegation (id, post, from_account, to_account, starts_at, ends_at, note)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: lock_delegation
select * from org.delegation where id = $1 for update;

-- name: post_of_delegation
select post from org.delegation where id = $1;

-- name: revoke_delegation
update org.delegation set revoked_at = $2 where id = $1;

-- name: add_duty
insert into org.duty (id, post, account, starts_at, ends_at) values ($1, $2, $3, $4, $5);

-- name: lock_duty
select * from org.duty where id = $1 for update;

-- name: post_of_duty
select post from org.duty where id = $1;

-- name: cancel_duty
update org.duty set cancelled_at = $2 where id = $1;

-- name: post_history
-- Everybody who has held or will hold a post, newest first.
select id, account, starts_at, ends_at, handed_over_from, note from org.appointment
where post = $1 order by starts_at desc, id desc limit $2;
