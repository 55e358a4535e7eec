-- name: lock_installs
-- One installation at a time in the whole city: sections of two packages may touch the same tables.
select pg_advisory_xact_lock(hashtext('yiwang.scenario.install'));

-- name: find_package
select * from scenario.package where id = $1;

-- name: list_packages
-- Everything that was ever installed, what is in use first.
select p.*, (select count(*) from scenario.version v where v.package = p.id) as versions
from scenario.package p
order by p.state = 'removed', p.title_zh, p.id;

-- name: installed_versions
-- What other packages may build on.
select id, version, needs from scenario.package where state = 'installed' order by id;

-- name: put_package
insert into scenario.package (id, version, state, title_zh, title_en, summary_zh, summary_en, owner_zh, owner_en, levels,
                              tier, needs, installed_at, changed_at, changed_by)
values ($1, $2, 'installed', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)
on conflict (id) do update set
    version = excluded.version, state = 'installed', title_zh = excluded.title_zh, title_en = excluded.title_en,
    summary_zh = excluded.summary_zh, summary_en = excluded.summary_en, owner_zh = excluded.owner_zh,
    owner_en = excluded.owner_en, levels = excluded.levels, tier = excluded.tier, needs = excluded.needs,
    changed_at = excluded.changed_at, changed_by = excluded.changed_by;

-- name: put_version
-- A version is what its digest says, for good; installing it again changes only when and by whom.
insert into scenario.version (package, version, digest, archive, opens, installed_at, installed_by)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (package, version) do update set installed_at = excluded.installed_at, installed_by = excluded.installed_by;

-- name: find_version
select * from scenario.version where package = $1 and version = $2;

-- name: list_versions
select version, digest, opens, installed_at, installed_by from scenario.version
where package = $1 order by installed_at desc, version desc;

-- name: set_package_state
update scenario.package set state = $2, changed_at = $3, changed_by = $4 where id = $1;

-- name: raise_revision
update scenario.revision set number = number + 1 returning number;

-- name: read_revision
select number from scenario.revision;

-- name: current_archives
-- The packages in use, to load their strings and policies. Retired ones still run, so they still count.
select v.package, v.version, v.archive from scenario.package p
join scenario.version v on v.package = p.id and v.version = p.version
where p.state in ('installed', 'retired') order by v.package;
