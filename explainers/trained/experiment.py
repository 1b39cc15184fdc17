"""All networks trained and measured, on any executor; what came out is recorded, one row a network.

The full grid would be thirteen networks, three readouts, two borders, trained at one place or
moved, on three numbers of pictures: 468 arms, some six hours on two cores for twenty seeds, as each
arm is trained as long as it needs (`explainers.trained.model.SCHEDULES`). Trained are the arms that
answer a question:

- every pooling × readout, circular, at one place, on 1,297 pictures;
- the same on 100 pictures, behind a readout that flattens or a global max;
- the same on 300 pictures, behind one that flattens;
- every pooling × readout, circular, on 1,297 moved pictures; and on 100, behind one that flattens,
  where augmentation should help most;
- every pooling with zeros beyond the border, at one place, on 1,297 pictures, behind a readout that
  flattens or a global max;
- the controls, circular, at one place, on 1,297 pictures;
- no pooling, with dropout, circular, at one place, flattened, on each number of pictures: these are
  `DROPPED`, and recorded in a file of their own.

Left out are:

- no pooling or dense max, behind a global readout, circular, on moved pictures: all of these maps
  move with the picture, so that each step is the same, but for rounding, as at one place;
- for the time that they take: a global mean on fewer pictures or with zeros beyond the border, as
  it is trained longest; a global max on 300 pictures, and on 100 moved ones;
- moved pictures with zeros beyond the border, and on 300 pictures;
- controls on fewer or moved pictures, or with zeros beyond the border;
- no pooling at the parameters of max pooling where the readout flattens: that leaves the last stage
  one channel. (All seven poolings have the same parameters where it does not.)
- moves down or askew, deeper networks, other kernels, other rates and lengths of training, weight
  decay, dropout elsewhere or with pooling, and normalisation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Annotated, TypeAlias

from tqdm import tqdm

from explainers import digests
from explainers.checks import refuse
from explainers.kinds import Text, checked
from explainers.trained import measured
from explainers.trained.arms import CONTROLS, Arm
from explainers.trained.digits import SIZES
from explainers.trained.layers import POOLINGS, READOUTS
from explainers.trained.measured import Row

SEEDS = range(20)
"""Those whose networks are recorded."""
RECORDS = Path(str(files("explainers.trained"))) / "records.jsonl"
DROPPED = RECORDS.with_name("dropped.jsonl")
"""Records of the networks trained with dropout."""
Measuring: TypeAlias = Callable[[Arm, int], Row]
"""What trains and measures one network."""

_MOVES_WITH_THE_PICTURE = ("none", "dense")  # at each pixel, if circular


class StaleError(ValueError):
    """The records were made by other code or of other data."""


# ---- What is trained ----


def arms() -> tuple[Arm, ...]:
    """All arms that are recorded.

    >>> len(arms()), arms()[0].id
    (92, 'none-flatten-circular-still-1297')
    """
    few, middle, many = SIZES
    return (
        *_every(POOLINGS, READOUTS, size=many),
        *_every(POOLINGS, ("flatten", "max"), size=few),
        *_every(POOLINGS, ("flatten",), size=middle),
        *_every(POOLINGS, READOUTS, size=many, moved=True),
        *_every(POOLINGS, ("flatten",), size=few, moved=True),
        *_every(POOLINGS, ("flatten", "max"), size=many, border="zeros"),
        *(Arm(network, readout) for readout in READOUTS for network in CONTROLS[readout]),
    )


def dropped() -> tuple[Arm, ...]:
    """The arms that are trained with dropout, too."""
    return tuple(Arm("none", size=size) for size in SIZES)


def _every(
    networks: Iterable[str],
    readouts: Iterable[str],
    *,
    size: int,
    border: str = "circular",
    moved: bool = False,
) -> list[Arm]:
    """Each network with each readout, but for those that moved pictures are nothing new to."""
    return [
        Arm(network, readout, border, moved, size)
        for readout, network in product(readouts, networks)
        if not (moved and readout != "flatten" and network in _MOVES_WITH_THE_PICTURE)
    ]


@checked
def named(id: Annotated[str, Text()]) -> Arm:
    """The recorded arm of that name.

    >>> named("max-max-circular-still-100").size
    100
    >>> named("max")
    Traceback (most recent call last):
    ValueError: arm must be one of those recorded, such as max-max-circular-still-1297; got 'max'
    """
    known = {arm.id: arm for arm in arms()}
    if id not in known:
        example = Arm("max", "max").id
        refuse("arm", id, f"one of those recorded, such as {example}")
    return known[id]


# ---- Running ----


@checked
def run(
    arms: Sequence[Arm],
    seeds: Sequence[int],
    executor: Executor,
    path: Path = RECORDS,
    quiet: bool = False,
    measuring: Measuring = measured.measure,
) -> list[Row]:
    """Train and measure a network of each arm for each seed, and record it when it is done.

    What the file has already is not done again, so that a run that was broken off is taken up where
    it was. Seed by seed, so that the arms can be compared before all is done.

    Parameters
    ----------
    arms, seeds
        Which networks.
    executor
        Where they are trained: any of `concurrent.futures`' kind. Its workers need this package.
    path
        File that keeps the rows.
    quiet
        Whether to show no progress.
    measuring
        How a network is trained and measured.

    Returns
    -------
    list[Row]
        Of these arms and seeds, in order.

    Raises
    ------
    StaleError
        If the file was begun with other code or data.
    """
    known = {
        (row.arm, row.seed): row for row in (recorded(path, measuring) if path.exists() else ())
    }
    wanted = [(arm, seed) for seed in seeds for arm in arms]
    waiting = [(arm, seed) for arm, seed in wanted if (arm.id, seed) not in known]
    _write(path, known.values(), measuring)  # anew: a line that was cut short is gone
    progress = tqdm(total=len(wanted), initial=len(wanted) - len(waiting), disable=quiet)
    with path.open("a", encoding="utf-8") as file, progress:
        for row in _done(executor, waiting, measuring):
            known[row.arm, row.seed] = row
            file.write(_line(row))
            file.flush()
            progress.update()
    _write(path, known.values(), measuring)
    return [known[arm.id, seed] for arm, seed in wanted]


def _done(
    executor: Executor, waiting: Sequence[tuple[Arm, int]], measuring: Measuring
) -> Iterator[Row]:
    """Rows as they are done; if one fails, or nobody waits any more, the others are called off."""
    futures = [executor.submit(measuring, arm, seed) for arm, seed in waiting]
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


# ---- Records ----


@cache
def digest(measuring: Measuring = measured.measure) -> str:
    """A digest of all code and data that a row depends on."""
    state = hashlib.sha256(files("explainers.trained").joinpath("digits.npz").read_bytes())
    for module in digests.reached(measuring.__module__):
        state.update("\n".join([module, *digests.code_lines(module)]).encode())
    return state.hexdigest()[:16]


def recorded(path: Path = RECORDS, measuring: Measuring = measured.measure) -> list[Row]:
    """The rows of a file, by arm and seed.

    Raises
    ------
    StaleError
        If they were made by other code or of other data.
    """
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    if json.loads(head)["code"] != digest(measuring):
        raise StaleError(
            f"{path.name} was made by other code or of other data: remove it, and “make trained”"
        )
    return sorted(_rows(lines), key=_place)


def is_stale(path: Path = RECORDS, measuring: Measuring = measured.measure) -> bool:
    """Whether the records were made by other code or of other data."""
    try:
        recorded(path, measuring)
    except StaleError:
        return True
    return False


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    """A line that was cut short is nothing."""
    for line in lines:
        try:
            yield Row(*json.loads(line))
        except ValueError:
            continue


def _place(row: Row) -> tuple[str, int]:
    return row.arm, row.seed


def _write(path: Path, rows: Iterable[Row], measuring: Measuring) -> None:
    """Write a file of rows, in order, in one go."""
    head = json.dumps({"code": digest(measuring), "fields": Row._fields})
    beside = path.with_suffix(".new")
    lines = (_line(row) for row in sorted(rows, key=_place))
    beside.write_text(head + "\n" + "".join(lines), encoding="utf-8")
    beside.replace(path)


def _line(row: Row) -> str:
    return json.dumps(row, separators=(",", ":")) + "\n"
