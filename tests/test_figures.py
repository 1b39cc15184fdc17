"""What every figure of the catalogue must do, whatever it shows."""

from __future__ import annotations

import re

import pytest

from explainers import catalogue, rendering, style
from explainers.records import Choice, Figure, Number, SettingError
from tests.drawing import drawn


def _ends(kind: Number | Choice) -> tuple[object, ...]:
    if isinstance(kind, Choice):
        return kind.options
    as_kind = int if kind.whole else float
    return as_kind(kind.low), as_kind(kind.high)


ENDS = [
    (figure, name, end)
    for figure in catalogue.figures()
    for name, parameter in figure.parameters.items()
    if name not in ("draws", "maps", "seed")
    for end in _ends(parameter.kind)
]


@pytest.mark.parametrize(("figure", "name", "end"), ENDS, ids=lambda x: getattr(x, "id", str(x)))
def test_every_parameter_works_at_its_ends(figure: Figure, name: str, end: object) -> None:
    drawing = drawn(figure, **{name: end})
    assert rendering.svg(drawing).startswith(b"<svg")
    assert not re.search(r"\bnan\b|\{", drawing.caption + drawing.alt)


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
    assert len(drawing.alt) > 80
    assert len(re.findall(r"\d", drawing.alt)) >= 3
    assert len({len(values) for values in drawing.table.values()}) == 1


@pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
def test_the_dark_form_is_what_is_drawn_in_the_dark_colours(
    figure: Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    dark = rendering.picture(drawn(figure), "dark", dpi=40)
    monkeypatch.setitem(style.PALETTE, "light", style.PALETTE["dark"])
    assert rendering.picture(drawn(figure), dpi=40) == dark
