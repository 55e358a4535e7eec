-- The catalogue: datasets as packages declare them, and the batches that arrived.
create schema share;
grant usage on schema share to yiwang_app;

create table share.dataset (
    package text not null,
    id text not null,
    version text not null,        -- of the package that declared it
    owner int not null,           -- organisation that answers for it
    share_level text not null check (share_level in ('open-to-all', 'on-request', 'closed')),
    openness text not null check (openness in ('open-to-all', 'on-request', 'closed')),
    declared jsonb not null,
    since timestamptz not null,
    retired_at timestamptz,
    primary key (package, id)
);

create table share.batch (
    id uuid primary key,
    package text, dataset text,
    source text not null,
    at timestamptz not null,
    rows bigint not null, accepted bigint not null, quarantined bigint not null,
    digest text not null,
    check (rows = accepted + quarantined)
);
create index batch_of_dataset on share.batch (package, dataset, at desc);

grant select, insert, update on share.dataset to yiwang_app;
grant select, insert on share.batch to yiwang_app;
