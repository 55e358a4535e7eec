"""What can be wrong with a question to the catalogue."""

from __future__ import annotations

from yiwang.kernel.errors import NotFound


class NoSuchDataset(NotFound):
    """The catalogue has no such dataset."""

    key = "share.errors.no_dataset"
