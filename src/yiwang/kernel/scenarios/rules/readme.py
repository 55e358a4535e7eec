"""readme: README.md says what problem, for whom, and how a city adopts it."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import problem
from yiwang.kernel.scenarios.rule import Known, Rule

LEAST = 200


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """There is a README, it is UTF-8, it starts with a heading and is more than a stub."""
    content = package.files.get("README.md")
    if content is None:
        yield problem("readme", "README.md", "file_missing", purpose="readme")
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield problem("readme", "README.md", "not_utf8", position=error.start)
        return
    if not text.lstrip().startswith("# "):
        yield problem("readme", "README.md:1", "readme_heading")
    if len(text.strip()) < LEAST:
        yield problem("readme", "README.md", "readme_short", least=LEAST)


RULE = Rule("readme", "README.md says what problem the package solves, for whom, and how a city adopts it.", check)
