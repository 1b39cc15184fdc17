"""What publishes: who may write runs no code of ours, and what is tested is what is published."""

from __future__ import annotations

import copy
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8")
Workflow = dict[Any, Any]


def workflow() -> Workflow:
    read: Workflow = yaml.safe_load(TEXT)
    return read


def faults(workflow: Workflow) -> list[str]:
    """What in a workflow gives somebody else's code more than it needs."""
    # YAML 1.1 reads the key `on` as true.
    found = [f"runs on {event}" for event in workflow[True] if event not in TRUSTED]
    for name, job in workflow["jobs"].items():
        permissions = job.get("permissions", workflow.get("permissions", "all"))
        for step in job["steps"]:
            found += [f"{name}: {fault}" for fault in faults_of(step, runs_our_code(job))]
        if runs_our_code(job) and writes(permissions):
            found.append(f"{name}: runs our code and may write")
    return found


TRUSTED = {"push", "pull_request", "workflow_dispatch"}


def faults_of(step: dict[str, Any], beside_our_code: bool) -> list[str]:
    found = []
    action = step.get("uses", "")
    if action and not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action):
        found.append(f"{action} is not pinned")
    kept = step.get("with", {}).get("persist-credentials", True)
    if beside_our_code and action.startswith("actions/checkout@") and kept:
        found.append("keeps credentials beside our code")
    if beside_our_code and re.search(r"secrets\.|github\.token", str(step)):
        found.append("gives our code a token")
    if "${{" in step.get("run", ""):
        found.append("puts a value into a command")
    return found


def runs_our_code(job: dict[str, Any]) -> bool:
    """Whether a job runs anything but git and the actions."""
    lines = [line for step in job["steps"] for line in step.get("run", "").splitlines()]
    return not all(re.fullmatch(r"git [\w./:= -]+", line) for line in lines)


def writes(permissions: str | dict[str, str]) -> bool:
    if isinstance(permissions, str):
        return permissions != "read-all"
    return any(value not in {"read", "none"} for value in permissions.values())


def test_what_may_write_runs_no_code_of_ours_and_actions_are_pinned() -> None:
    assert faults(workflow()) == []
    jobs = workflow()["jobs"]
    assert {name for name in jobs if runs_our_code(jobs[name])} == {"test", "site"}
    assert {name for name in jobs if writes(jobs[name].get("permissions", {}))} == {
        "deploy",
        "releases",
    }


def of_job(name: str, **more: object) -> Callable[[Workflow], object]:
    return lambda workflow: workflow["jobs"][name].update(more)


def of_step(name: str, number: int, **more: object) -> Callable[[Workflow], object]:
    return lambda workflow: workflow["jobs"][name]["steps"][number].update(more)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (of_step("test", 0, uses="actions/checkout@v4"), "test: actions/checkout@v4 is not pinned"),
        (of_step("test", 0, uses="./.github/act"), "test: ./.github/act is not pinned"),
        (of_step("site", 0, **{"with": {}}), "site: keeps credentials beside our code"),
        (of_job("site", permissions={"contents": "write"}), "site: runs our code and may write"),
        (of_job("test", permissions="write-all"), "test: runs our code and may write"),
        (lambda workflow: workflow.pop("permissions"), "test: runs our code and may write"),
        (
            of_step("site", 3, env={"TOKEN": "${{ github.token }}"}),
            "site: gives our code a token",
        ),
        (
            of_step("releases", 2, run="git fetch releases.bundle releases\ntools/versions"),
            "releases: runs our code and may write",
        ),
        (
            of_step("releases", 2, run="git push; make site"),
            "releases: runs our code and may write",
        ),
        (
            of_step("test", 2, run="echo ${{ github.head_ref }}"),
            "test: puts a value into a command",
        ),
        (
            lambda workflow: workflow[True].update(pull_request_target={}),
            "runs on pull_request_target",
        ),
    ],
)
def test_a_workflow_that_gives_more_is_found_out(
    change: Callable[[Workflow], object], fault: str
) -> None:
    changed = copy.deepcopy(workflow())
    change(changed)
    assert fault in faults(changed)


def test_each_pinned_action_says_its_version_and_has_one_commit() -> None:
    used = re.findall(r"uses: (\S+)@(\S+)(.*)", TEXT)
    assert all(re.fullmatch(r"  # v\d+\.\d+\.\d+", comment) for _, _, comment in used)
    assert len({action for action, _, _ in used}) == len(set(used))


