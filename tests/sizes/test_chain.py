"""The report of a chain, from sets of rows that are followed forward."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.sizes import chain
from explainers.sizes.model import Pool
from tests.sizes.reference import outputs, rows_unseen

repeatable = settings(deadline=None, derandomize=True, max_examples=60)


@st.composite
def some_pools(draw: st.DrawFn) -> list[Pool]:
    kernel = draw(st.integers(1, 4))
    one = Pool(
        kernel,
        draw(st.none() | st.integers(1, 5)),
        draw(st.integers(0, kernel // 2)),
        draw(st.integers(1, 3)),
        draw(st.booleans()),
    )
    return [one] * draw(st.integers(1, 3))


def breaks(size: int, pools: list[Pool]) -> bool:
    for pool in pools:
        size = outputs(size, pool)
        if size < 1:
            return True
    return False


def fine(size: int, pools: list[Pool]) -> bool:
    return not breaks(size, pools) and not rows_unseen(size, pools)


@repeatable
@given(st.integers(1, 50), some_pools())
def test_sizes_that_work_by_sets_of_rows(size: int, pools: list[Pool]) -> None:
    assert chain.works(size, pools) is fine(size, pools)


@repeatable
@given(st.integers(1, 40), some_pools())
def test_the_nearest_sizes_by_trying_them(size: int, pools: list[Pool]) -> None:
    below = [n for n in range(1, size) if fine(n, pools)]
    begin = next(n for n in range(size + 1, 500) if not breaks(n, pools))
    above = next((n for n in range(begin, begin + 50) if fine(n, pools)), None)
    assert chain.nearest(size, pools, 50) == (below[-1] if below else None, above)


@repeatable
@given(some_pools())
def test_the_least_size_by_trying_them(pools: list[Pool]) -> None:
    tried = next((n for n in range(1, 500) if not breaks(n, pools)), None)
    assert tried is not None
    assert chain.least(pools) == tried


def test_of_two_by_two_the_nearest_are_the_multiples() -> None:
    for depth in range(1, 8):
        step = 2**depth
        pools = [Pool(2)] * depth
        assert chain.least(pools) == step
        for size in (1, step - 1, step, step + 1, 5 * step - 1, 5 * step):
            assert chain.works(size, pools) is (size % step == 0)
            below, above = (size - 1) // step * step, (size // step + 1) * step
            assert chain.nearest(size, pools) == (below or None, above)


def test_what_is_too_far_is_not_looked_for() -> None:
    deep = [Pool(2)] * 11
    assert chain.nearest(2048 + 1, deep) == (2048, None)
    assert chain.nearest(2 * 2048 - 1, deep) == (None, 2 * 2048)
    assert chain.nearest(2048 + 1024, deep) == (2048, 2 * 2048)
    assert chain.nearest(2048 + 1025, deep) == (None, 2 * 2048)
    assert chain.nearest(2048 + 1023, deep) == (2048, None)
    assert chain.nearest(1, deep) == (None, 2048)  # from the least one on that does not break
    assert chain.least([Pool(2)] * 16) == 65536
    assert chain.nearest(65536, [Pool(2)]) == (65534, None)
    assert chain.least([Pool(2)] * 17) is None
    assert chain.nearest(40, [Pool(2)] * 17) == (None, None)


def test_a_report_says_it_of_each_axis() -> None:
    found = chain.report((37, 64), 4)
    rows, columns = found.axes
    assert (rows.chain.sizes, columns.chain.sizes) == ((37, 18, 9, 4, 2), (64, 32, 16, 8, 4))
    assert rows.unseen == ((), ((36, 36),), ((36, 36),), ((32, 36),), ((32, 36),))
    assert columns.unseen == ((),) * 5
    assert (rows.works, columns.works) == (False, True)
    assert (found.breaks_at, found.least) == (None, 16)
    assert chain.report((37, 5), 4).breaks_at == 3
    assert chain.report((3, 5), 4).breaks_at == 2


@pytest.mark.parametrize("stride", [None, 1, 2, 3, 5])
@pytest.mark.parametrize("dilation", [1, 2])
def test_runs_are_the_rows_that_nothing_sees(stride: int | None, dilation: int) -> None:
    for size in (5, 8, 16, 29):
        [axis] = chain.report([size], 2, 3, stride, 1, dilation).axes
        pool = Pool(3, stride, 1, dilation)
        for number, runs in enumerate(axis.unseen):
            rows = [row for first, last in runs for row in range(first, last + 1)]
            assert rows == rows_unseen(size, [pool] * number)
            assert all(a[1] + 1 < b[0] for a, b in itertools.pairwise(runs))


def test_a_record_is_plain_data() -> None:
    record = chain.as_record(chain.report([5, 37], 4, 3, stride=2, padding=1, ceil_mode=True))
    assert json.loads(json.dumps(record)) == record
    assert (record["window"], record["stride"], record["padding"]) == (3, 2, 1)
    assert (record["dilation"], record["ceil_mode"]) == (1, True)
    assert record["size"] == [5, 37]
    assert chain.as_record(chain.report([5], 4, 3))["stride"] == 3


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (([37], 4), "Rows: 37 loses 5. The nearest sizes that lose no row: 32 and 48."),
        (([64], 4), "Rows: 64 loses none. The nearest other sizes that lose no row: 48 and 80."),
        (([16], 4), "Rows: 16 loses none. The nearest other size that loses no row: 32."),
        (
            ([9], 4),
            "Rows: 9 breaks at pool 4, which would give 0. The nearest size that loses no row: 16.",
        ),
        (([40], 2, 2, 3), "Rows: 40 loses 24. Every size within 1,024 breaks or loses a row."),
        (
            ([4], 3, 2, 3),
            "Rows: 4 breaks at pool 2, which would give 0; the least that does not is 14. "
            "Every size within 1,024 breaks or loses a row.",
        ),
        (
            ([3], 2, 3, 1),
            "Rows: 3 breaks at pool 2, which would give −1. The nearest size that loses no row: 5.",
        ),
        (
            ([9], 16, 3, 2),
            "Rows: 9 breaks at pool 3, which would give 0. So does each size up to 65,536.",
        ),
    ],
)
def test_what_is_said_of_a_size(arguments: tuple[list[int], *tuple[int, ...]], last: str) -> None:
    assert chain.as_text(chain.report(*arguments)).splitlines()[-1] == last


def test_what_is_lost_is_called_by_its_axis() -> None:
    rows, columns = chain.as_text(chain.report([37, 16], 4)).splitlines()[-2:]
    assert rows == "Rows: 37 loses 5. The nearest sizes that lose no row: 32 and 48."
    assert columns == "Columns: 16 loses none. The nearest other size that loses no column: 32."
    slices = chain.as_text(chain.report([40, 8, 8], 2, 2, 3)).splitlines()[-3]
    assert slices == "Slices: 40 loses 24. Every size within 1,024 breaks or loses a slice."


def test_rows_are_listed_in_runs_and_not_without_end() -> None:
    lines = chain.as_text(chain.report([40], 2, 2, stride=3)).splitlines()
    assert lines[2] == "pool 1    13  14 (2, 5, 8, …)"
    assert lines[-2] == "2 poolings: windows of 2, stride 3. Counted from 0."
    lines = chain.as_text(chain.report([5000], 3, 5, 5, 2, 2, ceil_mode=True)).splitlines()
    assert lines[1].startswith("map     5,000  none")
    assert lines[-2].startswith("3 poolings: windows of 5, stride 5, padding 2, dilation 2, ceil m")
    assert chain.as_text(chain.report([4])).splitlines()[-2].startswith("1 pooling: windows of 2")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2, 3, 4],), "size must be at most 3 sides; got"),
        (([8], 1, 2, None, 2), "padding must be at most half of window 2; got 2"),
    ],
)
def test_what_depends_on_two_arguments_is_refused(
    arguments: tuple[list[int], *tuple[int | None, ...]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        chain.report(*arguments)  # type: ignore[arg-type]


def test_the_table_has_the_size_that_no_map_can_have() -> None:
    """By the rule, two rows and windows of seven with a stride of two: (2 − 7) / 2 + 1, down."""
    line = chain.as_text(chain.report([2], 1, 7, stride=2)).splitlines()[2]
    assert line.split() == ["pool", "1", "−2", "no", "window"]
