-- name: enqueue
select notice.enqueue($1::jsonb, $2, $3, $4, $5, $6);

-- name: put_inbox
select notice.put_inbox($1::jsonb, $2);

-- name: take_due
-- Claims messages whose time has come, and those that a worker took and never finished. Two workers never take the same.
update notice.message m set state = 'sending', attempts = attempts + 1, next_at = $2
where id in (select id from notice.message where state in ('queued', 'sending') and next_at <= $1
             order by urgent desc, next_at limit $3 for update skip locked)
returning id, template, channel, account, digest, address, masked, locale, subject, body, sealed, urgent, optional,
          attempts, reason, give_up_at, created_at;

-- name: set_address
update notice.message set digest = $2, masked = $3 where id = $1;

-- name: finish
-- The outcome of a try; secrets are wiped once they are out.
update notice.message set state = $2, reason = $3, provider_ref = $4, done_at = $5, next_at = $6,
    sealed = case when $2 in ('sent', 'dropped', 'gave_up') then null else sealed end,
    address = case when $2 in ('sent', 'dropped', 'gave_up') then null else address end
where id = $1 and state = 'sending';

-- name: postpone
-- Not now (quiet hours, limit): that was no attempt.
update notice.message set state = 'queued', reason = $2, next_at = $3, attempts = attempts - 1 where id = $1 and state = 'sending';

-- name: recent_to
-- When this address was last written to, newest first, for the limit per recipient.
select done_at from notice.message
where digest = $1 and channel = $2 and done_at > $3 and state in ('sent', 'sandboxed') order by done_at desc limit $4;

-- name: refused
select exists (select from notice.refusal where account = $1 and template = $2 and channel = $3);

-- name: list_messages
select id, template, channel, masked, locale, subject, body, sealed, state, reason, attempts, next_at, created_at, done_at, urgent
from notice.message
where ($1::text is null or state = $1) and ($2::text is null or channel = $2) and ($3::text is null or template = $3)
  and ($4::uuid is null or (created_at, id) < (select created_at, id from notice.message where id = $4))
order by created_at desc, id desc limit $5;

-- name: count_states
select state, count(*) as count from notice.message where created_at > $1 group by state;

-- name: retry_message
update notice.message set state = 'queued', reason = '', attempts = 0, next_at = $2, give_up_at = $3
where id = $1 and state = 'gave_up' and (body is not null or sealed is not null) and (account is not null or address is not null);

-- name: inbox_of
select id, template, title, body, href, created_at, read_at from notice.inbox
where account = $1
  and ($2::uuid is null or (created_at, id) < (select created_at, id from notice.inbox where id = $2 and account = $1))
order by created_at desc, id desc limit $3;

-- name: unread_count
select count(*) from (select 1 from notice.inbox where account = $1 and read_at is null limit 100) as counted;

-- name: mark_read
update notice.inbox set read_at = $3 where account = $1 and read_at is null and ($2::uuid is null or id = $2);

-- name: add_refusal
insert into notice.refusal (account, template, channel, since) values ($1, $2, $3, $4) on conflict do nothing;

-- name: drop_refusal
delete from notice.refusal where account = $1 and template = $2 and channel = $3;

-- name: refusals_of
select template, channel from notice.refusal where account = $1;
