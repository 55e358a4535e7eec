create schema effect;
grant usage on schema effect to yiwang_app;
create table effect.row (id bigint generated always as identity, kind text not null, subject uuid not null);
grant insert on effect.row to yiwang_app;
