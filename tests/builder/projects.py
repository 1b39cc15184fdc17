"""A miniature project: the real package with two small chapters instead of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PARTS = Path(__file__).parent / "miniature"


@dataclass(frozen=True)
class Project:
    """A checkout in a temporary folder, driven as a user drives it."""

    root: Path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "explainers", *arguments],
            cwd=self.root,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Begin a command, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "explainers", *arguments],
            cwd=self.root,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed_interrupts,
        )

    @property
    def environment(self) -> dict[str, str]:
        ours = {"PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        ours["SOURCE_DATE_EPOCH"] = "1600000000"  # it has no history
        told = ("SITE_URL", "REPO_URL", "WHY_POOLING_RELEASE", "CI")
        return {n: v for n, v in os.environ.items() if n not in told} | ours

    def build(self, *options: str) -> dict[str, Any]:
        """Build, expecting success, and return the report."""
        done = self.run("build", "--json", *options)
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def fails(self, *options: str) -> str:
        """Build, expecting a failure, and return its one line."""
        done = self.run("build", *options)
        assert done.returncode == 1, (done.stdout, done.stderr)
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def published(self) -> dict[str, bytes]:
        return tree(self.root / "docs")

    def run_code(self, chapter: str = "alpha") -> None:
        """Give a chapter's notebook a cell of code: starting a kernel takes its time."""
        path = self.root / "docs" / "notebooks" / f"{chapter}.py"
        code = f"# %%\nfrom explainers.{chapter} import model\n\nmodel.law(3)\n"
        path.write_text(path.read_text(encoding="utf-8") + code, encoding="utf-8")

    def add_chapter(self, name: str) -> None:
        """One folder, one page (with its notebook and test), one line."""
        places = {
            "model.py": f"explainers/{name}/model.py",
            "figures.py": f"explainers/{name}/figures.py",
            "claims.py": f"explainers/{name}/claims.py",
            "snippet.py": f"explainers/{name}/snippets/{name}-rises.py",
            "notebook.py": f"docs/notebooks/{name}.py",
            "test.py": f"tests/{name}/test_claims.py",
            "page.md": f"docs/{name}.md",
        }
        for part, place in places.items():
            target = self.root / place
            target.parent.mkdir(parents=True, exist_ok=True)
            text = (PARTS / f"{part}.txt").read_text(encoding="utf-8")
            target.write_text(text.replace("CHAPTER", name), encoding="utf-8")
        (self.root / "explainers" / name / "__init__.py").write_text('"""A small chapter."""\n')
        self.edit(
            "explainers/catalogue.py", "CHAPTERS = (", f'CHAPTERS = (Chapter("{name}", "{name}"),'
        )


def heed_interrupts() -> None:
    """What runs in the background is begun with interrupts ignored; and so is what it begins."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something to happen."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def ended(process: subprocess.Popen[str], seconds: float = 150) -> int:
    """Wait for a command, and return its exit code."""
    process.communicate(timeout=seconds)
    return process.returncode


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def tree(folder: Path) -> dict[str, bytes]:
    """All files under a folder with their content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def copy_project(target: Path) -> Project:
    """Copy what a build reads of this checkout."""
    made = ("*.ipynb", "claims", "figures", "previews", "package", "claims*.json", "figures.json")
    ignore = shutil.ignore_patterns("__pycache__", *made)
    shutil.copytree(
        ROOT / "explainers", target / "explainers", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "docs", target / "docs", ignore=ignore)
    shutil.copytree(ROOT / "tests", target / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "requirements", "overrides", "tools", "README.md"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        else:
            shutil.copy(source, target / name)
    return Project(target)


def miniature(folder: Path) -> Project:
    """The real package with two small chapters instead of its own, not built yet."""
    small = copy_project(folder)
    shutil.rmtree(small.root / "explainers" / "detection")
    shutil.rmtree(small.root / "tests")
    shutil.rmtree(small.root / "docs")
    results = Path("tests/benchmarks/results.json")
    (small.root / results).parent.mkdir(parents=True)
    shutil.copy(ROOT / results, small.root / results)
    (small.root / "docs").mkdir()
    # The verdicts' meanings are in the glossary, and claims link to them.
    shutil.copy(ROOT / "docs" / "glossary.md", small.root / "docs" / "glossary.md")
    for name in ("questions", "references", "reference", "how", "course"):
        (small.root / "docs" / f"{name}.md").write_text(f"# {name}\n", encoding="utf-8")
    (small.root / "docs" / "references.md").write_text("# references\n\n{{ references }}\n")
    (small.root / "docs" / "index.md").write_text(
        "# index\n\nAt one it is {{ alpha-rises.at_one:.1f }}.\n\n{{ figure alpha-line }}\n",
        encoding="utf-8",
    )
    (small.root / "mkdocs.yml").write_text(
        "INHERIT: docs/nav.yml\nsite_name: Small\nstrict: true\nexclude_docs: |\n  nav.yml\n"
        "  inline.svg\n  bare.png\nnot_in_nav: |\n  /claims/*\n  /figures/*\n"
        "validation: {links: {absolute_links: relative_to_docs}}\n"
        "plugins: [search, {mkdocs-jupyter: {include: ['notebooks/*.ipynb'], execute: false}}]\n"
        "markdown_extensions: [explainers, attr_list, tables, toc, pymdownx.superfences]\n",
        encoding="utf-8",
    )
    catalogue = small.root / "explainers" / "catalogue.py"
    text = catalogue.read_text(encoding="utf-8")
    before, _, after = text.partition("CHAPTERS = (")
    catalogue.write_text(before + "CHAPTERS = (" + after[after.index(")  # fmt: skip") :])
    small.add_chapter("beta")
    small.add_chapter("alpha")
    return small
