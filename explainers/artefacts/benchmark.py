"""The page that shows how fast the operators are, from the recorded benchmark."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

COLUMNS = ("torch", "skimage", "scipy", "loop")


def page(results: Path) -> str:
    """The Markdown page of the benchmark."""
    record = json.loads(results.read_text(encoding="utf-8"))
    versions = record["versions"]
    rows = "\n".join(_row(row) for row in record["rows"])
    shape = " × ".join(map(str, record["shape"]))
    return f"""---
title: Speed of the operators
search: {{boost: 0.5}}
description: Pooling in NumPy against PyTorch, scikit-image, SciPy, a loop, and a copy of the array.
---

# Speed of the operators {{#top}}

How long pooling takes in plain NumPy, and how much longer the others take: a {record["dtype"]}
array of {shape}, on one core. The limit is a plain copy of the array: it only reads and writes.

| operator | window, stride, padding | ours, ms | ÷ copy | PyTorch | scikit-image | SciPy | loop |
|---|---|---:|---:|---:|---:|---:|---:|
{rows}

The last four columns are times over ours: above 1, ours is faster. An empty cell: it has no such
operation. All take turns in {record["rounds"]} rounds of one run; the table gives ratios of
medians. The loop was {record["loop"]}.

Recorded on {record["date"]} on an {record["machine"]["cpu"]} processor, with Python
{versions["python"]}, NumPy {versions["numpy"]}, PyTorch {versions["torch"]}, scikit-image
{versions["skimage"]} and SciPy {versions["scipy"]}. `make bench` records it on yours.
"""


def _row(row: dict[str, Any]) -> str:
    window = f"{row['kernel_size']} × {row['kernel_size']}, {row['stride']}, {row['padding']}"
    others = " | ".join(_times(row[f"{name}_over_ours"]) for name in COLUMNS)
    return (
        f"| `{row['operator']}` | {window} | {row['ours_ms']:.1f} | "
        f"{row['ours_over_copy']:.1f} | {others} |"
    )


def _times(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.1f}"
