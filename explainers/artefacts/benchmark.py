"""The page that shows how fast the operators are, from the recorded benchmark."""

from __future__ import annotations

from pathlib import Path


def page(results: Path) -> str:
    """The Markdown page of the benchmark."""
    return "# Speed of the operators\n"
