-- name: load_board
-- Lock one instance and read it with its rows; see migrations/0002_board.sql.
select instance, tasks, engine from process.load_board($1, $2, $3, $4, $5)

-- name: save_board
select process.save_board($1, $2)

-- name: awaiting
-- Instances of a subject that wait for a message.
select process.awaiting($1, $2, $3) as instance
