"""The package as a file of the site: a stranger's lines run with it, away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from explainers import catalogue
from explainers.artefacts import package
from explainers.artefacts.job import Job
from explainers.edition import edition
from tests.builder.projects import ROOT

DOCS = ROOT / "docs"


def job(root: Path) -> Job:
    return Job("", "", root, edition(root))


@pytest.fixture(scope="module")
def wheel() -> Path:
    found = DOCS / "package" / f"explainers-{edition(ROOT).version}-py3-none-any.whl"
    assert found.is_file()
    return found


def test_the_published_package_is_this_one_to_the_byte(wheel: Path) -> None:
    assert package.make(job(ROOT)) == {f"package/{wheel.name}": wheel.read_bytes()}


def test_it_has_all_that_is_in_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name for name in package.files(ROOT) if name.startswith("explainers/")} <= names


def test_code_that_needs_the_package_runs_with_it_alone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    claims = json.loads((DOCS / "claims.json").read_text("utf-8"))["claims"]
    [snippet] = [claim["snippet"] for claim in claims if claim["id"] == "flower-photo-max-or-mean"]
    assert "import explainers" in snippet or "from explainers" in snippet
    where = "import explainers, sys; print(explainers.__file__, file=sys.stderr)\n"
    done = subprocess.run(
        [sys.executable, "-c", where + snippet],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.startswith(str(tmp_path))
    assert len(done.stdout.split()) == len(catalogue.claim("flower-photo-max-or-mean").prints)


def test_a_package_that_cannot_be_built_says_why(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "explainers"\n', encoding="utf-8")
    with pytest.raises(RuntimeError, match="version"):
        package.make(job(tmp_path))
