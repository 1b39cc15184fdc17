"""Train all networks, or those of one arm with other seeds: see `make trained`."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import click

from explainers.intervals import standard_error
from explainers.project import HERE
from explainers.trained import dropping, experiment, statistics
from explainers.trained.measured import Row

FAR = 2.8
"""Standard errors that means of as many seeds differ by, at most, 95 times of 100: √2 × 1.96."""

_KEPT = HERE / ".artefacts" / "trained"  # rows with other seeds than those recorded


@click.command()
@click.option("--only", default="", help="One arm, by its id; its means are compared.")
@click.option("--seeds", default="", help="With --only: other seeds, such as 100-119.")
@click.option("--jobs", type=click.IntRange(1), default=1, help="Processes that train.")
def main(only: str, seeds: str, jobs: int) -> None:
    """Train what is not recorded yet; or train an arm anew, and compare it with its record."""
    try:
        with ProcessPoolExecutor(jobs) as executor:
            if only:
                _again(only, seeds or "100-119", executor)
            else:
                experiment.run(experiment.arms(), experiment.SEEDS, executor)
                experiment.run(
                    experiment.dropped(),
                    experiment.SEEDS,
                    executor,
                    experiment.DROPPED,
                    measuring=dropping.measure,
                )
    except ValueError as error:  # of what was asked, or of a stale record
        raise click.ClickException(str(error)) from None


def _again(only: str, seeds: str, executor: ProcessPoolExecutor) -> None:
    """Train an arm with other seeds, and print how far its means are from those recorded."""
    arm, others = experiment.named(only), _seeds(seeds)
    known = [row for row in experiment.recorded() if row.arm == only]
    if len(known) < 2:
        raise click.ClickException(f"{only} is not recorded yet: run “make trained”")
    _KEPT.mkdir(parents=True, exist_ok=True)
    again = experiment.run([arm], others, executor, _KEPT / f"{only}-{experiment.digest()}.jsonl")
    click.echo(f"{only}: recorded, with seeds {seeds}, and apart in standard errors of the first")
    for line in compared(known, again, only):
        far = " *" if abs(line.apart) > FAR else ""
        click.echo(
            f"{line.measure:28}{line.recorded:10.4f}{line.again:10.4f}{line.apart:8.1f}{far}"
        )
    click.echo(f"Of as many seeds, 95 of 100 means are within {FAR}; * is farther.")


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    try:
        found = range(int(first), int(last or first) + 1)
    except ValueError:
        found = range(0)
    if len(found) < 2:
        raise click.BadParameter(f"two seeds or more, such as 100-119; got {text!r}")
    return found


class Compared(NamedTuple):
    """Two means of a measure, and their difference in standard errors of the first."""

    measure: str
    recorded: float
    again: float
    apart: float


def compared(known: list[Row], again: list[Row], arm: str) -> list[Compared]:
    """Compare each measure of an arm, but those that are one number for all seeds."""
    found = []
    for measure in statistics.MEASURES:
        before, after = (
            list(statistics.by_seed(rows, arm, measure).values()) for rows in (known, again)
        )
        if len({*before, *after}) > 1:
            found.append(_line(measure, before, after))
    return [line for line in found if line.apart == line.apart]  # not NaN: it has such a number


def _line(measure: str, before: list[float], after: list[float]) -> Compared:
    first, second = (sum(each) / len(each) for each in (before, after))
    error = float(standard_error(before))
    difference = second - first
    apart = difference / error if error else float("inf") * (difference or float("nan"))
    return Compared(measure, first, second, apart)


if __name__ == "__main__":
    main()
