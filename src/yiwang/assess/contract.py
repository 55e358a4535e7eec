"""What others may use of assess."""

from __future__ import annotations

from yiwang.assess.compute import compute
from yiwang.assess.model import Answer, Board, Indicator, Line, Question
from yiwang.assess.store import all_boards, all_indicators

__all__ = ["Answer", "Board", "Indicator", "Line", "Question", "all_boards", "all_indicators", "compute"]