def test_the_site_is_made_by_a_python_that_all_was_tested_on() -> None:
    jobs = workflow()["jobs"]
    tested = [
        str(version) for version in jobs["test"]["steps"][1]["with"]["python-version"].split()
    ]
    assert tested[-1] == jobs["site"]["steps"][1]["with"]["python-version"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    oldest = min(tested, key=lambda version: [int(part) for part in version.split(".")])
    assert project["project"]["requires-python"] == f">={oldest}"


def test_the_branch_of_released_copies_is_handed_on_and_pushed(tmp_path: Path) -> None:
    origin, made, pushing = tmp_path / "origin.git", tmp_path / "made", tmp_path / "pushing"
    run("git init -q --bare -b main origin.git && git clone -q origin.git made 2>&1", tmp_path)
    run("git commit -q --allow-empty -m page && git push -q origin HEAD:main", made)
    run(f"git clone -q --depth 1 file://{origin} pushing", tmp_path)
    for copied in ("0.1.0", "0.2.0"):
        run("git switch -q releases 2>&1 || git switch -q --orphan releases", made)
        run(f"git commit -q --allow-empty -m {copied}", made)
        run(command("site", "bundle"), made)
        shutil.copy(made / "releases.bundle", pushing)
        run(command("releases", "push"), pushing)
        assert run("git log --format=%s -1 releases", origin) == f"{copied}\n"
    assert run("git rev-parse releases", origin) == run("git rev-parse releases", made)


def command(job: str, step: str) -> str:
    (found,) = (each["run"] for each in workflow()["jobs"][job]["steps"] if each.get("id") == step)
    return str(found)


def run(script: str, folder: Path, expect: int = 0, **environment: str) -> str:
    """Run a script as the workflow does, and return what it says."""
    person = {"NAME": "A", "EMAIL": "a@host.example"}
    git = {f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in person.items()}
    git |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    ours = {n: v for n, v in os.environ.items() if not n.startswith("GIT_")}
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=ours | git | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    return done.stdout + (done.stderr if expect else "")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout with a stand-in for making environments, and a path without any Python."""
    for tool in ("tools/pythons", ".ci/run"):
        (tmp_path / tool).parent.mkdir()
        shutil.copy(ROOT / tool, tmp_path / tool)
    for name in ("bash", "dirname", "grep", "mktemp", "rm", "tee", "mkdir", "cp"):
        (tmp_path / "bin" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    program(tmp_path / "tools" / "environment", 'mkdir -p "$2/bin"; cp "$1" "$2/bin/python"')
    add_python(tmp_path / "bin" / "python3", "3.11")
    return tmp_path


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(0o755)


def add_python(path: Path, version: str, passes: bool = True) -> None:
    """A Python that only knows its version, and whether tests pass on it."""
    program(
        path, f'[ "$1" = -c ] && echo {version} && exit\necho {version} "$@"\n{str(passes).lower()}'
    )


# It compares with the site of this very checkout, which another Python has not built.
SAME_BYTES = "test_the_real_artefacts_repeat_to_the_byte"
TESTS = f"-m pytest -q -n 2 tests/builder --deselect tests/builder/test_build.py::{SAME_BYTES}"


def pythons(machine: Path, expect: int = 0) -> list[str]:
    surroundings = {"PATH": str(machine / "bin"), "PYENV_ROOT": str(machine / "pyenv")}
    return run("tools/pythons python3 2", machine, expect, **surroundings).splitlines()


def test_the_test_that_is_left_out_is_there() -> None:
    assert f"def {SAME_BYTES}(" in (ROOT / "tests/builder/test_build.py").read_text("utf-8")


def test_a_machine_with_one_python_says_so(machine: Path) -> None:
    assert pythons(machine) == [
        "  Python 3.12: not found",
        "  Python 3.13: not found",
        "  Python 3.14: not found",
        "  besides 3.11 the build is tested on no other Python: none is here",
    ]


def test_the_build_is_tested_on_each_further_python_that_runs(machine: Path) -> None:
    program(machine / "bin" / "python3.12", "echo no version is set >&2; exit 127")
    of_pyenv = machine / "pyenv" / "versions" / "3.12.1" / "bin" / "python"
    add_python(of_pyenv, "3.12")
    add_python(machine / "bin" / "python3.13", "3.13")
    add_python(machine / "bin" / "python3.14", "3.9")
    assert pythons(machine) == [
        f"  Python 3.12: {of_pyenv}",
        f"3.12 {TESTS}",
        f"  Python 3.13: {machine / 'bin' / 'python3.13'}",
        f"3.13 {TESTS}",
        "  Python 3.14: not found",
        "  besides 3.11 the build is tested on 3.12 3.13",
    ]


def test_a_python_that_fails_is_named_and_the_others_are_tested_still(machine: Path) -> None:
    add_python(machine / "bin" / "python3.12", "3.12", passes=False)
    add_python(machine / "bin" / "python3.13", "3.13")
    said = pythons(machine, expect=1)
    assert f"3.13 {TESTS}" in said
    assert said[-1] == "pythons: the build's tests fail on Python 3.12"


def test_no_python_at_all_is_one_line(machine: Path) -> None:
    (machine / "bin" / "python3").unlink()
    assert pythons(machine, expect=1) == [
        "pythons: python3 does not run; install Python 3.11 or newer (make PYTHON=…)"
    ]


@pytest.mark.parametrize(
    ("result", "code", "reached"),
    [
        ("echo 7 passed in 2.10s", 0, 3),
        ("echo 6 passed, 1 skipped in 2.10s", 1, 3),
        ("[ $1 != test-pythons ] || echo 1 skipped in 2.10s", 1, 3),
        ("[ $1 != test-pythons ]", 1, 2),
    ],
)
def test_what_lands_is_tested_on_all_pythons_with_nothing_skipped(
    machine: Path, result: str, code: int, reached: int
) -> None:
    program(machine / "bin" / "make", f'echo "make $1"\n{result}')
    said = run(".ci/run", machine, code, PATH=str(machine / "bin"))
    targets = [line.removeprefix("make ") for line in said.splitlines() if line.startswith("make ")]
    assert targets == ["test", "test-pythons", "test-oracles"][:reached]
