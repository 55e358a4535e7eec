-- OIDC providers that we trust, and which of their subjects is which account.
create table identity.provider (
    key text primary key check (key ~ '^[a-z][a-z0-9-]{1,30}$'),
    title_zh text not null,
    title_en text not null,
    issuer text not null,
    client_id text not null,
    secret bytea not null,
    scopes text not null default 'openid profile',
    kind text not null check (kind in ('staff', 'resident')),
    creates boolean not null default false,
    enabled boolean not null default true
);
comment on column identity.provider.secret is 'Client secret, sealed with the key of the installation.';
comment on column identity.provider.creates is 'A first sign-in of an unknown subject makes a resident account. Staff are linked, never made.';
alter table identity.provider enable row level security;
create policy listed on identity.provider for select using (true);
create policy managed on identity.provider using ((select yw.is_system()) or (select identity.is_staff()));
grant select, insert, update, delete on identity.provider to yiwang_app;

create table identity.link (
    provider text not null references identity.provider,
    subject text not null check (length(subject) between 1 and 255),
    account uuid not null references identity.account,
    linked_at timestamptz not null,
    primary key (provider, subject),
    unique (provider, account)
);
alter table identity.link enable row level security;
create policy own on identity.link using ((select yw.is_system()) or account = (select yw.account()));
grant select, insert, delete on identity.link to yiwang_app;

-- Systems (OAuth2 client credentials). The account row gives name, organisation and state.
create table identity.client (
    account uuid primary key references identity.account,
    scopes text[] not null,
    token_seconds int not null default 1800 check (token_seconds between 60 and 86400)
);
alter table identity.client enable row level security;
create policy staff on identity.client using ((select yw.is_system()) or (select identity.is_staff()));
grant select, insert, update on identity.client to yiwang_app;

create table identity.client_secret (
    id uuid primary key,
    account uuid not null references identity.account,
    fingerprint bytea not null check (length(fingerprint) = 32),
    created_at timestamptz not null,
    expires_at timestamptz
);
comment on column identity.client_secret.expires_at is 'Set when a newer secret takes over: both work until then.';
create index client_secret_of on identity.client_secret (account);
alter table identity.client_secret enable row level security;
create policy staff on identity.client_secret using ((select yw.is_system()) or (select identity.is_staff()));
grant select (id, account, created_at, expires_at), insert, delete on identity.client_secret to yiwang_app;
grant update (expires_at) on identity.client_secret to yiwang_app;

create table identity.access_token (
    fingerprint bytea primary key check (length(fingerprint) = 32),
    account uuid not null references identity.account,
    scopes text[] not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index access_token_of on identity.access_token (account) where revoked_at is null;
alter table identity.access_token enable row level security;
create policy system on identity.access_token using ((select yw.is_system()) or account = (select yw.account()));
grant insert on identity.access_token to yiwang_app;

-- What a scope lets a system do: the roles it acts with.
create table identity.scope (
    name text primary key check (name ~ '^[a-z][a-z0-9_.:-]{1,60}$'),
    role text not null,
    title_zh text not null,
    title_en text not null
);
grant select on identity.scope to yiwang_app;
insert into identity.scope values
    ('incident:intake', 'intake', '提交和受理事件', 'Submit and accept incidents'),
    ('incident:dispatch', 'dispatcher', '派遣事件', 'Dispatch incidents'),
    ('incident:handle', 'handler', '办理事件', 'Handle incidents'),
    ('data:steward', 'steward', '管理数据资源', 'Manage data'),
    ('audit:read', 'auditor', '查阅审计记录', 'Read the audit trail'),
    ('indicator:read', 'leader', '查阅指标', 'Read indicators');

create function identity.client_by(login_name text, mark bytea, at timestamptz)
returns table (account uuid, name text, org int, scopes text[], token_seconds int, right_secret boolean)
language sql stable security definer set search_path = identity, pg_temp as $$
    select a.id, a.name, a.org, c.scopes, c.token_seconds,
           exists (select from identity.client_secret s
                    where s.account = a.id and s.fingerprint = mark and (s.expires_at is null or s.expires_at > at))
    from identity.account a join identity.client c on c.account = a.id
    where a.kind = 'client' and a.state = 'active' and a.login = login_name
$$;
create function identity.token_of(mark bytea, at timestamptz)
returns table (account uuid, name text, org int, scopes text[], roles text[], expires_at timestamptz, alive boolean, version int)
language sql stable security definer set search_path = identity, pg_temp as $$
    select a.id, a.name, a.org, t.scopes,
           array(select distinct s.role from identity.scope s where s.name = any (t.scopes) order by 1),
           t.expires_at, t.revoked_at is null and t.expires_at > at and a.state = 'active', a.version
    from identity.access_token t join identity.account a on a.id = t.account
    where t.fingerprint = mark
$$;
create function identity.revoke_tokens(who uuid, mark bytea, at timestamptz) returns int
language plpgsql security definer set search_path = identity, pg_temp as $$ declare n int; begin
    if not identity.may_manage(who) then raise insufficient_privilege; end if;
    update identity.access_token set revoked_at = at
     where account = who and revoked_at is null and (mark is null or fingerprint = mark);
    get diagnostics n = row_count;
    return n;
end $$;
revoke all on function identity.client_by, identity.token_of, identity.revoke_tokens from public;
grant execute on function identity.client_by, identity.token_of, identity.revoke_tokens to yiwang_app;
