"""Workers: each failure is one line that names its task, and nothing outlives a build."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from explainers.builder.workers import Task, described, workers
from explainers.errors import BuildError
from tests.builder.projects import ROOT, until

TASKS = """
    import os, signal, sys, time

    def double(n): return 2 * n
    def fail(n): return 1 / n
    def leave(code): raise SystemExit(code)
    def interrupt(_): raise KeyboardInterrupt
    def quit(code): os._exit(code)
    def die(name): os.kill(os.getpid(), getattr(signal, name))
    def deaf(seconds):
        signal.signal(signal.SIGTERM, lambda *_: None)
        time.sleep(seconds)
    def environment(_): return dict(os.environ)
    def talk(text):
        print(text)
        print(text, file=sys.stderr)
    def child(path):
        import subprocess
        made = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        open(path, "w").write(f"{os.getpid()} {made.pid}")
        time.sleep(60)
"""


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "stand_ins.py").write_text(textwrap.dedent(TASKS))
    return {"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}


def task(function: str, argument: object, limit: float = 30) -> Task:
    return Task(f"figures/{function}", f"stand_ins:{function}", argument, limit)


def failure(surroundings: dict[str, str], wrong: Task) -> str:
    """What a build says of a task that fails beside one that runs."""
    start = time.monotonic()
    with workers(2, surroundings) as pool, pytest.raises(BuildError) as raised:  # noqa: PT012
        pool.begin(task("deaf", 60))
        pool.begin(wrong)
        while True:
            pool.done()
    assert time.monotonic() - start < 10
    return str(raised.value)


def test_results_come_back_with_their_tasks(surroundings: dict[str, str]) -> None:
    with workers(2, surroundings) as pool:
        done = {d.task.argument: d.result for d in pool.all([task("double", n) for n in range(5)])}
    assert done == {0: 0, 1: 2, 2: 4, 3: 6, 4: 8}


@pytest.mark.parametrize(
    ("function", "argument", "said"),
    [
        ("fail", 0, "figures/fail: ZeroDivisionError: division by zero"),
        ("leave", 0, "figures/leave: SystemExit: 0"),
        ("interrupt", 0, "figures/interrupt: KeyboardInterrupt"),
        ("quit", 0, r"figures/quit: its process died \(exit code 0\)"),
        ("quit", 3, r"figures/quit: its process died \(exit code 3\)"),
        ("die", "SIGKILL", r"figures/die: its process died \(signal SIGKILL\)"),
        ("die", "SIGSEGV", r"figures/die: its process died \(signal SIGSEGV\)"),
        ("missing", 0, "figures/missing: AttributeError: .*missing"),
    ],
)
def test_a_task_that_fails_or_dies_is_named(
    surroundings: dict[str, str], function: str, argument: object, said: str
) -> None:
    assert re.match(said, failure(surroundings, task(function, argument)))


def test_a_task_that_does_not_end_is_named_with_its_limit(surroundings: dict[str, str]) -> None:
    said = failure(surroundings, task("deaf", 50, limit=1))
    assert said == "figures/deaf: not ready after 1 s"


def test_an_error_names_its_place_in_the_project() -> None:
    from explainers.detection import model

    with pytest.raises(ValueError, match="rates") as raised:
        model.any_fires([2.0])
    assert re.search(r"\(explainers/\S+\.py, line \d+\)$", described(raised.value))


def test_what_a_task_prints_is_not_printed(
    surroundings: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    with workers(1, surroundings) as pool:
        pool.do(task("talk", "hello"))
    assert capfd.readouterr() == ("", "")


def test_a_worker_has_the_environment_that_it_is_given(surroundings: dict[str, str]) -> None:
    with workers(1, surroundings | {"TZ": "UTC"}) as pool:
        seen = pool.do(task("environment", None))
    assert seen["TZ"] == "UTC"
    assert "PWD" not in seen


def test_no_worker_and_nothing_that_it_started_outlives_a_killed_build(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    script = textwrap.dedent(f"""
        from explainers.builder.workers import Task, workers
        with workers(1, {surroundings!r}) as pool:
            pool.do(Task("a", "stand_ins:child", {str(tmp_path / "pids")!r}, 60))
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    until(lambda: (tmp_path / "pids").is_file() and (tmp_path / "pids").read_text().count(" ") == 1)
    pids = (tmp_path / "pids").read_text().split()
    process.send_signal(signal.SIGKILL)
    process.wait()
    until(lambda: not any(running(pid) for pid in pids))


def running(pid: str) -> bool:
    """Whether a process runs; one that nobody has asked after is over."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
