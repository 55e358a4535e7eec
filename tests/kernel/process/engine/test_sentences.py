# ruff: noqa: E501 - process files in one line each, so that the line of a problem can be told
"""Everything that the engine and CEL can say has its sentence in both languages, with every blank filled in."""

import re
import tomllib
from pathlib import Path

import pytest

import yiwang.kernel.cel
import yiwang.kernel.process
from tests.kernel.process.engine import test_decisions
from tests.kernel.process.engine.test_validator import BAD
from yiwang.kernel.cel import CelError, compile_cel
from yiwang.kernel.process.engine import ProcessInvalid, compile_process, errors, load_decision
from yiwang.kernel.process.engine.decisions import ManyRulesMatch

ROOT = Path(yiwang.kernel.process.__path__[0])
CEL = Path(yiwang.kernel.cel.__file__).parent


def texts(locale):
    found = {}

    def flatten(table, prefix):
        for name, value in table.items():
            if isinstance(value, dict):
                flatten(value, f"{prefix}{name}.")
            else:
                found[f"{prefix}{name}"] = value

    for folder in (ROOT, CEL):
        flatten(tomllib.loads((folder / "strings" / f"{locale}.toml").read_text("utf-8")), "")
    return found


TEXTS = {locale: texts(locale) for locale in ("zh", "en")}


def said(problem):
    for locale in ("zh", "en"):
        sentence = TEXTS[locale][problem.key].format_map(problem.params)
        assert sentence
        if locale == "en":
            assert not re.search("[一-鿿]", sentence.replace("流程", ""))


@pytest.mark.parametrize("xml", [case[3] for case in BAD])
def test_every_problem_of_a_process_has_its_sentence(xml):
    with pytest.raises(ProcessInvalid) as caught:
        compile_process(xml, file="x.bpmn", known_capabilities={"c.do"})
    for problem in caught.value.problems:
        said(problem)


def test_every_problem_of_a_decision_has_its_sentence():
    (mark,) = (m for m in test_decisions.test_what_is_refused_at_its_line.pytestmark if m.name == "parametrize")
    for _, _, xml in mark.args[1]:
        with pytest.raises(ProcessInvalid) as caught:
            load_decision(xml, file="d.dmn")
        for problem in caught.value.problems:
            said(problem)


@pytest.mark.parametrize(
    "error",
    [e for e in vars(errors).values() if isinstance(e, type) and e.__module__ == errors.__name__] + [ManyRulesMatch],
)
def test_every_error_has_title_detail_and_next(error):
    for locale in ("zh", "en"):
        assert all(f"{error.key}.{part}" in TEXTS[locale] for part in ("title", "detail", "next"))


@pytest.mark.parametrize(
    ("text", "data"),
    [("1 +", {}), ("1" * 3000, {}), ("size(x)", {}), ("nofn(x)", {}), ("a.map(x, b.map(y, y))", {}), ("1/0", {}),
     ("'a' + 1", {}), ("m.k", {"m": {}}), ("x.all(y, y)", {"x": [True] * 300}), ("x", {"x": object()}),
     ("9223372036854775807 + 1", {})],
)  # fmt: skip
def test_every_error_of_cel_has_its_sentences(text, data):
    with pytest.raises(CelError) as caught:
        compile_cel(text, names=None).evaluate(data, now=test_decisions.NOW)
    error = caught.value
    for locale in ("zh", "en"):
        for part in ("title", "detail", "next"):
            assert TEXTS[locale][f"{error.key}.{part}"].format_map(error.params)
    said(error.problem("x:1"))


def test_both_languages_say_the_same_things():
    assert {k for k in TEXTS["zh"] if k.startswith(("engine.", "cel."))} == {
        k for k in TEXTS["en"] if k.startswith(("engine.", "cel."))
    }
