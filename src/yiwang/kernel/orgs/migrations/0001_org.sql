-- Places, organisations, posts and who holds them.
create schema org;
grant usage on schema org to yiwang_app;

-- One row: bumped by every change, so that each process knows when its copy of the directory is old. Who holds which
-- post changes often and is small; the rest changes rarely and is large: so there are two numbers.
create table org.version (
    only_row boolean primary key default true check (only_row),
    structure bigint not null,
    people bigint not null
);
insert into org.version (structure, people) values (1, 1);

create table org.city (
    code text primary key,
    name_zh text not null, name_en text not null,
    country text not null, time_zone text not null, locale text not null,
    prefix text not null, -- what all division codes of the city begin with
    lon double precision not null, lat double precision not null,
    sources jsonb not null,
    digest text not null, -- of the files, so that an unchanged city is not loaded twice
    loaded_at timestamptz not null
);

-- The five levels: 1 city, 2 district, 3 street, 4 community, 5 grid. A code is never deleted: what the national list
-- drops is retired, and the history that names it stays readable.
create table org.division (
    code text primary key check (code ~ '^[a-z0-9]{1,15}$'),
    parent text references org.division,
    level smallint not null check (level between 1 and 5),
    kind text not null,
    name_zh text not null, name_en text not null, sort_key text not null,
    generated boolean not null,
    retired_at timestamptz
);
create index on org.division (parent);

-- Outlines in WGS 84 as well-known binary; this server has no geometry type, and the directory keeps them in memory.
create table org.outline (
    code text primary key references org.division,
    shape bytea not null,
    generated boolean not null
);

-- What other systems call our places and categories.
create table org.alias (kind text, value text, target text not null, primary key (kind, value));

create table org.category (
    key text primary key, parent text references org.category,
    name_zh text not null, name_en text not null, position int not null,
    retired_at timestamptz
);

create table org.organisation (
    id int generated always as identity primary key,
    code text not null unique check (length(code) between 1 and 60),
    parent int references org.organisation,
    kind text not null,
    division text not null references org.division,
    name_zh text not null, name_en text not null, sort_key text not null,
    uscc text, -- unified social credit code (GB 32100)
    from_file boolean not null, -- loaded with the city, so that loading again may close it
    closed_at timestamptz
);
create index on org.organisation (parent);
create index on org.organisation (division);

create table org.post (
    id bigint generated always as identity primary key,
    org int not null references org.organisation,
    role text not null check (length(role) between 1 and 40),
    number smallint not null default 1,
    title_zh text not null, title_en text not null,
    from_file boolean not null,
    closed_at timestamptz,
    unique (org, role, number)
);

-- Category x place -> organisation (a pattern over the place's chain) and role; several rows are tried in order.
create table org.responsibility (
    category text not null references org.category,
    place text not null,
    position int not null,
    org text not null,
    role text not null,
    primary key (category, place, position)
);

-- Periods are half open: from starts_at on, before ends_at.
create table org.appointment (
    id uuid primary key,
    post bigint not null references org.post,
    account uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz check (ends_at >= starts_at),
    handed_over_from uuid references org.appointment,
    note text not null default ''
);
create index on org.appointment (account);
create unique index appointment_once on org.appointment (post, account) where ends_at is null;

create table org.delegation (
    id uuid primary key,
    post bigint not null references org.post,
    from_account uuid not null,
    to_account uuid not null check (to_account <> from_account),
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    revoked_at timestamptz,
    note text not null default ''
);
create index on org.delegation (to_account);

create table org.duty (
    id uuid primary key,
    post bigint not null references org.post,
    account uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    cancelled_at timestamptz
);
create index on org.duty (post, ends_at);

grant select on all tables in schema org to yiwang_app;
grant insert, update on all tables in schema org to yiwang_app;
-- Rows that only mirror the city's files may be replaced; everything else is ended, never deleted.
grant delete on org.alias, org.responsibility, org.outline to yiwang_app;

-- Who holds which post is for people who are signed in and for the system; outside of a unit of work the settings are
-- unset, which raises. The unit of work refuses changes that no action has recorded.
alter table org.appointment enable row level security;
alter table org.delegation enable row level security;
alter table org.duty enable row level security;
create policy known on org.appointment using (yw.is_system() or yw.account() is not null);
create policy known on org.delegation using (yw.is_system() or yw.account() is not null);
create policy known on org.duty using (yw.is_system() or yw.account() is not null);
