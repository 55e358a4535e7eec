-- Grants (facts that a policy core.granted turns into permission), refusals (so that a person can ask why), and the
-- policy files of installed scenario packages.
create schema policy;
grant usage on schema policy to yiwang_app;

create table policy."grant" (
    id uuid primary key,
    subject_kind text not null check (subject_kind in ('post', 'org', 'account', 'role')),
    subject text not null,
    action text not null,
    resource_type text not null,
    -- Narrowing: null means any.
    resource_id text,
    scope_org int,
    scope_area text check (scope_area <> ''),
    purpose text,
    -- mask, rows, watermark, expires as in the annotations of a policy; "when" is CEL over resource and actor.
    conditions jsonb not null default '{}',
    valid_from timestamptz not null,
    valid_to timestamptz check (valid_to > valid_from),
    reason text not null,
    -- The organisation that gives, whose administrators see and revoke it.
    org int not null,
    area text not null default '',
    given_by uuid,
    given_at timestamptz not null,
    revoked_at timestamptz,
    revoked_by uuid,
    revoked_reason text
);
create index on policy."grant" (action) where revoked_at is null;
create index on policy."grant" (org, given_at desc);

alter table policy."grant" enable row level security;
create policy by_org on policy."grant" to yiwang_app
    using (yw.sees(org, '{}', area)) with check (yw.sees(org, '{}', area));
grant select, insert, update on policy."grant" to yiwang_app;

create table policy.refusal (
    id uuid primary key,
    at timestamptz not null,
    account uuid,
    actor_kind text not null,
    action text not null,
    resource_type text not null,
    resource_id text,
    org int,
    area text not null default '',
    -- What was asked, in full, so that the answer can be worked out again.
    asked jsonb not null,
    errors text[] not null default '{}',
    policy_version text not null
);
create index on policy.refusal (at);
create index on policy.refusal (account, at desc) where account is not null;

alter table policy.refusal enable row level security;
create policy reads on policy.refusal for select to yiwang_app
    using (yw.sees(org, '{}', area) or account = yw.account());
create policy adds on policy.refusal for insert to yiwang_app with check (yw.is_system());
create policy prunes on policy.refusal for delete to yiwang_app using (yw.is_system());
grant select, insert, delete on policy.refusal to yiwang_app;

create table policy.package_file (
    package text not null,
    file text not null,
    text text not null,
    installed_at timestamptz not null,
    primary key (package, file)
);
grant select, insert, update, delete on policy.package_file to yiwang_app;

-- One number that goes up whenever grants or package files change: other processes look at it.
create table policy.revision (
    one boolean primary key default true check (one),
    number bigint not null
);
insert into policy.revision (number) values (1);
grant select, update on policy.revision to yiwang_app;
