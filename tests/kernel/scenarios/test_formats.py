"""Formats: versions, ranges, lines of TOML, lifting of older packages, descriptions of every field."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from yiwang.kernel.scenarios.formats import Quality, fits, version_key
from yiwang.kernel.scenarios.formats.base import Described
from yiwang.kernel.scenarios.limits import FOLDERS
from yiwang.kernel.scenarios.migrate import lift
from yiwang.kernel.scenarios.problems import guess, own_strings
from yiwang.kernel.scenarios.reference import KINDS, reference
from yiwang.kernel.scenarios.toml_file import line_of, read_toml, toml_lines

from . import packages

versions = st.tuples(*[st.integers(0, 99)] * 3).map(lambda v: ".".join(map(str, v)))


@given(versions, versions)
def test_versions_compare_as_numbers_and_ranges_follow(one: str, other: str) -> None:
    assert fits(one, f">={other}") == (version_key(one) >= version_key(other))
    assert fits(one, f">={other}, <{other}") is False
    assert fits(one, f"=={one}")


def test_1_10_is_newer_than_1_9() -> None:
    assert version_key("1.10.0") > version_key("1.9.9")
    assert not fits("2.0.0", ">=1.0.0, <2.0.0")


def test_lines_of_toml_are_those_of_the_file() -> None:
    text = 'a = 1\n\n[b]\nc = """\n[not a table]\nd = 1\n"""\ne.f = 2\n\n[[g]]\nh = 1\n[[g]]\nh = 2\n[g.i]\nj = 3\n'
    lines = toml_lines(text)
    assert lines[("a",)] == 1
    assert lines[("b",)] == 3
    assert lines[("b", "c")] == 4
    assert ("b", "d") not in lines
    assert lines[("b", "e", "f")] == 8
    assert lines[("g", 0, "h")] == 11
    assert lines[("g", 1, "h")] == 13
    assert lines[("g", 1, "i", "j")] == 15
    assert line_of(lines, ("g", 1, "nothing", "here")) == 12


@given(st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.integers(), max_size=6))
def test_every_top_level_key_has_its_line(table: dict[str, int]) -> None:
    text = "\n".join(f"{key} = {value}" for key, value in table.items())
    assert tomllib.loads(text) == table
    assert [toml_lines(text)[(key,)] for key in table] == list(range(1, len(table) + 1))


def test_an_exempt_rung_says_why() -> None:
    model, problems = read_toml("quality", "quality.toml", b'[rungs.readme]\nstatus = "exempt"\n', Quality)
    assert model is None
    assert problems[0].where == "quality.toml:1"


def test_a_tier_is_reached_when_all_below_are() -> None:
    quality = packages.package(packages.good()).quality
    assert quality is not None
    assert quality.tier == "bronze"


def test_an_older_format_is_lifted_step_by_step() -> None:
    """The mechanism, with a step of the test's own: format 1 is the first published one and has none yet."""

    def rename_owner(files: dict[str, bytes]) -> dict[str, bytes]:
        files["scenario.toml"] = files["scenario.toml"].replace(b"steward = ", b"owner = ")
        return files

    def split(files: dict[str, bytes]) -> dict[str, bytes]:
        return {**files, "quality.toml": b""}

    old = {"scenario.toml": b'# note\nformat = 1\nsteward = "x"\n'}
    new, problems = lift(old, steps={1: rename_owner, 2: split}, target=3)
    assert problems == []
    assert tomllib.loads(new["scenario.toml"].decode()) == {"format": 3, "owner": "x"}
    assert "quality.toml" in new
    assert b"steward" in old["scenario.toml"]  # the author's files stay as they are


def test_a_newer_format_is_refused_in_a_sentence() -> None:
    files = packages.good() | {"scenario.toml": packages.good()["scenario.toml"].replace(b"format = 1", b"format = 9")}
    _, problems = lift(files)
    assert "Upgrade Yiwang first" in str(problems[0])
    assert problems[0].rule == "manifest"


def test_a_missing_step_is_named() -> None:
    _, problems = lift({"scenario.toml": b"format = 1\n"}, steps={}, target=2)
    assert "no step" in str(problems[0])


def _models(model: type[BaseModel]) -> set[type[BaseModel]]:
    return set(Described.__subclasses__()) | {model}


@pytest.mark.parametrize(
    "model", sorted({m for kind in KINDS.values() for m in _models(kind)}, key=lambda m: m.__name__)
)
def test_every_field_is_described_for_authors(model: type[BaseModel]) -> None:
    missing = [name for name, info in model.model_fields.items() if not info.description]
    assert missing == []
    assert model.model_config["extra"] == "forbid"


def test_the_reference_in_docs_is_the_one_the_models_write() -> None:
    written = packages.ROOT / "docs" / "reference" / "scenario-format.md"
    assert written.read_text("utf-8") == reference(), "run: yiwang scenario docs"
    for folder in FOLDERS:
        assert f"`{folder}/`" in reference()


def test_both_languages_have_every_sentence() -> None:
    assert own_strings().keys("zh") == own_strings().keys("en")


def test_a_guess_is_made_only_when_near() -> None:
    assert guess("verifer", ["verifier", "handler"]) == "verifier"
    assert guess("zzz", ["verifier", "handler"]) == ""
