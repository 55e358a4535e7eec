"""scenario.toml: what a package is, who answers for it, and everything it is allowed to touch."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from yiwang.kernel.scenarios.formats.base import Described, Dotted, Name, Slug, Text

FORMAT = 1
"""The newest version of the package format; older packages are lifted step by step by `migrate.py`."""

Level = Literal["city", "district", "street", "community", "grid"]
Net = Literal["sense", "share", "serve", "govern", "work", "assess"]
Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$")]
Range = Annotated[str, StringConstraints(pattern=r"^(>=|<=|==|>|<)\d+\.\d+\.\d+( *, *(>=|<=|==|>|<)\d+\.\d+\.\d+)*$")]


class Owner(Described):
    """Who answers for the package."""

    name: Text = Field(description="The body that maintains the package, as residents and other cities know it.")
    contact: str = Field(
        pattern=r"^(mailto:[^@\s]+@[^@\s]+|https://\S+|tel:[+0-9-]{5,20})$",
        description="Where another city asks a question: a mailto:, https: or tel: address.",
    )


class Document(Described):
    """The public document (law, notice, standard, work plan) that the package answers."""

    title: Text = Field(description="Title of the document.")
    issuer: Text = Field(description="Who issued it.")
    number: str = Field(default="", max_length=80, description="Its number, when it has one.")
    date: str = Field(
        default="", pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$", description="When it was issued: year, month or day."
    )
    url: str = Field(default="", pattern=r"^(https?://\S+)?$", description="Where to read it.")


class Needs(Described):
    """Everything outside itself that the package touches. What is not declared here is refused by `check`."""

    nets: tuple[Net, ...] = Field(default=(), description="The nets that must be present.")
    capabilities: tuple[Dotted, ...] = Field(
        default=(), description="The capabilities of nets that its service tasks call, such as `incident.close`."
    )
    roles: tuple[Name, ...] = Field(default=(), description="The roles of posts that its steps are addressed to.")
    datasets: tuple[Dotted, ...] = Field(
        default=(), description="Datasets of other packages that it reads, as `package.dataset`."
    )
    packages: dict[Slug, Range] = Field(
        default_factory=dict, description='Other packages with the versions that fit, such as `">=1.0.0, <2.0.0"`.'
    )


class Manifest(Described):
    """The whole of scenario.toml."""

    format: int = Field(ge=1, description="Version of the package format that the package is written in.")
    id: Slug = Field(description="Name of the package, the same as its folder; never changes.")
    version: Version = Field(
        description="Version of the package as major.minor.patch; every published change raises it."
    )
    title: Text = Field(description="What the package is called in lists.")
    summary: Text = Field(description="One or two sentences: what problem, for whom.")
    owner: Owner = Field(description="Who answers for the package.")
    levels: tuple[Level, ...] = Field(min_length=1, description="The levels of government that take part.")
    licence: str = Field(default="Apache-2.0", max_length=60, description="SPDX name of the licence of the package.")
    document: Document = Field(description="The public document that the package answers.")
    needs: Needs = Field(default_factory=Needs, description="Everything outside itself that the package touches.")


def version_key(version: str) -> tuple[int, int, int]:
    """Turn `1.10.0` into `(1, 10, 0)`, so that versions compare as numbers.

    Raises ValueError for anything that is not three numbers.
    """
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)


def fits(version: str, wanted: str) -> bool:
    """Tell whether a version lies in a range such as `>=1.0.0, <2.0.0` (every comma-separated bound must hold)."""
    have = version_key(version)
    for bound in wanted.split(","):
        found = re.fullmatch(r"\s*(>=|<=|==|>|<)(\S+)\s*", bound)
        if found is None:
            return False
        sign, other = found.group(1), version_key(found.group(2))
        held = {">=": have >= other, "<=": have <= other, "==": have == other, ">": have > other, "<": have < other}
        if not held[sign]:
            return False
    return True
