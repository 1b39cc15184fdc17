"""The lab of a map, its windows and the pooled map: what the page is given, and what it must find.

Maps are 12 × 12 whole numbers from 0 to 99 and wrap round. Pooled values are counted in whole parts
of `parts`, so that “changed” means changed, and not rounded otherwise.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from itertools import combinations_with_replacement, product
from typing import Annotated, Any, SupportsFloat

import numpy as np

from explainers.checks import Ints
from explainers.flower import detector, photograph
from explainers.invariance import examples, model
from explainers.invariance.measured import pooling
from explainers.kinds import Choice, Whole, checked
from explainers.laws import lone_peak_unchanged
from explainers.maps import busy_maps, smooth_maps
from explainers.mirages.model import flower
from explainers.operators import conv2d, shift2d

SIDE = 12
LARGEST = 99
WINDOWS, STRIDES = range(1, 6), range(1, 5)
OPERATORS = {
    "max": ("max", "its largest number (red)"),
    "mean": ("mean", "its mean"),
    "subsample": ("one in each", "its first number"),
    "max blur": ("max, blurred", "its largest number, blurred with its neighbours'"),
}
"""What keeps one number of a window, by its name in `pooling`: what it is called, and keeps."""

Operator = Annotated[str, Choice(tuple(OPERATORS))]
Length = Annotated[int, Whole(1, SIDE)]

_REACH, _RING = 112, 11  # pixels: half the photograph's side, and what a petal is within
_BORDER = "The map wraps round: what leaves on one side enters on the other."
_PETAL = (9, 62)  # the first unit of a part of the dahlia's map with its surest petal in it


@dataclass(frozen=True)
class Setting:
    """What one lab shows at first, and which of its buttons it has."""

    content: str = "peak"
    method: str = "max"
    window: int = 2
    stride: int = 2
    actions: tuple[str, ...] = ("move",)


SETTINGS = {
    "home": Setting(content="dahlia"),
    "invariance": Setting(),
    "discarded": Setting(content="busy", actions=("inside", "across")),
    "mirages": Setting(content="ring", actions=("inside", "across")),
}
"""The labs of this kind, by the page that they are on."""


# Contents


@cache
def contents() -> Mapping[str, tuple[str, Ints]]:
    """The maps to choose from, by name: what each is called, and its numbers, shape (12, 12).

    >>> {name: int(numbers.max()) for name, (_, numbers) in contents().items()}["peak"]
    90
    """
    return {
        "dahlia": ("how like a petal each place is", _dahlia()),
        "peak": ("a lone peak", _at([(4, 4)])),
        "peaks": ("two peaks", _at([(4, 4), (7, 9)])),
        "line": ("the quoted line", _line()),
        "ring": ("petals on a ring", _ring()),
        "smooth": ("a smooth map", _smooth()),
        "busy": ("a busy map", np.floor(100 * busy_maps(1, SIDE)[0]).astype(np.int64)),
    }


def _at(places: list[tuple[int, int]]) -> Ints:
    numbers = np.zeros((SIDE, SIDE), dtype=np.int64)
    numbers[tuple(np.transpose(places))] = 90
    return numbers


def _dahlia() -> Ints:
    """How well the photograph matches a petal, in hundredths; what is no petal is 0."""
    row, column = _PETAL
    scores = detector.petal_map()[row : row + SIDE, column : column + SIDE]
    petal = scores > detector.PETAL_THRESHOLD
    return np.where(petal, np.rint(100 * scores), 0).astype(np.int64)


def _line() -> Ints:
    """A vertical line of two columns, as the tutorial's detector of such lines answers."""
    picture = np.zeros((SIDE, SIDE))
    picture[:, 4 : 4 + examples.LINE_WIDTH] = 1
    kernel = np.array(examples.LINE_DETECTOR)[None, None]
    answers: Ints = np.rint(
        conv2d(picture[None], kernel, padding="same", padding_mode="circular")[0]
    )
    return answers.astype(np.int64)


