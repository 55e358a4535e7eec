-- name: find_account
-- The account of an id, under the caller's scope.
select id, kind, login, name, org, locale, theme, elder, state, demo, version, created_at
from identity.account where id = $1;

-- name: find_account_by_login
select id, kind, login, name, org, locale, theme, elder, state, demo, version, created_at
from identity.account where login = $1;

-- name: list_accounts
-- Staff and systems by name or sign-in name; residents are never listed.
select id, kind, login, name, org, state, demo, created_at
from identity.account
where kind <> 'resident' and ($1 = '' or login like $1 || '%' or name like '%' || $1 || '%')
order by login limit $2 offset $3;

-- name: names_of
-- Display names of accounts that the caller may see.
select id, name from identity.account where id = any ($1);

-- name: add_account
insert into identity.account (id, kind, login, name, org, locale, elder, demo, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: update_profile
update identity.account set name = $2, locale = $3, theme = $4, elder = $5, version = version + 1 where id = $1;

-- name: set_state
update identity.account set state = $2, disabled_at = $3, version = version + 1 where id = $1;

-- name: bump_version
-- A secret or a right changed: caches of this account are stale.
update identity.account set version = version + 1 where id = $1;

-- name: put_contact
insert into identity.contact (account, channel, digest, sealed, masked, verified_at) values ($1, $2, $3, $4, $5, $6)
on conflict (account, channel) do update
set digest = excluded.digest, sealed = excluded.sealed, masked = excluded.masked, verified_at = excluded.verified_at;

-- name: add_contact
-- Plain insert: what an administrator may do without reading contacts.
insert into identity.contact (account, channel, digest, sealed, masked, verified_at) values ($1, $2, $3, $4, $5, $6);

-- name: contacts_of
select channel, sealed, masked, verified_at from identity.contact where account = $1;

-- name: credential
-- The one way to the secrets: for one person, by sign-in name, contact digest or id.
select * from identity.credential($1, $2, $3);

-- name: put_password
select identity.put_password($1, $2, $3, $4);

-- name: put_totp_pending
select identity.put_totp_pending($1, $2);

-- name: confirm_totp
select identity.confirm_totp($1, $2, $3, $4);

-- name: drop_totp
select identity.drop_totp($1);

-- name: use_totp
select identity.use_totp($1, $2);

-- name: use_recovery
select identity.use_recovery($1, $2, $3);

-- name: recovery_left
select identity.recovery_left($1);
