-- name: put_indicators
insert into assess.indicator (package, id, position, declared)
select $1, d ->> 'id', n, d from jsonb_array_elements($2::jsonb) with ordinality as t (d, n);

-- name: put_boards
insert into assess.board (package, id, position, declared)
select $1, d ->> 'id', n, d from jsonb_array_elements($2::jsonb) with ordinality as t (d, n);

-- name: drop_views
with indicators as (delete from assess.indicator where package = $1)
delete from assess.board where package = $1;

-- name: list_indicators
select package, declared from assess.indicator order by package, position;

-- name: list_boards
select package, declared from assess.board order by package, position;
