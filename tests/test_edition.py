"""Which edition this is: asked of the project's own repository, whatever the machine is like."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from explainers import project
from explainers.edition import (
    AUTHORS,
    SITE,
    UNPUBLISHED,
    Edition,
    address,
    edition,
    own_address,
    release,
    repository,
)

ROOT = Path(__file__).parents[1]
RELEASED = "2021-03-04"
SECONDS = 1_600_000_000


@pytest.fixture(autouse=True)
def _told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOURCE_DATE_EPOCH", "SITE_URL", "REPO_URL", "WHY_POOLING_RELEASE"):
        monkeypatch.delenv(name, raising=False)


def git(folder: Path, *arguments: str) -> str:
    """Git, with nothing but a name for its commits, whose date is given."""
    who = ("-c", "user.name=n", "-c", "user.email=e@host.example")
    return subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "GIT_COMMITTER_DATE": f"{SECONDS} +0000"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit, and a release before it."""
    folder = tmp_path / "checkout"
    (folder / "explainers").mkdir(parents=True)
    (folder / "explainers" / "a.py").write_text("a = 1\n")
    (folder / ".gitignore").write_text("ignored.py\n")
    (folder / "CITATION.cff").write_text(f"date-released: {RELEASED}\n")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "one")
    return folder


def quiet(root: Path) -> Edition:
    """The edition, if there is nothing to say about it."""
    return edition(root, say=pytest.fail)


def said(root: Path) -> tuple[Edition, str]:
    """The edition, and the one line that is said about it."""
    lines: list[str] = []
    found = edition(root, say=lines.append)
    [line] = lines
    assert "\n" not in line
    return found, line


# ---- Its date and its commit ----


def test_it_is_that_of_the_commit(checkout: Path) -> None:
    found = quiet(checkout)
    assert found.commit == git(checkout, "rev-parse", "HEAD")[:12]
    assert found.date == datetime.fromtimestamp(SECONDS, UTC).date().isoformat()


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("explainers/a.py", True),
        ("explainers/new.py", True),
        ("docs/new.md", True),
        ("explainers/ignored.py", False),
        ("explainers/a.py~", False),
        ("explainers/.a.py.swp", False),
        ("explainers/.DS_Store", False),
        ("notes.txt", False),
    ],
)
def test_a_file_that_the_site_is_made_of_counts_as_a_change(
    checkout: Path, name: str, counts: bool
) -> None:
    before = quiet(checkout).commit
    (checkout / name).parent.mkdir(exist_ok=True)
    (checkout / name).write_text("changed\n")
    assert quiet(checkout).commit == before + "+" * counts


def test_a_worktree_and_a_shallow_clone_are_the_same_edition(
    checkout: Path, tmp_path: Path
) -> None:
    expected = quiet(checkout)
    git(checkout, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    git(tmp_path, "clone", "-q", "--depth=1", checkout.as_uri(), "shallow")
    assert quiet(tmp_path / "tree") == expected
    assert quiet(tmp_path / "shallow") == expected


SETTINGS = """
[log]
    showSignature = true
    date = relative
[core]
    abbrev = 40
    excludesFile = {everything}
    pager = false
    quotePath = true
[i18n]
    logOutputEncoding = UTF-16
[status]
    showUntrackedFiles = no
    short = true
    branch = true
[color]
    ui = always
[alias]
    rev-list = !echo
    status = !echo
[safe]
    directory =
"""


def test_neither_settings_nor_variables_of_git_change_it(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / "explainers" / "new.py").write_text("new = 1\n")
    expected = quiet(checkout)
    home, other = tmp_path / "home", tmp_path / "other"
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("*\n")
    everything = home / "everything"
    everything.write_text("*\n")
    settings = SETTINGS.format(everything=everything)
    (home / ".gitconfig").write_text(settings)
    with (checkout / ".git" / "config").open("a") as own:
        own.write(settings)
    git(tmp_path, "init", "-q", "other")
    git(other, "commit", "-q", "--allow-empty", "-m", "another")
    variables = {
        "HOME": home,
        "XDG_CONFIG_HOME": home / ".config",
        "GIT_CONFIG_SYSTEM": home / ".gitconfig",
        "GIT_DIR": other / ".git",
        "GIT_WORK_TREE": other,
        "GIT_INDEX_FILE": other / ".git" / "index",
        "GIT_CONFIG_COUNT": "no number",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "de_DE.UTF-8",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))
    assert quiet(checkout) == expected


