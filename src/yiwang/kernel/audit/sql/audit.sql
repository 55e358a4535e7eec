-- name: add_entries
-- All rows of a unit of work in one statement, and their places in the sealer's queue.
select audit.add_entries($1::jsonb);

-- name: take_pending
-- Locked rather than deleted first, so that a sealer that dies leaves the queue as it was.
delete from audit.pending where entry in (select entry from audit.pending order by entry limit $1) returning entry;

-- name: entries_by_id
select * from audit.entry where id = any ($1::bigint[]) order by id;

-- name: last_seal
select number, hash from audit.seal order by number desc limit 1;

-- name: add_seals
insert into audit.seal (number, entry, hash, sealed_at)
select n, e, h, $4 from unnest($1::bigint[], $2::bigint[], $3::bytea[]) as t (n, e, h);

-- name: chain_page
-- The chain beside its entries; an entry that was removed shows as null.
select s.number, s.entry, s.hash, e.* from audit.seal s left join audit.entry e on e.id = s.entry
where s.number > $1 order by s.number limit $2;

-- name: count_unsealed
select count(*) from audit.pending;

-- name: entries_without_seal
-- Rows that are neither chained nor waiting: put in behind the system's back.
select e.id from audit.entry e
where not exists (select from audit.seal s where s.entry = e.id)
  and not exists (select from audit.pending p where p.entry = e.id)
order by e.id limit 100;

-- name: search_entries
-- Newest first; every filter optional; keyset paging by id.
select e.*, s.number as seal from audit.entry e left join audit.seal s on s.entry = e.id
where ($1::bigint is null or e.id < $1)
  and ($2::text is null or e.action = $2 or e.action like $2 || '.%')
  and ($3::text is null or e.resource_type = $3)
  and ($4::text is null or e.resource_id = $4)
  and ($5::uuid is null or e.actor = $5)
  and ($6::timestamptz is null or e.at >= $6)
  and ($7::timestamptz is null or e.at < $7)
  and ($8::text is null or e.actor_name = $8)
order by e.id desc limit $9;

-- name: latest_entry
-- When the last entry was written, by whichever process: the clock may not be before it.
select at from audit.entry order by at desc limit 1;
