"""What others may use of share."""

from __future__ import annotations

from yiwang.share.model import Dataset
from yiwang.share.store import find_dataset, list_datasets

__all__ = ["Dataset", "find_dataset", "list_datasets"]
