"""The rules of the validator, one file each."""

from __future__ import annotations

from yiwang.kernel.scenarios.rule import Rule
from yiwang.kernel.scenarios.rules import (
    capabilities,
    datasets,
    decisions,
    forms,
    layout,
    manifest,
    noticing,
    policies,
    processes,
    quality,
    readme,
    references,
    roles,
    safety,
    sample,
    sections,
    services,
    stories,
    strings,
    views,
)

ALL: tuple[Rule, ...] = (
    safety.RULE,
    layout.RULE,
    manifest.RULE,
    strings.RULE,
    forms.RULE,
    decisions.RULE,
    processes.RULE,
    services.RULE,
    datasets.RULE,
    noticing.RULE,
    views.RULE,
    policies.RULE,
    roles.RULE,
    capabilities.RULE,
    references.RULE,
    stories.RULE,
    sample.RULE,
    readme.RULE,
    quality.RULE,
    sections.RULE,
)
"""Every rule, in the order in which an author wants to read their problems."""

__all__ = ["ALL"]
