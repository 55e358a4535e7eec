"""What every typed file of a package has in common: closed fields, each with a description, and bilingual text."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A name in lower case with hyphens, such as `resident-requests`; file names and ids of packages use it."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
"""A field name in lower case with underscores, such as `opened_at`."""

Dotted = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$", max_length=120)]
"""Two or more names joined by dots, such as `incident.close` or `govern.incident`."""

Cel = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
"""One CEL expression, caged: at most 2,000 characters."""

SpanText = Annotated[str, StringConstraints(pattern=r"^\d{1,4}(wd|wh|wm|d|h|m)$")]
"""A length of time: `5wd` working days, `4wh` working hours, `3d` days, `2h` hours, `30m` minutes."""


class Described(BaseModel):
    """A closed, frozen model. An unknown field is an error, and every field carries a description for the reference."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Text(Described):
    """A text that people read, in both languages of the project."""

    zh: str = Field(min_length=1, max_length=4000, description="The text in Chinese.")
    en: str = Field(min_length=1, max_length=4000, description="The text in English.")

    def pick(self, locale: str) -> str:
        """Return the text for a locale; anything but `en` reads Chinese."""
        return self.en if locale == "en" else self.zh
