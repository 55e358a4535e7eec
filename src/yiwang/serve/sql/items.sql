-- name: drop_missing
-- The items of a source that its new list no longer has.
delete from serve.item where source = $1 and not key = any ($2::text[]);

-- name: put_items
-- A whole list in one statement; an item keeps its key whatever else changes.
insert into serve.item (key, source, code, title_zh, title_en, summary_zh, summary_en, kind, audience, owner_zh, owner_en, org,
    role, process, form, entry, anonymous, channels, promised, fee, visits, materials, basis, grams, sort_key, position, changed_at)
select r.key, $1, r.code, r.title_zh, r.title_en, r.summary_zh, r.summary_en, r.kind, r.audience, r.owner_zh, r.owner_en, r.org,
    r.role, r.process, r.form, r.entry, r.anonymous, r.channels, r.promised, r.fee, r.visits, r.materials, r.basis, r.grams,
    r.sort_key, r.position, $3
from jsonb_populate_recordset(null::serve.item, $2::jsonb) as r
on conflict (key) do update set source = excluded.source, code = excluded.code, title_zh = excluded.title_zh,
    title_en = excluded.title_en, summary_zh = excluded.summary_zh, summary_en = excluded.summary_en, kind = excluded.kind,
    audience = excluded.audience, owner_zh = excluded.owner_zh, owner_en = excluded.owner_en, org = excluded.org,
    role = excluded.role, process = excluded.process, form = excluded.form, entry = excluded.entry,
    anonymous = excluded.anonymous, channels = excluded.channels, promised = excluded.promised, fee = excluded.fee,
    visits = excluded.visits, materials = excluded.materials, basis = excluded.basis, grams = excluded.grams,
    sort_key = excluded.sort_key, position = excluded.position, changed_at = excluded.changed_at;

-- name: foreign_keys
-- Keys of this list that another source already holds: they would be taken over in silence.
select key, source from serve.item where key = any ($2::text[]) and source <> $1;

-- name: read_item
select * from serve.item where key = $1;

-- name: find_items
-- What can be done online first, then by name. Null parameters do not filter; $5 skips (lists are short enough to count).
select key, code, title_zh, title_en, summary_zh, summary_en, kind, audience, owner_zh, owner_en, online, entry, channels, promised,
       fee, visits, count(*) over () as total
from serve.item
where ($1::text[] is null or grams @> $1) and ($2::text is null or $2 = any (audience))
  and ($3::text is null or owner_zh = $3) and (not $4::boolean or online)
order by (not online), position, sort_key, key offset $5 limit $6;

-- name: list_owners
select owner_zh, max(owner_en) as owner_en, count(*) as items from serve.item where owner_zh <> '' group by owner_zh order by 3 desc, 1;

-- name: popular_items
select key, title_zh, title_en, summary_zh, summary_en, kind, entry from serve.item where online order by position, sort_key limit $1;

-- name: count_open_cases
select count(*) from serve.case c join serve.item i on i.key = c.item where i.source = $1 and c.closed_at is null;
