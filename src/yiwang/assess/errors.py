"""What can be wrong with a question about indicators."""

from __future__ import annotations

from yiwang.kernel.errors import Invalid, NotFound


class NoSuchIndicator(NotFound):
    """No installed package declares this indicator or board."""

    key = "assess.errors.no_indicator"


class NoSuchBreakdown(Invalid):
    """The indicator cannot be broken down that way."""

    key = "assess.errors.no_breakdown"
