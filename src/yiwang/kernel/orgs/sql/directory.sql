-- name: version
select structure, people from org.version;

-- name: bump_structure
-- Takes the one row's lock, so that changes of the directory come one after another; they are rare.
update org.version set structure = structure + 1;

-- name: bump_people
update org.version set people = people + 1;

-- name: cities
select * from org.city order by code;

-- name: divisions
select * from org.division order by code;

-- name: outlines
select code, shape, generated from org.outline order by code;

-- name: aliases
select kind, value, target from org.alias;

-- name: categories
select * from org.category order by position;

-- name: organisations
select * from org.organisation order by code;

-- name: posts
select * from org.post order by org, role, number;

-- name: responsibilities
select category, place, org, role from org.responsibility order by category, place, position;

-- name: appointments
-- Those of the past are history for pages, which ask for them themselves.
select id, post, account, starts_at, ends_at from org.appointment where ends_at is null or ends_at > $1
order by starts_at, id;

-- name: delegations
select id, post, from_account, to_account, starts_at, ends_at from org.delegation
where revoked_at is null and ends_at > $1 order by starts_at, id;

-- name: duties
select id, post, account, starts_at, ends_at from org.duty
where cancelled_at is null and ends_at > $1 order by starts_at, id;
