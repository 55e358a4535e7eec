-- Sessions: the holder has the token, we have its SHA-256.
create table identity.session (
    id uuid primary key,
    fingerprint bytea not null unique check (length(fingerprint) = 32),
    account uuid not null references identity.account,
    csrf text not null,
    method text not null check (method in ('password', 'totp', 'recovery', 'oidc')),
    duty text check (duty in ('password', 'totp')),
    post bigint,
    address text not null default '',
    agent text not null default '',
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    ends_at timestamptz not null,
    revoked_at timestamptz
);
comment on column identity.session.duty is 'What must be done before the session counts: a new password, or enrolling a second factor.';
comment on column identity.session.expires_at is 'Slides with use, never past ends_at.';
create index session_of_account on identity.session (account) where revoked_at is null;
create index session_to_purge on identity.session (ends_at);

alter table identity.session enable row level security;
create policy own on identity.session using ((select yw.is_system()) or account = (select yw.account()));
grant select (id, account, method, duty, post, address, agent, created_at, seen_at, expires_at, ends_at, revoked_at)
    on identity.session to yiwang_app;
grant insert, delete on identity.session to yiwang_app;
grant update (fingerprint, csrf, duty, post, seen_at, expires_at, revoked_at, method) on identity.session to yiwang_app;

-- The one way from a token to a session. Ended sessions come back too, marked, so that what an owner was typing can be kept for them.
create function identity.session_of(token bytea, at timestamptz)
returns table (id uuid, account uuid, csrf text, method text, duty text, post bigint, seen_at timestamptz, expires_at timestamptz,
               ends_at timestamptz, alive boolean, kind text, login text, name text, locale text, theme text, elder boolean,
               demo boolean, version int)
language sql stable security definer set search_path = identity, pg_temp as $$
    select s.id, s.account, s.csrf, s.method, s.duty, s.post, s.seen_at, s.expires_at, s.ends_at,
           s.revoked_at is null and s.expires_at > at and s.ends_at > at and a.state = 'active',
           a.kind, a.login, a.name, a.locale, a.theme, a.elder, a.demo, a.version
    from identity.session s join identity.account a on a.id = s.account
    where s.fingerprint = token
$$;
-- An administrator who disables an account or resets its password ends its sessions without seeing them.
create function identity.end_sessions(who uuid, at timestamptz, keep uuid) returns int
language plpgsql security definer set search_path = identity, pg_temp as $$ declare ended int; begin
    if not identity.may_manage(who) then raise insufficient_privilege; end if;
    update identity.session set revoked_at = at where account = who and revoked_at is null and id is distinct from keep;
    get diagnostics ended = row_count;
    return ended;
end $$;
revoke all on function identity.session_of, identity.end_sessions from public;
grant execute on function identity.session_of, identity.end_sessions to yiwang_app;
