"""Files that people attach: what they really are, pictures made safe, and a store addressed by content."""

from yiwang.kernel.process.files.sniff import ACCEPTED, sniff
from yiwang.kernel.process.files.store import FileStore, StoredFile

__all__ = ["ACCEPTED", "FileStore", "StoredFile", "sniff"]
