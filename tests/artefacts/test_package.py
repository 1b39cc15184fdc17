"""The package as a file of the site: a stranger's lines run with it, away from the checkout."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from explainers import catalogue
from explainers.artefacts import package
from explainers.artefacts.job import Job
from explainers.builder.sources import Sources
from explainers.citing import FORMATS
from explainers.edition import CARRIED, Edition
from tests.builder.projects import ROOT

DOCS = ROOT / "docs"
EDITION = Edition("0.1.0", "2021-03-04", "0123456789ab", "https://host.example/")


def job(root: Path, edition: Edition = EDITION) -> Job:
    return Job("", "", root, edition)


@pytest.fixture(scope="module")
def published() -> Edition:
    """The edition that was built last."""
    return Edition(**json.loads((DOCS / "claims.json").read_text("utf-8"))["edition"])


@pytest.fixture(scope="module")
def wheel(published: Edition) -> Path:
    found = DOCS / "package" / f"explainers-{published.version}-py3-none-any.whl"
    assert found.is_file()
    return found


def test_the_published_package_is_this_one_to_the_byte(wheel: Path, published: Edition) -> None:
    made = package.make(job(ROOT, published))
    assert made == {f"package/{wheel.name}": wheel.read_bytes()}


def test_it_has_all_that_is_in_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    ours = [name for name in names if ".dist-info/" not in name]
    files = [name for name in package.files(ROOT) if name.startswith("explainers/")]
    assert sorted(ours) == sorted([*files, f"explainers/{CARRIED}"])
    for name in ("LICENSE", "CITATION.cff"):
        assert [n for n in names if n.endswith(f".dist-info/licenses/{name}")]


def test_its_key_covers_what_it_is_built_from() -> None:
    sources = Sources(ROOT, tuple(chapter.id for chapter in catalogue.CHAPTERS))
    assert set(package.files(ROOT)) <= set(sources.files("package"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of one module, in a folder whose path has a bracket in it, and no repository."""
    folder = tmp_path_factory.mktemp("here") / "a [1]*"
    (folder / "explainers").mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    (folder / "explainers" / "__init__.py").write_text('"""A package."""\n')
    return folder


def test_the_same_files_give_the_same_bytes_in_every_folder(small: Path, tmp_path: Path) -> None:
    made = package.make(job(small))
    [content] = made.values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    assert [n for n in names if n.endswith("licenses/LICENSE")]
    other = tmp_path / "dist"
    before = os.umask(0o077)
    try:
        shutil.copytree(small, other)
        # What editors, systems and tools leave there, and rules for another repository's files.
        for name in ("a.py~", ".a.py.swp", ".DS_Store", "__pycache__/a.pyc"):
            (other / "explainers" / name).parent.mkdir(exist_ok=True)
            (other / "explainers" / name).write_text("")
        (tmp_path / ".gitignore").write_text("*.py\n")
        subprocess.run(["git", "init", "-q", other], check=True)
        assert package.make(job(other)) == made
    finally:
        os.umask(before)


def test_what_git_ignores_does_not_get_in(small: Path, tmp_path: Path) -> None:
    expected = package.make(job(small))
    other = tmp_path / "other"
    shutil.copytree(small, other)
    subprocess.run(["git", "init", "-q", other], check=True)
    (other / "explainers" / "secret.py").write_text("")
    assert package.make(job(other)) != expected
    (other / ".gitignore").write_text("secret.py\n")
    assert package.make(job(other)) == expected


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, folder: Path, *arguments: str, **told: str) -> str:
    """What Python prints in some folder, with nothing of ours but the installed package."""
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(installed)} | told,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_code_that_needs_the_package_runs_with_it_alone(installed: Path, tmp_path: Path) -> None:
    claims = json.loads((DOCS / "claims.json").read_text("utf-8"))["claims"]
    [(snippet, output)] = [
        (claim["snippet"], claim["output"])
        for claim in claims
        if claim["id"] == "flower-photo-max-or-mean"
    ]
    assert "import explainers" in snippet or "from explainers" in snippet
    where = "import explainers; print(explainers.__file__)\n"
    first, _, printed = run(installed, tmp_path, "-c", where + snippet).partition("\n")
    assert first.startswith(str(installed))
    assert printed == output


def test_installed_it_is_cited_as_the_edition_that_it_is_of(
    installed: Path, tmp_path: Path, published: Edition
) -> None:
    """In somebody else's repository, with pages and a package of the same names."""
    (tmp_path / "explainers").mkdir()
    for name in ("mkdocs.yml", "explainers/catalogue.py"):
        (tmp_path / name).write_text("")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    cite = ("-m", "explainers", "cite", "cost", "--format", "csl-json")
    [item] = json.loads(run(installed, tmp_path, *cite, SOURCE_DATE_EPOCH="1000000000"))
    day = published.day
    assert item["issued"] == {"date-parts": [[day.year, day.month, day.day]]}
    assert item["note"] == published.note
    [item] = json.loads(run(installed, tmp_path, *cite, "--site", "https://host.example/a"))
    assert item["URL"] == "https://host.example/a/cost/"


def declared(name: str = "explainers") -> set[str]:
    """The distributions that a package asks for, and they in turn; extras are nobody's."""
    asked = [Requirement(line) for line in metadata.requires(name) or []]
    needed = {r.name for r in asked if not r.marker or r.marker.evaluate({"extra": ""})}
    return needed.union(*map(declared, needed))


ALONE = """
import runpy, sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        known = name.startswith("_") or name in {allowed!r} | sys.stdlib_module_names
        if path is None and not known:
            raise ModuleNotFoundError(f"{{name}} is no dependency", name=name)
sys.meta_path.insert(0, Nothing())
sys.argv = ["explainers", *{arguments!r}]
runpy.run_module("explainers", run_name="__main__")
"""


@pytest.mark.parametrize(
    "command",
    [
        *(["cite", "or-of-four-hit", "--format", form] for form in FORMATS),
        ["cite", "figures/or-gate"],
        ["figures", "list"],
        ["figures", "draw", "or-gate", "-o", "f.svg"],
        ["claims", "list"],
        ["claims", "show", "or-of-four-hit", "--set", "units=9"],
        ["claims", "try", "or-of-four-hit"],
        ["count", "vgg16"],
    ],
    ids=" ".join,
)
def test_a_reader_s_commands_need_no_more_than_is_declared(
    installed: Path, tmp_path: Path, command: list[str]
) -> None:
    """What the site is built with is not there where only the package was installed."""
    names = {name.replace("_", "-").lower() for name in declared()}
    allowed = {
        module
        for module, distributions in metadata.packages_distributions().items()
        if names & {name.replace("_", "-").lower() for name in distributions}
    }
    assert "numpy" in allowed
    assert "jinja2" not in allowed
    code = ALONE.format(allowed=allowed | {"explainers"}, arguments=command)
    assert run(installed, tmp_path, "-c", code)


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_installed_it_draws_the_file_that_the_site_offers(
    installed: Path, tmp_path: Path, kind: str
) -> None:
    """To the byte: in the same type, from the same source."""
    draw = ("-m", "explainers", "figures", "draw", "or-gate", "-o", f"f.{kind}")
    run(installed, tmp_path, *draw)
    published = DOCS / "figures" / "or-gate" / f"or-gate-light.{kind}"
    assert (tmp_path / f"f.{kind}").read_bytes() == published.read_bytes()


def test_a_package_that_cannot_be_built_says_why(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "explainers"\n', encoding="utf-8")
    with pytest.raises(RuntimeError, match="version"):
        package.make(job(tmp_path))
