"""The build: what is made anew, what stays, and what a failure leaves behind."""

from __future__ import annotations

import json
import re
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.builder.projects import ROOT, Project, copy_project, tree

# The home page shows a figure and a number of alpha.
CARDS = {"previews/index", "previews/alpha", "previews/claims/alpha-rises"}
FIGURES = {"figures/alpha-line", "previews/figures/alpha-line"} | CARDS
CLAIMS = {"claims/alpha-rises"} | CARDS
ALPHA = {"notebooks/alpha"} | FIGURES | CLAIMS
BETA = {name.replace("alpha", "beta") for name in ALPHA - {"previews/index"}}
PREVIEWS = {name for name in ALPHA | BETA if name.startswith("previews/")}


def test_a_chapter_is_one_folder_one_page_one_line(project: Project) -> None:
    assert set(project.build()["made"]) == ALPHA | BETA
    project.add_chapter("gamma")
    assert set(project.build()["made"]) == {name.replace("beta", "gamma") for name in BETA}
    done = _render(project)
    assert done.returncode == 0, done.stderr
    assert (project.root / "site" / "gamma" / "index.html").is_file()
    assert "2.0" in (project.root / "site" / "gamma" / "index.html").read_text(encoding="utf-8")
    home = (project.root / "site" / "index.html").read_text(encoding="utf-8")
    assert 'href="gamma/"' in home


def test_nothing_changed_nothing_made(built: Project) -> None:
    report = built.build()
    assert report["made"] == []
    assert report["changed"] == 0
    assert set(report["kept"]) == ALPHA | BETA


@pytest.mark.parametrize(
    ("file", "old", "new", "remade"),
    [
        ("explainers/alpha/model.py", "SLOPE = 2.0", "SLOPE = 2.5", ALPHA),
        ("explainers/beta/model.py", "SLOPE = 2.0", "SLOPE = 2.5", BETA),
        (
            "explainers/alpha/claims.py",
            "Does it rise?",
            "Does it?",
            {"notebooks/alpha"} | CLAIMS,
        ),
        (
            "explainers/alpha/figures.py",
            "A line",
            "The line",
            {"notebooks/alpha"} | FIGURES,
        ),
        ("docs/notebooks/alpha.py", "law(3)", "law(4)", {"notebooks/alpha"}),
        ("tests/alpha/test_alpha.py", "2 > 1", "3 > 1", CLAIMS),
        ("explainers/alpha/snippets/alpha-rises.py", "slope = 2.0", "slope = 4 / 2", CLAIMS),
        ("explainers/style.py", '"lines.linewidth": 2.0', '"lines.linewidth": 3.0', ALPHA | BETA),
        (
            "explainers/sources.py",
            "Stack Exchange",
            "StackExchange",
            CLAIMS | {name.replace("alpha", "beta") for name in CLAIMS},
        ),
        ("requirements/lock.txt", "numpy==", "numpy==9.", ALPHA | BETA),
        ("explainers/artefacts/previews.py", "MARGIN = 56", "MARGIN = 60", PREVIEWS),
        ("docs/alpha.md", "At one", "At 1", {"previews/alpha"}),
        ("docs/index.md", "At one", "At 1", {"previews/index"}),
        ("docs/glossary.md", "glossary", "words", set()),
    ],
)
def test_exactly_the_dependents_are_made_anew(
    built: Project, file: str, old: str, new: str, remade: set[str]
) -> None:
    built.edit(file, old, new)
    assert set(built.build()["made"]) == remade


def test_data_beside_the_code_counts(project: Project) -> None:
    (project.root / "explainers" / "alpha" / "data.csv").write_text("1\n")
    project.build()
    (project.root / "explainers" / "alpha" / "data.csv").write_text("2\n")
    assert set(project.build()["made"]) == ALPHA


def test_a_changed_constant_reaches_the_page(built: Project) -> None:
    built.edit("explainers/alpha/model.py", "SLOPE = 2.0", "SLOPE = 2.5")
    built.build()
    assert b"At one it is 2.5." in built.published()["claims.json"]
    assert b"At 1 it is 2.5." in built.published()["figures.json"]


def test_only_what_was_asked_for_is_made(project: Project) -> None:
    assert set(project.build("--only", "alpha")["made"]) == ALPHA
    of_figure = {"figures/beta-line", "previews/figures/beta-line"}
    assert set(project.build("--only", "beta-line")["made"]) == of_figure
    assert set(project.build("--only", "beta", "--force")["made"]) == BETA
    done = project.run("build", "--only", "betta")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "did you mean beta" in done.stderr


