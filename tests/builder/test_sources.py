"""What an artefact's key covers: never less than what its making imports or reads."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from explainers.builder.sources import KINDS, SourceChangedError, Sources, generated
from explainers.catalogue import CHAPTERS
from explainers.errors import BuildError
from tests.builder.projects import ROOT

IDS = tuple(chapter.id for chapter in CHAPTERS)
PACKAGE = "explainers"


@pytest.fixture
def sources() -> Sources:
    return Sources(ROOT, IDS)


# ---- Every import, followed ----


def module_file(module: str) -> Path | None:
    stem = ROOT.joinpath(*module.split("."))
    return next((p for p in (stem / "__init__.py", stem.with_suffix(".py")) if p.is_file()), None)


def imported(path: Path, module: str) -> Iterator[str]:
    """The dotted names that a module imports, wherever the statement stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level or None] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def closure(modules: Iterable[str]) -> set[str]:
    """The files of these modules and of all that they import from the package."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        path = module_file(module)
        if path is not None and path.relative_to(ROOT).as_posix() not in found:
            found.add(path.relative_to(ROOT).as_posix())
            waiting += [name for name in imported(path, module) if name.startswith(PACKAGE)]
    return found


# These only say which chapters there are and what an edition is; what is made is told both.
TOLD = {f"{PACKAGE}/catalogue.py", f"{PACKAGE}/edition.py"}


@pytest.mark.parametrize("chapter", IDS)
@pytest.mark.parametrize("kind", ["claims", "figures", "notebooks", "previews"])
def test_a_key_covers_all_that_is_imported(sources: Sources, kind: str, chapter: str) -> None:
    reads = {"claims": ["claims"], "figures": ["figures"]}.get(kind, ["claims", "figures"])
    modules = [KINDS[kind].maker, *(f"{PACKAGE}.{chapter}.{name}" for name in reads)]
    needed = closure(modules) - TOLD
    assert f"{PACKAGE}/records.py" in needed
    assert needed <= set(sources.files(kind, chapter))


@pytest.mark.parametrize("kind", ["indexes", "package", "site"])
def test_what_is_made_of_everything_covers_everything(sources: Sources, kind: str) -> None:
    code = {p.relative_to(ROOT).as_posix() for p in (ROOT / PACKAGE).rglob("*.py")}
    assert code <= set(sources.files(kind))
    assert closure([KINDS[kind].maker]) <= set(sources.files(kind))


def test_data_pages_and_tests_count_where_they_are_read(sources: Sources) -> None:
    assert "explainers/cost/counters.json" in sources.files("claims", "cost")
    assert "explainers/flower/flower.jpg" in sources.files("figures", "detection")
    assert "explainers/cost/snippets/six-equal-layers.py" in sources.files("claims", "cost")
    assert "docs/notebooks/cost.py" in sources.files("notebooks", "cost")
    assert any(n.startswith("tests/cost/") for n in sources.files("claims", "cost"))
    assert {"mkdocs.yml", "docs/index.md", "overrides/main.html"} <= set(sources.files("site"))
    assert "docs/assets/site.css" in sources.files("site")
    for kind in ("figures", "previews"):
        assert "explainers/drawing/fonts/text.ttf" in sources.files(kind, "cost")


def test_a_chapter_does_not_count_with_others(sources: Sources) -> None:
    for chapter in IDS:
        others = tuple(f"{PACKAGE}/{other}/" for other in IDS if other != chapter)
        assert not [n for n in sources.files("figures", chapter) if n.startswith(others)]


def test_a_figure_is_not_made_of_claims_nor_a_claim_of_figures(sources: Sources) -> None:
    assert "explainers/detection/claims.py" not in sources.files("figures", "detection")
    assert "explainers/detection/figures.py" not in sources.files("claims", "detection")
    # The notebook draws the chapter's figures.
    assert "explainers/detection/figures.py" in sources.files("notebooks", "detection")


# ---- Keys ----


def small(folder: Path) -> Sources:
    (folder / PACKAGE / "one").mkdir(parents=True)
    (folder / PACKAGE / "style.py").write_text("look = 1\n")
    (folder / PACKAGE / "one" / "figures.py").write_text("a = 1\n")
    return Sources(folder, ("one", "two"))


def key(folder: Path, *parts: str) -> str:
    fresh = Sources(folder, ("one", "two"))
    return fresh.key(fresh.files("figures", "one"), *parts)


def test_a_key_changes_with_content_name_and_part(tmp_path: Path) -> None:
    small(tmp_path)
    first = key(tmp_path)
    assert key(tmp_path) == first
    assert key(tmp_path, "figures/a") != key(tmp_path, "figures/b") != first
    (tmp_path / PACKAGE / "style.py").write_text("look = 2\n")
    second = key(tmp_path)
    (tmp_path / PACKAGE / "one" / "data.csv").write_text("1\n")
    third = key(tmp_path)
    (tmp_path / PACKAGE / "one" / "data.csv").rename(tmp_path / PACKAGE / "one" / "other.csv")
    assert len({first, second, third, key(tmp_path)}) == 4


def test_what_is_in_a_linked_folder_counts(tmp_path: Path) -> None:
    small(tmp_path)
    (tmp_path / PACKAGE / "one").rename(tmp_path / "elsewhere")
    (tmp_path / PACKAGE / "one").symlink_to(tmp_path / "elsewhere")
    before = key(tmp_path)
    (tmp_path / "elsewhere" / "figures.py").write_text("a = 2\n")
    assert key(tmp_path) != before


@pytest.mark.parametrize("target", [".", "..", "../.."])
def test_a_link_to_a_folder_that_it_lies_in_is_refused(tmp_path: Path, target: str) -> None:
    """Following it would never end."""
    small(tmp_path)
    (tmp_path / PACKAGE / "one" / "loop").symlink_to(target)
    with pytest.raises(BuildError, match="one/loop is a link to a folder that it lies in"):
        key(tmp_path)


def test_links_to_each_other_are_refused(tmp_path: Path) -> None:
    small(tmp_path)
    for here, there in (("one", "two"), ("two", "one")):
        (tmp_path / PACKAGE / here).mkdir(exist_ok=True)
        (tmp_path / PACKAGE / here / "to").symlink_to(tmp_path / PACKAGE / there)
    with pytest.raises(BuildError, match="is a link to a folder that it lies in"):
        key(tmp_path)


@pytest.mark.parametrize(
    "name", [".DS_Store", ".figures.py.swp", "figures.py~", "#figures.py#", "__pycache__/a.pyc"]
)
def test_leftovers_of_editors_and_interpreters_are_no_sources(tmp_path: Path, name: str) -> None:
    small(tmp_path)
    before = key(tmp_path)
    path = tmp_path / PACKAGE / "one" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    assert key(tmp_path) == before


def test_a_file_changed_after_it_was_read_is_noticed(tmp_path: Path) -> None:
    sources = small(tmp_path)
    names = sources.files("figures", "one")
    sources.key(names)
    sources.check(names)
    (tmp_path / PACKAGE / "one" / "figures.py").write_text("a = 2\n")
    (tmp_path / PACKAGE / "one" / "figures.py").write_text("a = 1\n")  # and changed back
    with pytest.raises(SourceChangedError, match=r"one/figures\.py"):
        sources.check(names)


def test_versions_count_but_not_those_of_tools_for_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "installed"
    for name in ("numpy-2.0.0", "ruff-1.0", "types_tqdm-3"):
        (installed / f"{name}.dist-info").mkdir(parents=True)
    monkeypatch.setattr("sys.path", [str(installed)])
    (tmp_path / "pyproject.toml").write_text(
        '[dependency-groups]\ntest = ["ruff>=0.9", "types-tqdm"]\n'
    )
    python, *versions = Sources(tmp_path, ()).versions.split()
    assert versions == ["numpy-2.0.0"]
    assert python.startswith("3.")


# ---- What builds write ----


def test_what_builds_write_is_what_git_ignores_among_the_pages() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return  # a copy without a repository has no list of its own to compare with
    everything = [p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*") if p.is_file()]
    done = subprocess.run(
        ["git", "check-ignore", "--stdin"],
        cwd=ROOT,
        input="\n".join(everything),
        capture_output=True,
        text=True,
        check=False,
    )
    ignored = {name for name in done.stdout.splitlines() if not name.endswith((".pyc", "~"))}
    assert {name for name in everything if generated(name)} == ignored
    assert len(ignored) > 300
