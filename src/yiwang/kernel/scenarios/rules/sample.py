"""sample: sample data are named after a dataset and fit what the dataset declares."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from yiwang.kernel.cel import CelError, compile_cel
from yiwang.kernel.clock import SystemClock
from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats import Dataset
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.rules.datasets import cel_names
from yiwang.kernel.scenarios.values import BadCell, read_cell

MOST_PROBLEMS = 20


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Read every row of sample/<dataset>.csv (or .json, .jsonl) as its dataset declares it."""
    own = {dataset.id: dataset for dataset in package.datasets.values()}
    for path, content in package.folder("sample").items():
        stem = PurePosixPath(path).stem
        if stem not in own:
            yield problem("sample", path, "dangling", field="file name", found=stem, kind="dataset",
                          known=", ".join(own), meant=guess(stem, own))  # fmt: skip
            continue
        yield from _first(_rows(path, content, own[stem]), MOST_PROBLEMS)


def _first(problems: Iterator[Problem], most: int) -> Iterator[Problem]:
    for _, item in zip(range(most), problems, strict=False):
        yield item


def _rows(path: str, content: bytes, dataset: Dataset) -> Iterator[Problem]:
    try:
        rows = list(load(path, content))
    except (ValueError, csv.Error) as error:
        yield problem("sample", path, "sample_unreadable", reason=str(error))
        return
    names = [field.name for field in dataset.fields]
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in rows:
        where = place(path, line)
        for extra in row.keys() - set(names):
            yield problem("sample", where, "field_unknown", field=str(extra), known=", ".join(names),
                          meant=guess(str(extra), names))  # fmt: skip
        clean: dict[str, Any] = {}
        for field in dataset.fields:
            try:
                clean[field.name] = read_cell(row.get(field.name), field)
            except BadCell as bad:
                yield problem("sample", where, bad.what, field=field.name, found=bad.found, expected=bad.expected)
        key = tuple(clean.get(name) for name in dataset.key)
        if key in seen:
            yield problem("sample", where, "key_twice", key=str(key), other=seen[key])
        seen[key] = line
        yield from _quality(where, dataset, clean)


def _quality(where: str, dataset: Dataset, row: dict[str, Any]) -> Iterator[Problem]:
    for item in dataset.quality:
        try:
            good = compile_cel(item.when, names=cel_names(dataset)).evaluate(row, now=SystemClock().now())
        except CelError as error:
            yield error.problem(where, "sample")
            continue
        if good is not True:
            yield problem("sample", where, "quality_failed", check=item.id, message=item.message.en)


def load(path: str, content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a sample file with their line numbers. ValueError when it cannot be read."""
    text = content.decode("utf-8-sig")
    if path.endswith(".csv"):
        reader = csv.DictReader(io.StringIO(text), strict=True)
        for row in reader:
            if None in row or None in row.values():
                raise ValueError(f"line {reader.line_num}: the number of columns differs from the heading")
            yield reader.line_num, {name: (value if value != "" else None) for name, value in row.items()}
    elif path.endswith(".jsonl"):
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield number, _object(json.loads(line))
    else:
        yield from ((index, _object(item)) for index, item in enumerate(json.loads(text), start=1))


def _object(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise ValueError("expected an object per row")  # noqa: TRY004 - one kind of error for one unreadable file
    return item


RULE = Rule("sample", "Sample data are named after a dataset and fit its fields, key and checks.", check)
