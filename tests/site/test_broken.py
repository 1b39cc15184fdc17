"""A miniature site under the real one's rules: sound as it is, and refused with any one fault."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAULTS = {
    "broken link": ("[a page](missing.md)", "missing.md"),
    "broken absolute link": ("[a page](/missing.md)", "missing.md"),
    "broken link to a file": ("[data](figures/or-gate/or-gate.csv)", "or-gate.csv"),
    "broken anchor": ("[a place](other.md#gone)", "#gone"),
    "unknown term": ("[a term](glossary.md#hold)", "#hold"),
    "broken anchor here": ("[a place](#gone)", "#gone"),
    "unknown claim": ("{{ claim petal-fund }}", "no claim “petal-fund”; did you mean petal-found?"),
    "unknown value": (
        "{{ petal-found.hits }}",
        "no value of petal-found “hits”; did you mean hit?",
    ),
    "unknown figure": ("{{ figure or-gates }}", "no figure “or-gates”; did you mean or-gate?"),
    "unknown source": ("{{ cite boureau }}", "no source “boureau”; did you mean boureau-2010?"),
    "bad TeX": (r"$\nonsense{x}$", r"$\nonsense{x}$"),
    "page outside the navigation": (None, "lost.md"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    shutil.copytree(Path(__file__).parent / "broken", folder)
    settings = folder / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("ROOT", str(ROOT)))
    return folder


def build(project: Path) -> subprocess.CompletedProcess[str]:
    """Build as “make site” does."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=project,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_fault_it_is_built(project: Path) -> None:
    done = build(project)
    assert done.returncode == 0, done.stderr
    page = (project / "site" / "index.html").read_text(encoding="utf-8")
    said = r'<data class="value" data-claim="petal-found" title="[^"]+" value="0.9984">99.8%</data>'
    assert re.search(said, page)


@pytest.mark.parametrize("fault", FAULTS)
def test_with_one_fault_it_is_refused_and_the_fault_is_named(project: Path, fault: str) -> None:
    written, named = FAULTS[fault]
    if written is None:
        (project / "docs" / "lost.md").write_text("# Lost\n")
    else:
        with (project / "docs" / "index.md").open("a") as page:
            page.write(f"\n{written}\n")
    done = build(project)
    assert done.returncode != 0
    assert named in done.stderr + done.stdout
    if written is not None:
        assert "index.md" in done.stderr + done.stdout