def test_a_preview_alone_comes_with_what_it_is_made_of(project: Project) -> None:
    preview, claim, figure = "previews/claims/beta-rises", "claims/beta-rises", "figures/beta-line"
    assert project.build("--only", preview)["made"] == [figure, claim, preview]
    assert project.build("--only", preview)["kept"] == [figure, claim, preview]
    project.edit("explainers/beta/figures.py", '"max"', '"mean"')
    assert project.build("--only", preview)["made"] == [figure, preview]
    assert set(project.build()["made"]) == (ALPHA | BETA) - {preview, claim, figure}


def test_a_preview_shows_the_figure_and_the_number_as_they_are(built: Project) -> None:
    def card(page: str) -> bytes:
        return built.published()[f"previews/{page}.png"]

    pages = "claims/alpha-rises", "figures/alpha-line", "alpha", "index", "claims/beta-rises"
    before = {page: card(page) for page in pages}
    built.edit("explainers/alpha/figures.py", '"max"', '"mean"')
    built.build()
    drawn = {page: card(page) for page in pages}
    assert [page for page in pages if drawn[page] != before[page]] == list(pages[:4])
    built.edit("explainers/alpha/claims.py", "model.law(1.0)", "model.law(1.5)")
    built.build()
    counted = {page: card(page) for page in pages}
    changed = ["claims/alpha-rises", "alpha", "index"]
    assert [page for page in pages if counted[page] != drawn[page]] == changed


def test_what_is_no_longer_made_is_removed(built: Project) -> None:
    built.edit("explainers/alpha/figures.py", "FIGURES = (alpha_line,)", "FIGURES = ()")
    for file in ("explainers/alpha/claims.py", "docs/alpha.md", "docs/index.md"):
        built.edit(file, "alpha-line", "beta-line")
    built.build()
    assert not [name for name in built.published() if "alpha-line" in name]
    assert "previews/claims/alpha-rises.png" in built.published()
    assert "alpha.md" in built.published()


def test_a_deleted_file_comes_back(built: Project) -> None:
    before = built.published()
    shutil.rmtree(built.root / "docs" / "figures")
    (built.root / "docs" / "claims.json").write_text("{}")
    assert built.build()["made"] == []
    assert built.published() == before


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        (
            "explainers/alpha/figures.py",
            'style.colour("max")',
            'style.colour("mix")',
            "figures/alpha-line",
        ),
        ("explainers/alpha/claims.py", 'v["at_one"] > 0', 'v["at_one"] < 0', "claims/alpha-rises"),
        ("explainers/alpha/claims.py", "{at_one:.1f}", "{at_two:.1f}", "at_two"),
        ("explainers/alpha/claims.py", "test_rises", "test_falls", "test_falls"),
        ("explainers/alpha/claims.py", "CLAIMS =", "CLAIMS = 1 /", "chapter alpha"),
        (
            "explainers/alpha/claims.py",
            "alpha-line",
            "alpha-lime",
            "did you mean figures/alpha-line",
        ),
        ("explainers/alpha/claims.py", "Does it rise?", "Does it? " * 30, "too long for a card"),
        ("docs/notebooks/alpha.py", "law(3)", "lore(3)", "notebooks/alpha"),
        ("docs/alpha.md", "{{ figure alpha-line }}", "", "docs/alpha.md"),
        ("docs/alpha.md", "alpha-rises.at_one", "alpha-rises.at_two", "previews/alpha"),
        ("docs/index.md", "alpha-rises", "alpha-raises", "previews/index"),
    ],
)
def test_a_failure_is_named_and_changes_nothing(
    built: Project, file: str, old: str, new: str, named: str
) -> None:
    before = built.published()
    original = (built.root / file).read_text(encoding="utf-8")
    built.edit("explainers/beta/model.py", "SLOPE = 2.0", "SLOPE = 3.0")
    built.edit(file, old, new)
    assert named in built.fails()
    assert {n: b for n, b in built.published().items() if f"docs/{n}" != file} == {
        n: b for n, b in before.items() if f"docs/{n}" != file
    }
    (built.root / file).write_text(original, encoding="utf-8")
    built.build()
    assert b"3" in built.published()["figures/beta-line/beta-line.csv"]


