"""From a question to one SQL statement over the net's relation, from its rows to an answer.

Only expressions that a net registered enter the statement; what a person or a package gives is a name looked up in
them, or a parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yiwang.assess.errors import NoSuchBreakdown, NoSuchIndicator
from yiwang.assess.model import Answer, Line, Question
from yiwang.kernel.runtime import MeasureSource, Runtime

#: More groups than this are no breakdown that a person reads; the export has them all.
MAX_LINES = 20_000


def source_named(rt: Runtime, name: str) -> MeasureSource:
    """The source that a net registered; NoSuchIndicator when the net is not there."""
    for source in rt.registry.all("measures"):
        if source.name == name:
            return source  # type: ignore[no-any-return]
    raise NoSuchIndicator(f"no net offers the measures {name!r}", name=name)


def statement(source: MeasureSource, question: Question, now: datetime) -> tuple[str, list[Any]]:
    """The SQL of a question and its parameters; the row whose ``whole`` is true is the total."""
    names = sorted({name for i in question.indicators for name in i.needs()})
    arguments: list[Any] = [now]
    for name in (*question.where, *([question.by] if question.by else [])):
        if name not in source.dimensions:
            raise NoSuchBreakdown(f"{source.name} has no dimension {name!r}", name=name)
    conditions = []
    for bound, sign in ((question.since, ">="), (question.until, "<")):
        if bound is not None and source.time:
            arguments.append(bound)
            conditions.append(f"({source.time}) {sign} ${len(arguments)}")
    for name, value in question.where.items():
        if value == "":
            conditions.append(f"({source.dimensions[name]}) is null")
        else:
            arguments.append(value)
            conditions.append(f"({source.dimensions[name]})::text = ${len(arguments)}")
    measures = "".join(f', ({source.measures[name]}) as "{name}"' for name in names)
    where = f" where {' and '.join(conditions)}" if conditions else ""
    if question.by is None:
        text = f"select null::text as key, true as whole{measures} from {source.relation}{where}"
    else:
        key = f"({source.dimensions[question.by]})::text"
        text = (
            f"select {key} as key, grouping({key}) = 1 as whole{measures} from {source.relation}{where} "
            f"group by grouping sets (({key}), ()) order by 2 desc, 1 nulls last limit {MAX_LINES}"
        )
    text = text.replace("$now", "$1::timestamptz")
    return f"with asked as (select $1::timestamptz as at) {text}", arguments


async def compute(rt: Runtime, question: Question, locale: str = "zh") -> Answer:
    """Compute a question over the whole city. The caller has been allowed to (action ``indicator.read``)."""
    source = source_named(rt, question.indicators[0].source)
    now = rt.clock.now()
    sql, arguments = statement(source, question, now)
    async with rt.read_as_system() as db:
        rows = await db.fetch(sql, *arguments)
    total: Mapping[str, float | None] = {}
    lines: list[tuple[str | None, Mapping[str, float | None]]] = []
    for row in rows:
        values = {i.id: i.value(dict(row)) for i in question.indicators}
        if row["whole"]:
            total = values
        else:
            lines.append((row["key"], values))
    labels = await _labels(rt, source, question.by, [key for key, _ in lines if key is not None], locale)
    missing = rt.strings.t("assess.not_recorded", locale)
    return Answer(
        total, tuple(Line(key, labels.get(key, key) if key is not None else missing, v) for key, v in lines), now
    )


async def notes_on(rt: Runtime, name: str, locale: str) -> list[str]:
    """What a net says about the rows of a source: what of them is derived, and what is not recorded."""
    found: list[str] = []
    for notes in rt.registry.extra("measure_notes"):
        if name in notes:
            found += await notes[name](rt, locale)
    return found


async def _labels(rt: Runtime, source: MeasureSource, by: str | None, keys: list[str], locale: str) -> dict[Any, str]:
    if by is None or source.labels is None or not keys:
        return {}
    return await source.labels(rt, by, keys, locale)
