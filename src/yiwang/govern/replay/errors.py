"""What can go wrong with a log; each error says what to do next through its translation key."""

from __future__ import annotations

from yiwang.kernel.errors import Invalid, NotFound


class NoMapping(NotFound):
    """The city has no replay.toml that says how its log is read."""

    key = "govern.replay.error.no_mapping"


class BadMapping(Invalid):
    """Something in replay.toml does not fit."""

    key = "govern.replay.error.bad_mapping"


class NoSuchFile(NotFound):
    """There is no such log file."""

    key = "govern.replay.error.no_file"


class BadFile(Invalid):
    """The file is no log of this kind: its heading lacks a column, or it cannot be read."""

    key = "govern.replay.error.bad_file"


class NothingToReplay(NotFound):
    """The history has no requests of that day, or none was imported."""

    key = "govern.replay.error.nothing_to_replay"
