"""rules/*.toml: what a package notices. A condition over a dataset that, when it holds, raises an incident."""

from __future__ import annotations

from pydantic import Field

from yiwang.kernel.scenarios.formats.base import Cel, Described, Slug, SpanText, Text


class Raise(Described):
    """What happens when the rule holds."""

    incident: Slug = Field(description="Type of the incident that is opened.")
    severity: int = Field(ge=1, le=4, description="1 is the gravest, 4 the mildest.")
    title: Text = Field(description="Title of the incident.")
    area: Cel = Field(default='""', description="CEL over the row giving the division code of the place.")


class NoticeRule(Described):
    """The whole of rules/<id>.toml."""

    id: Slug = Field(description="Name of the rule, the same as its file.")
    title: Text = Field(description="What the rule is called.")
    summary: Text = Field(description="What it notices, and why that matters.")
    dataset: str = Field(
        pattern=r"^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?$",
        description="The dataset that it reads: its own by name, another package's as `package.dataset`.",
    )
    when: Cel = Field(description="CEL over the fields of the dataset; true means that the rule holds.")
    hold: SpanText | None = Field(default=None, description="How long it must hold before anything is raised.")
    again: SpanText = Field(default="1d", description="How long the same subject stays silent after it was raised.")
    subject: tuple[str, ...] = Field(
        min_length=1, description="Fields that tell one subject from another, such as a device."
    )
    raises: Raise = Field(description="What happens when the rule holds.")
