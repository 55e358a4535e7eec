"""Engine steps per second, storing left out: what a database is then added to. Run: python -m bench.process.engine

(a) a run that is kept in memory, dumped after each step; (b) a run that is loaded, moved and dumped at each step; both
as a ratio to bare SpiffWorkflow, 16 instances in turns, and the cost of the last of 400 steps against the first.
"""

from __future__ import annotations

import gc
import time
from datetime import UTC, datetime

from bench.process.bare import FILE, Bare

from yiwang.kernel.process.engine import Run, compile_process

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
INSTANCES = 16


def engine(rounds: int, *, load: bool) -> list[float]:
    """Seconds of each turn (16 steps)."""
    spec = compile_process(FILE.read_bytes(), file=FILE.name)
    runs = [Run.new(spec, {"n": 0, "rounds": rounds, "number": i}, NOW) for i in range(INSTANCES)]
    open_tokens = [run.started.opened[0].token_id for run in runs]
    texts = [run.dump() for run in runs]
    turns = []
    for _ in range(rounds):
        begin = time.perf_counter()
        for i in range(INSTANCES):
            run = Run.load(spec, texts[i], NOW) if load else runs[i]
            effects = run.complete(open_tokens[i], {"result": "done"}, NOW)
            texts[i] = run.dump()
            open_tokens[i] = effects.opened[0].token_id
        turns.append(time.perf_counter() - begin)
    return turns


def bare(rounds: int) -> list[float]:
    """Seconds of each turn (16 steps)."""
    runs = [Bare({"n": 0, "rounds": rounds, "number": i}) for i in range(INSTANCES)]
    turns = []
    for _ in range(rounds):
        begin = time.perf_counter()
        for run in runs:
            run.step()
        turns.append(time.perf_counter() - begin)
    return turns


def main() -> None:
    """Print the table."""
    for rounds in (25, 400):
        gc.collect()
        rows = {
            "bare": bare(rounds),
            "kept + dump": engine(rounds, load=False),
            "load + step + dump": engine(rounds, load=True),
        }
        reference = sum(rows["bare"])
        print(f"{rounds} rounds, {INSTANCES} instances")
        for name, turns in rows.items():
            each = [1e6 * t / INSTANCES for t in turns]
            tenth = max(len(each) // 10, 1)
            first, last = sum(each[:tenth]) / tenth, sum(each[-tenth:]) / tenth
            rate = 1e6 * len(each) / sum(each)
            print(
                f"  {name:20} {rate:9.0f} steps/s  ratio {reference / sum(turns):6.2f}"
                f"  first {first:7.0f} us  last {last:7.0f} us"
            )


if __name__ == "__main__":
    main()