def test_it_does_not_depend_on_who_owns_the_folder(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container that runs as root: git itself is made to believe in another owner."""
    expected = quiet(checkout)
    program(tmp_path, f'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {shutil.which("git")} "$@"')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    refused = subprocess.run(["git", "log"], cwd=checkout, capture_output=True, check=False)
    assert b"dubious ownership" in refused.stderr
    assert quiet(checkout) == expected


def program(folder: Path, script: str) -> None:
    """Another git."""
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)


def test_a_copy_without_git_is_the_last_release_even_inside_another_repository(
    checkout: Path,
) -> None:
    copy = checkout / "copy"
    copy.mkdir()
    shutil.copy(checkout / "CITATION.cff", copy)
    found, line = said(copy)
    assert (found.date, found.commit) == (RELEASED, "")
    assert found.name == f"version {found.version}"
    assert line == f"{copy} is no git repository: the edition has no commit, and its date is " + (
        RELEASED
    )


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (None, "git is not installed"),
        ("echo 'fatal: it is broken' >&2; echo more >&2; exit 128", "(it is broken)"),
    ],
)
def test_where_git_does_not_answer_it_is_the_last_release(
    checkout: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str | None,
    why: str,
) -> None:
    if script:
        program(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    found, line = said(checkout)
    assert (found.date, found.commit) == (RELEASED, "")
    assert why in line


@pytest.mark.parametrize("fault", ["no commit", "emptied"])
def test_a_repository_that_is_none_is_not_taken_for_the_one_around_it(
    checkout: Path, fault: str
) -> None:
    inner = checkout / "inner"
    (inner / ".git").mkdir(parents=True)
    shutil.copy(checkout / "CITATION.cff", inner)
    if fault == "no commit":
        git(inner, "init", "-q")
    found, line = said(inner)
    assert (found.date, found.commit) == (RELEASED, "")
    assert str(inner) in line


def test_what_nothing_dates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="set SOURCE_DATE_EPOCH"):
        edition(tmp_path)


def test_its_date_is_the_one_that_a_build_is_told(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(SECONDS + 86_400))
    assert quiet(checkout).date == "2020-09-14"
    assert quiet(checkout).commit == git(checkout, "rev-parse", "HEAD")[:12]
    assert quiet(tmp_path).date == "2020-09-14"


@pytest.mark.parametrize(
    "bad", ["yesterday", "-5", "0", "1e9", "1" + "0" * 5000, "1\n", "١٢٣٤٥٦٧٨٩"]
)
def test_a_date_that_is_none_is_refused_in_one_short_line(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", bad)
    with pytest.raises(ValueError, match=r"SOURCE_DATE_EPOCH must be .* from 1980-01-01 to") as e:
        edition(checkout)
    assert "\n" not in str(e.value)
    assert len(str(e.value)) < 200


# ---- The project's files ----


def test_the_project_s_files_are_the_same_with_git_and_without(checkout: Path) -> None:
    for name in ("b.py", "c.py~", ".d.swp", "__pycache__/a.pyc", ".DS_Store"):
        (checkout / "explainers" / name).parent.mkdir(exist_ok=True)
        (checkout / "explainers" / name).write_text("")
    expected = ("CITATION.cff", "explainers/a.py", "explainers/b.py")
    named = ("CITATION.cff", "LICENSE", "explainers")
    assert project.files(checkout, *named) == expected
    shutil.rmtree(checkout / ".git")
    assert project.files(checkout, *named) == expected


def test_what_git_ignores_and_what_is_gone_is_no_file_of_the_project(checkout: Path) -> None:
    (checkout / "explainers" / "ignored.py").write_text("")
    (checkout / "explainers" / "a.py").unlink()
    assert project.files(checkout, "explainers") == ()


# ---- Where it is published ----


@pytest.mark.parametrize(
    "good",
    [
        "https://host.example",
        "http://127.0.0.1:8000/",
        "https://host.example:65535/a/b",
        "https://a-b.host.example/~me/a.b_c%20d/",
    ],
)
def test_an_address_ends_in_a_slash(monkeypatch: pytest.MonkeyPatch, good: str) -> None:
    assert address(good) == good.rstrip("/") + "/"
    monkeypatch.setenv("SITE_URL", good)
    assert address() == edition(ROOT).address == good.rstrip("/") + "/"
    monkeypatch.setenv("REPO_URL", good)
    assert repository() == good


BAD = [
    "host.example",
    "/a",
    "https://",
    "ftp://host.example",
    "javascript:alert(1)",
    "https://host.example/?a=1",
    "https://host.example/#top",
    "https://host.example/a b/",
    "https://host.example/x ",
    "https://host.example/x\n",
    "https://host.example/a(b)/",
    "https://host.example/a)b",
    "https://host.example/'",
    'https://host.example/"><script>alert(1)</script>',
    "https://host.example/{{ x }}",
    "https://host.example/%zz",
    "https://host.example/a/../b/",
    "https://host.example//a/",
    "https://user:password@host.example/",
    "https://host.example:99999/",
    "https://host.example:0/",
    "https://host.example:/",
    "https://hôst.example/",
    "https://host.example/" + "a" * 5000 + "<",
]


@pytest.mark.parametrize("bad", BAD)
def test_an_address_that_is_not_plain_is_refused(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    with pytest.raises(ValueError, match=r"^--site must be as in https://host\.example/path/; got"):
        address(bad)
    for name in ("SITE_URL", "REPO_URL"):
        monkeypatch.setenv(name, bad)
        with pytest.raises(ValueError, match=f"^{name} must be .*; got") as refused:
            edition(ROOT)
        assert len(str(refused.value)) < 150
        assert "\n" not in str(refused.value)
        monkeypatch.delenv(name)


def test_an_empty_address_is_given_only_by_mistake() -> None:
    with pytest.raises(ValueError, match="--site must be"):
        address("")


@pytest.mark.parametrize("bad", ["prod-42", "<img onerror=a>", "v0.1.0", "0.1.0 ", "main"])
def test_a_release_that_is_no_version_is_refused(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    monkeypatch.setenv("WHY_POOLING_RELEASE", bad)
    with pytest.raises(ValueError, match=r"WHY_POOLING_RELEASE must be .*0\.1\.0; got"):
        edition(ROOT)


def test_a_release_without_its_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHY_POOLING_RELEASE", "0.1.0")
    with pytest.raises(ValueError, match=r"^SITE_URL must be the address .*; got ''$"):
        edition(ROOT)
    monkeypatch.setenv("SITE_URL", "https://host.example/0.1.0/")
    assert edition(ROOT).published
    monkeypatch.delenv("WHY_POOLING_RELEASE")
    monkeypatch.delenv("SITE_URL")
    assert not edition(ROOT).published


def test_what_others_call_a_release_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELEASE", "prod-42")
    assert release() == ""
    monkeypatch.setenv("WHY_POOLING_RELEASE", "0.2.0rc1")
    assert release() == "0.2.0rc1"


@pytest.mark.parametrize("command", [["cite", "cost", "--site"], ["build"]])
def test_the_command_refuses_it_in_one_line(tmp_path: Path, command: list[str]) -> None:
    bad = "https://host.example/a)b"
    at_once = [*command, bad] if command[-1] == "--site" else command
    done = subprocess.run(
        [sys.executable, "-m", "explainers", *at_once],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SITE_URL": bad},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"got '{bad}'" in done.stderr


# ---- The same everywhere ----


def test_site_and_authors_are_the_same_everywhere() -> None:
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"site_name: {SITE}" in config
    assert f"site_author: {AUTHORS}" in config
    assert f"name: {AUTHORS}" in citation
    assert f'"{AUTHORS}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_citation_file_is_valid_and_of_this_version() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("cffconvert"), "--validate", "-i", ROOT / "CITATION.cff"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert str(told["version"]) == edition(ROOT).version


@pytest.mark.parametrize("text", ["a: [", "- a", "date-released: soon", "date-released: \xff"])
def test_a_citation_file_that_says_no_date_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "CITATION.cff").write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match=r"CITATION\.cff: "):
        edition(tmp_path, say=print)


def test_its_own_address_is_told_or_that_of_no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://host.example/a")
    assert own_address() == "https://host.example/a/"
    monkeypatch.delenv("SITE_URL")
    assert own_address() == UNPUBLISHED
