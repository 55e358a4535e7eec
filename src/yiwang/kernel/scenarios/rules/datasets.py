"""datasets: every dataset is declared in full, and its checks compile against its fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from yiwang.kernel.cel import CelError, Kind, compile_cel
from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats import Dataset
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.toml_file import line_of, toml_lines

KINDS: dict[str, Kind] = {
    "text": "text", "integer": "int", "number": "number", "boolean": "bool", "date": "date", "datetime": "time",
    "money": "money", "code": "text", "area": "text", "point": "list", "uuid": "text",
}  # fmt: skip
"""The kind under which a field of each type enters CEL."""


def cel_names(dataset: Dataset) -> dict[str, Kind]:
    """The names that an expression over a row may read, with their kinds."""
    return {field.name: KINDS[field.type] for field in dataset.fields}


def check(package: Package, known: Known) -> Iterator[Problem]:
    """Parse every file of datasets/ and look inside."""
    for path in package.folder("datasets"):
        dataset, problems = package.typed("datasets", path, Dataset)
        yield from problems
        if dataset is not None:
            yield from _dataset(path, dataset, toml_lines(package.files[path].decode()), known)


def _dataset(path: str, dataset: Dataset, lines: dict[tuple[str | int, ...], int], known: Known) -> Iterator[Problem]:
    stem = PurePosixPath(path).stem
    if dataset.id != stem:
        yield problem("datasets", path, "id_not_file", id=dataset.id, stem=stem)
    names = [field.name for field in dataset.fields]
    for name, count in Counter(names).items():
        if count > 1:
            yield problem("datasets", path, "field_twice", field=name)
    for key in dataset.key:
        if key not in names:
            yield problem("datasets", place(path, line_of(lines, ("key",))), "key_unknown", field=key,
                          known=", ".join(names), meant=guess(key, names))  # fmt: skip
    if "closed" in (dataset.share, dataset.open) and dataset.basis is None:
        yield problem("datasets", place(path, line_of(lines, ("share",))), "closed_without_basis", id=dataset.id)
    if dataset.source and dataset.source not in known.sources:
        yield problem("datasets", place(path, line_of(lines, ("source",))), "source_unknown", source=dataset.source,
                      known=", ".join(known.sources), meant=guess(dataset.source, known.sources))  # fmt: skip
    for index, field in enumerate(dataset.fields):
        where = place(path, line_of(lines, ("fields", index)))
        if field.type == "code" and not field.values:
            yield problem("datasets", where, "code_without_values", field=field.name)
        if field.name in dataset.key and not field.required:
            yield problem("datasets", where, "key_not_required", field=field.name)
    for index, item in enumerate(dataset.quality):
        try:
            compile_cel(item.when, names=cel_names(dataset))
        except CelError as error:
            yield error.problem(f"{place(path, line_of(lines, ('quality', index, 'when')))}", "datasets")


RULE = Rule("datasets", "Datasets name their key, owner, sharing and code lists, and their checks compile.", check)
