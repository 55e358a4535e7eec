"""Rows of results: printed as a table, kept in bench/out/results.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

OUT = Path(__file__).parent / "out" / "results.json"


@dataclass(frozen=True)
class Row:
    """One figure. ``against`` says what it is measured against; ``ratio`` is value / that (or its inverse where lower
    is better), so that 1.0 or more always means "kept"."""

    name: str
    value: float
    unit: str
    better: Literal["higher", "lower"]
    against: str
    ratio: float | None


class Report:
    """Collects rows of one run."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        better: Literal["higher", "lower"],
        limit: float | None = None,
        against: str = "",
    ) -> None:
        """Add a figure; with ``limit`` the ratio says how far on the good side of it the figure is."""
        ratio = None
        if limit is not None:
            good = value / limit if better == "higher" else limit / max(value, 1e-9)
            ratio = 1.0 if better == "lower" and value <= 0 else good
            against = against or f"limit {limit:g} {unit}"
        self.rows.append(Row(name, round(value, 4), unit, better, against, None if ratio is None else round(ratio, 3)))
        print(f"    {name:28} {value:12,.3f} {unit:10} {against}", flush=True)

    def save(self) -> None:
        """Merge with the rows of earlier runs (a row of the same name is replaced) and write the file."""
        OUT.parent.mkdir(exist_ok=True)
        kept = json.loads(OUT.read_text()) if OUT.exists() else []
        new = {r.name for r in self.rows}
        rows = [r for r in kept if r["name"] not in new] + [asdict(r) for r in self.rows]
        OUT.write_text(json.dumps(sorted(rows, key=lambda r: r["name"]), indent=1, ensure_ascii=False) + "\n")

    def table(self) -> str:
        """The rows as a table."""
        lines = [f"{'name':28} {'value':>14} {'unit':10} {'better':7} {'ratio':>7}  against"]
        for r in self.rows:
            ratio = "" if r.ratio is None else f"{r.ratio:.2f}"
            lines.append(f"{r.name:28} {r.value:14,.3f} {r.unit:10} {r.better:7} {ratio:>7}  {r.against}")
        return "\n".join(lines)
