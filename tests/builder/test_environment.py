"""Setting up: an environment is complete or not there, and the one in use is never lost."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import textwrap
import time
import zipfile
from pathlib import Path

import pytest

from tests.builder.projects import heed_interrupts

ROOT = Path(__file__).parents[2]

# The stand-in project builds itself, with nothing installed.
BACKEND = """
import pathlib, zipfile
def build_editable(folder, settings=None, metadata=None):
    name = "standin-1.0-py3-none-any.whl"
    info = "standin-1.0.dist-info"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr("standin.pth", str(pathlib.Path.cwd()))
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: standin\\nVersion: 1.0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""  # noqa: E501
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "standin"
version = "1.0"
[tool.ruff]
line-length = 100
"""


def wheel(folder: Path, version: str) -> str:
    """Write a wheel of nothing, and return its requirement with its hash."""
    path = folder / f"tiny-{version}-py3-none-any.whl"
    info = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny.py", f"VERSION = {version!r}\n")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return f"tiny=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Checkout:
    """A small project with the real tools/environment, and an index of two wheels."""

    def __init__(self, root: Path, index: Path) -> None:
        self.root, self.index = root, index

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def start(
        self, python: str = sys.executable, link: str = ".venv", **variables: str
    ) -> subprocess.Popen[str]:
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("PIP_", "PYTHON"))}
        index = {"PIP_FIND_LINKS": str(self.index), "PIP_NO_INDEX": "1"}
        return subprocess.Popen(
            ["bash", str(ROOT / "tools" / "environment"), python, link],
            cwd=self.root,
            env=kept | index | {"PIP_CONFIG_FILE": os.devnull} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed_interrupts,
        )  # fmt: skip

    def make(self, **variables: str) -> str:
        """Make the environment, expecting success; return what is said."""
        process = self.start(**variables)
        said, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong
        return said

    def refuses(self, *options: str) -> str:
        """Fail, with one line."""
        process = self.start(*options)
        _, wrong = process.communicate(timeout=120)
        assert process.returncode == 1, wrong
        assert wrong.count("\n") == 1, wrong
        return wrong

    @property
    def tiny(self) -> str:
        """What the environment in use has installed."""
        done = subprocess.run(
            [self.root / ".venv/bin/python", "-c", "import tiny; print(tiny.VERSION)"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    index = tmp_path / "index"
    index.mkdir()
    made = Checkout(tmp_path / "a checkout", index)
    made.write("pyproject.toml", PROJECT)
    made.write("backend.py", BACKEND)
    made.write("requirements/lock.txt", wheel(index, "1.0"))
    return made


def test_an_environment_is_made_once(checkout: Checkout) -> None:
    assert "once" in checkout.make()
    assert checkout.tiny == "1.0"
    first = os.readlink(checkout.root / ".venv")
    start = time.monotonic()
    assert checkout.make() == ""
    assert time.monotonic() - start < 2
    checkout.write("pyproject.toml", PROJECT.replace("100", "80"))
    assert checkout.make() == ""
    checkout.write("pyproject.toml", PROJECT.replace('"1.0"', '"1.1"'))
    assert checkout.make() == ""  # the package is installed again, and nothing else
    assert os.readlink(checkout.root / ".venv") == first
    checkout.write("requirements/lock.txt", wheel(checkout.index, "2.0"))
    assert "once" in checkout.make()
    assert checkout.tiny == "2.0"


def test_what_pythonpath_leads_to_does_not_count_as_installed(
    checkout: Checkout, tmp_path: Path
) -> None:
    with zipfile.ZipFile(next(checkout.index.glob("*.whl"))) as archive:
        archive.extractall(tmp_path / "elsewhere")
    checkout.make(PYTHONPATH=str(tmp_path / "elsewhere"))
    assert checkout.tiny == "1.0"


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        ("tiny==1.0 --hash=sha256:" + "0" * 64 + "\n", "HASHES"),
        ("tiny==1.0\n", "require-hashes|hash"),
        ("gone==1.0 --hash=sha256:" + "0" * 64 + "\n", "gone"),
    ],
)
def test_what_fails_leaves_the_one_in_use(checkout: Checkout, lock: str, said: str) -> None:
    checkout.make()
    before = os.readlink(checkout.root / ".venv")
    good = (checkout.root / "requirements/lock.txt").read_text()
    checkout.write("requirements/lock.txt", lock)
    wrong = checkout.refuses()
    assert re.search(said, wrong)
    assert "unchanged" in wrong
    assert os.readlink(checkout.root / ".venv") == before
    assert checkout.tiny == "1.0"
    checkout.write("requirements/lock.txt", good)
    assert checkout.make() == ""


def test_nothing_is_built_from_a_source_distribution(checkout: Checkout) -> None:
    path = checkout.index / "built-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        text = b"raise SystemExit('it is built')\n"
        member = tarfile.TarInfo("built-1.0/setup.py")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    checkout.write("requirements/lock.txt", f"built==1.0 --hash=sha256:{digest}\n")
    wrong = checkout.refuses()
    assert "built" in wrong
    assert "it is built" not in wrong


def test_an_interrupt_leaves_the_one_in_use(checkout: Checkout) -> None:
    checkout.make()
    before = os.readlink(checkout.root / ".venv")
    checkout.write("requirements/lock.txt", wheel(checkout.index, "2.0"))
    process = checkout.start()
    assert process.stdout is not None
    assert "once" in process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, wrong = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in wrong.rpartition("environment:")[2]
    assert os.readlink(checkout.root / ".venv") == before
    assert checkout.tiny == "1.0"
    checkout.make()
    assert checkout.tiny == "2.0"


def test_a_copied_or_moved_checkout_makes_its_own(checkout: Checkout, tmp_path: Path) -> None:
    checkout.make()
    copied = Checkout(tmp_path / "copied", checkout.index)
    shutil.copytree(checkout.root, copied.root, symlinks=True)
    assert "once" in copied.make()
    checkout.root.rename(tmp_path / "moved")
    moved = Checkout(tmp_path / "moved", checkout.index)
    assert "once" in moved.make()
    for each in (copied, moved):
        done = subprocess.run(
            [each.root / ".venv/bin/python", "-c", "import sys; print(*sys.path, sep='\\n')"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert str(each.root) in done.stdout.splitlines()
        assert str(checkout.root) not in done.stdout.splitlines()


def test_the_environments_of_all_links_stay(checkout: Checkout) -> None:
    versions = {".venv": "1.0", ".venv-oracles": "1.1", ".venv-3.12": "1.2", ".venv-3.13": "1.3"}
    for link, version in versions.items():
        checkout.write("requirements/lock.txt", wheel(checkout.index, version))
        process = checkout.start(link=link)
        _, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong
    for link in versions:
        assert (checkout.root / link / "bin" / "python").exists(), link


def test_a_folder_of_earlier_times_is_replaced(checkout: Checkout) -> None:
    checkout.write(".venv/old.txt", "old")
    checkout.make()
    assert (checkout.root / ".venv").is_symlink()
    assert checkout.tiny == "1.0"
    assert not list((checkout.root / ".environments").glob("replaced*"))


def test_a_link_to_elsewhere_is_refused(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    (checkout.root / ".venv").symlink_to(tmp_path / "mine")
    assert "did not make" in checkout.refuses()
    assert (tmp_path / "mine" / "file").read_text() == "mine"


OLD = "echo '3.9.1 /usr'; [ $# != 2 ] || case $2 in *version_info\\ \\<*) exit 1;; esac"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 1", "does not run"),
        (OLD, "3.9.1 is too old"),
    ],
)  # fmt: skip
def test_another_python_is_named_plainly(
    checkout: Checkout, tmp_path: Path, script: str, said: str
) -> None:
    python = tmp_path / "python9"
    python.write_text(f"#!/usr/bin/env bash\n{script}\n")
    python.chmod(0o755)
    assert said in checkout.refuses(str(python))
    assert "no /nowhere/python found" in checkout.refuses("/nowhere/python")


def test_the_lock_files_carry_hashes_and_no_addresses() -> None:
    for name in ("lock", "oracles", "uv"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert "://" not in text
        joined = text.replace("\\\n", " ")
        pinned = [line for line in joined.splitlines() if re.match(r"[a-z]", line)]
        assert pinned
        assert all("==" in line and "--hash=sha256:" in line for line in pinned)


def test_what_has_no_hash_says_why() -> None:
    text = (ROOT / "requirements" / "oracles-apart.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) == 3
    assert all(re.fullmatch(r"\S+==\S+\s+# .+", line) for line in lines)


def test_make_runs_tools_that_lost_their_mode() -> None:
    """A zip that is unpacked may not say what can be run."""
    text = textwrap.dedent((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert not re.findall(r"(?<!bash )tools/\w+", text)


def test_text_is_the_same_bytes_on_every_machine() -> None:
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text(encoding="utf-8")
