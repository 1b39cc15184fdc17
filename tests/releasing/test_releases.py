"""Releases: tools/release and tools/versions, run for real in a small repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from explainers.lookup import SettingError
from explainers.releasing import releases

ROOT = Path(__file__).parents[2]

# In place of `make site`: one claim with the number in number.txt, on one page.
BUILD = """#!/usr/bin/env bash
set -eu
[ ! -e broken ] || exit 1
version=$(sed -n 's/^version = "\\(.*\\)"/\\1/p' pyproject.toml)
number=$(cat number.txt)
echo "$PWD" >> "$LOG"
cat > docs/claims.json <<JSON
{"version": "$version", "edition": {"date": "then", "commit": "before+"}, "rulings": [], "claims": [
  {"id": "one", "question": "One?", "verdict": "holds", "condition": "", "template": "{n}",
   "values": {"n": {"value": $number, "unit": "count", "meaning": "a number"}}}]}
JSON
mkdir -p .artefacts
new=$(mktemp -d -p .artefacts)
mkdir -p "$new/claims/one" "$new/assets"
cp docs/claims.json "$new"
[ ! -e docs/releases ] || cp -r docs/releases "$new"
says="$number, release ${WHY_POOLING_RELEASE:-none}, at ${SITE_URL:-nowhere}"
echo "<article><h1 id=top>$says</h1></article>" \\
  | tee "$new/index.html" > "$new/claims/one/index.html"
