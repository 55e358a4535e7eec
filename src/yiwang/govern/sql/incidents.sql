-- name: open_incident
-- A report becomes an incident, or is found again by its tracking digest; see the migration.
select id, number, fresh from govern.open_incident($1::jsonb, $2::bytea, $3::jsonb, $4::text[], $5::jsonb);

-- name: lock_incident
select * from govern.lock_incident($1::uuid, $2::boolean);

-- name: save_incident
select govern.save_incident($1::uuid, $2::int, $3::jsonb, $4::jsonb);

-- name: add_log
select govern.add_log($1::uuid, $2::jsonb);

-- name: read_incident
-- In the scope of whoever asks.
select * from govern.incident where id = $1;

-- name: read_by_number
select * from govern.incident where number = $1;

-- name: tracked
-- By the digest of a tracking code.
select * from govern.tracked($1::bytea);

-- name: public_log
select * from govern.public_log($1::uuid);

-- name: read_log
select at, kind, public, actor, actor_name, post, org, detail from govern.incident_log where incident = $1 order by id;

-- name: masked_contact
select name_masked, phone_masked from govern.contact where incident = $1;

-- name: sealed_contact
select name_sealed, phone_sealed from govern.contact where incident = $1;

-- name: contact_for_notice
select * from govern.contact_for_notice($1::uuid);

-- name: own_incidents
-- What an account has reported, newest first.
select * from govern.incident where reporter = $1 order by opened_at desc, id desc limit $2;

-- name: count_report
select govern.count_report($1::bytea, $2::timestamptz);

-- name: prune_rate
select govern.prune_rate($1::timestamptz);

-- name: read_entries
select * from govern.entry order by position;

-- name: drop_entries
delete from govern.entry where package = $1;

-- name: add_entry
insert into govern.entry (package, item, process, form, path, title_zh, title_en, anonymous, promised)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);
