"""services/*.toml: an item that residents and enterprises see in the list of services (事项)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from yiwang.kernel.scenarios.formats.base import Described, Name, Slug, SpanText, Text


class Material(Described):
    """Something that the applicant brings along."""

    name: Text = Field(description="What it is called.")
    required: bool = Field(default=False, description="Whether the item is refused without it.")
    note: Text | None = Field(default=None, description="When it is needed, or how to get it.")


class ServiceItem(Described):
    """The whole of services/<id>.toml."""

    id: Slug = Field(description="Name of the item, the same as its file.")
    title: Text = Field(description="What residents call it.")
    summary: Text = Field(description="One or two plain sentences: what it does for me.")
    code: str = Field(
        default="",
        pattern=r"^[0-9A-Z-]{0,40}$",
        description="National item code, when the item is in the national list.",
    )
    kind: Literal["report", "apply", "ask", "book"] = Field(
        description="`report` opens an incident, `apply` opens a case, `ask` an enquiry, `book` a booking."
    )
    audience: tuple[Literal["person", "enterprise"], ...] = Field(min_length=1, description="Whom it is for.")
    role: Name = Field(description="Role of the post that answers for the item, such as `intake`.")
    process: Slug = Field(description="The process (processes/<name>.bpmn) that runs once the form is handed in.")
    form: Slug = Field(description="The form (forms/<name>.json) that the applicant fills in.")
    entry: str = Field(
        pattern=r"^/[a-z0-9/-]*$", max_length=80, description="Path of the public page, such as `/report`."
    )
    anonymous: bool = Field(default=False, description="Whether it may be used without an account and without a name.")
    channels: tuple[Literal["web", "phone", "counter", "app", "kiosk"], ...] = Field(
        min_length=1, description="The ways in."
    )
    promised: SpanText = Field(description="How long it takes at most, as promised to the applicant.")
    fee: int = Field(default=0, ge=0, description="Price in fen; 0 is free.")
    visits: int = Field(default=0, ge=0, le=9, description="How often the applicant has to come in person.")
    keywords: tuple[str, ...] = Field(default=(), max_length=60, description="Words people type who look for it.")
    materials: tuple[Material, ...] = Field(default=(), max_length=60, description="What the applicant brings along.")
    basis: tuple[Text, ...] = Field(default=(), max_length=40, description="Legal basis, one text an item.")
