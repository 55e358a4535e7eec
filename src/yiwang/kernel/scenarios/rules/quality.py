"""quality: quality.toml names every rung of the ladder and claims only what is so."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats import RUNGS, Quality
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.toml_file import line_of, toml_lines

FILE = "quality.toml"
PROVEN_BY = {
    "story-happy-path": "stories",
    "sample-data": "sample",
    "indicators": "views",
    "policies-reviewed": "policies",
}
"""Rungs that can be seen to be false: claimed as done while the folder is empty."""


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Every rung is answered, no rung is invented, and none is claimed against the evidence."""
    if FILE not in package.files:
        yield problem("quality", FILE, "file_missing", purpose="quality")
        return
    quality, problems = package.typed("quality", FILE, Quality)
    yield from problems
    if quality is None:
        return
    lines = toml_lines(package.files[FILE].decode())
    rungs = [name for names in RUNGS.values() for name in names]
    for name in rungs:
        if name not in quality.rungs:
            yield problem("quality", FILE, "rung_missing", rung=name)
    for name, rung in quality.rungs.items():
        where = place(FILE, line_of(lines, ("rungs", name)))
        if name not in rungs:
            yield problem("quality", where, "rung_unknown", rung=name, known=", ".join(rungs), meant=guess(name, rungs))
        elif rung.status == "done" and name in PROVEN_BY and not package.folder(PROVEN_BY[name]):
            yield problem("quality", where, "rung_untrue", rung=name, folder=PROVEN_BY[name])


RULE = Rule("quality", "quality.toml answers every rung of the ladder: done, todo, or exempt with a reason.", check)
