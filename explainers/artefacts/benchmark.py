"""The page that shows how fast the operators are, from the recorded benchmark."""

from __future__ import annotations

import json
from pathlib import Path

from explainers.artefacts import templates

COLUMNS = ("torch", "skimage", "scipy", "loop")


def page(results: Path) -> str:
    """The Markdown page of the benchmark."""
    record = json.loads(results.read_text(encoding="utf-8"))
    for row in record["rows"]:
        row |= {f"{name}_times": _times(row[f"{name}_over_ours"]) for name in COLUMNS}
    return templates.render("benchmark.md", columns=COLUMNS, **record)


def _times(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.1f}"
