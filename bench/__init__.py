"""Benches: figures that are measured against a limit or a peer in the same run. ``make bench [ONLY=name]``."""
