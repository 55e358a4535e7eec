"""What can be wrong with a question to the inbox."""

from __future__ import annotations

from yiwang.kernel.errors import Invalid, NotFound


class FilterWrong(Invalid):
    """A filter of the inbox cannot be read; the problems name each."""

    key = "work.errors.filter"


class NotYourDesk(NotFound):
    """The inbox of a post that is not yours."""

    key = "work.errors.not_your_desk"


class NothingChosen(Invalid):
    """A bulk action was asked for without any task, or for too many."""

    key = "work.errors.nothing_chosen"
