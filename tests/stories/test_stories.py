"""Every story of every package in scenarios/ is a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.kernel.scenarios.storybook.parse import parse_story

from .conftest import Theatres

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "scenarios").glob("*/stories/*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
async def test_story(theatres: Theatres, file: Path) -> None:
    story, problems = parse_story(str(file.relative_to(ROOT)), file.read_bytes())
    assert story is not None, "\n".join(str(item) for item in problems)
    theatre = await theatres.of(file.parents[1])
    await theatre.play(story)


def test_every_package_has_a_story() -> None:
    packages = {manifest.parent for manifest in (ROOT / "scenarios").glob("*/scenario.toml")}
    assert packages == {file.parents[1] for file in FILES}
