from __future__ import annotations

import inspect
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
import pytest

from explainers.chapter import Chapter
from explainers.claim import Value
from explainers.drawing import style
from explainers.drawing.rendering import Drawing
from explainers.kinds import Number, Whole
from explainers.lookup import SettingError, UnknownIdError, find
from explainers.records import Figure, figure, fill


@figure(title="A line", caption="It ends at {end:g}, {end_twice:g} twice.", alt="To {end:g}.")
def a_line(
    end: Annotated[float, Number(0, 10, "where it ends")] = 1.0,
    steps: Annotated[int, Whole(1, 5, "how many")] = 2,
    levels: Annotated[tuple[float, ...], Number(0, 1, "levels", many=True)] = (0.5,),
) -> Drawing:
    canvas, axes = style.canvas(height=2)
    axes.plot([0, end], [0, 1], color=style.colour("max"))
    return Drawing(canvas, {"x": [0, end], "y": [0, 1]}, {"end_twice": 2 * end})


def test_a_figure_is_named_after_its_function() -> None:
    assert isinstance(a_line, Figure)
    assert a_line.id == "a-line"
    assert {name: p.default for name, p in a_line.parameters.items()} == {
        "end": 1.0,
        "steps": 2,
        "levels": (0.5,),
    }


def test_caption_and_alt_carry_the_numbers_that_were_drawn() -> None:
    drawing = a_line(end=3.0)
    assert (drawing.caption, drawing.alt) == ("It ends at 3, 6 twice.", "To 3.")
    assert drawing.id == "a-line"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [("end=2.5", "end", 2.5), ("steps=3", "steps", 3), ("levels=0.1,90%", "levels", (0.1, 0.9))],
)
def test_settings_are_read_from_text(text: str, name: str, value: Any) -> None:
    assert a_line.settings([text]) == {name: value}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("end=eleven", r"end must be a number in \[0, 10\]; got 'eleven'"),
        ("end=11", r"end must be a number in \[0, 10\]; got 11"),
        ("end=nan", r"end must be a number in \[0, 10\]; got nan"),
        ("end=1,2", r"end must be a number in \[0, 10\]; got \(1.0, 2.0\)"),
        ("end", r"end must be a number in \[0, 10\]; got ''"),
        ("steps=2.5", r"steps must be a whole number in \[1, 5\]; got '2.5'"),
        ("steps=0", r"steps must be a whole number in \[1, 5\]; got 0"),
        ("levels=0.1,2", r"levels must be numbers in \[0, 1\], separated by commas; got \(0.1, 2"),
        ("end=120%%", r"end must be a number in \[0, 10\]; got '120%%'"),
        ("end=%", r"end must be a number in \[0, 10\]; got '%'"),
        ("steps=200%", r"steps must be a whole number in \[1, 5\]; got '200%'"),
        ("levels=10%,200%", r"levels must be numbers in \[0, 1\], separated by commas; got"),
        ("wings=2", "a-line has no parameter 'wings'; it has end, steps, levels"),
    ],
)
def test_bad_settings_are_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        a_line.settings([text])


def test_a_per_cent_is_the_number_that_it_says() -> None:
    """Not a neighbour of it: 5.7 / 100 is another number than 0.057."""
    for tenths in range(1001):
        exactly = float(Fraction(tenths, 1000))
        assert a_line.settings([f"end={tenths / 10}%"]) == {"end": exactly}


def test_a_parameter_is_set_once() -> None:
    with pytest.raises(SettingError, match="steps is set twice"):
        a_line.settings(["steps=2", "end=1", "steps=2"])


def test_a_figure_shows_its_parameters_as_a_function_does() -> None:
    assert list(inspect.signature(a_line).parameters) == ["end", "steps", "levels"]
    assert inspect.signature(a_line).bind(steps=3).arguments == {"steps": 3}


@pytest.mark.parametrize("bad", [True, "1", None, float("nan"), 11])
def test_bad_arguments_are_refused_too(bad: Any) -> None:
    with pytest.raises(SettingError, match="end must be a number"):
        a_line(end=bad)


def test_a_text_that_asks_for_an_unknown_value_is_refused() -> None:
    with pytest.raises(LookupError, match=r"no value 'm' for the text '\{m\}'; there is n"):
        fill("{m}", {"n": 1})


def test_a_number_in_a_text_has_a_true_minus_and_is_no_zero_if_it_is_none() -> None:
    values = {"low": -9, "all": np.float64(-0.25), "some": np.float64(2e-4), "none": -1e-16}
    filled = fill("{low:d}, {low}, {all:g}, {some:.1%}, {none:.2f}", values)
    assert filled == "−9, −9, −0.25, 0.02%, 0.00"


def test_values_format_as_their_number_with_a_true_minus() -> None:
    assert fill(
        "{x:+.1f} and {y:.0%}", {"x": Value(-2.0, "ratio", "x"), "y": Value(0.5, "share", "y")}
    ) == ("−2.0 and 50%")


def test_find_names_the_nearest() -> None:
    assert find("figure", "a-line", [a_line]).title == "A line"
    with pytest.raises(UnknownIdError, match=r"there is no figure 'a-lime'; did you mean a-line\?"):
        find("figure", "a-lime", [a_line])
    with pytest.raises(UnknownIdError, match=r"there is no figure 'zzz'$"):
        find("figure", "zzz", [a_line])


def test_a_chapter_finds_its_own() -> None:
    chapter = Chapter("detection", "x")
    assert chapter.claim("or-of-four-hit").figure == "or-gate"
    assert chapter.figure("or-gate").title == "Misses fall, false alarms rise"
    with pytest.raises(UnknownIdError):
        chapter.claim("or-gate")
