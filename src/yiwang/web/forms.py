"""Forms of packages (kernel.forms: JSON Schema with hints) as HTML, and what comes back from them. No script needed.

A page shows ``FormView.of(ctx, schema, values, errors)`` with ``{% import "forms.html" as forms %}{{ forms.fields(view) }}``;
a route reads ``data, files = await read_form(ctx, schema)`` and gives ``data`` to the form's own ``validate``. What was
typed is shown again as it was typed, also where it was wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile

from yiwang.kernel.errors import Invalid
from yiwang.web.context import Context

MANY_CHOICES = 6
LONG_TEXT = 200
Choices = Mapping[str, Sequence[tuple[Any, str]]]


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
    maxlength: int = LONG_TEXT
    minimum: str = ""
    maximum: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def chosen(self) -> list[str]:
        """The chosen values of a question with several answers."""
        return (
            [str(v) for v in self.value]
            if isinstance(self.value, list | tuple)
            else [str(self.value)]
            if self.value != ""
            else []
        )


@dataclass
class Section:
    """Questions under one heading."""

    title: str
    fields: list[Field]


@dataclass
class FormView:
    """A form to draw: sections in order, and how many answers are wrong."""

    title: str
    sections: list[Section]
    wrong: list[tuple[str, str]]

    @classmethod
    def of(
        cls, ctx: Context, schema: Any, values: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None,
        *, choices: Choices | None = None, readonly: Sequence[str] = (),
    ) -> FormView:  # fmt: skip
        """Of a schema (or a kernel.forms Form), what was typed or stored, and sentences by field."""
        body = _schema_of(schema)
        values, errors = values or {}, errors or {}
        hints = body.get("x-ui", {})
        required = set(body.get("required", ()))
        made = {
            name: _field(
                ctx, name, part, hints.get("fields", {}).get(name, {}), name in required, values, errors, choices or {}
            )
            for name, part in body.get("properties", {}).items()
            if name not in readonly
        }
        order = [name for name in hints.get("order", ()) if name in made]
        order += [name for name in made if name not in order]
        sections = _sections(ctx, hints.get("sections"), order, made)
        wrong = [(name, errors[name]) for name in order if name in errors]
        return cls(ctx.pick(body.get("title")), sections, wrong)


def errors_of(ctx: Context, error: Invalid) -> dict[str, str]:
    """The problems of an Invalid as sentences by field, for FormView."""
    found: dict[str, str] = {}
    for problem in error.problems:
        name = problem.where.lstrip("/").split("/")[0].split(".")[0].split("[")[0]
        texts = problem.params.get("message")
        found.setdefault(name, ctx.pick(texts) if texts else ctx.t(problem.key, **problem.params))
    return found


async def read_form(ctx: Context, schema: Any) -> tuple[dict[str, Any], dict[str, list[UploadFile]]]:
    """(typed values, files) of a posted form.

    A text that is not the number it should be stays text, so that ``validate`` names it and the page shows it again;
    an empty answer is left out. Fields that the schema does not know are kept: refusing them is the form's business.
    """
    posted = await ctx.form()
    parts = _schema_of(schema).get("properties", {})
    data: dict[str, Any] = {}
    files: dict[str, list[UploadFile]] = {}
    for name in dict.fromkeys(key for key, _ in posted.multi_items()):
        if name.startswith("_"):
            continue
        values = posted.getlist(name)
        sent = [v for v in values if isinstance(v, UploadFile) and v.filename]
        if sent:
            files[name] = sent
        texts = [v.strip().replace("\r\n", "\n") for v in values if isinstance(v, str)]
        owner, dot, leaf = name.partition(".")
        if dot and parts.get(owner, {}).get("type") == "object":
            part = parts[owner].get("properties", {}).get(leaf, {})
            if texts and texts[-1]:
                data.setdefault(owner, {})[leaf] = typed(part, texts[-1])
        elif parts.get(name, {}).get("type") == "array":
            filled = [typed(parts[name].get("items", {}), text) for text in texts if text]
            if filled:
                data[name] = filled
        elif texts and texts[-1] != "":
            data[name] = typed(parts.get(name, {}), texts[-1])
    return data, files


def typed(part: Mapping[str, Any], text: str) -> Any:
    """A posted text as the type its schema wants; the text itself when it is none."""
    kind = part.get("type")
    try:
        if kind == "integer":
            return int(text) if len(text) < 25 else text
        if kind == "number":
            number = float(text) if len(text) < 40 else text
            return (
                text
                if (isinstance(number, float) and number in (float("inf"), float("-inf"))) or number != number
                else number
            )
    except ValueError:
        return text
    if kind == "boolean":
        return {"true": True, "false": False, "on": True}.get(text, text)
    return text


def _schema_of(form: Any) -> Mapping[str, Any]:
    return form if isinstance(form, Mapping) else form.schema


def _field(
    ctx: Context, name: str, part: Mapping[str, Any], hint: Mapping[str, Any], required: bool,
    values: Mapping[str, Any], errors: Mapping[str, str], choices: Choices,
) -> Field:  # fmt: skip
    own = {**part.get("x-ui", {}), **hint}
    titles = own.get("title") or part.get("x-title") or part.get("title")
    value = values.get(name, part.get("default", ""))
    made = Field(
        name,
        "input",
        ctx.pick(titles) or name,
        ctx.pick(own.get("help")),
        required,
        "" if value is None else value,
        errors.get(name, ""),
    )
    made.choices = [(str(v), text) for v, text in choices[name]] if name in choices else _choices(ctx, part, own)
    made.widget = own.get("widget") or _widget(part, made)
    made.kind = _input_kind(part)
    made.maxlength = int(part.get("maxLength", LONG_TEXT if made.widget == "input" else 5000))
    made.minimum, made.maximum = str(part.get("minimum", "")), str(part.get("maximum", ""))
    made.extra = {k: v for k, v in own.items() if k not in {"title", "help", "widget", "labels"}}
    if part.get("type") == "boolean" and made.value != "":
        made.value = "true" if made.value in (True, "true", "on") else "false"
    return made


def _choices(ctx: Context, part: Mapping[str, Any], own: Mapping[str, Any]) -> list[tuple[str, str]]:
    if part.get("type") == "boolean":
        return [("true", ctx.t("web.yes")), ("false", ctx.t("web.no"))]
    source = part.get("items", {}) if part.get("type") == "array" else part
    labels = own.get("labels", {})
    if "oneOf" in source:
        return [(str(o.get("const")), ctx.pick(o.get("title")) or str(o.get("const"))) for o in source["oneOf"]]
    return [(str(v), ctx.pick(labels.get(str(v))) or str(v)) for v in source.get("enum", ())]


def _widget(part: Mapping[str, Any], made: Field) -> str:
    kind = part.get("type")
    if kind == "array" and made.choices:
        return "checks"
    if made.choices:
        return "radio" if len(made.choices) <= MANY_CHOICES else "select"
    if kind == "object":
        return "place" if {"lon", "lat"} <= set(part.get("properties", {})) else "input"
    return "textarea" if kind == "string" and int(part.get("maxLength", 0)) > LONG_TEXT else "input"


def _input_kind(part: Mapping[str, Any]) -> str:
    if part.get("type") in {"integer", "number"}:
        return "number"
    return {
        "date": "date",
        "date-time": "datetime-local",
        "email": "email",
        "uri": "url",
        "phone": "tel",
        "time": "time",
    }.get(str(part.get("format")), "text")


def _sections(ctx: Context, declared: Any, order: list[str], made: dict[str, Field]) -> list[Section]:
    left = dict.fromkeys(order)
    sections = []
    for one in declared or ():
        names = [name for name in one.get("fields", ()) if name in left]
        for name in names:
            del left[name]
        if names:
            sections.append(Section(ctx.pick(one.get("title")), [made[name] for name in names]))
    if left:
        sections.append(Section("", [made[name] for name in left]))
    return sections