def _ring() -> Ints:
    row, column, channel, _ = flower(petals=8, radius=4, size=SIDE, directed=False)
    return _at([*zip(row[channel == 1], column[channel == 1], strict=True)])


def _smooth() -> Ints:
    noise = smooth_maps(1, SIDE, length=2)[0]
    found: Ints = np.rint(LARGEST * (noise - noise.min()) / np.ptp(noise)).astype(np.int64)
    return found


# Arithmetic


@checked
def parts(method: Operator, window: Length) -> int:
    """In how many parts of a whole number its pooled values are counted.

    >>> parts("max", 3), parts("mean", 3), parts("max blur", 3)
    (1, 9, 16)
    """
    return {"mean": window**2, "max blur": 16}.get(method, 1)


@checked
def pooled(numbers: Ints, method: Operator, window: Length, stride: Length) -> Ints:
    """The pooled map, in whole `parts`; window and stride 12 pool the whole map.

    >>> int(pooled(contents()["peak"][1], "mean", 2, 2).max())
    90
    """
    found = pooling(method, window, stride)(numbers.astype(np.float64)) * parts(method, window)
    whole: Ints = np.rint(found).astype(np.int64)
    return whole


def moved(numbers: Ints, dy: int, dx: int) -> Ints:
    """The map moved down and to the right, round."""
    found: Ints = shift2d(numbers, dy, dx, mode="circular")
    return found


def laws() -> dict[str, dict[str, float]]:
    """The share that stays under max pooling, by “window.stride.shorter.longer” of a move.

    For a lone peak it is the share of its places at which the whole pooled map stays; for a busy
    map that of pooled values. Moves are of up to 4 along each axis; windows leave no gaps.

    >>> laws()["peak"]["2.2.0.1"], laws()["busy"]["2.2.0.1"]
    (0.5, 0.333)
    """
    cases = [
        (window, stride, short, long)
        for window, stride in product(WINDOWS, STRIDES)
        for short, long in combinations_with_replacement(range(5), 2)
        if stride <= window
    ]
    peak = {_key(case): lone_peak_unchanged(case[0], *case[2:], case[1]) for case in cases}
    busy = {_key(case): model.busy_map_unchanged(case[0], *case[2:]) for case in cases}
    return {
        name: {key: round(float(share), 3) for key, share in law.items()}
        for name, law in (("peak", peak), ("busy", busy))
    }


def _key(case: tuple[int, ...]) -> str:
    return ".".join(map(str, case))


# The page


def first_look(setting: Setting) -> dict[str, Any]:
    """What the page of a lab is given: its data, and the first frame as HTML."""
    return {
        "element": "pool-lab",
        "frame": frame(setting),
        "data": {
            "setting": asdict(setting),
            "contents": {
                name: {"label": label, "numbers": numbers.ravel().tolist()}
                for name, (label, numbers) in contents().items()
            },
            "operators": OPERATORS,
            "laws": laws(),
        },
    }


def frame(setting: Setting) -> str:
    """The first frame: the map with its windows and what is kept, the pooled map, and a sentence.

    >>> "keeps its largest number (red): 144 numbers in, 36 out." in frame(Setting())
    True
    """
    label, numbers = contents()[setting.content]
    left = pooled(numbers, setting.method, setting.window, setting.stride)
    kept = _kept(numbers, setting)
    cells = [
        _cell(f"{number}", number, [*_edges(at, setting), *(["k"] if at in kept else [])])
        for at, number in np.ndenumerate(numbers)
    ]
    whole = parts(setting.method, setting.window)
    below = [
        _cell(_written(value), value, [] if value == round(value) else ["f"])
        for value in (left / whole).flat
    ]
    return (
        '<div class="lab__stage">'
        + (_photo() if setting.content == "dahlia" else "")
        + _table("map", f"map: {label}", cells, SIDE)
        + _table("pooled", "pooled map", below, left.shape[1])
        + f'</div><p class="lab__said">{_said(setting, left.size)}</p>'
        + f'<p class="lab__note">{_BORDER}</p>'
    )


