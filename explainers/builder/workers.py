"""Processes that do the work: one task at a time each, with a time limit, named if they die.

A worker is a fresh interpreter in surroundings of its own, in a session of its own: an interrupt
at the keyboard reaches the build alone, which ends its workers with all that they have started.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any

import explainers
from explainers.errors import BuildError, one_line


@dataclass(frozen=True)
class Task:
    """A function of the package to call in a worker.

    Attributes
    ----------
    name
        What a message calls it.
    function
        ``module:function``; it takes the argument, and both it and the result must pickle.
    limit
        Seconds that it may take.
    """

    name: str
    function: str
    argument: Any
    limit: float


@dataclass(frozen=True)
class Done:
    """A task that was done, and what it returned."""

    task: Task
    result: Any


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    pipe: Connection
    task: Task | None = None
    since: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds left of its task's time."""
        assert self.task is not None
        return self.since + self.task.limit - time.monotonic()


class Workers:
    """A number of workers, started as they are needed."""

    def __init__(self, number: int, environment: Mapping[str, str]) -> None:
        self.number = number
        self.environment = environment
        self._workers: list[_Worker] = []

    @property
    def free(self) -> int:
        """How many more tasks they can take on now."""
        return self.number - sum(worker.task is not None for worker in self._workers)

    def begin(self, task: Task) -> None:
        """Give the task to a worker that has none."""
        worker = next((w for w in self._workers if w.task is None), None)
        if worker is None:
            worker = self._started()
            self._workers.append(worker)
        worker.task, worker.since = task, time.monotonic()
        with suppress(OSError):  # it has died: that is found below, and named
            worker.pipe.send(task)

    def do(self, task: Task) -> Any:
        """Do one task, and return what it returned."""
        return next(self.all([task])).result

    def all(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Do all these tasks, in any order."""
        waiting = list(tasks)
        while waiting or self.free < self.number:
            while waiting and self.free:
                self.begin(waiting.pop())
            yield from self.done()

    def done(self) -> list[Done]:
        """Wait until a task is done, or more; a task that failed is a `BuildError`."""
        busy = [worker for worker in self._workers if worker.task is not None]
        if not busy:
            return []
        left = min(worker.left for worker in busy)
        ready = wait([worker.pipe for worker in busy], timeout=max(0.0, left))
        for worker in busy:
            if worker.pipe not in ready and worker.left <= 0:
                assert worker.task is not None
                raise BuildError(f"{worker.task.name}: not ready after {worker.task.limit:g} s")
        return [_received(worker) for worker in busy if worker.pipe in ready]

    def end(self) -> None:
        """End all workers, whatever they do, with all that they have started."""
        for worker in self._workers:
            _end(worker.process.pid)
        for worker in self._workers:
            worker.process.communicate()
            worker.pipe.close()
        self._workers.clear()

    def _started(self) -> _Worker:
        ours, theirs = Pipe()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=self.environment["HOME"],
                env=dict(self.environment) | {"PYTHONPATH": _path(self.environment)},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return _Worker(process, ours)


@contextmanager
def workers(number: int, environment: Mapping[str, str]) -> Iterator[Workers]:
    """Workers that are ended when the block is left, however it is left."""
    made = Workers(number, environment)
    try:
        yield made
    finally:
        made.end()


def _path(environment: Mapping[str, str]) -> str:
    """Where a worker finds modules: this very package first."""
    own = str(Path(explainers.__file__).parents[1])
    return os.pathsep.join(filter(None, [own, environment.get("PYTHONPATH", "")]))


def _received(worker: _Worker) -> Done:
    task, worker.task = worker.task, None
    assert task is not None
    try:
        succeeded, result = worker.pipe.recv()
    except (EOFError, OSError, pickle.UnpicklingError):
        code = worker.process.wait()
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        raise BuildError(f"{task.name}: its process died ({how})") from None
    if not succeeded:
        raise BuildError(f"{task.name}: {result}")
    return Done(task, result)


def _end(process: int) -> None:
    with suppress(OSError):
        os.killpg(process, signal.SIGKILL)


# ---- In the worker ----


def main(handle: int) -> None:
    """Do the tasks that come through the pipe, one after the other."""
    # A build makes much and throws little away: looking for it would take a tenth of its time.
    gc.set_threshold(100_000, 50, 1000)
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    pipe = Connection(handle)
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_answer(pipe.recv()))


def _answer(task: Task) -> tuple[bool, Any]:
    module, _, name = task.function.partition(":")
    try:
        return True, getattr(importlib.import_module(module), name)(task.argument)
    except (
        BaseException
    ) as error:  # SystemExit too: a figure must not end a build as if it were done
        return False, one_line(described(error))


def described(error: BaseException) -> str:
    """What went wrong, and where in the project."""
    if isinstance(error, BuildError):
        return str(error)
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        return f"{text} ({_relative(error.filename)})"
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        f for f in frames if f"{os.sep}explainers{os.sep}" in f.filename and f.filename != __file__
    ]
    return f"{text} ({_relative(own[-1].filename)}, line {own[-1].lineno})" if own else text


def _relative(file: str) -> str:
    root = Path(explainers.__file__).parents[1]
    path = Path(file)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


def _end_with_the_build() -> None:
    """Let no worker outlive a build that was killed: then nothing holds its standard input."""
    os.read(sys.stdin.fileno(), 1)  # not through a buffer, whose lock a fork would inherit
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]))
