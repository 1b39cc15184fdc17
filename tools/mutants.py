"""Whether tests notice a slip: python -m tools.mutants MODEL|all [N] [SEED] [JOBS].

Makes N slips in a model, one at a time, drawn by the seed, and runs its tests until one fails.
What no test notices has survived: it is shown, and makes the exit code 1. Some mutants compute
the same as before; whoever reads them decides.

The checkout stays as it is: each process has a copy to mutate.
"""

from __future__ import annotations

import math
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import Queue

from tqdm import tqdm

from explainers import catalogue, project
from tools.mutations import Mutant, places

# What computes nothing that others rest on.
_LEFT_OUT = ("__init__", "claims", "figures")
MODELS = (
    *(chapter.id for chapter in catalogue.CHAPTERS),
    "operators", "flower", "networks", "labs",
    "activations", "checks", "intervals", "kinds", "laws", "maps", "normal",
)  # fmt: skip
Tests = tuple[str, ...]

# What a process ends with that used up its limit.
_TOO_LONG = (-signal.SIGXCPU, -signal.SIGKILL)

# Ranges and defaults of arguments.
_RECORDED = "tests/test_arguments.py::test_ranges_are_the_recorded_ones"


class BadArgumentError(ValueError):
    """An argument that is not allowed; the message says what is."""


def main(arguments: list[str]) -> int:
    """Try them, and tell what became of each."""
    try:
        name, number, seed, jobs = read(arguments)
        tests = tested(project.HERE, MODELS if name == "all" else (name,))
        chosen = drawn(project.HERE, list(tests), number, seed)
        survived = survivors(project.HERE, tests, chosen, jobs)
    except BadArgumentError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    print(f"{len(survived)} of {len(chosen)} mutants of {name} survived its tests (seed {seed})")
    for mutant in survived:
        print(mutant.shown((project.HERE / mutant.file).read_bytes()))
    return int(bool(survived))


def read(arguments: list[str]) -> tuple[str, int, int, int]:
    """The model, how many mutants, the seed, and how many processes."""
    given = dict(zip(("CHAPTER", "N", "SEED", "JOBS"), arguments, strict=False))
    allowed = ("all", *MODELS)
    name = given.get("CHAPTER", "")
    if name not in allowed:
        raise BadArgumentError(f"CHAPTER must be one of {', '.join(allowed)}; got {name!r}")
    numbers = (_whole(given, "N", 20, 1), _whole(given, "SEED", 0, 0), _whole(given, "JOBS", 2, 1))
    return name, *numbers


def _whole(given: dict[str, str], name: str, default: int, least: int) -> int:
    text = given.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and int(text) >= least):
        raise BadArgumentError(f"{name} must be a whole number from {least} up; got {text!r}")
    return int(text)


def tested(root: Path, models: Iterable[str]) -> dict[str, Tests]:
    """The files of these models that compute, each with its tests: all by the model's name."""
    found: dict[str, Tests] = {}
    for name in models:
        place = root / "explainers" / name
        if place.is_dir():
            tests = (f"tests/{name}", f"explainers/{name}", _RECORDED)
            files = [f for f in sorted(place.glob("*.py")) if not f.name.startswith(_LEFT_OUT)]
        else:
            tests = (f"tests/test_{name}.py", f"explainers/{name}.py", _RECORDED)
            files = [place.with_suffix(".py")]
        found |= {file.relative_to(root).as_posix(): tests for file in files}
    return found


def drawn(root: Path, files: list[str], number: int, seed: int) -> list[Mutant]:
    """So many mutants, each in another place: the same ones for the same seed."""
    there = [place for file in files for place in places(file, (root / file).read_bytes())]
    chance = random.Random(seed)
    return [chance.choice(each) for each in chance.sample(there, min(number, len(there)))]


def survivors(
    root: Path, tests: Mapping[str, Tests], chosen: list[Mutant], jobs: int
) -> list[Mutant]:
    """Try each mutant in a copy of the project; those that no test notices."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        copies: Queue[Path] = Queue()
        first, *_ = [_copied(root, Path(folder) / str(n), copies) for n in range(jobs)]
        limits = {run: _limit(first, run) for run in {tests[mutant.file] for mutant in chosen}}

        def tried(mutant: Mutant) -> bool | None:
            copy = copies.get()
            source = (copy / mutant.file).read_bytes()
            (copy / mutant.file).write_bytes(mutant.applied(source))
            try:
                run = tests[mutant.file]
                return passes(copy, run, limits[run])
            finally:
                (copy / mutant.file).write_bytes(source)
                copies.put(copy)

        waiting = {pool.submit(tried, mutant): mutant for mutant in chosen}
        survived = set()
        for done in tqdm(as_completed(waiting), total=len(chosen), unit="mutant", disable=None):
            what = {None: "killed, too slow", False: "killed", True: "SURVIVED"}[done.result()]
            mutant = waiting[done]
            tqdm.write(f"{what}: {mutant.shown((root / mutant.file).read_bytes())}")
            survived |= {mutant} if done.result() else set()
        return [mutant for mutant in chosen if mutant in survived]


def _limit(root: Path, tests: Tests) -> int:
    """Seconds of a processor that these tests may take with a mutant, by those without."""
    before = _spent()
    if not passes(root, tests):
        raise BadArgumentError(f"without any mutant {' '.join(tests)} must pass; they do not")
    return 30 + 2 * math.ceil(_spent() - before)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _copied(root: Path, copy: Path, copies: Queue[Path]) -> Path:
    """Make a copy of the project's own files."""
    for name in project.files(root, "."):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, copy / name)
    copies.put(copy)
    return copy


def passes(root: Path, tests: Tests, limit: int | None = None) -> bool | None:
    """Whether tests pass, until the first that does not; none if that takes too long.

    The limit is of the processor's time: what else the machine does kills no mutant.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    # A mutant may be of the same length and second as what was there, and so pass for it.
    ours = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}
    if limit is not None:
        command = ["sh", "-c", f'ulimit -t {limit}; exec "$@"', "sh", *command]
    done = subprocess.run(command, cwd=root, env=ours, capture_output=True, check=False)
    return None if done.returncode in _TOO_LONG else done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
