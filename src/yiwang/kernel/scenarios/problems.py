"""Making problems: a rule, a place, a sentence in two languages, and a guess at what was meant."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from yiwang.kernel.errors import Problem
from yiwang.kernel.strings import Strings


@cache
def own_strings() -> Strings:
    """The sentences of this part alone, so that `check` works without a running city."""
    strings = Strings()
    for locale in ("zh", "en"):
        text = (files("yiwang.kernel.scenarios") / "strings" / f"{locale}.toml").read_text("utf-8")
        strings.add(locale, tomllib.loads(text), f"kernel/scenarios/strings/{locale}.toml")
    return strings


def place(file: str, line: int | None = None) -> str:
    """`file:line`, or the file alone when the line is not known."""
    return f"{file}:{line}" if line else file


def problem(rule: str, where: str, what: str, **params: Any) -> Problem:
    """One problem of a rule; its sentence is the string `scenario.problem.<what>`, filled in with `params`."""
    key = f"scenario.problem.{what}"
    text = own_strings().t(key, "en", **params) + _hint(params, "en")
    return Problem(where=where, key=key, params=params, rule=rule, text=text)


def tagged(rule: str, found: Problem, file: str | None = None) -> Problem:
    """A problem that another part of the kernel found, tagged with the rule that asked and, if wanted, its file."""
    where = found.where
    if file is not None and not where.startswith(file):
        where = f"{file} {where}".strip()
    return Problem(where=where, key=found.key, params=found.params, rule=rule, text=found.text)


def say(found: Problem, locale: str, strings: Strings | None = None) -> str:
    """The sentence of a problem in a locale, with its "did you mean"; falls back to the English text of the finder."""
    source = own_strings() if found.key.startswith("scenario.problem.") or strings is None else strings
    if not source.has(found.key):
        return found.text or found.key
    return source.t(found.key, locale, **found.params) + _hint(found.params, locale)


def guess(word: str, known: Iterable[str]) -> str:
    """The known word nearest to one that is not known, or the empty string when none is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return near[0] if near else ""


def _hint(params: dict[str, Any], locale: str) -> str:
    meant = params.get("meant")
    return " " + own_strings().t("scenario.problem.did_you_mean", locale, meant=meant) if meant else ""
