"""The rendered site is never lost: whatever the clock, the company, the signals or the damage."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainers.artefacts.site import broken_links
from tests.builder.ordeal import change, ordeal, site
from tests.builder.projects import Project, children, ended, until


def target(project: Project) -> str:
    return os.readlink(project.root / "site")


def test_the_site_is_a_link_and_the_one_before_it_stays(built: Project) -> None:
    first = built.root / target(built)
    change(built, 3.0)
    built.build()
    second = built.root / target(built)
    assert second != first
    assert (first / "index.html").is_file()  # somebody may be serving it
    change(built, 4.0)
    built.build()
    assert (second / "index.html").is_file()
    assert not first.exists()
    change(built, 3.0)
    assert "site" in built.build()["kept"]
    assert built.root / target(built) == second


def test_names_do_not_depend_on_the_clock(built: Project) -> None:
    names = {target(built)}
    for zone in ("Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin"):
        store = built.root / ".artefacts"
        shutil.rmtree(
            store / next(n for n in names).split("/")[1] / next(n for n in names).split("/")[2]
        )
        done = built.run("build", TZ=zone)
        assert done.returncode == 0, done.stderr
        names.add(target(built))
        assert (built.root / "site" / "index.html").is_file()
    assert len(names) == 1


def test_the_clock_set_back_loses_nothing(built: Project) -> None:
    """Every file of the last build is of the future, and the next one has another time again."""
    future = time.time() + 10_000
    for path in built.root.rglob("*"):
        if not path.is_symlink():
            os.utime(path, (future, future))
    change(built, 3.0)
    built.build()
    change(built, 4.0)
    built.build()
    assert (built.root / "site" / "index.html").is_file()


def test_four_builds_at_once_leave_a_whole_site(project: Project) -> None:
    processes = [project.start("build") for _ in range(4)]
    said = [process.communicate(timeout=200)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert sorted(text.split()[0] for text in said)[:3] == ["0"] * 3
    assert (project.root / "site" / "index.html").is_file()


def test_clean_waits_for_a_build(built: Project) -> None:
    change(built, 3.0)
    process = built.start("build")
    until(lambda: children(process.pid))
    assert built.run("clean").returncode == 0
    assert ended(process) == 0
    assert not (built.root / "site").exists()
    built.build()
    assert (built.root / "site" / "index.html").is_file()


def test_a_site_that_no_build_made_is_not_touched(built: Project) -> None:
    (built.root / "site").unlink()
    (built.root / "site").mkdir()
    (built.root / "site" / "mine.html").write_text("mine")
    assert "site is no link" in built.fails()
    assert (built.root / "site" / "mine.html").read_text() == "mine"


def test_what_is_published_can_be_read_by_a_server(project: Project) -> None:
    before = os.umask(0o077)
    try:
        project.build()
    finally:
        os.umask(before)
    folder = project.root / target(project)
    for path in (folder, *folder.parents[:1], *folder.rglob("*")):
        wanted = 0o755 if path.is_dir() else 0o644
        assert path.stat().st_mode & 0o777 == wanted, path


def test_an_interrupt_is_one_line_within_two_seconds(built: Project) -> None:
    built.edit(
        "explainers/alpha/model.py",
        "return SLOPE * x",
        "import signal, time; signal.signal(signal.SIGTERM, print); time.sleep(60); return x",
    )
    before = site(built)
    process = built.start("build")
    until(lambda: len(children(process.pid)) >= 1)
    time.sleep(2)
    workers = children(process.pid)
    start = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # what the keyboard sends
    _, said = process.communicate(timeout=20)
    assert time.monotonic() - start < 2
    assert (process.returncode, said.strip()) == (130, "explainers: interrupted")
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert site(built) == before


# ---- Kills ----

# Kills the process at the n-th time that it is about to change the project's folder.
KILLER = """
    import os, pathlib, signal, sys
    root, left = (pathlib.Path(__file__).parent / "orders").read_text().splitlines()
    left = int(left)
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


