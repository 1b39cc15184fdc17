"""The house stands: imports point down, chapters know floors only, and no test leans on another."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHECK = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHECK, "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, text=True, capture_output=True, check=False)


def test_imports_point_down() -> None:
    """The layers stand in pyproject.toml; a new module must be given its place there."""
    found = lint(ROOT)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("detection/model.py", "from explainers.invariance import model"),
        ("maps.py", "from explainers.detection import model"),
        ("cost/model.py", "from explainers.drawing import style"),
        ("mirages/model.py", "import matplotlib"),
        ("discarded/model.py", "from explainers.discarded import figures"),
        ("new.py", ""),
    ],
)
def test_an_import_that_points_up_is_found(tmp_path: Path, module: str, line: str) -> None:
    for name in ("pyproject.toml", "explainers"):
        copy(ROOT / name, tmp_path / name)
    changed = tmp_path / "explainers" / module
    text = changed.read_text(encoding="utf-8") if changed.exists() else ""
    changed.write_text(f"{text}\n{line}\n", encoding="utf-8")
    assert lint(tmp_path).returncode == 1


def copy(source: Path, target: Path) -> None:
    """The Python files alone."""
    for path in [source] if source.is_file() else source.rglob("*.py"):
        new = target / path.relative_to(source)
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(path.read_bytes())


def test_no_test_imports_another() -> None:
    """What several tests need is a module of its own, such as `tests/<chapter>/reference.py`."""
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = (
                [node.module or "", *(f"{node.module}.{name.name}" for name in node.names)]
                if isinstance(node, ast.ImportFrom)
                else [name.name for name in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            assert not [m for m in modules if "test_" in m], path
