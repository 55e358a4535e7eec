-- name: add_attachment
insert into process.attachment (id, instance, task, subject_type, subject_id, name, media_type, size, sha256, width,
    height, thumbnail, by, by_name, post, at, org, parties, area)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)

-- name: attachments
-- Files of a subject.
select id, task, name, media_type, size, sha256, width, height, thumbnail, by_name, at
from process.attachment where subject_type = $1 and subject_id = $2 order by at, id

-- name: attachment
select id, task, name, media_type, size, sha256, width, height, thumbnail, by_name, at
from process.attachment where id = $1
