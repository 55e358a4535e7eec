"""What can go wrong with service items."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict, NotFound


class NoSuchItem(NotFound):
    """There is no such service item (any more)."""

    key = "serve.error.no_item"


class KeyTaken(Conflict):
    """Another list already has an item of this key; the params name both."""

    key = "serve.error.key_taken"
