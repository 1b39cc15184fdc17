"""The one line that refuses a bad argument, however strange the argument is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from explainers.checks import (
    at_least_zero,
    choice,
    integer,
    integers,
    probabilities,
    reals,
    refuse,
    shown,
    text,
)


def bomb(levels: int) -> list[Any]:
    """A list of nine times the same list of nine times the same list, and so on."""
    nested: list[Any] = ["x"] * 9
    for _ in range(levels):
        nested = [nested] * 9
    return nested


def itself() -> list[Any]:
    own: list[Any] = []
    own.append(own)
    return own


@pytest.mark.parametrize(
    "value",
    [
        10**5000,
        -(10**5000),
        "a" * 10**6,
        "line\nline\x1b[31m\u202e",
        b"\n" * 10**6,
        [0] * 10**6,
        [10**5000],
        dict.fromkeys(range(10**4), "\n"),
        bomb(9),
        itself(),
        np.zeros((1000, 1000)),
        np.float64(0.1),
        np.dtype("float32"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_value_is_shown_on_one_short_printable_line(value: object) -> None:
    assert len(shown(value)) <= 60
    assert shown(value).isprintable()
    with pytest.raises(ValueError, match="n must be small; got ") as error:
        refuse("n", value, "small")
    assert len(str(error.value)) < 90


def test_short_values_are_shown_as_python_writes_them() -> None:
    values = [3, 2.5, True, None, "two", (1, 2), [1, 2], ((0, 5), (5, 0)), {"a": 1}, 2**70]
    assert [shown(value) for value in values] == [repr(value) for value in values]
    assert shown(np.float64(2.5)) == "2.5"
    assert shown(-(10**41)) == "a number of 42 digits"
    assert shown([1, 10**41]) == "[1, a number of 42 digits]"


@pytest.mark.parametrize("check", [reals, probabilities, at_least_zero])
def test_masks_and_ragged_lists_are_refused(check: Callable[..., Any]) -> None:
    masked = np.ma.masked_array([0.0, 1.0], [True, False])
    for value in (masked, [masked, masked]):
        with pytest.raises(ValueError, match="rates must be an array without a mask; got"):
            check("rates", value)
    with pytest.raises(ValueError, match=r"rates must be .*; got \[\[1\], \[1, 1\]\]"):
        check("rates", [[1], [1, 1]])


@pytest.mark.parametrize("value", [2**53, 2**53 + 1, -(2**60), 1e300])
def test_whole_numbers_that_float64_skips_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"seeds must be below 2\*\*53 in size; got"):
        integers("seeds", [0, value], low=-(2**62))
    assert integers("seeds", [2**53 - 1], low=0).tolist() == [2**53 - 1]


def test_a_huge_whole_number_is_refused_by_its_length() -> None:
    with pytest.raises(ValueError, match=r"n must be .* \[1, 9\]; got a number of 5001 digits"):
        integer("n", 10**5000, 1, 9)


def test_of_many_choices_some_are_named() -> None:
    with pytest.raises(ValueError, match=r"^layer must be one of 'a0', .*'a39', \.\.\.; got 'b'$"):
        choice("layer", "b", [f"a{n}" for n in range(10**4)])
    with pytest.raises(ValueError, match=r"^mode must be one of 'x', 'y'; got \['x'\]$"):
        choice("mode", ["x"], {"x": 1, "y": 2})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", [3, None, ["a"], "a\nb", "\x1b[31m", "a\u202eb", "\ud800", "a" * 201]
)
def test_texts_are_short_and_printable(value: Any) -> None:
    with pytest.raises(ValueError, match="name must be a text of at most 200 printable") as error:
        text("name", value)
    assert str(error.value).isprintable()
    assert text("name", "Schicht 1 – über π") == "Schicht 1 – über π"
