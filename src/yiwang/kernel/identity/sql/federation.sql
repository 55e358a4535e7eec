-- name: list_providers
select key, title_zh, title_en, issuer, client_id, secret, scopes, kind, creates
from identity.provider where enabled order by key;

-- name: put_provider
insert into identity.provider (key, title_zh, title_en, issuer, client_id, secret, scopes, kind, creates)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (key) do update set title_zh = excluded.title_zh, title_en = excluded.title_en, issuer = excluded.issuer,
    client_id = excluded.client_id, secret = excluded.secret, scopes = excluded.scopes, kind = excluded.kind,
    creates = excluded.creates, enabled = true;

-- name: disable_provider
update identity.provider set enabled = false where key = $1;

-- name: linked_account
select l.account, a.kind, a.state from identity.link l join identity.account a on a.id = l.account
where l.provider = $1 and l.subject = $2;

-- name: links_of
select l.provider, p.title_zh, p.title_en, l.linked_at
from identity.link l join identity.provider p on p.key = l.provider where l.account = $1 order by l.provider;

-- name: add_link
insert into identity.link (provider, subject, account, linked_at) values ($1, $2, $3, $4);

-- name: drop_link
delete from identity.link where account = $1 and provider = $2;

-- name: add_client
insert into identity.client (account, scopes, token_seconds) values ($1, $2, $3);

-- name: set_client_scopes
update identity.client set scopes = $2 where account = $1;

-- name: list_clients
select a.id, a.login, a.name, a.org, a.state, c.scopes, c.token_seconds,
       (select count(*) from identity.client_secret s where s.account = a.id) as secrets
from identity.client c join identity.account a on a.id = c.account order by a.login;

-- name: retire_secrets
-- The old secrets go on working for a while, so that a system can be switched over without a gap.
update identity.client_secret set expires_at = least(coalesce(expires_at, $2), $2) where account = $1;

-- name: drop_secrets
delete from identity.client_secret where account = $1;

-- name: add_client_secret
insert into identity.client_secret (id, account, fingerprint, created_at) values ($1, $2, $3, $4);

-- name: client_by
select * from identity.client_by($1, $2, $3);

-- name: add_token
insert into identity.access_token (fingerprint, account, scopes, issued_at, expires_at) values ($1, $2, $3, $4, $5);

-- name: token_of
select * from identity.token_of($1, $2);

-- name: revoke_tokens
select identity.revoke_tokens($1, $2, $3);

-- name: known_scopes
select name, role, title_zh, title_en from identity.scope order by name;
