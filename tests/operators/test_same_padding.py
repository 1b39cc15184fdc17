"""TensorFlow's padding SAME: by hand, by its documentation's own two cases, and by counting."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.operators import same_padding

seeded = settings(max_examples=300, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "expected"),
    [
        (5, 1, 1, (0, 0)),
        (5, 3, 1, (1, 1)),  # 5 windows span 7
        (5, 2, 1, (0, 1)),  # ... 6: the odd one at the end
        (10, 6, 1, (2, 3)),  # ... 15, and 5 is odd
        (224, 7, 2, (2, 3)),  # 112 windows span 111 · 2 + 7 = 229
        (225, 7, 2, (3, 3)),  # 113 windows span 231
        (112, 3, 2, (0, 1)),  # 56 windows span 113
        (113, 3, 2, (1, 1)),  # 57 windows span 115
        (6, 2, 2, (0, 0)),
        (5, 2, 2, (0, 1)),  # 3 windows span 6
        (13, 6, 5, (1, 2)),  # 3 windows span 16
        (6, 2, 3, (0, 0)),  # the stride leaps over what is left
        (7, 2, 3, (0, 1)),  # 3 windows span 8
        (7, 1, 3, (0, 0)),
        (1, 3, 2, (1, 1)),
        (1, 4, 9, (1, 2)),
    ],
)
def test_by_hand(size: int, kernel_size: int, stride: int, expected: tuple[int, int]) -> None:
    assert same_padding(size, kernel_size, stride) == expected


@seeded
@given(st.integers(1, 60), st.integers(1, 20), st.integers(1, 20))
def test_it_is_the_least_with_which_so_many_windows_fit(
    size: int, kernel: int, stride: int
) -> None:
    windows = len(range(0, size, stride))
    begin, end = same_padding(size, kernel, stride)
    least = next(
        more for more in count() if len(range(0, size + more - kernel + 1, stride)) >= windows
    )
    assert begin + end == least
    assert end - begin in (0, 1)


@seeded
@given(st.integers(1, 60), st.integers(1, 20), st.integers(1, 20))
def test_it_is_the_rule_of_the_documentation(size: int, kernel: int, stride: int) -> None:
    """There, in two cases: whether the stride divides the size."""
    taken = stride if size % stride == 0 else size % stride
    assert sum(same_padding(size, kernel, stride)) == max(kernel - taken, 0)


@pytest.mark.parametrize("name", ["size", "kernel_size", "stride"])
@pytest.mark.parametrize("wrong", [0, -1, 2.0, True, (2, 2), None, 2**31])
def test_refusals_name_argument_value_and_what_is_allowed(name: str, wrong: Any) -> None:
    given_sizes: dict[str, Any] = {"size": 5, "kernel_size": 3, "stride": 2, name: wrong}
    with pytest.raises(ValueError, match="; got ") as refusal:
        same_padding(**given_sizes)
    allowed = f"{name} must be a whole number in [1, 2147483647]; got {wrong}"
    assert str(refusal.value) == allowed


def test_the_largest_sizes_are_taken() -> None:
    most = 2**31 - 1
    assert same_padding(most, most, most) == (0, 0)
    assert same_padding(1, most, 1) == (2**30 - 1, 2**30 - 1)
