-- What people and enterprises can have done (事项), and what they applied for (办件).
create schema serve;
grant usage on schema serve to yiwang_app;

-- Items are public. ``key`` is what addresses carry: the id within its package, or the national item code.
create table serve.item (
    key text primary key check (length(key) between 1 and 120),
    source text not null,                    -- the package, or the imported list, that it came with
    code text not null default '',           -- national item code, '' when it has none
    title_zh text not null, title_en text not null,
    summary_zh text not null default '', summary_en text not null default '',
    kind text not null check (kind in ('report', 'apply', 'ask', 'book', 'guide')),
    audience text[] not null,
    owner_zh text not null default '', owner_en text not null default '', org int,
    role text not null default '', process text not null default '', form text not null default '',
    entry text not null default '',          -- path of the public page; '' when it is only described here
    anonymous boolean not null default false,
    channels text[] not null default '{}',
    promised text not null default '',       -- a span such as 5wd
    fee int not null default 0 check (fee >= 0), -- fen
    visits int not null default 0,
    materials jsonb not null default '[]', basis jsonb not null default '[]',
    grams text[] not null,
    sort_key text not null,                  -- pinyin: this server has no collation for Chinese
    online boolean not null generated always as (entry <> '') stored,
    position int not null default 0,
    changed_at timestamptz not null
);
create index item_grams on serve.item using gin (grams);
create index item_order on serve.item ((not online), position, sort_key, key);
create index item_owner on serve.item (owner_zh);
create index item_source on serve.item (source);
create unique index item_code on serve.item (code) where code <> '';
grant select, insert, update, delete on serve.item to yiwang_app;

-- One application of one applicant. Cases are opened by the processes of packages.
create table serve.case (
    id uuid primary key,
    number text not null unique,
    item text not null, title text not null,
    applicant uuid, channel text not null,
    state text not null check (state in ('submitted', 'accepted', 'correcting', 'reviewing', 'granted', 'refused', 'withdrawn')),
    org int not null, parties int[] not null default '{}', area text not null default '',
    opened_at timestamptz not null, due_at timestamptz, closed_at timestamptz, on_time boolean,
    data jsonb not null default '{}',
    version int not null default 1
);
create index case_applicant on serve.case (applicant, opened_at desc) where applicant is not null;
create index case_open on serve.case (org, opened_at desc) where closed_at is null;
create index case_item on serve.case (item, opened_at desc);
grant select, insert, update on serve.case to yiwang_app;
alter table serve.case enable row level security;
create policy by_org on serve.case using (yw.sees(org, parties, area) or applicant = yw.account())
    with check (yw.sees(org, parties, area) or applicant = yw.account());
