-- name: newest_version
-- The version that new instances take.
select max(version) from process.definition where key = $1 and retired_at is null

-- name: definition
-- One version with all that it needs to run.
select key, version, package, title_zh, title_en, xml, decisions, forms, calls
from process.definition where key = $1 and version = $2

-- name: newest_digest
-- To see whether an installation brings anything new.
select version, digest, retired_at from process.definition where key = $1 order by version desc limit 1

-- name: add_definition
insert into process.definition
    (key, version, package, package_version, title_zh, title_en, xml, decisions, forms, calls, digest, installed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: revive_definition
-- The same content is installed again after it was retired.
update process.definition set retired_at = null where key = $1 and version = $2

-- name: retire_definitions
-- Nothing new begins with these; what runs goes on.
update process.definition set retired_at = $2 where package = $1 and retired_at is null and not (key = any ($3::text[]))

-- name: definitions
-- Everything installed, the newest version of each key first.
select key, version, package, package_version, title_zh, title_en, installed_at, retired_at,
    (select count(*) from (select from process.instance i
        where i.key = d.key and i.version = d.version and i.ended_at is null limit 1000) r) as running
from process.definition d order by key, version desc

-- name: open_instances
-- How many instances of a package still run, counted to a thousand.
select count(*) from (
    select from process.instance i join process.definition d using (key, version)
    where d.package = $1 and i.ended_at is null limit 1000) r

-- name: add_form
insert into process.form (package, key, version, body, digest, installed_at)
select $1::text, $2::text, coalesce(max(version), 0) + 1, $3::jsonb, $4::text, $5::timestamptz
from process.form where package = $1 and key = $2
having coalesce((select digest from process.form where package = $1 and key = $2 order by version desc limit 1), '') <> $4

-- name: form
-- The newest version of a form of a package.
select body, version from process.form where package = $1 and key = $2 order by version desc limit 1

-- name: add_decision
insert into process.decision (package, key, version, xml, digest, installed_at)
select $1::text, $2::text, coalesce(max(version), 0) + 1, $3::text, $4::text, $5::timestamptz
from process.decision where package = $1 and key = $2
having coalesce((select digest from process.decision where package = $1 and key = $2 order by version desc limit 1), '')
    <> $4

-- name: running_of
-- Running instances of one version, oldest first.
select id from process.instance where key = $1 and version = $2 and ended_at is null order by id limit $3

-- name: versions_in_use
-- Every version of every process: whether it is the one for new instances, and how many run on it.
select d.key, d.version, d.package, d.title_zh, d.title_en, d.retired_at is not null as retired,
       (select count(*) from process.instance i
        where i.key = d.key and i.version = d.version and i.ended_at is null) as running
from process.definition d order by d.key, d.version;
