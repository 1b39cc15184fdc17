"""What every figure of the catalogue must do, whatever it shows."""

from __future__ import annotations

import re

import pytest

from explainers import catalogue
from explainers.drawing import rendering, style
from explainers.kinds import Number
from explainers.lookup import SettingError
from explainers.records import Figure
from tests.drawing import ENDS, drawn
from tests.reading import faults


@pytest.mark.parametrize(("figure", "name", "end"), ENDS, ids=lambda x: getattr(x, "id", str(x)))
def test_every_parameter_works_at_its_ends(figure: Figure, name: str, end: object) -> None:
    drawing = drawn(figure, **{name: end})
    assert rendering.svg(drawing).startswith(b"<svg")
    assert faults(drawing.caption) + faults(drawing.alt) == []


# Where a text may stumble between the ends: at 1, which has no plural, and where things coincide.
ODD: list[tuple[str, dict[str, object]]] = [
    ("or-gate", {"units": 1, "hit": 0.05}),
    ("or-gate", {"hit": 0.855, "false_alarm": 0.005}),
    ("equal-false-alarms", {"units": 1, "d_prime": 0.0}),
    ("roc-curves", {"units": 1, "d_prime": 0.0}),
    ("max-of-noise", {"units": 2}),
    ("voting", {"units": 2, "d_prime": 10.0}),
    ("flower-panels", {"noise": 2.0, "threshold": 0.6}),
    ("flower-counts", {"threshold": 1.0, "invented": 1.0}),
    ("max-pooling-by-hand", {"move": 2}),
    ("six-equal-layers", {"size": 33}),
    ("budget-depth", {"layers": 3, "channels": 1, "size": 33}),
    ("kept-bits", {"window": 4, "rare": 0.125}),
    ("rectifier-and-pooling", {"seed": 1}),
    ("dahlia-scrambled", {"rings": 1, "doublings": 1}),
    ("smooth-maps", {"maps": 2}),
    ("gradient-shares", {"maps": 2}),
    ("scrambled-flowers", {"draws": 2, "seed": 1}),
]
ONE = [
    (figure.id, {name: parameter.kind.read(1)})
    for figure in catalogue.figures()
    for name, parameter in figure.parameters.items()
    if isinstance(parameter.kind, Number) and parameter.kind.low < 1 < parameter.kind.high
    if name != "seed"
]


@pytest.mark.parametrize(("id", "settings"), [*ODD, *ONE], ids=str)
def test_texts_read_well_where_things_coincide(id: str, settings: dict[str, object]) -> None:
    [figure] = [figure for figure in catalogue.figures() if figure.id == id]
    drawing = drawn(figure, **settings)
    assert faults(drawing.caption) + faults(drawing.alt) == []


@pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
def test_every_figure_refuses_what_it_does_not_know(figure: Figure) -> None:
    with pytest.raises(SettingError, match=f"{figure.id} has no parameter 'wings'; it has"):
        figure(wings=2)
    for name, parameter in figure.parameters.items():
        assert isinstance(parameter.kind, Number)
        beyond = parameter.kind.high + 1
        with pytest.raises(SettingError, match=f"{name} must be a .*number in .*; got"):
            figure(**{name: beyond})


@pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
def test_texts_state_what_is_shown(figure: Figure) -> None:
    drawing = drawn(figure)
    assert faults(drawing.caption) + faults(drawing.alt) == []
    assert len(drawing.alt) > 80
    assert len(re.findall(r"\d", drawing.alt)) >= 3
    assert len({len(values) for values in drawing.table.values()}) == 1


@pytest.mark.slow
@pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
def test_the_dark_form_is_what_is_drawn_in_the_dark_colours(
    figure: Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    dark = rendering.picture(drawn(figure), "dark", dpi=40)
    monkeypatch.setitem(style.PALETTE, "light", style.PALETTE["dark"])
    assert rendering.picture(drawn(figure), dpi=40) == dark
