-- Who there is. Names are here; how to reach a person and how they prove who they are stand in tables of their own.
create schema identity;
grant usage on schema identity to yiwang_app;

create table identity.account (
    id uuid primary key,
    kind text not null check (kind in ('staff', 'resident', 'client')),
    login text not null unique check (login = lower(login) and length(login) between 2 and 64),
    name text not null check (length(name) between 1 and 80),
    org int,
    locale text not null default 'zh' check (locale in ('zh', 'en')),
    theme text not null default 'auto' check (theme in ('auto', 'light', 'dark')),
    elder boolean not null default false,
    state text not null default 'active' check (state in ('active', 'disabled')),
    demo boolean not null default false,
    version int not null default 1,
    created_at timestamptz not null,
    disabled_at timestamptz
);
comment on table identity.account is 'People and systems that may act. version goes up with every change, so that caches notice.';
create index account_by_org on identity.account (org) where kind = 'staff';

-- A caller that acts for an organisation. An anonymous visitor and a resident have none.
create function identity.is_staff() returns boolean language sql stable parallel safe
    as $$ select cardinality(yw.orgs()) > 0 $$;

alter table identity.account enable row level security;
-- Colleagues see each other; a resident is seen by the resident only (what a case needs of a person, the case holds).
create policy seen on identity.account for select using (
    (select yw.is_system()) or id = (select yw.account()) or (kind <> 'resident' and (select identity.is_staff())));
create policy made on identity.account for insert with check (
    (select yw.is_system()) or id = (select yw.account()) or (kind <> 'resident' and (select identity.is_staff())));
create policy changed on identity.account for update using (
    (select yw.is_system()) or id = (select yw.account()) or (kind <> 'resident' and (select identity.is_staff())));
grant select, insert on identity.account to yiwang_app;
grant update (name, org, locale, theme, elder, state, version, disabled_at) on identity.account to yiwang_app;

-- Phones and mail addresses: sealed (AES-GCM), found by a keyed digest, shown masked.
create table identity.contact (
    account uuid not null references identity.account,
    channel text not null check (channel in ('phone', 'email')),
    digest bytea not null check (length(digest) = 32),
    sealed bytea not null,
    masked text not null,
    verified_at timestamptz,
    primary key (account, channel),
    unique (channel, digest)
);
alter table identity.contact enable row level security;
create policy own on identity.contact using ((select yw.is_system()) or account = (select yw.account()));
-- Whoever manages staff accounts may set, not read, the contacts of staff.
create policy managed on identity.contact for insert with check (
    (select identity.is_staff()) and exists (select from identity.account a where a.id = account and a.kind <> 'resident'));
grant select, insert, update, delete on identity.contact to yiwang_app;
