"""datasets/*.toml: what a package knows. One file declares one dataset, its fields, its owner and how it is shared."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from yiwang.kernel.scenarios.formats.base import Cel, Described, Name, Slug, SpanText, Text

FieldType = Literal[
    "text", "integer", "number", "boolean", "date", "datetime", "money", "code", "area", "point", "uuid"
]
ShareLevel = Literal["open-to-all", "on-request", "closed"]


class CodeValue(Described):
    """One value of a code list."""

    value: str = Field(min_length=1, max_length=60, description="The value as stored.")
    title: Text = Field(description="What people read.")


class DatasetField(Described):
    """One field of a dataset."""

    name: Name = Field(description="Name of the field in the data.")
    type: FieldType = Field(
        description="What it holds. `money` is an integer in fen, `code` one of `values`, `area` a division code, "
        "`point` longitude and latitude in WGS 84."
    )
    title: Text = Field(description="What the column is called.")
    note: Text | None = Field(default=None, description="How to read it, and what it does not mean.")
    required: bool = Field(default=False, description="Whether a row without it is quarantined.")
    unit: str = Field(default="", max_length=20, description="Unit of a number, such as `min` or `%LEL`.")
    max_length: int | None = Field(default=None, ge=1, le=100_000, description="Longest text, in characters.")
    values: tuple[CodeValue, ...] = Field(default=(), max_length=500, description="The code list of a `code` field.")
    personal: bool = Field(
        default=False, description="Whether it tells something about a person; masked unless granted."
    )


class QualityCheck(Described):
    """One check that every row must pass."""

    id: Slug = Field(description="Name of the check within the dataset.")
    when: Cel = Field(description="CEL over the fields of a row; true means that the row is good.")
    message: Text = Field(description="What the steward reads when it is not.")


class Dataset(Described):
    """The whole of datasets/<id>.toml."""

    id: Slug = Field(description="Name of the dataset, the same as its file.")
    title: Text = Field(description="What the catalogue calls it.")
    summary: Text = Field(description="What it describes, and what it does not.")
    level: Literal["city", "district", "street", "community", "grid"] = Field(description="Level that owns the data.")
    role: Name = Field(description="Role of the post that answers for its quality, such as `steward`.")
    source: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+)?$",
        description="Measure source of a net that keeps the data (`govern.incident`); empty when rows are put in.",
    )
    share: ShareLevel = Field(description="Sharing within government: to all, on request, or not.")
    open: ShareLevel = Field(description="Openness to the public, likewise.")
    basis: Text | None = Field(default=None, description="Legal basis; required when sharing or openness is `closed`.")
    update: Literal["live", "hourly", "daily", "weekly", "monthly", "yearly", "once"] = Field(
        description="How often it changes."
    )
    keep: SpanText | None = Field(default=None, description="How long rows are kept; empty keeps them for good.")
    key: tuple[Name, ...] = Field(min_length=1, description="The fields that identify a row.")
    fields: tuple[DatasetField, ...] = Field(min_length=1, max_length=500, description="The fields, in order.")
    quality: tuple[QualityCheck, ...] = Field(default=(), max_length=100, description="Checks on every row.")
