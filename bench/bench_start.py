"""`start.first_s`, `start.later_s`: from the command to ready, on an empty state folder and on one that was used."""

from __future__ import annotations

import shutil
import statistics

from bench.report import Report
from bench.stack import launch, new_state


def run(report: Report) -> None:
    """One first start and the median of three later ones."""
    state = new_state()
    try:
        first = launch(state)
        first.stop()
        later = []
        for _ in range(3):
            stack = launch(state)
            stack.stop()
            later.append(stack.seconds)
    finally:
        shutil.rmtree(state, ignore_errors=True)
    report.add("start.first_s", first.seconds, "s", better="lower", limit=30)
    report.add("start.later_s", statistics.median(later), "s", better="lower", limit=5)