def _photo() -> str:
    """The flower, and a ring around the petal that the detector sees."""
    from PIL import Image

    corner = [round(place) - _REACH for place in photograph.CENTRE]
    whole = photograph.photo()[corner[0] :, corner[1] :][: 2 * _REACH, : 2 * _REACH]
    file = io.BytesIO()
    Image.fromarray(whole).save(file, "JPEG", quality=80, optimize=True)
    picture = base64.b64encode(file.getvalue()).decode()
    surest = np.unravel_index(_dahlia().argmax(), (SIDE, SIDE))
    row, column = (np.array(first + place) for first, place in zip(_PETAL, surest, strict=True))
    y, x = photograph.photo_position(row + detector.TEMPLATE_SIZE // 2, column)
    return (
        f'<figure class="lab__photo"><svg viewBox="0 0 {2 * _REACH} {2 * _REACH}" role="img"'
        ' aria-label="A dahlia. A ring marks the petal that the map is about.">'
        f'<image width="100%" height="100%" href="data:image/jpeg;base64,{picture}"/>'
        f'<circle cx="{x - corner[1]:.0f}" cy="{y - corner[0]:.0f}" r="{_RING}"/></svg>'
        "<figcaption>in the ring: the petal of the map</figcaption></figure>"
    )


def _kept(numbers: Ints, setting: Setting) -> set[tuple[int, int]]:
    """The cells that are kept as they are: the first of the largest of each window, if above 0."""
    if setting.method not in ("max", "subsample"):
        return set()
    side = range(setting.window if setting.method == "max" else 1)
    kept = set()
    for top, left in product(range(0, SIDE, setting.stride), repeat=2):
        window = [((top + i) % SIDE, (left + j) % SIDE) for i, j in product(side, side)]
        best = max(window, key=lambda at: numbers[at])
        if numbers[best] or setting.method == "subsample":
            kept.add(best)
    return kept


def _edges(at: tuple[int, ...], setting: Setting) -> list[str]:
    """Which edges of windows a cell lies at, their top, their left; or outside of all windows."""
    within = [place % setting.stride for place in at]
    edges = [side for side, place in zip("tl", within, strict=True) if place == 0]
    return [*edges, *(["o"] if max(within) >= setting.window else [])]


def _cell(text: str, value: SupportsFloat, signs: list[str]) -> str:
    signs = [*signs, *(["z"] if not value else [])]
    sign = f' class="{" ".join(signs)}"' if signs else ""
    return f'<td{sign} style="--v:{round(float(value))}">{text}</td>'


def _written(value: float) -> str:
    """Whole numbers as they are, others with one decimal."""
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"


def _table(name: str, caption: str, cells: list[str], columns: int) -> str:
    rows = ["".join(cells[i : i + columns]) for i in range(0, len(cells), columns)]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="lab__{name}"><caption>{caption}</caption><tbody>{body}</tbody></table>'


def _said(setting: Setting, left: int) -> str:
    window = f"{setting.window} × {setting.window}"
    keeps = OPERATORS[setting.method][1]
    return f"Each window of {window} keeps {keeps}: {SIDE**2} numbers in, {left} out."


# Cases for the tests


def cases(number: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Settings of the lab, each with the pooled map that it must show, in whole parts."""
    rng = np.random.default_rng(seed)
    every = [*product(contents(), OPERATORS, [*product(WINDOWS, STRIDES), (SIDE, SIDE)])]
    for content, method, (window, stride) in (every * (1 + number // len(every)))[:number]:
        dy, dx = (int(d) for d in rng.integers(-5, 7, 2))
        now = moved(contents()[content][1], dy, dx)
        before = pooled(contents()[content][1], method, window, stride)
        after = pooled(now, method, window, stride)
        yield {
            "state": [content, method, window, stride, dy, dx],
            "pooled": after.ravel().tolist(),
            "changed": int((before != after).sum()),
        }
