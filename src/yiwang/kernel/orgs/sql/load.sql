-- Loading a city. Every statement takes whole columns as arrays and touches only rows that differ, so that loading
-- again changes nothing, wastes no ids, and leaves what was added by hand alone.

-- name: lock_loading
-- Two processes that start at once take turns; the second one then finds nothing to do.
select pg_advisory_xact_lock(7237954630261633895);

-- name: loaded_city
select code, digest from org.city;

-- name: same_digest
select exists (select from org.city where digest = $1);

-- name: put_city
insert into org.city (code, name_zh, name_en, country, time_zone, locale, prefix, lon, lat, sources, digest, loaded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en, country = excluded.country,
    time_zone = excluded.time_zone, locale = excluded.locale, prefix = excluded.prefix, lon = excluded.lon,
    lat = excluded.lat, sources = excluded.sources, digest = excluded.digest, loaded_at = excluded.loaded_at;

-- name: put_divisions
insert into org.division as d (code, parent, level, kind, name_zh, name_en, sort_key, generated)
select code, nullif(parent, ''), level, kind, name_zh, name_en, sort_key, generated
from unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[])
    as t (code, parent, level, kind, name_zh, name_en, sort_key, generated)
on conflict (code) do update set parent = excluded.parent, level = excluded.level, kind = excluded.kind,
    name_zh = excluded.name_zh, name_en = excluded.name_en, sort_key = excluded.sort_key,
    generated = excluded.generated, retired_at = null
where (d.parent, d.level, d.kind, d.name_zh, d.name_en, d.sort_key, d.generated, d.retired_at)
    is distinct from (excluded.parent, excluded.level, excluded.kind, excluded.name_zh, excluded.name_en,
                      excluded.sort_key, excluded.generated, null);

-- name: retire_divisions
-- What the list no longer holds stays, with the time from which nothing new may be filed under it.
update org.division set retired_at = $2 where retired_at is null and code <> all ($1::text[]) returning code;

-- name: clear_outlines
delete from org.outline where code <> all ($1::text[]);

-- name: put_outlines
insert into org.outline as o (code, shape, generated)
select * from unnest($1::text[], $2::bytea[], $3::boolean[])
on conflict (code) do update set shape = excluded.shape, generated = excluded.generated
where (o.shape, o.generated) is distinct from (excluded.shape, excluded.generated);

-- name: clear_aliases
delete from org.alias;

-- name: put_aliases
insert into org.alias (kind, value, target) select * from unnest($1::text[], $2::text[], $3::text[]);

-- name: put_categories
insert into org.category as c (key, parent, name_zh, name_en, position)
select key, nullif(parent, ''), name_zh, name_en, position
from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as t (key, parent, name_zh, name_en, position)
on conflict (key) do update set parent = excluded.parent, name_zh = excluded.name_zh, name_en = excluded.name_en,
    position = excluded.position, retired_at = null;

-- name: retire_categories
update org.category set retired_at = $2 where retired_at is null and key <> all ($1::text[]);

-- name: change_organisations
update org.organisation o set kind = t.kind, division = t.division, name_zh = t.name_zh, name_en = t.name_en,
    sort_key = t.sort_key, uscc = nullif(t.uscc, ''), from_file = true, closed_at = null
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    as t (code, kind, division, name_zh, name_en, sort_key, uscc)
where o.code = t.code and (o.kind, o.division, o.name_zh, o.name_en, o.sort_key, o.uscc, o.from_file, o.closed_at)
    is distinct from (t.kind, t.division, t.name_zh, t.name_en, t.sort_key, nullif(t.uscc, ''), true, null);

-- name: add_organisations
insert into org.organisation (code, kind, division, name_zh, name_en, sort_key, uscc, from_file)
select code, kind, division, name_zh, name_en, sort_key, nullif(uscc, ''), true
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    with ordinality as t (code, kind, division, name_zh, name_en, sort_key, uscc, position)
where not exists (select from org.organisation o where o.code = t.code) order by position;

-- name: place_organisations
update org.organisation o set parent = above.id
from unnest($1::text[], $2::text[]) as t (code, parent) left join org.organisation above on above.code = t.parent
where o.code = t.code and o.parent is distinct from above.id;

-- name: close_organisations
update org.organisation set closed_at = $2 where from_file and closed_at is null and code <> all ($1::text[]);

-- name: change_posts
update org.post p set title_zh = t.title_zh, title_en = t.title_en, from_file = true, closed_at = null
from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as t (org, role, title_zh, title_en)
    join org.organisation o on o.code = t.org
where p.org = o.id and p.role = t.role and p.number = 1
    and (p.title_zh, p.title_en, p.from_file, p.closed_at) is distinct from (t.title_zh, t.title_en, true, null);

-- name: add_posts
insert into org.post (org, role, title_zh, title_en, from_file)
select o.id, t.role, t.title_zh, t.title_en, true
from unnest($1::text[], $2::text[], $3::text[], $4::text[])
    with ordinality as t (org, role, title_zh, title_en, position)
    join org.organisation o on o.code = t.org
where not exists (select from org.post p where p.org = o.id and p.role = t.role and p.number = 1) order by position;

-- name: close_posts
update org.post p set closed_at = $3 from org.organisation o
where o.id = p.org and p.from_file and p.closed_at is null
    and not exists (select from unnest($1::text[], $2::text[]) as t (org, role) where t.org = o.code and t.role = p.role);

-- name: clear_responsibilities
delete from org.responsibility;

-- name: put_responsibilities
insert into org.responsibility (category, place, org, role, position)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality;
