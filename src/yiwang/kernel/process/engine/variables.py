"""The data of a run: one flat dict, with a layer of its own where an instance of a repeated step needs one.

SpiffWorkflow copies data from step to step and merges the copies at joins, where the last branch to arrive
overwrites what another has changed. Here all branches of a process read and write the same dict, so nothing is
merged and nothing grows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Variables(Mapping[str, Any]):
    """A layer of names over an outer one; writing goes to the layer, reading falls through."""

    __slots__ = ("outer", "own")

    def __init__(self, own: dict[str, Any], outer: Variables | None = None) -> None:
        self.own = own
        self.outer = outer

    def __getitem__(self, name: str) -> Any:
        layer: Variables | None = self
        while layer is not None:
            if name in layer.own:
                return layer.own[name]
            layer = layer.outer
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.flat())

    def __len__(self) -> int:
        return len(self.flat())

    def flat(self) -> dict[str, Any]:
        """Everything that can be read here, as one new dict."""
        return dict(self.own) if self.outer is None else {**self.outer.flat(), **self.own}

    def update(self, values: Mapping[str, Any]) -> None:
        """Write into this layer."""
        self.own.update(values)
