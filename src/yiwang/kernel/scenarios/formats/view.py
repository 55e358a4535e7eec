"""views/*.toml: what a package shows. Indicators over measures that nets register, boards of them, and map layers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from yiwang.kernel.scenarios.formats.base import Cel, Described, Dotted, Name, Slug, Text


class Indicator(Described):
    """One number: a measure, or one measure over another."""

    id: Slug = Field(description="Name of the indicator within the package.")
    title: Text = Field(description="What the number is called.")
    summary: Text = Field(description="How it is computed, in words, and what it leaves out.")
    source: Dotted = Field(
        description="The measure source of a net that it is computed over, such as `govern.incident`."
    )
    measure: Name = Field(description="The measure that is counted, or the numerator of a ratio.")
    over: Name | None = Field(default=None, description="The measure that it is divided by; empty for a plain measure.")
    unit: Literal["count", "percent", "minutes", "hours", "days", "per-10k", "fen", "score"] = Field(
        description="Unit of the number; `percent` multiplies the ratio by 100."
    )
    better: Literal["higher", "lower", "neither"] = Field(description="Which direction is better.")
    by: tuple[Name, ...] = Field(default=(), max_length=12, description="Dimensions that it may be broken down by.")
    decimals: int = Field(default=0, ge=0, le=4, description="Digits after the point.")
    target: float | None = Field(default=None, description="The value to reach, in the unit of the indicator.")


class Board(Described):
    """A page of indicators."""

    id: Slug = Field(description="Name of the board within the package.")
    title: Text = Field(description="Heading of the page.")
    indicators: tuple[Slug, ...] = Field(min_length=1, max_length=40, description="Indicators shown, in order.")
    by: Name | None = Field(default=None, description="The breakdown shown first.")


class Layer(Described):
    """A layer on the city map."""

    id: Slug = Field(description="Name of the layer within the package.")
    title: Text = Field(description="What the legend calls it.")
    source: Dotted = Field(description="The measure source whose places are shown.")
    kind: Literal["points", "heat", "areas"] = Field(description="How the places are drawn.")
    indicator: Slug | None = Field(default=None, description="The indicator that colours areas.")
    where: Cel = Field(default="true", description="CEL over the dimensions of the source: what is shown.")


class Views(Described):
    """The whole of a file in views/."""

    indicator: tuple[Indicator, ...] = Field(default=(), max_length=200, description="Indicators ([[indicator]]).")
    board: tuple[Board, ...] = Field(default=(), max_length=40, description="Boards ([[board]]).")
    layer: tuple[Layer, ...] = Field(default=(), max_length=40, description="Map layers ([[layer]]).")
