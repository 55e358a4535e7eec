-- name: revision
-- The number that tells whether what is held in memory is still true.
select number from policy.revision;

-- name: bump_revision
-- Said in the transaction that changed something; serialises such changes, which are rare.
update policy.revision set number = number + 1;

-- name: current_grants
-- Every grant that is or will be valid; those that have ended stay for the record but are not loaded.
select id, subject_kind, subject, action, resource_type, resource_id, scope_org, scope_area, purpose, conditions,
       valid_from, valid_to
from policy."grant"
where revoked_at is null and (valid_to is null or valid_to > $1)
order by id;

-- name: package_files
-- The policies of installed packages.
select package, file, text from policy.package_file order by package, file;

-- name: put_package_file
-- Install or upgrade one file of a package.
insert into policy.package_file (package, file, text, installed_at) values ($1, $2, $3, $4)
on conflict (package, file) do update set text = excluded.text, installed_at = excluded.installed_at;

-- name: drop_package_files
-- Remove a package's policies; with a list of files to keep for an upgrade.
delete from policy.package_file where package = $1 and not file = any ($2::text[]);

-- name: insert_grant
insert into policy."grant" (id, subject_kind, subject, action, resource_type, resource_id, scope_org, scope_area,
    purpose, conditions, valid_from, valid_to, reason, org, area, given_by, given_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: find_grant
select * from policy."grant" where id = $1;

-- name: revoke_grant
-- Once only: the second of two administrators touches no row.
update policy."grant" set revoked_at = $2, revoked_by = $3, revoked_reason = $4 where id = $1 and revoked_at is null;

-- name: list_grants
-- The grants that an administrator sees, newest first.
select * from policy."grant"
where ($1::text is null or action = $1) and ($2::boolean or revoked_at is null)
order by given_at desc, id desc limit $3 offset $4;

-- name: insert_refusal
insert into policy.refusal (id, at, account, actor_kind, action, resource_type, resource_id, org, area, asked, errors,
    policy_version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: find_refusal
select * from policy.refusal where id = $1;

-- name: prune_refusals_by_age
delete from policy.refusal where at < $1;

-- name: prune_refusals_by_number
-- Keep the newest $1.
delete from policy.refusal where id in (select id from policy.refusal order by at desc, id desc offset $1);
