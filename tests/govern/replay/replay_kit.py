"""What tests of replays share."""

HEADING = (
    "unique_key,account,opendate,closedate,complaint_type,descriptor,zip,borough,city,council_dist,community_board"
)
