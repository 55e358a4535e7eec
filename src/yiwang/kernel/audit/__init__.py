"""Audit: rows that are only ever added, written with the change they describe and chained by one sealer."""

from yiwang.kernel.audit.entries import Entry, as_rows, search_entries, write_entries
from yiwang.kernel.audit.seal import seal_entries
from yiwang.kernel.audit.verify import Verdict, verify_chain

__all__ = ["Entry", "Verdict", "as_rows", "seal_entries", "search_entries", "verify_chain", "write_entries"]
