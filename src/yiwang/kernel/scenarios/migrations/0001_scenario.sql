-- Installed packages and every version that was ever installed, with its bytes: a running instance may need its old one.
create schema scenario;
grant usage on schema scenario to yiwang_app;

create table scenario.package (
    id text primary key,
    version text not null,
    state text not null check (state in ('installed', 'retired', 'removed')),
    title_zh text not null,
    title_en text not null,
    summary_zh text not null,
    summary_en text not null,
    owner_zh text not null,
    owner_en text not null,
    levels text[] not null,
    tier text not null check (tier in ('none', 'bronze', 'silver', 'gold')),
    needs jsonb not null,
    installed_at timestamptz not null,
    changed_at timestamptz not null,
    changed_by text not null default ''
);

create table scenario.version (
    package text not null references scenario.package (id),
    version text not null,
    digest text not null,
    archive bytea not null,
    opens jsonb not null default '[]',
    installed_at timestamptz not null,
    installed_by text not null default '',
    primary key (package, version)
);

-- One row: raised by every change, so that each process notices that its copies of strings and policies are old.
create table scenario.revision (one boolean primary key default true check (one), number bigint not null);
insert into scenario.revision (number) values (0);

-- What is installed is no secret: every desk shows the list. Versions are kept for good; nothing is deleted.
grant select, insert, update on scenario.package, scenario.version to yiwang_app;
grant select, update on scenario.revision to yiwang_app;
