-- name: put_dataset
insert into share.dataset (package, id, version, owner, share_level, openness, declared, since)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (package, id) do update set version = excluded.version, owner = excluded.owner,
    share_level = excluded.share_level, openness = excluded.openness, declared = excluded.declared, retired_at = null;

-- name: retire_datasets
-- The catalogue keeps what was; history stays explainable.
update share.dataset set retired_at = $2 where package = $1 and retired_at is null and not id = any ($3::text[]);

-- name: list_datasets
select d.*, b.at as last_batch_at, b.rows as last_rows, b.quarantined as last_quarantined
from share.dataset d
left join lateral (
    select at, rows, quarantined from share.batch b where b.package = d.package and b.dataset = d.id order by at desc limit 1
) b on true
where d.retired_at is null order by d.package, d.id;

-- name: find_dataset
select * from share.dataset where package = $1 and id = $2;

-- name: datasets_of_source
select package, id from share.dataset where declared ->> 'source' = $1 and retired_at is null order by package, id;

-- name: add_batch
insert into share.batch (id, package, dataset, source, at, rows, accepted, quarantined, digest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing;

-- name: list_batches
select * from share.batch where package = $1 and dataset = $2 order by at desc limit $3;