echo "of $number" > "$new/assets/only-$number.css"
ln -sfn "$new" site
"""
# The environment's Python, except that it installs nothing.
PYTHON = f"""#!/usr/bin/env bash
if [ "$1 $2" = "-m pip" ]; then echo "$*" >> "$LOG.pip"; exit; fi
exec env PYTHONPATH="{ROOT}" "{sys.executable}" "$@"
"""
IGNORED = ".venv\n.artefacts\n/site\n/public\n/docs/claims.json\n"


@dataclass(frozen=True)
class Repository:
    """A checkout with the tools, a stand-in for the build, and no release yet."""

    root: Path

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.root,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith("GIT_") and name != "WHY_POOLING_RELEASE"
        } | {"SITE_URL": "https://host.example/"}
        who = {
            f"GIT_{role}_{what}": "somebody@host.example"
            for role in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        where = {"BUILD_SITE": "tools/build", "LOG": str(self.root.parent / "built")}
        return kept | who | where | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def __call__(self, *command: str, **environment: str) -> str:
        """Run a command that must succeed."""
        done = self.run(*command, **environment)
        assert done.returncode == 0, (done.stdout, done.stderr)
        return done.stdout.strip()

    def refuses(self, *command: str, code: int = 2, **environment: str) -> str:
        """Run a command that must fail with one line."""
        done = self.run(*command, **environment)
        assert done.returncode == code, (done.stdout, done.stderr)
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def copy(self, folder: Path) -> Repository:
        shutil.copytree(self.root.parent, folder, symlinks=True, dirs_exist_ok=True)
        return Repository(folder / self.root.name)

    def set(self, number: str) -> None:
        """Commit another number."""
        self.write("number.txt", number)
        self("git", "commit", "-q", "-a", "-m", f"The number is {number}")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def built(self) -> list[str]:
        """The folders in which the site was built, in order."""
        return self.read("../built").split()

    def state(self) -> tuple[str, ...]:
        """All that a refused release must leave alone."""
        return (
            self("git", "status", "--porcelain", "--branch"),
            self("git", "for-each-ref"),
            self("git", "worktree", "list"),
            str(sorted(path.name for path in (self.root / "docs").iterdir())),
            self.read("pyproject.toml"),
        )


@pytest.fixture(scope="session")
def _at_the_start(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    here = Repository(tmp_path_factory.mktemp("start") / "checkout")
    texts = {
        "pyproject.toml": '[project]\nname = "x"\nversion = "0.1.0"\n[tool]\nmin-version = "1"\n',
        "CITATION.cff": "cff-version: 1.2.0\nversion: 0.1.0\ndate-released: 2026-01-01\n",
        ".gitignore": IGNORED,
        "docs/index.md": "# One\n",
        "number.txt": "1",
        "tools/build": BUILD,
        ".venv/bin/python": PYTHON,
    }
    for name, text in texts.items():
        here.write(name, text)
    for name in ("release", "versions"):
        shutil.copy(ROOT / "tools" / name, here.root / "tools" / name)
    for name in ("tools/build", ".venv/bin/python"):
        (here.root / name).chmod(0o755)

    here("git", "init", "-q", "-b", "main")
    here("git", "add", "-A")
    here("git", "commit", "-q", "-m", "Start")
    here("tools/build")
    return here


@pytest.fixture(scope="session")
def _with_two_releases(
    _at_the_start: Repository, tmp_path_factory: pytest.TempPathFactory
) -> Repository:
    here = _at_the_start.copy(tmp_path_factory.mktemp("two"))
    here("tools/release", "0.1.0")
    here.set("2")
    here("tools/release", "0.2.0")
    here.set("3")
    here("tools/build")
    return here


@pytest.fixture
def repository(_at_the_start: Repository, tmp_path: Path) -> Repository:
    return _at_the_start.copy(tmp_path)


@pytest.fixture
def released(_with_two_releases: Repository, tmp_path: Path) -> Repository:
    """With two releases that differ, and work after them."""
    return _with_two_releases.copy(tmp_path)


# tools/release


def test_a_release_is_a_commit_with_its_record_and_a_tag(repository: Repository) -> None:
    said = repository("tools/release", "0.2.0rc1")
    assert "git push origin HEAD v0.2.0rc1" in said
    assert repository("git", "status", "--porcelain") == ""
    assert repository("git", "log", "-1", "--format=%s %D") == (
        "Release 0.2.0rc1 HEAD -> main, tag: v0.2.0rc1"
    )
    changed = repository("git", "show", "--format=", "--name-only").split()
    assert sorted(changed) == [
        "CITATION.cff",
        "docs/releases/0.2.0rc1.json",
        "docs/releases/addresses.txt",
        "pyproject.toml",
    ]
    assert 'version = "0.2.0rc1"\n[tool]\nmin-version = "1"' in repository.read("pyproject.toml")
    citation = repository.read("CITATION.cff")
    assert 'cff-version: 1.2.0\nversion: "0.2.0rc1"\n' in citation
    assert "2026-01-01" not in citation
    # Installed for the version's sake, before the build that reads it.
    assert repository.read("../built.pip").split()[-1] == "."


def test_the_record_is_what_the_site_says(repository: Repository) -> None:
    repository("tools/release", "0.1.0")
    record = json.loads(repository.read("docs/releases/0.1.0.json"))
    built = json.loads(repository.read("site/claims.json"))
    assert {name: part for name, part in record.items() if name != "edition"} == {
        name: part for name, part in built.items() if name != "edition"
    }
    assert record["edition"]["commit"] == ""  # which it cannot know
    assert record["edition"]["date"] in repository.read("CITATION.cff")
    assert repository.read("docs/releases/addresses.txt").split() == [
        *("./", "./#top", "claims.json", "claims/one/", "claims/one/#top"),
        "releases/0.1.0.json",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "which version?"),
        ([""], "which version?"),
        (["0.3.0", "0.4.0"], "which version?"),
        (["newest"], "version must be as in 0.2.0 or 0.2.0rc1; got 'newest'"),
        (["v0.3.0"], "version must be written 0.3.0; got 'v0.3.0'"),
        (["0.3.0-rc1"], "version must be written 0.3.0rc1"),
        (["0.3.0+mine"], "version must be one that others can install"),
        (["0.3.0.dev1"], "version must be one that others can install"),
        (["0.2.0"], "0.2.0 is released already"),
        (["0.1.9"], "version must be newer than 0.2.0; got '0.1.9'"),
        (["0.2"], "version must be newer than 0.2.0; got '0.2'"),
        (["../0.3.0"], "version must be as in"),
    ],
)
def test_a_bad_version_is_one_line(repository: Repository, arguments: list[str], says: str) -> None:
    repository.write("docs/releases/0.1.0.json", "{}")
    repository.write("docs/releases/0.2.0.json", "{}")
    repository("git", "add", "-A")
    repository("git", "commit", "-q", "-m", "As if released")
    before = repository.state()
    assert says in repository.refuses("tools/release", *arguments)
    assert repository.state() == before


def test_no_release_of_what_is_not_committed_or_tagged_already(repository: Repository) -> None:
    repository("git", "tag", "v0.3.0")
    before = repository.state()
    assert "there is a tag v0.3.0 already" in repository.refuses("tools/release", "0.3.0")
    assert repository.state() == before
    repository.write("number.txt", "7")
    assert "uncommitted changes" in repository.refuses("tools/release", "0.4.0")
    repository("git", "checkout", "-q", "number.txt")
    repository.write("new.txt", "7")
    assert "uncommitted changes" in repository.refuses("tools/release", "0.4.0")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("what", ["build", "address", "commit", "tag"])
def test_a_release_that_fails_leaves_all_as_it_was(
    repository: Repository, what: str, first: bool
) -> None:
    if not first:
        repository("tools/release", "0.1.0")
    hook = {"commit": "pre-commit", "tag": "reference-transaction"}.get(what)
    if hook is not None:
        text = "#!/bin/sh\nexit 1\n"
        if what == "tag":
            text = '#!/bin/sh\n[ "$1" != prepared ] || ! grep -q refs/tags/\n'
        repository.write(f".git/hooks/{hook}", text)
        (repository.root / ".git" / "hooks" / hook).chmod(0o755)
    elif what == "build":
        repository.write("broken", "")
        repository("git", "add", "broken")
        repository("git", "commit", "-q", "-m", "A site that cannot be built")
    else:
        repository.write("docs/releases/addresses.txt", "claims/gone/\n")
        repository("git", "add", "-A")
        repository("git", "commit", "-q", "-m", "A page that went")
    before = repository.state()
    done = repository.run("tools/release", "0.2.0")
    assert done.returncode == 1 if what != "tag" else done.returncode != 0, done.stderr
    assert done.stderr.endswith(
        "release: nothing is recorded; site/ may be from the attempt, make site renews it\n"
    )
    assert "claims/gone/ is released and leads nowhere" in done.stderr or what != "address"
    assert repository.state() == before


# tools/versions


def page(repository: Repository, place: str = "") -> str:
    return repository.read(f"public/{place}index.html")


def test_every_release_stays_below_its_version_and_the_present_is_at_the_root(
    released: Repository,
) -> None:
    said = released("tools/versions", SITE_URL="https://host.example/pooling")
    assert "2 released versions are in public/" in said
    root = "https://host.example/pooling/"
    assert "3, release none, at https://host.example/" in page(released)
    for version, number in [("0.1.0", "1"), ("0.2.0", "2")]:
        for place in ("", "claims/one/"):
            says = f"{number}, release {version}, at {root}{version}/"
            assert says in page(released, f"{version}/{place}")
        assert json.loads(released.read(f"public/{version}/claims.json"))["version"] == version
        assert released.read(f"public/{version}/assets/only-{number}.css") == f"of {number}\n"
    assert not (released.root / "public" / "0.1.0" / "assets" / "only-2.css").exists()
    assert released("git", "worktree", "list").count("\n") == 0
    assert released("git", "status", "--porcelain") == ""
    assert not list((released.root / ".artefacts").glob("versions.*"))


def test_a_release_is_built_once(released: Repository) -> None:
    released("tools/versions")
    builds = len(released.built())
    kept = released("git", "rev-parse", "releases")
    released("tools/build")
    released("tools/versions")
    released("tools/versions")
    assert len(released.built()) == builds + 1
    assert released("git", "rev-parse", "releases") == kept
    assert "1, release 0.1.0" in page(released, "0.1.0/")
    assert not (released.root / "public" / "0.1.0" / "0.1.0").exists()
    released("tools/release", "0.3.0")
    released("tools/versions")
    assert "3, release 0.3.0" in page(released, "0.3.0/")
    assert released("git", "rev-parse", "releases~1") == kept
    assert released("git", "diff", "--stat", kept, "releases", "--", "0.1.0", "0.2.0") == ""


def test_a_lost_branch_comes_back(released: Repository) -> None:
    released("tools/versions")
    tree = released("git", "rev-parse", "releases^{tree}")
    released("git", "branch", "-q", "-D", "releases")
    released("tools/build")
    released("tools/versions")
    assert released("git", "rev-parse", "releases^{tree}") == tree
    assert "2, release 0.2.0" in page(released, "0.2.0/")


def test_what_is_published_is_kept_and_built_upon(released: Repository, tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    released("git", "init", "-q", "--bare", str(origin))
    released("git", "remote", "add", "origin", str(origin))
    released("tools/versions")
    released("git", "push", "-q", "origin", "releases")
    published = released("git", "rev-parse", "releases")
    # Two more at once, in a checkout without the branch.
    released("git", "branch", "-q", "-D", "releases")
    for version in ("0.3.0", "0.4.0"):
        released("tools/release", version)
    released("tools/versions")
    names = released("git", "ls-tree", "--name-only", "releases").split()
    assert names == ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]
    assert released("git", "merge-base", published, "releases") == published
    released("git", "push", "-q", "origin", "releases")
    # A branch of ours that is behind is brought up to date, not pushed over the other.
    newest = released("git", "rev-parse", "releases")
    released("git", "update-ref", "refs/heads/releases", published)
    released("tools/versions")
    assert released("git", "rev-parse", "releases") == newest


def test_a_copy_never_replaces_a_page(released: Repository) -> None:
    builds = len(released.built())
    released.write("site/0.2.0/index.html", "a page")
    says = released.refuses("tools/versions")
    assert "the site has a page named like the release 0.2.0" in says
    assert released.read("site/0.2.0/index.html") == "a page"
    assert not (released.root / "public").exists()
    assert len(released.built()) == builds


def test_a_version_that_cannot_be_built_is_named(released: Repository) -> None:
    done = released.run(
        "tools/versions", BUILD_SITE='[ "$WHY_POOLING_RELEASE" != 0.2.0 ] && tools/build'
    )
    assert done.returncode == 1
    assert "versions: 0.2.0 could not be built from commit " in done.stderr
    assert released("git", "ls-tree", "--name-only", "releases") == "0.1.0"
    assert released("git", "worktree", "list").count("\n") == 0
    released("tools/versions")
    assert "2, release 0.2.0" in page(released, "0.2.0/")


def test_a_copy_must_say_what_was_released(released: Repository) -> None:
    says = released.refuses("tools/versions", BUILD_SITE="echo 9 > number.txt; tools/build")
    assert "differs in: one n 1 → 9 (count)" in says
    assert released.run("git", "rev-parse", "-q", "--verify", "releases").returncode != 0


def test_a_copy_on_the_branch_is_compared_each_time(released: Repository) -> None:
    released("tools/versions")
    before = page(released)
    work = released.root.parent / "branch"
    released("git", "worktree", "add", "-q", str(work), "releases")
    claims = work / "0.1.0" / "claims.json"
    claims.write_text(claims.read_text().replace('"value": 1', '"value": 7'))
    released("git", "-C", str(work), "commit", "-q", "-a", "-m", "Another copy")
    released("git", "worktree", "remove", "--force", str(work))
    says = released.refuses("tools/versions")
    assert "differs in: one n 1 → 7 (count)" in says
    assert page(released) == before


def test_the_built_site_is_left_as_it_is(released: Repository) -> None:
    site = (released.root / "site").resolve()
    before = sorted(path.relative_to(site) for path in site.rglob("*"))
    released("tools/versions")
    assert sorted(path.relative_to(site) for path in site.rglob("*")) == before
    first = (released.root / "public").resolve()
    released("tools/versions")
    assert (released.root / "public").resolve() != first
    assert (first / "index.html").is_file()  # somebody may be serving it
    released("tools/versions")
    assert not first.exists()


def test_what_a_killed_run_left_is_removed_by_the_next(released: Repository) -> None:
    left = released.root / ".artefacts" / "versions.abc123.d" / "0.1.0"
    left.parent.mkdir()
    released("git", "worktree", "add", "-q", "--detach", str(left), "HEAD")
    (released.root / ".artefacts" / "public.abc123").mkdir()
    released("tools/versions")
    assert not left.exists()
    assert released("git", "worktree", "list").count("\n") == 0
    assert not (released.root / ".artefacts" / "public.abc123").exists()


def test_a_register_that_has_grown_is_no_loss_in_any_language(released: Repository) -> None:
    known = released.read("docs/releases/addresses.txt").split()
    grown = sorted([*known, "claims/a-new-claim/", "figures/New-one/", "figures/new-one/"])
    released.write("docs/releases/addresses.txt", "\n".join(grown) + "\n")
    locales = released.run("locale", "-a").stdout.split()
    for name in [*(found for found in locales if "utf" in found.lower()), "de_DE.UTF-8", "C"]:
        assert "2 released versions" in released("tools/versions", LC_ALL=name)


def test_a_folder_called_public_is_not_touched(released: Repository) -> None:
    released.write("public/mine.html", "mine")
    assert "public/ is no link" in released.refuses("tools/versions", code=1)
    assert released.read("public/mine.html") == "mine"


def test_the_register_is_never_shortened(released: Repository) -> None:
    released("tools/versions")
    kept = released.read("docs/releases/addresses.txt")
    released.write("docs/releases/addresses.txt", kept.replace("claims/one/\n", ""))
    says = released.refuses("tools/versions", code=1)
    assert "docs/releases/addresses.txt has lost claims/one/, which is released in 0.1.0" in says


def test_what_is_to_be_published_needs_its_address(released: Repository) -> None:
    """Else every link in what others quote would lead nowhere."""
    before = released("git", "rev-parse", "HEAD")
    for tool in (["tools/versions"], ["tools/release", "0.3.0"]):
        said = released.refuses(*tool, SITE_URL="")
        assert "SITE_URL must be the address that this is published at" in said
    assert released("git", "rev-parse", "HEAD") == before
    assert not (released.root / "public").exists()


def test_without_a_site_or_history_it_says_so(released: Repository, tmp_path: Path) -> None:
    address = released.refuses("tools/versions", SITE_URL="host.example")
    assert "SITE_URL must be as in https://host.example/path/; got 'host.example'" in address
    released.write("docs/releases/0.9.0.json", "{}")
    assert "0.9.0.json is not committed" in released.run("tools/versions").stderr
    (released.root / "site").unlink()
    assert "run: make site" in released.refuses("tools/versions", code=1)
    shallow = Repository(tmp_path / "shallow")
    released("git", "clone", "-q", "--depth=1", f"file://{released.root}", str(shallow.root))
    shutil.copytree(released.root / ".venv", shallow.root / ".venv")
    shallow("tools/build")
    assert "this clone has no history" in shallow.refuses("tools/versions", code=1)


def test_before_the_first_release_nothing_happens(repository: Repository) -> None:
    assert "0 released versions are in public/" in repository("tools/versions")
    assert repository.run("git", "rev-parse", "-q", "--verify", "releases").returncode != 0


# What they rest on


def test_versions_are_in_the_order_of_versions(tmp_path: Path) -> None:
    for version in ("0.9.0", "0.10.0", "0.10.0rc1", "1.0.0.post1", "1.0.0"):
        (tmp_path / f"{version}.json").touch()
    (tmp_path / "addresses.txt").touch()
    assert releases.versions(tmp_path) == [
        *("1.0.0.post1", "1.0.0", "0.10.0", "0.10.0rc1", "0.9.0"),
    ]
    assert releases.versions(tmp_path / "none") == []


def test_a_release_candidate_comes_before_its_release() -> None:
    releases.check("0.2.0", ["0.2.0rc1", "0.1.0"])
    with pytest.raises(SettingError, match=r"version must be newer than 0.2.0; got '0.2.0rc1'"):
        releases.check("0.2.0rc1", ["0.1.0", "0.2.0"])


def test_the_record_must_be_of_the_version() -> None:
    with pytest.raises(SettingError, match=r"claims.json must be of version 0.2.0; got '0.1.0'"):
        releases.record("0.2.0", {"version": "0.1.0"}, "2026-11-25")
