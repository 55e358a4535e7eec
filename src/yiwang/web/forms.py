"""Forms of packages (kernel.forms) as HTML, and what comes back from them. No script needed.

A page shows ``FormView.of(ctx, form, values, errors)`` with ``{% import "forms.html" as forms %}`` and
``{{ forms.fields(view) }}``; a route reads ``data, files = await read_form(ctx, form)`` and gives ``data`` to
``form.validate``. What was typed is shown again as it was typed, also where it was wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.datastructures import UploadFile

from yiwang.kernel.errors import Invalid
from yiwang.kernel.forms import Field as Question
from yiwang.kernel.forms import Form
from yiwang.kernel.orgs import Directory
from yiwang.web.context import Context
from yiwang.web.maps import city_map

Choices = Mapping[str, Sequence[tuple[Any, str]]]
#: The type of the input element for a widget; other widgets have a part of their own in forms.html.
KINDS = {
    "number": "number", "money": "text", "date": "date", "time": "time", "datetime": "datetime-local", "phone": "tel",
    "email": "email",
}  # fmt: skip


@dataclass
class Field:
    """One question of a form, ready to be drawn."""

    name: str
    widget: str
    title: str
    help: str = ""
    required: bool = False
    value: Any = ""
    error: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    kind: str = "text"
    unit: str = ""
    placeholder: str = ""
    maxlength: int = 4000
    minimum: str = ""
    maximum: str = ""
    rows: int = 5
    accept: str = ""
    multiple: bool = False
    readonly: bool = False
    map: dict[str, Any] | None = None

    @property
    def chosen(self) -> list[str]:
        """The chosen values of a question with answers to choose from."""
        values = self.value if isinstance(self.value, list | tuple) else [self.value]
        return [str(v).lower() if isinstance(v, bool) else str(v) for v in values if v != ""]


@dataclass
class Section:
    """Questions under one heading."""

    title: str
    help: str
    fields: list[Field]


@dataclass
class FormView:
    """A form to draw: sections in order, and (field, sentence) of what is wrong."""

    title: str
    help: str
    submit: str
    sections: list[Section]
    wrong: list[tuple[str, str]]

    @classmethod
    def of(
        cls,
        ctx: Context,
        form: Form,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, str] | None = None,
        *,
        choices: Choices | None = None,
        without: Sequence[str] = (),
    ) -> FormView:
        """``values``: typed or stored; ``errors``: sentences by field; ``choices``: options that come from the city."""
        values, errors = values or {}, errors or {}
        sections = [
            Section(
                ctx.pick(one.title),
                ctx.pick(one.help),
                [_field(ctx, q, values, errors, choices or {}) for q in one.fields if q.name not in without],
            )
            for one in form.sections
        ]
        shown = [f.name for section in sections for f in section.fields]
        order = {name: place for place, name in enumerate(shown)}
        wrong = sorted(errors.items(), key=lambda item: order.get(item[0], len(order)))
        ui = form.ui
        return cls(
            ctx.pick(form.title),
            ctx.pick(ui.get("help")),
            ctx.pick(ui.get("submit")) or ctx.t("web.send"),
            sections,
            wrong,
        )


def errors_of(ctx: Context, error: Invalid) -> dict[str, str]:
    """The problems of an Invalid as sentences by field, for FormView."""
    found: dict[str, str] = {}
    for problem in error.problems:
        found.setdefault(problem.where.split(".")[0], ctx.t(problem.key, **problem.params))
    return found


async def read_form(ctx: Context, form: Form) -> tuple[dict[str, Any], dict[str, list[UploadFile]]]:
    """(data, uploads by field) of a posted form; names that begin with ``_`` belong to the page.

    Uploads are left out of ``data``: store them and put their ids there before validating.
    """
    given: dict[str, list[str]] = {}
    files: dict[str, list[UploadFile]] = {}
    for name, value in (await ctx.form()).multi_items():
        if name.startswith("_"):
            continue
        if isinstance(value, str):
            given.setdefault(name, []).append(value)
        elif value.filename:
            files.setdefault(name, []).append(value)
    data = form.read(given)
    for question in form.fields:
        if question.widget == "datetime" and isinstance(data.get(question.name), str):
            data[question.name] = _with_zone(ctx, data[question.name])
    return data, files


def _with_zone(ctx: Context, text: str) -> str:
    """A browser sends date and time without an offset: it is the city's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=ctx.zone)).isoformat()


def _field(
    ctx: Context, question: Question, values: Mapping[str, Any], errors: Mapping[str, str], choices: Choices
) -> Field:
    ui, schema, name = question.ui, question.schema, question.name
    value = values.get(name, schema.get("default", ""))
    made = Field(
        name=name,
        widget=question.widget,
        title=ctx.pick(question.title),
        help=ctx.pick(ui.get("help")),
        required=question.required,
        value="" if value is None else value,
        error=errors.get(name, ""),
        kind=KINDS.get(question.widget, "text"),
        unit=ctx.pick(ui.get("unit")),
        placeholder=ctx.pick(ui.get("placeholder")),
        maxlength=int(schema.get("maxLength", 4000)),
        minimum=str(schema.get("minimum", "")),
        maximum=str(schema.get("maximum", "")),
        rows=int(ui.get("rows", 5)),
        accept=",".join(ui.get("accept", ())),
        multiple=schema.get("type") == "array",
        readonly=bool(ui.get("readonly")),
    )
    made.choices = _choices(ctx, question, choices)
    if made.choices and made.widget not in {"radio", "checkboxes", "rating"}:
        made.widget = "select"
    if made.widget == "map":
        made.map = city_map(ctx, at=[value["lon"], value["lat"]]) if _is_point(value) else city_map(ctx)
    return _as_shown(ctx, made)


def _as_shown(ctx: Context, made: Field) -> Field:
    """Stored values as the input element wants them: money in yuan, moments in the city's time."""
    if made.widget == "money" and isinstance(made.value, int) and not isinstance(made.value, bool):
        made.value = f"{made.value // 100}.{made.value % 100:02d}"
    if made.widget == "datetime" and made.value:
        with suppress(ValueError):
            made.value = datetime.fromisoformat(str(made.value)).astimezone(ctx.zone).strftime("%Y-%m-%dT%H:%M")
    return made


def _is_point(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(value.get(k), int | float) for k in ("lon", "lat"))


def _choices(ctx: Context, question: Question, given: Choices) -> list[tuple[str, str]]:
    if question.name in given:
        return [(str(v), text) for v, text in given[question.name]]
    schema, ui = question.schema, question.ui
    if question.widget == "category" or ui.get("source") == "categories":
        return _categories(ctx)
    if question.widget == "radio" and schema.get("type") == "boolean":
        return [("true", ctx.t("web.yes")), ("false", ctx.t("web.no"))]
    values = schema.get("items", schema).get("enum", ())
    options = ui.get("options") or schema.get("items", {}).get("x-ui", {}).get("options", {})
    return [(str(v), ctx.pick(options.get(str(v))) or str(v)) for v in values]


def _categories(ctx: Context) -> list[tuple[str, str]]:
    """The city's categories; one below another says so before its name."""
    directory = ctx.rt.part(Directory)
    found = []
    for one in directory.categories():
        above = directory.category(one.parent) if one.parent else None
        found.append((one.key, f"{above.name(ctx.locale)} · {one.name(ctx.locale)}" if above else one.name(ctx.locale)))
    return found
