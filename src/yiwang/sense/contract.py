"""What others may use of sense: nothing yet."""
