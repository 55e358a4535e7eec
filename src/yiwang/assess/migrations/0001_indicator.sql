-- Indicators and boards as packages declare them. The numbers themselves are computed from the nets' own tables.
create schema assess;
grant usage on schema assess to yiwang_app;

create table assess.indicator (
    package text not null,
    id text not null,
    position int not null,
    declared jsonb not null,
    primary key (package, id)
);
create table assess.board (
    package text not null,
    id text not null,
    position int not null,
    declared jsonb not null,
    primary key (package, id)
);
grant select, insert, update, delete on assess.indicator, assess.board to yiwang_app;
