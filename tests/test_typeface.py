"""The type of pictures is the site's, comes with the package, and has every sign that is set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.text import Text

from explainers import catalogue
from explainers.drawing import style, typeface
from explainers.records import Figure
from tests.drawing import drawn

ROOT = Path(__file__).parents[1]
FACES = ("text", "text-bold", "heading", "code")
SIGNS = {face: set(TTFont(typeface.path(face)).getBestCmap()) for face in FACES}


@pytest.mark.parametrize(
    ("family", "weight", "face"),
    [
        (typeface.TEXT, "normal", "text"),
        (typeface.TEXT, "bold", "text-bold"),
        (typeface.HEADING, "bold", "heading"),
    ],
)
def test_matplotlib_finds_the_fonts_of_the_package(family: str, weight: str, face: str) -> None:
    with style.applied():
        found = findfont(FontProperties(family=[family], weight=weight), fallback_to_default=False)
    assert Path(found).samefile(typeface.path(face))


@pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
def test_every_sign_of_a_figure_has_a_letter_in_the_type(figure: Figure) -> None:
    assert {*map(ord, figure.title)} <= SIGNS["heading"]
    for text in drawn(figure).canvas.findobj(Text):
        assert text.get_fontfamily() == [typeface.TEXT, typeface.FALLBACK]
        assert "$" not in text.get_text(), "formulas are set in Matplotlib's own fonts"
        face = "text-bold" if text.get_fontweight() == "bold" else "text"
        assert {*map(ord, text.get_text())} - {ord("\n")} <= SIGNS[face]


def test_a_sign_that_the_type_lacks_is_drawn_all_the_same() -> None:
    """From a font that comes with Matplotlib; a warning would fail this."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    assert ord("♞") not in SIGNS["text"]
    with style.applied():
        canvas, axes = style.canvas()
        axes.set(title="♞", xlabel="♞")
        FigureCanvasAgg(canvas).draw()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("face", FACES)
def test_a_font_is_small_and_bears_no_reserved_name(face: str) -> None:
    path = typeface.path(face)
    assert path.stat().st_size < 60_000
    names = {record.nameID: str(record) for record in TTFont(path)["name"].names}
    assert "Reserved Font Name" in names[0], "whose it is"
    assert "SIL Open Font License" in names[13]
    named = [names[number] for number in (1, 2, 4, 6)]
    assert not [name for name in named if "source" in name.lower()]
    licence = path.with_name("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "subset.sh" in licence


SCRIPT = """
import sys
from explainers import catalogue
from explainers.drawing import rendering
drawing = catalogue.figure("or-gate")()
sys.stdout.buffer.write(rendering.svg(drawing) + rendering.picture(drawing, dpi=50).tobytes())
"""


def test_no_font_of_the_machine_takes_its_place(tmp_path: Path) -> None:
    """Neither one of the same name, nor another one called like what stands in for signs."""

    def made(home: Path, **more: str) -> bytes:
        home.mkdir(exist_ok=True)
        surroundings = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home,
                        "XDG_DATA_HOME": home / ".local/share", "PYTHONPATH": ROOT}  # fmt: skip
        told = os.environ | {name: str(value) for name, value in surroundings.items()} | more
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], cwd=home, env=told, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        assert b"findfont" not in done.stderr
        return done.stdout

    fonts = tmp_path / "other" / ".local" / "share" / "fonts"
    fonts.mkdir(parents=True)
    for family in (typeface.TEXT, typeface.FALLBACK):
        font = TTFont(typeface.path("code"))
        for number in (1, 4):
            font["name"].setName(family, number, 3, 1, 0x409)
        font.save(fonts / f"{family}.ttf")
    plain = made(tmp_path / "home")
    assert made(tmp_path / "other") == plain
    assert made(tmp_path / "home", MPL_IGNORE_SYSTEM_FONTS="1") == plain