def test_two_folders_give_the_same_bytes(project: Project, tmp_path: Path) -> None:
    other = Project(tmp_path / "another" / "place")
    shutil.copytree(project.root, other.root)
    for each in (project, other):
        each.build("--jobs", "1" if each is project else "2")
        assert _render(each).returncode == 0
    assert project.published() == other.published()
    assert tree(project.root / "site") == tree(other.root / "site")


def test_the_real_artefacts_repeat_to_the_byte(tmp_path: Path) -> None:
    copy = copy_project(tmp_path / "copy")
    copy.build()
    made = json.loads((copy.root / ".artefacts" / "manifest.json").read_text())["files"]
    assert len(made) > 50
    differ = [name for name in made if _bytes(ROOT, name) != _bytes(copy.root, name)]
    assert set(differ) <= {"claims.json", "llms.txt", "nav.yml"}  # they name the commit
    assert _claims(ROOT) == _claims(copy.root)


def _claims(root: Path) -> object:
    content = json.loads(_bytes(root, "claims.json"))
    return content["claims"], content["rulings"]


def _bytes(root: Path, name: str) -> bytes:
    return (root / "docs" / name).read_bytes()


# Kills the process at the n-th time that it is about to change the project's folder.
KILLER = """
    import os, signal, sys
    root, left = os.environ["KILL_UNDER"], int(os.environ["KILL_AT"])
    changes = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "shutil.rmtree"}
    def watch(event, arguments):
        global left
        if event == "open":
            _, mode, flags = arguments
            changing = set(mode) & set("wax") if mode else flags & os.O_CREAT
        else:
            changing = event in changes
        if changing and str(arguments[0]).startswith(root):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)
"""


def test_a_kill_at_any_step_leaves_the_last_good_site(project: Project, tmp_path: Path) -> None:
    for chapter in ("alpha", "beta"):  # the kernels would only cost time here
        (project.root / "docs" / "notebooks" / f"{chapter}.py").write_text(
            "# %% [markdown]\n# # A\n"
        )
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(textwrap.dedent(KILLER))
    project.build()
    assert _render(project).returncode == 0
    old = tree(project.root / "site")
    project.edit("explainers/alpha/model.py", "SLOPE = 2.0", "SLOPE = 2.5")
    survived, at = 0, 1
    while not survived:
        deadly = {
            "PYTHONPATH": f"{hook}:{project.root}",
            "KILL_UNDER": str(project.root),
            "KILL_AT": str(at),
        }
        done = project.run("build", **deadly)
        assert tree(project.root / "site") == old
        if done.returncode == 0:
            done = _render(project, **deadly)
            survived = done.returncode == 0
            assert survived or tree(project.root / "site") == old
        at = at + 1 + at // 4
    assert at > 30
    new = tree(project.root / "site")
    assert new != old
    shutil.rmtree(project.root / ".artefacts")
    project.build()
    assert _render(project).returncode == 0
    assert tree(project.root / "site") == new


def test_no_worker_outlives_a_killed_build(project: Project) -> None:
    project.edit(
        "explainers/alpha/model.py", "    return", "    import time\n    time.sleep(60)\n    return"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "explainers", "build", "--jobs", "2"],
        cwd=project.root,
        env=project.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _until(lambda: len(_children(process.pid)) >= 2)
    workers = _children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def test_two_builds_at_once_take_turns(project: Project) -> None:
    command = [sys.executable, "-m", "explainers", "build"]
    both = [
        subprocess.Popen(
            command, cwd=project.root, env=project.environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    outputs = sorted(process.communicate()[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert outputs[0].startswith(f"0 made, {len(ALPHA | BETA)} up to date")
    assert outputs[1].startswith(f"{len(ALPHA | BETA)} made, 0 up to date")


def test_a_build_with_nothing_to_do_is_quick() -> None:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *options, "-m", "explainers", "build"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    def busy() -> float:
        """Processor time of all runs so far: what other tests do meanwhile does not count."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    seconds = []
    for _ in range(3):
        before = busy()
        assert run().stdout.startswith("0 made")
        seconds.append(busy() - before)
    done = run("-X", "importtime")
    imported = set(re.findall(r"\|\s+(\w+)$", done.stderr, re.MULTILINE))
    assert "click" in imported
    assert not imported & {"matplotlib", "numpy", "PIL", "nbclient"}
    assert min(seconds) < 0.5


def _render(project: Project, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["tools/publish", sys.executable, "-m", "mkdocs"],
        cwd=project.root,
        env=project.environment
        | {"SOURCE_DATE_EPOCH": "1700000000", "NO_MKDOCS_2_WARNING": "1"}
        | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _until(condition: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)
