"""The one line that refuses a bad argument, however strange the argument is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explainers.checks import as_array, reals, refuse, shown


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


def test_what_is_no_array_of_numbers_is_refused() -> None:
    assert reals("rates", [[1.0, True], [0.5, 2.0]]).tolist() == [[1, 1], [0.5, 2]]
    assert reals("rates", np.int8(3)).dtype == np.float64
    for value in ("12", b"12", 1j, None, ["a"], object()):
        with pytest.raises(ValueError, match=r"^rates must be a real number or an array of them;"):
            reals("rates", value)  # type: ignore[arg-type]


def test_masks_and_ragged_lists_are_refused() -> None:
    masked = np.ma.masked_array([0.0, 1.0], [True, False])
    for value in (masked, [masked, masked]):
        with pytest.raises(ValueError, match="rates must be an array without a mask; got"):
            reals("rates", value)
    with pytest.raises(ValueError, match=r"rates must be numbers; got \[\[1\], \[1, 1\]\]"):
        as_array("rates", [[1], [1, 1]], "numbers")
