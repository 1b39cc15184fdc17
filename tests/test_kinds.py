"""Kinds of arguments: what each allows, what it makes of it, what it says; and who checks when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import ArrayLike

from explainers.kinds import (
    Choice,
    Each,
    Exact,
    Flag,
    Kind,
    Number,
    Seed,
    Share,
    Text,
    Whole,
    check_fields,
    checked,
    kept,
    kinds_of,
)
from tests.wrong import wrong as wrong_ones

ALLOWED: list[tuple[Kind, str]] = [
    (Number(), "a finite number"),
    (Number(0), "a finite number ≥ 0"),
    (Number(0, open=True), "a finite number above 0"),
    (Number(high=2), "a finite number ≤ 2"),
    (Number(high=2, open=True), "a finite number below 2"),
    (Number(0, 1), "a number in [0, 1]"),
    (Number(0, 1, open=True), "a number above 0 and below 1"),
    (Number(-0.5, 1e6, many=True), "numbers in [-0.5, 1000000], separated by commas"),
    (Whole(), "a whole number"),
    (Whole(1), "a whole number ≥ 1"),
    (Whole(high=9), "a whole number ≤ 9"),
    (Whole(1, 2**31), "a whole number in [1, 2147483648]"),
    (Whole(1, 9, many=True), "whole numbers in [1, 9], separated by commas"),
    (Whole(1, 9, many=4), "4 whole numbers in [1, 9], separated by commas"),
    (Each(Number(0, 1)), "a number in [0, 1], or an array of them"),
    (Choice(("max", "mean")), "one of max, mean"),
    (Choice((1, 2, 4)), "one of 1, 2, 4"),
    (Choice(tuple(range(50))), f"one of {', '.join(map(str, range(40)))}, ..."),
    (Flag(), "True or False"),
    (Exact(0, 1), "a number in [0, 1]"),
    (Text(), "a text of at most 200 printable characters"),
]


@pytest.mark.parametrize(("kind", "words"), ALLOWED, ids=str)
def test_a_kind_says_what_it_allows(kind: Kind, words: str) -> None:
    assert kind.allowed == words


GIVEN: list[tuple[Kind, Any, Any]] = [
    (Number(0, 1), 0, 0.0),
    (Number(0, 1), 1, 1.0),
    (Number(0, 1), np.float32(0.5), 0.5),
    (Number(), -1e300, -1e300),
    (Number(0, 9), np.int8(3), 3.0),
    (Number(0, 1, open=True), 1e-300, 1e-300),
    (Number(0, 1, many=True), 0.5, (0.5,)),
    (Number(0, 1, many=True), [0, 1], (0.0, 1.0)),
    (Number(0, many=True), np.array([0.5, 2]), (0.5, 2.0)),
    (Whole(1, 4), 1, 1),
    (Whole(1, 4), np.uint8(4), 4),
    (Whole(-(10**40)), -(10**40), -(10**40)),
    (Whole(1, 4, many=True), range(1, 5), (1, 2, 3, 4)),
    (Whole(1, 4, many=4), range(1, 5), (1, 2, 3, 4)),
    (Choice(("a", "b")), "b", "b"),
    (Choice((1, 2, 4)), np.int64(4), 4),
    (Flag(), np.True_, True),
    (Flag(), False, False),
    (Exact(0, 1), 1, Fraction(1)),
    (Exact(0, 1), Fraction(1, 3), Fraction(1, 3)),
    (Exact(0, 1), 0.5, 0.5),
    (Text(), "Schicht 1 – über π", "Schicht 1 – über π"),
    (Text(), "a" * 200, "a" * 200),
]


@pytest.mark.parametrize(("kind", "given", "made"), GIVEN, ids=str)
def test_what_is_allowed_becomes_pythons_own(kind: Kind, given: Any, made: Any) -> None:
    found = kind.check("x", given)
    assert found == made
    first = found[0] if isinstance(found, tuple) else found
    assert isinstance(first, int | float | str | Fraction)
    assert not isinstance(first, np.generic)


REFUSED: list[tuple[Kind, list[Any]]] = [
    (Number(0, 1), [-1e-9, 1 + 1e-9, math.nan, math.inf, "0.5", None, True, [0.5], 1j]),
    (Number(), [math.nan, math.inf, -math.inf, np.array([1.0])]),
    (Number(0, 1, open=True), [0, 1]),
    (Number(0, 1, many=2), [[0.5], [0.5, 0.5, 0.5], 0.5, [0.5, 2]]),
    (Number(0, 1, many=True), [[], [0.5, 2], [math.nan], "0.5", [True]]),
    (Whole(1, 4), [0, 5, 2.0, "2", None, True, np.bool_(True), math.nan, [2]]),
    (Whole(1, 4, open=True), [1, 4]),
    (Choice(("a", "b")), ["c", "", None, ["a"], 1, np.array("a")]),
    (Choice((1, 2, 4)), [3, "1", True, 1.0]),
    (Flag(), [0, 1, "True", None]),
    (Exact(0, 1), [Fraction(4, 3), -1, 1.5, math.nan, True, "1/2", 1j]),
    (Text(), ["a" * 201, "a\u202eb", ["a"], b"a"]),
]


@pytest.mark.parametrize(("kind", "wrong"), REFUSED, ids=str)
def test_what_is_not_allowed_is_refused_in_one_line(kind: Kind, wrong: list[Any]) -> None:
    for value in (*wrong, *wrong_ones(kind)):
        with pytest.raises(ValueError, match=r"^x must be .+; got ") as error:
            kind.check("x", value)
        assert kind.allowed in str(error.value)


def test_each_element_of_an_array_is_checked_and_the_wrong_one_is_named() -> None:
    rates, counts = Each(Number(0, 1)), Each(Whole(0, 9))
    assert_array_equal(rates.check("p", [[0, 1], [0.5, 0.25]]), [[0, 1], [0.5, 0.25]])
    assert rates.check("p", 1).dtype == np.float64
    assert counts.check("n", (0, 9.0)).dtype == np.int64
    with pytest.raises(ValueError, match=r"^p must be a number in \[0, 1\]; got 1.5$"):
        rates.check("p", [0.5, 1.5, 2.5])
    for wrong in (0.5, 10, -1, math.nan, math.inf, [1, math.inf]):
        with pytest.raises(ValueError, match=r"^n must be a whole number in \[0, 9\]; got "):
            counts.check("n", wrong)
    with pytest.raises(ValueError, match="or an array of them; got 'some'"):
        rates.check("p", "some")
    large = Each(Whole())
    assert large.check("n", 2**53 - 1) == 2**53 - 1
    with pytest.raises(ValueError, match="n must be a whole number"):
        large.check("n", 2**53 + 1)
    for kind in (rates, counts):
        with pytest.raises(ValueError, match="x must be an array without a mask"):
            kind.check("x", np.ma.masked_array([0.0, 1.0], [True, False]))


def test_a_huge_whole_number_is_refused_by_its_length() -> None:
    with pytest.raises(ValueError, match=r"n must be .* \[1, 9\]; got a number of 5001 digits"):
        Whole(1, 9).check("n", 10**5000)


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        (Number(0, 1), "0.5", 0.5),
        (Number(0, 1, many=True), "0.5", (0.5,)),
        (Number(0, 1, many=True), "0.5,1", (0.5, 1.0)),
        (Whole(1, 9), "3", 3),
        (Choice(("a", "b")), "a", "a"),
        (Choice((1, 2, 4)), "4", 4),
    ],
    ids=str,
)
def test_a_setting_is_read_from_its_text(kind: Number | Choice, text: str, read: object) -> None:
    assert kind.parse("x", text) == read


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Number(0, 1), "half"), (Number(0, 1), "0.1,0.2"), (Number(0, 1), ""), (Whole(1, 9), "3.0"),
        (Whole(1, 9), "10"), (Choice(("a",)), "A"), (Choice((1, 2)), "3"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_text_is_refused(kind: Number | Choice, text: str) -> None:
    with pytest.raises(ValueError, match=r"^x must be "):
        kind.parse("x", text)


RUNS: list[tuple[Any, ...]] = []


@checked
def noted(
    share: Share,
    window: Annotated[int, Whole(1, 4)] | None = None,
    *,
    rates: Annotated[ArrayLike, Each(Number(0))] = 0,
    sides: Annotated[Sequence[int], Whole(1, many=True)] = (2,),
    every: bool = False,
    seed: Seed = 0,
    free: object = "free",
) -> tuple[Any, ...]:
    """Note what arrives."""
    RUNS.append((share, window, rates, sides, every, seed, free))
    return RUNS[-1]


def test_what_is_declared_arrives_checked() -> None:
    one: Any = np.float32(1)
    two: Any = np.int64(2)
    assert noted(one, two, sides=[3, 4], free=[5]) == (
        1.0, 2, 0, (3, 4), False, 0, [5],
    )  # fmt: skip
    assert isinstance(noted(1)[0], float)
    assert noted(0.5, None)[1] is None
    assert noted(0.5, rates=[1, 2])[2].tolist() == [1.0, 2.0]
    assert noted.__doc__ == "Note what arrives."
    assert list(kinds_of(noted)) == ["share", "window", "rates", "sides", "every", "seed"]


def test_nothing_runs_with_a_wrong_argument() -> None:
    RUNS.clear()
    for wrong in ({"share": 2}, {"share": None}, {"window": 9}, {"rates": -1}, {"every": 1}):
        with pytest.raises(ValueError, match=f"^{next(iter(wrong))} must be "):
            noted(**({"share": 0.5} | wrong))
    with pytest.raises(TypeError, match="share"):
        noted()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="wings"):
        noted(0.5, wings=2)  # type: ignore[call-arg]
    assert RUNS == []


def test_what_is_kept_is_computed_once_however_it_is_called() -> None:
    runs = []

    @kept
    def doubled(share: Share, times: Annotated[int, Whole(1)] = 2) -> float:
        runs.append(share)
        return share * times

    calls = [doubled(0.5), doubled(share=0.5), doubled(0.5, 2), doubled(np.float64(0.5), times=2)]
    assert calls == [1.0] * 4
    assert runs == [0.5]
    assert doubled(0.5, 3) == 1.5
    assert len(runs) == 2
    with pytest.raises(ValueError, match="share must be"):
        doubled(1.5)


def test_the_fields_of_a_record_are_checked() -> None:
    @dataclass(frozen=True)
    class Layer:
        size: Annotated[int, Whole(1, 9)]
        name: str = ""
        stride: Annotated[int, Whole(1)] | None = None

        def __post_init__(self) -> None:
            check_fields(self)

    assert Layer(9).stride is None
    with pytest.raises(ValueError, match=r"^size must be a whole number in \[1, 9\]; got 10$"):
        Layer(10)
    with pytest.raises(ValueError, match=r"^stride must be a whole number ≥ 1; got 0$"):
        Layer(1, stride=0)
