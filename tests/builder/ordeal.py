"""Random kills, clocks and damage, a hundred of them: python -m tests.builder.ordeal [ROUNDS]."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.builder.projects import miniature
from tests.builder.test_site import ordeal


def main(rounds: int = 100) -> None:
    """Make the miniature go through it, and say how it came out."""
    with tempfile.TemporaryDirectory() as folder:
        project = miniature(Path(folder) / "project")
        project.build()
        for seed in range(0, rounds, 10):
            ordeal(project, seed, 10)
            sys.stdout.write(f"{seed + 10} of {rounds}: the site is whole, the next build clean\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
