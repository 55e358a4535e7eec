-- name: import_stage
select imported, quarantined from govern.import_stage($1::uuid, $2::text, $3::int, $4::text, $5::jsonb);

-- name: record_batch
select govern.record_batch($1::jsonb);

-- name: list_batches
select * from govern.batch order by at desc limit $1;

-- name: quarantine_reasons
select reason, count(*) as rows from govern.quarantine where batch = $1 group by reason order by 2 desc, 1;

-- name: quarantined_rows
select line, key, reason, raw from govern.quarantine where batch = $1 and ($2::text is null or reason = $2) and line > $3
order by line limit $4;
