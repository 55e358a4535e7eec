"""views: indicators are computed over measures that a net registers, and boards show indicators that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yiwang.kernel.cel import CelError, compile_cel
from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats import Indicator, Layer, Views
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.toml_file import line_of, toml_lines

Lines = dict[tuple[str | int, ...], int]


def check(package: Package, known: Known) -> Iterator[Problem]:
    """Parse every file of views/, then check what it refers to."""
    ids = {item.id for views in package.views.values() for item in views.indicator}
    seen: dict[str, str] = {}
    for path in package.folder("views"):
        views, problems = package.typed("views", path, Views)
        yield from problems
        if views is None:
            continue
        lines = toml_lines(package.files[path].decode())
        for index, item in enumerate(views.indicator):
            yield from _once(path, line_of(lines, ("indicator", index)), item.id, seen)
            yield from _indicator(path, lines, index, item, known)
        for index, board in enumerate(views.board):
            where = place(path, line_of(lines, ("board", index)))
            for name in board.indicators:
                yield from _refers(where, f"board.{index}.indicators", name, ids)
        for index, layer in enumerate(views.layer):
            yield from _layer(path, lines, index, layer, known, ids)


def _once(path: str, line: int, name: str, seen: dict[str, str]) -> Iterator[Problem]:
    if name in seen:
        yield problem("views", place(path, line), "id_twice", id=name, other=seen[name])
    seen.setdefault(name, place(path, line))


def _refers(where: str, field: str, name: str, ids: Iterable[str]) -> Iterator[Problem]:
    known = sorted(ids)
    if name not in known:
        yield problem("views", where, "dangling", field=field, found=name, kind="indicator", known=", ".join(known),
                      meant=guess(name, known))  # fmt: skip


def _indicator(path: str, lines: Lines, index: int, item: Indicator, known: Known) -> Iterator[Problem]:
    at = ("indicator", index)
    source = known.sources.get(item.source)
    if source is None:
        yield problem("views", place(path, line_of(lines, (*at, "source"))), "source_unknown", source=item.source,
                      known=", ".join(known.sources), meant=guess(item.source, known.sources))  # fmt: skip
        return
    for field, measure in (("measure", item.measure), ("over", item.over)):
        if measure is not None and measure not in source.measures:
            yield problem("views", place(path, line_of(lines, (*at, field))), "measure_unknown", field=field,
                          found=measure, source=item.source, known=", ".join(source.measures),
                          meant=guess(measure, source.measures))  # fmt: skip
    for name in item.by:
        if name not in source.dimensions:
            yield problem(
                "views",
                place(path, line_of(lines, (*at, "by"))),
                "dimension_unknown",
                found=name,
                source=item.source,
                known=", ".join(source.dimensions),
                meant=guess(name, source.dimensions),
            )


def _layer(path: str, lines: Lines, index: int, layer: Layer, known: Known, ids: Iterable[str]) -> Iterator[Problem]:
    at = ("layer", index)
    source = known.sources.get(layer.source)
    if source is None:
        yield problem("views", place(path, line_of(lines, (*at, "source"))), "source_unknown", source=layer.source,
                      known=", ".join(known.sources), meant=guess(layer.source, known.sources))  # fmt: skip
        return
    if layer.indicator is not None:
        yield from _refers(
            place(path, line_of(lines, (*at, "indicator"))), f"layer.{index}.indicator", layer.indicator, ids
        )
    try:
        compile_cel(layer.where, names=list(source.dimensions))
    except CelError as error:
        yield error.problem(place(path, line_of(lines, (*at, "where"))), "views")


RULE = Rule(
    "views", "Indicators use measures and dimensions that a net registers; boards and layers show what is there.", check
)
