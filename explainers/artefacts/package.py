"""The package itself as a file of the site, so that a reader's lines may install it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from explainers.artefacts.job import Files, Job


def files(root: Path) -> Iterator[str]:
    """What the package is built from, by path in the project."""
    yield from ("pyproject.toml", "README.md", "LICENSE")
    for path in sorted((root / "explainers").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(root).as_posix()


def make(job: Job) -> Files:
    """Build the wheel: the same bytes from the same files, whatever the commit's date."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
        done = subprocess.run(
            [*command, "--directory", folder],
            cwd=job.root,
            env={name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1])
        return {f"package/{wheel.name}": wheel.read_bytes() for wheel in Path(folder).iterdir()}
