"""``python -m bench [--only NAME]``: run benches one after the other."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time

import bench
from bench.report import Report


def names() -> list[str]:
    """Every bench: the modules ``bench/bench_<name>.py``."""
    return sorted(
        m.name.removeprefix("bench_") for m in pkgutil.iter_modules(bench.__path__) if m.name.startswith("bench_")
    )


def main() -> int:
    """Run; 0 when every bench ended well (a figure below its limit is a figure, not a failure)."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--only", choices=names(), help="run one bench")
    only = parser.parse_args().only
    report = Report()
    failed = []
    for name in [only] if only else names():
        print(f"==> {name}", flush=True)
        began = time.monotonic()
        try:
            importlib.import_module(f"bench.bench_{name}").run(report)
        except Exception as error:
            import traceback

            traceback.print_exc()
            failed.append(f"{name}: {error}")
        print(f"    ({time.monotonic() - began:.0f} s)", flush=True)
        report.save()
    print("\n" + report.table())
    for line in failed:
        print(f"FAILED {line}", file=sys.stderr)
    return 1 if failed else 0


raise SystemExit(main())
