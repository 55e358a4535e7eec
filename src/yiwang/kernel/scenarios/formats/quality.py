"""quality.toml: the ladder of quality. Each rung is done, to do, or exempt with a reason; exemptions should shrink."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from yiwang.kernel.scenarios.formats.base import Described, Text

RUNGS: dict[str, tuple[str, ...]] = {
    "bronze": ("manifest-complete", "strings-complete", "check-passes", "story-happy-path", "readme"),
    "silver": (
        "stories-unhappy-paths",
        "deadlines-in-working-days",
        "policies-reviewed",
        "sample-data",
        "diagram-readable",
    ),
    "gold": ("indicators", "tried-by-users", "accessibility-checked", "adoption-guide", "second-city"),
}
"""The rungs by tier. A tier is reached when every rung of it and of the tiers below is done or exempt."""


class Rung(Described):
    """Where the package stands on one rung."""

    status: Literal["done", "todo", "exempt"] = Field(description="done, todo or exempt.")
    because: Text | None = Field(default=None, description="The reason; required when the rung is exempt.")

    @model_validator(mode="after")
    def _exempt_says_why(self) -> Rung:
        if self.status == "exempt" and self.because is None:
            raise ValueError("an exempt rung says why in `because`")
        return self


class Quality(Described):
    """The whole of quality.toml."""

    rungs: dict[str, Rung] = Field(description="Every rung of the ladder by name, as [rungs.<name>].")

    @property
    def tier(self) -> str:
        """Return the highest tier reached: `gold`, `silver`, `bronze` or `none`."""
        reached = "none"
        for tier, names in RUNGS.items():
            if any(name not in self.rungs or self.rungs[name].status == "todo" for name in names):
                break
            reached = tier
        return reached
