"""What the rooms say to each other: closed, typed event payloads, one file per owner."""
