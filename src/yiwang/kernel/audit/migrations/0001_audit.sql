-- Who did what to what, when, from which post, for what purpose, and which policy allowed it.
create schema audit;
grant usage on schema audit to yiwang_app;

create table audit.entry (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    actor uuid, actor_kind text not null, actor_name text not null default '', post bigint,
    action text not null,
    resource_type text not null, resource_id text,
    org int, area text not null default '',
    purpose text, policies text[] not null default '{}',
    before jsonb, after jsonb, note text not null default '',
    count bigint, digest text, request_id text not null default ''
);
create index on audit.entry (at desc);
create index on audit.entry (resource_type, resource_id, id);
create index on audit.entry (actor, id desc) where actor is not null;
create index on audit.entry (action, id desc);
create index on audit.entry (org, id desc);

-- The queue of the sealer: an entry is here from its commit until it is chained.
create table audit.pending (entry bigint primary key);

-- The chain: hash = SHA-256(previous hash || canonical text of the entry). Chaining inside the writing transaction
-- would make every writer wait for the one before.
create table audit.seal (
    number bigint primary key,
    entry bigint not null unique,
    hash bytea not null,
    sealed_at timestamptz not null
);

-- Add and read; no update, no delete, for anybody but the owner. Who may read which rows is row-level policy.
grant insert on audit.entry, audit.pending to yiwang_app;
grant select on audit.entry, audit.seal to yiwang_app;
alter table audit.entry enable row level security;
create policy adds on audit.entry for insert to yiwang_app with check (true);
create policy reads on audit.entry for select to yiwang_app
    using (org = any (yw.orgs()) or yw.is_system() or actor = yw.account() or area ^@ any (yw.areas()));

create function audit.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'audit rows are never changed or removed';
end $$;
create trigger append_only before update or delete or truncate on audit.entry
    for each statement execute function audit.refuse_change();
