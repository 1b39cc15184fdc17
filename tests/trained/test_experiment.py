"""Runs: on any executor, taken up where they were broken off, refused if made by other code."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from explainers import digests
from explainers.trained import experiment, measured
from explainers.trained.__main__ import compared, main
from explainers.trained.arms import CONTROLS, Arm
from explainers.trained.experiment import StaleError, recorded, run
from explainers.trained.measured import Row

ARMS = [Arm("max", "max", size=100), Arm("stride", "max", size=100)]


class Here(Executor):
    """An executor that is none of Python's own: what is submitted is done at once, or fails."""

    def __init__(self, most: int = 10**6) -> None:
        self.left = most

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.left -= 1
        future: Future[Any] = Future()
        if self.left < 0:
            future.set_exception(KeyboardInterrupt())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def fake(arm: Arm, seed: int) -> Row:
    """What a network would say that is not trained."""
    moves = [seed + len(arm.id)] * 9
    return Row(arm.id, seed, 90, (0.5, 0.75), moves, [0] * 8, [1, 2, 3], None, 5, 6, (1,), (0.25,))


@pytest.mark.parametrize("executor", [Here(), ThreadPoolExecutor(3)])
def test_rows_come_in_order_and_are_kept(executor: Executor, tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    rows = run(ARMS, range(3), executor, path, quiet=True, measuring=fake)
    assert [(r.arm, r.seed) for r in rows] == [(a.id, s) for s in range(3) for a in ARMS]
    assert sorted((r.arm, r.seed) for r in rows) == [(r.arm, r.seed) for r in recorded(path, fake)]
    lines = path.read_text("utf-8").splitlines()
    assert json.loads(lines[0]) == {"code": experiment.digest(fake), "fields": list(Row._fields)}
    assert len(lines) == 7


def test_a_run_that_was_broken_off_goes_on_where_it_was(tmp_path: Path) -> None:
    path, whole = tmp_path / "records.jsonl", tmp_path / "whole.jsonl"
    run(ARMS, range(3), Here(), whole, quiet=True, measuring=fake)
    with pytest.raises(KeyboardInterrupt):
        run(ARMS, range(3), Here(4), path, quiet=True, measuring=fake)
    assert len(recorded(path, fake)) <= 4  # those that were done before, in no order
    with path.open("a", encoding="utf-8") as file:
        file.write('["max-max-circular-still-100",2,90,[0.')  # killed while it wrote
    missing = 6 - len(recorded(path, fake))
    run(ARMS, range(3), Here(missing), path, quiet=True, measuring=fake)  # and no more than these
    assert path.read_bytes() == whole.read_bytes()
    run(ARMS, range(3), Here(0), path, quiet=True, measuring=fake)
    assert not path.with_suffix(".new").exists()


def test_stale_records_say_so_and_are_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "records.jsonl"
    run(ARMS, range(2), Here(), path, quiet=True, measuring=fake)
    assert not experiment.is_stale(path, fake)
    before = path.read_bytes()
    monkeypatch.setattr(experiment, "digest", lambda _: "another")
    assert experiment.is_stale(path, fake)
    with pytest.raises(StaleError, match="made by other code or of other data"):
        recorded(path, fake)
    with pytest.raises(StaleError, match="made by other code or of other data"):
        run(ARMS, range(3), Here(), path, quiet=True, measuring=fake)
    assert path.read_bytes() == before


def test_the_digest_knows_all_code_that_a_row_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = experiment.digest(), digests.code_lines
    for module in (
        *(f"trained.{name}" for name in ("arms", "digits", "layers", "measured", "model")),
        *(f"operators.{name}" for name in ("blurring", "folds", "pooling", "sampling")),
    ):
        changed = f"explainers.{module}"
        monkeypatch.setattr(
            digests,
            "code_lines",
            lambda m, changed=changed: real(m) + ["changed"] * (m == changed),
        )
        experiment.digest.cache_clear()
        assert experiment.digest() != before
    monkeypatch.undo()
    experiment.digest.cache_clear()
    assert experiment.digest() == before


def test_a_process_pool_trains_what_one_process_does(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1) as executor:
        rows = run(ARMS[1:], [3], executor, tmp_path / "records.jsonl", quiet=True)
    alone = measured.measure(ARMS[1], 3)
    assert rows == [alone]
    assert recorded(tmp_path / "records.jsonl") == [Row(*json.loads(json.dumps(alone)))]


def test_arms() -> None:
    arms = experiment.arms()
    assert len({arm.id for arm in arms}) == len(arms) == 92
    assert all(experiment.named(arm.id) == arm for arm in arms)
    for readout, controls in CONTROLS.items():
        assert {Arm(name, readout) for name in controls} <= set(arms)
    assert Arm("none", "max", moved=True) not in arms
    assert Arm("none", "flatten", moved=True) in arms


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only", "max"], "arm must be one of those recorded"),
        (["--only", ARMS[0].id, "--seeds", "7"], "two seeds or more, such as 100-119; got '7'"),
        (["--only", ARMS[0].id, "--seeds", "few"], "two seeds or more, such as 100-119; got 'few'"),
        (["--only", ARMS[0].id], "is not recorded yet"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_a_line(
    options: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment, "recorded", list)
    found = CliRunner().invoke(main, options)
    assert found.exit_code
    assert said in found.output
    assert "Traceback" not in found.output


def test_a_rerun_is_compared_in_standard_errors() -> None:
    arm = ARMS[0].id
    known = [fake(ARMS[0], seed) for seed in range(20)]
    again = [fake(ARMS[0], seed) for seed in range(100, 110)]
    lines = {line.measure: line for line in compared(known, again, arm)}
    assert "loss" not in lines  # the same for all
    assert "accuracy, larger canvas" not in lines
    line = lines["accuracy"]
    error = (sum((s - 9.5) ** 2 for s in range(20)) / 19 / 20) ** 0.5
    assert line.apart == pytest.approx((104.5 - 9.5) / error)
    assert line.again - line.recorded == pytest.approx(95 / 500)