def test_a_kill_at_any_step_leaves_the_last_good_site(built: Project, tmp_path: Path) -> None:
    """The build itself is killed, or one of its workers: at each of a series of file operations."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(textwrap.dedent(KILLER))
    old = site(built)
    change(built, 2.5)
    code, at = 1, 1
    while code != 0:
        (hook / "orders").write_text(f"{built.root}\n{at}\n")
        code = built.run("build", PYTHONPATH=f"{hook}{os.pathsep}{built.root}").returncode
        if code != 0:
            # The switch is one step: before it all is old, after it all is new.
            assert site(built) == old or b"2.5" in site(built)["alpha/index.html"]
        at = at + 1 + at // 2
    assert at > 30
    new = site(built)
    assert new != old
    shutil.rmtree(built.root / ".artefacts")
    built.build()
    assert site(built) == new


@pytest.mark.parametrize("seed", range(3))
def test_random_kills_and_damage_leave_a_whole_site_and_the_next_build_clean(
    built: Project, seed: int
) -> None:
    """`tests/builder/ordeal.py` does this a hundred times; here are a few."""
    ordeal(built, seed, rounds=4)


# ---- Surroundings ----


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A home full of settings, and an environment full of variables, that must change nothing."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    files = {
        ".config/matplotlib/matplotlibrc": "lines.marker: o\nimage.origin: lower\n",
        ".ipython/profile_default/ipython_config.py": "c.InteractiveShell.xmode = 'Minimal'\n",
        ".ipython/profile_default/startup/00-mine.py": "print('good morning')\n",
        ".jupyter/jupyter_config.py": "raise SystemExit\n",
        ".jupyter/jupyter_nbconvert_config.py": "c.HTMLExporter.theme = 'dark'\n",
        ".local/share/jupyter/kernels/python3/kernel.json":
            '{"argv": ["/bin/false"], "display_name": "mine", "language": "python"}',
        ".gitconfig": "[log]\n\tshowSignature = true\n[core]\n\tabbrev = 4\n",
        ".mplrc/matplotlibrc": "axes.grid: False\nsvg.image_inline: False\n",
    }  # fmt: skip
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    elsewhere.mkdir()
    subprocess.run(["git", "init", "-q", str(elsewhere)], check=True)
    before = os.umask(0o027)
    yield {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "MATPLOTLIBRC": str(home / ".mplrc" / "matplotlibrc"),
        "MPLBACKEND": "garbage",
        "JUPYTER_PATH": str(home / ".local/share/jupyter"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "IPYTHONDIR": str(home / ".ipython"),
        "GIT_DIR": str(elsewhere / ".git"),
        "GIT_WORK_TREE": str(elsewhere),
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "de_DE.ISO-8859-1",
        "LANGUAGE": "fr",
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "PYTHONOPTIMIZE": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONIOENCODING": "ascii",
        "RELEASE": "prod-42",
        "COLUMNS": "20",
        "NO_COLOR": "1",
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
        "PIP_INDEX_URL": "https://nowhere.example/",
    }
    os.umask(before)


def test_what_a_machine_happens_to_have_changes_no_byte(
    built: Project, hostile: dict[str, str]
) -> None:
    built.run_code()
    built.build()
    pages, rendered = built.published(), site(built)
    built.run("clean")
    (built.root / "matplotlibrc").write_text("lines.linestyle: --\n")
    done = built.run("build", **hostile)
    assert done.returncode == 0, done.stderr
    assert built.published() == pages
    assert site(built) == rendered


# ---- Links ----


@pytest.mark.parametrize(
    ("link", "broken"),
    [
        ("../other/", False),
        ("../other/#here", False),
        ("#own", False),
        ("../other/index.html?x=1", False),
        ("../files/a%20b.csv", False),
        ("https://elsewhere.example/x", False),
        ("mailto:a@b.example", False),
        ("../other/#gone", True),
        ("#gone", True),
        ("../gone/", True),
        ("gone.png", True),
        ("../files/gone.csv", True),
    ],
)
def test_links_inside_the_site_must_lead_somewhere(link: str, broken: bool) -> None:
    page = f'<p id="own"><a class="x" href="{link}">x</a></p>'
    files = {
        "page/index.html": page.encode(),
        "other/index.html": b'<h1 id="here">x</h1>',
        "files/a b.csv": b"",
    }
    assert bool(list(broken_links(files))) == broken
