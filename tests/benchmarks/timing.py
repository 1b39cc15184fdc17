"""How the benchmarks time: all contenders in turn, in the processor's time of one core.

All take turns within each round, so that a machine that slows down does so for all of them, and
what is published are medians and their ratios. This is why pytest-benchmark does not do the
timing: it measures one function to the end before it starts on the next. What is timed is the
processor's time, which other work on the machine does not add to.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

Contender = Callable[[], Any]


def milliseconds(run: Contender) -> float:
    """Time one call."""
    start = process_time()
    run()
    return 1000 * (process_time() - start)


def medians(timed: dict[str, Contender], rounds: int) -> dict[str, float]:
    """Time all contenders in turn; each call follows an untimed one, so that caches are warm."""
    times: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name, run in timed.items():
            run()
            times[name].append(milliseconds(run))
    return {name: median(measured) for name, measured in times.items()}


def processor() -> str:
    """Return the processor's name, where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def circumstances(*modules: Any) -> dict[str, Any]:
    """Return when, on which machine, and with which versions it was measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {"cpu": processor(), "cores_used": 1},
        "versions": {
            "python": platform.python_version(),
            **{module.__name__: module.__version__ for module in modules},
        },
    }


def table(names: list[str], rows: list[dict[str, Any]]) -> str:
    """Return these columns of the rows as aligned text."""
    cells = [names, *[["" if row[n] is None else str(row[n]) for n in names] for row in rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.rjust, line, widths)) for line in cells)
