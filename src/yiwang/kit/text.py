"""Text that people type, made safe to show in one line."""

from __future__ import annotations


def one_line(text: str) -> str:
    """The text without control characters and marks that turn its direction; every run of spaces is one space.

    A name with U+202E in it would turn around whatever is shown after it (Unicode TR 36, bidirectional spoofing).
    """
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if c.isprintable()).strip()
