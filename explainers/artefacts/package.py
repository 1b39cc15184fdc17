"""The package itself as a file of the site, so that a reader's lines may install it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from explainers import project
from explainers.artefacts.job import Files, Job
from explainers.edition import CARRIED, carried


def files(root: Path) -> tuple[str, ...]:
    """What the package is built from, by path in the project."""
    return project.files(
        root, "pyproject.toml", "README.md", "LICENSE", "CITATION.cff", "explainers"
    )


def make(job: Job) -> Files:
    """Build the wheel: the same bytes from the same files and edition, in whatever folder."""
    with tempfile.TemporaryDirectory() as folder:
        # A copy has nothing else in it, and signs in the project's path mean nothing there.
        copy, made = Path(folder, "copy"), Path(folder, "made")
        for name in files(job.root):
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((job.root / name).read_bytes())
        (copy / "explainers").mkdir(parents=True, exist_ok=True)
        (copy / "explainers" / CARRIED).write_bytes(carried(job.edition))
        (copy / ".gitignore").touch()  # or one of a folder above would count
        _build(copy, made)
        return {f"package/{wheel.name}": wheel.read_bytes() for wheel in made.iterdir()}


def _build(project: Path, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=project,
        env={name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1])
