"""TOML with lines: parse a file into a typed model and say for each error in which line its field stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.problems import guess, place, problem

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")


def toml_lines(text: str) -> dict[Path, int]:
    """Map the path of each table and key to its line (from 1). Keys of inline tables keep the line of their parent."""
    lines: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    quoted = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if quoted:
            quoted = "" if line.count(quoted) % 2 else quoted
            continue
        header = _HEADER.match(line)
        if header:
            names = _indexed(_split(header.group(2)), counts)
            if header.group(1) == "[[":
                index = counts.get(names, -1) + 1
                counts[names] = index
                names = (*names, index)
            table = names
            lines.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            lines.setdefault((*table, *_split(key.group(1))), number)
        quoted = next((q for q in ('"""', "'''") if line.count(q) % 2), "")
    return lines


def _split(dotted: str) -> Path:
    return tuple(p.strip().strip("\"'") for p in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", dotted))


def _indexed(names: Path, counts: Mapping[Path, int]) -> Path:
    out: Path = ()
    for position, name in enumerate(names):
        out = (*out, name)
        if out in counts and position < len(names) - 1:
            out = (*out, counts[out])
    return out


def line_of(lines: Mapping[Path, int], path: Iterable[str | int]) -> int:
    """The line of a path, or of the nearest part of it that has one."""
    steps = tuple(path)
    while steps and steps not in lines:
        steps = steps[:-1]
    return lines.get(steps, 1)


def parse_toml(rule: str, file: str, content: bytes) -> tuple[dict[str, Any], list[Problem]]:
    """Parse bytes into a table; one problem, with its line, when they are not UTF-8 or not TOML."""
    try:
        return tomllib.loads(content.decode("utf-8")), []
    except UnicodeDecodeError as error:
        return {}, [problem(rule, file, "not_utf8", position=error.start)]
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        where = place(file, int(found.group(1)) if found else None)
        return {}, [problem(rule, where, "bad_toml", reason=str(error))]


def read_toml(rule: str, file: str, content: bytes, model: type[M]) -> tuple[M | None, list[Problem]]:
    """Parse bytes into a typed model, or into one problem per field that does not fit."""
    table, problems = parse_toml(rule, file, content)
    if problems:
        return None, problems
    try:
        return model.model_validate(table), []
    except ValidationError as error:
        lines = toml_lines(content.decode("utf-8"))
        return None, [_problem(rule, file, lines, model, item) for item in error.errors(include_url=False)]


def _problem(rule: str, file: str, lines: Mapping[Path, int], model: type[BaseModel], item: ErrorDetails) -> Problem:
    path, kind = item["loc"], item["type"]
    where, field = place(file, line_of(lines, path)), ".".join(str(p) for p in path)
    if kind == "missing":
        parent = place(file, line_of(lines, path[:-1]))
        return problem(rule, parent, "field_missing", field=field, expected=describe(model, path))
    if kind == "extra_forbidden":
        names = fields_at(model, path[:-1])
        meant = guess(str(path[-1]), names)
        return problem(rule, where, "field_unknown", field=field, known=", ".join(names), meant=meant)
    if kind == "literal_error":
        expected = item.get("ctx", {}).get("expected", "")
        meant = guess(str(item["input"]), [w.strip("' ") for w in re.split(r",| or ", expected)])
        return problem(
            rule, where, "field_choice", field=field, found=_short(item["input"]), known=expected, meant=meant
        )
    return problem(
        rule, where, "field_wrong", field=field, found=_short(item["input"]), reason=item["msg"],
        expected=describe(model, path),
    )  # fmt: skip


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    current: type[BaseModel] | None = model
    for step in path:
        if isinstance(step, int) or current is None:
            continue
        info = current.model_fields.get(step)
        if info is None:
            # a key of a mapping of models, such as [rungs.<name>], stays at the model of the values
            continue
        current = _inner(info.annotation)
    return current


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for m in map(_inner, get_args(annotation)) if m is not None), None)


def fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """The names that a table at this path may hold."""
    inner = _model_at(model, path)
    return list(inner.model_fields) if inner else []


def describe(model: type[BaseModel], path: Path) -> str:
    """The description of the field at a path, for "expected: ..."."""
    names = [p for p in path if isinstance(p, str)]
    for cut in range(len(names), 0, -1):
        parent = _model_at(model, tuple(names[: cut - 1]))
        info = parent.model_fields.get(names[cut - 1]) if parent else None
        if info is not None and info.description:
            return info.description
    return ""
