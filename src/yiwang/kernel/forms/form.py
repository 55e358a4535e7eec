"""A form: loaded once, validated often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.forms.check import check_form
from yiwang.kernel.forms.cleaning import clean_object, from_fields
from yiwang.kernel.forms.problems import made, of_errors
from yiwang.kernel.forms.rules import Rule, compile_rules
from yiwang.kernel.forms.validator import compile_schema

#: A file field that does not say how large a file may be.
MAX_BYTES = 10 * 1024 * 1024


class FormInvalid(Invalid):
    """What was filled in does not fit the form; ``problems`` has one entry a field."""

    key = "forms.error.invalid"


class NotAForm(Invalid):
    """A file that should be a form and is none."""

    key = "forms.error.not_a_form"


class FileFacts(Protocol):
    """What is known of an uploaded file: its type as found in the content, its size in bytes."""

    @property
    def type(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Field:
    """One field in the order of the form, for whoever shows it."""

    name: str
    schema: Mapping[str, Any]
    required: bool

    @property
    def ui(self) -> Mapping[str, Any]:
        """Its hints: title, help, widget, options and the rest."""
        found: Mapping[str, Any] = self.schema.get("x-ui", {})
        return found

    @property
    def title(self) -> Mapping[str, str]:
        """Its title in zh and en."""
        found: Mapping[str, str] = self.ui.get("title", {})
        return found

    @property
    def widget(self) -> str:
        """The widget that is named, or the one that suits the type and format."""
        named = self.ui.get("widget")
        return str(named) if named else _widget(self.schema)


@dataclass(frozen=True)
class Section:
    """Fields under a heading; the heading is empty where the form has no sections."""

    title: Mapping[str, str]
    help: Mapping[str, str]
    fields: tuple[Field, ...]


class Form:
    """A checked and compiled form. Immutable; share it."""

    def __init__(self, obj: dict[str, Any]) -> None:
        self.schema = obj
        self.properties: dict[str, Any] = obj["properties"]
        self.ui: dict[str, Any] = obj["x-ui"]
        self.title: dict[str, str] = self.ui["title"]
        self._validator = compile_schema(obj)
        self._rules: tuple[Rule, ...] = compile_rules(obj.get("x-rules", ()), self.properties)
        required = set(obj.get("required", ()))
        ordered = dict.fromkeys([*self.ui.get("order", ()), *self.properties])
        self.fields = tuple(Field(name, self.properties[name], name in required) for name in ordered)

    @classmethod
    def load(cls, obj: Any, *, file: str = "form") -> Form:
        """Check and compile; NotAForm with every problem."""
        problems = check_form(obj, file)
        if problems:
            raise NotAForm(f"{file} is not a form: {len(problems)} problem(s)", problems=problems)
        return cls(obj)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The fields under their headings, in order; one section without a heading when there are none."""
        by_name = {field.name: field for field in self.fields}
        declared = self.ui.get("sections")
        if not declared:
            return (Section({}, {}, self.fields),)
        return tuple(
            Section(s["title"], s.get("help", {}), tuple(by_name[name] for name in s["fields"])) for s in declared
        )

    @property
    def sensitive(self) -> dict[str, str]:
        """Fields that hold personal data, by name, with the kind of mask (for ``decision.enforce(rows, kinds)``)."""
        return {f.name: f.ui["sensitive"] for f in self.fields if "sensitive" in f.ui}

    def read(self, given: Mapping[str, list[str]]) -> dict[str, Any]:
        """The object that a submitted HTML form means; validate it next."""
        return from_fields(given, self.schema)

    def validate(
        self, data: Any, *, now: datetime | None = None, files: Mapping[str, FileFacts] | None = None
    ) -> dict[str, Any]:
        """The clean data, or FormInvalid with one Problem a field (``where`` is the field's path).

        ``now`` is needed by forms with a rule about the present; ``files`` tells type and size of the uploads that file
        fields name by id.
        """
        if not isinstance(data, Mapping):
            raise FormInvalid("a form is an object", problems=[Problem("", "forms.error.not_an_object")])
        cleaned = clean_object(data, self.schema)
        problems = of_errors(self._validator.iter_errors(cleaned), self.properties)
        bad = {problem.where.split(".")[0] for problem in problems}
        for field in self.fields:
            if field.widget == "file" and field.name not in bad and files is not None:
                problems += _check_files(field, cleaned.get(field.name, []), files, self.properties)
        for rule in self._rules:
            problems += rule.check(cleaned, now, bad)
        if problems:
            names = ", ".join(problem.where for problem in problems[:10])
            raise FormInvalid(
                f"{len(problems)} field(s) need attention: {names}", problems=problems, count=len(problems)
            )
        return cleaned


def _check_files(
    field: Field, ids: list[str], files: Mapping[str, FileFacts], properties: Mapping[str, Any]
) -> list[Problem]:
    limit = field.ui.get("max_bytes", MAX_BYTES)
    for identity in ids:
        facts = files.get(identity)
        if facts is None:
            return [made(field.name, "file_missing", properties)]
        if not any(_accepts(pattern, facts.type) for pattern in field.ui.get("accept", ())):
            return [made(field.name, "file_type", properties)]
        if facts.size > limit:
            return [made(field.name, "file_too_large", properties, limit=f"{limit / 1048576:g}")]
    return []


def _accepts(pattern: str, found: str) -> bool:
    return found == pattern or (pattern.endswith("/*") and found.startswith(pattern[:-1]))


_BY_FORMAT = {"date-time": "datetime", "point": "map", "uscc": "text", "uuid": "text", "uri": "text"}
_BY_TYPE = {"integer": "number", "number": "number", "boolean": "checkbox", "array": "checkboxes"}


def _widget(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "radio" if len(schema["enum"]) <= 5 else "select"
    form = schema.get("format")
    if form:
        return _BY_FORMAT.get(str(form), str(form))
    kind = str(schema.get("type"))
    if kind == "string" and schema.get("maxLength", 4000) > 200:
        return "textarea"
    return _BY_TYPE.get(kind, "text")
