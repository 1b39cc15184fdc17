"""The lab of sizes: a map goes from layer to layer, and on its way up meets those before it.

The script has the rule of the sizes; the layers' windows and the first frame come from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from explainers.checks import refuse
from explainers.sizes.model import Pool

MOST, DEEPEST = 1024, 12
"""The largest picture, and the most layers."""


@dataclass(frozen=True)
class Kind:
    """What a layer is called, and its windows; None for one that doubles the sides."""

    label: str
    pool: Pool | None = None


KINDS = {
    "p": Kind("pool 2 × 2", Pool(2)),
    "q": Kind("pool 3 × 3 at stride 2", Pool(3, stride=2)),
    "c": Kind("padded conv 3 × 3", Pool(3, stride=1, padding=1)),
    "v": Kind("unpadded conv 3 × 3", Pool(3, stride=1)),
    "u": Kind("upsample × 2"),
}
"""The layers to choose from, by their sign in an address. Windows slide alike in all of them."""


@dataclass(frozen=True)
class Setting:
    """The side of the picture, and the signs of the layers, from the picture on."""

    size: int = 100
    layers: str = "ppppuuuu"

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MOST:
            refuse("size", self.size, f"a whole number in [1, {MOST}]")
        if len(self.layers) > DEEPEST or not set(self.layers) <= set(KINDS):
            refuse("layers", self.layers, f"at most {DEEPEST} signs of {', '.join(KINDS)}")


class Step(NamedTuple):
    """What one layer makes of a map: along a side.

    Attributes
    ----------
    side
        Rows that it gives; below 1, if no window fits.
    cut
        Rows at the end of what it is given that none of its windows reaches.
    meets
        Rows of the map that a skip connection joins to an upsampled one: of that before its
        pooling. 0 if there is none.
    """

    side: int
    cut: int = 0
    meets: int = 0

    @property
    def fits(self) -> bool:
        """Whether nothing is wrong here."""
        return self.side >= 1 and not self.cut and self.meets in (0, self.side)


def steps(setting: Setting) -> list[Step]:
    """What each layer makes of the map, up to the first in which no window fits.

    >>> steps(Setting(5, "ppu"))
    [Step(side=2, cut=1, meets=0), Step(side=1, cut=0, meets=0), Step(side=2, cut=0, meets=2)]
    >>> steps(Setting(2, "vu"))
    [Step(side=0, cut=0, meets=0)]
    """
    side = setting.size
    levels: list[int] = []
    found: list[Step] = []
    for sign in setting.layers:
        pool = KINDS[sign].pool
        if pool is None:
            found.append(Step(2 * side, meets=levels.pop() if levels else 0))
        else:
            windows = pool.on(side).windows
            if windows < 1:
                return [*found, Step(windows)]
            end = (windows - 1) * pool.step + pool.kernel_size - pool.padding
            found.append(Step(windows, cut=max(0, side - end)))
            levels += [side] * (pool.step > 1)
        side = found[-1].side
    return found


def works(setting: Setting) -> bool:
    """Whether each layer finds a window, no row is cut off, and each skip connection fits.

    >>> works(Setting(96)), works(Setting(100))
    (True, False)
    """
    return all(step.fits for step in steps(setting))


def nearest(setting: Setting) -> list[int]:
    """The next smaller and the next larger size that works, where there is one.

    >>> nearest(Setting(100)), nearest(Setting(10))
    ([96, 112], [16])
    """
    down, up = range(setting.size - 1, 0, -1), range(setting.size + 1, MOST + 1)
    fit = (next((n for n in sizes if works(Setting(n, setting.layers))), 0) for sizes in (down, up))
    return [size for size in fit if size]


# The page


def first_look() -> dict[str, Any]:
    """What the page of the lab is given: the layers, and the first frame."""
    return {
        "element": "size-lab",
        "frame": frame(Setting()),
        "data": {
            "setting": asdict(Setting()),
            "most": MOST,
            "deepest": DEEPEST,
            "kinds": {
                sign: {"label": kind.label, "pool": kind.pool and _shape(kind.pool)}
                for sign, kind in KINDS.items()
            },
        },
    }


def _shape(pool: Pool) -> list[int]:
    return [pool.kernel_size, pool.step, pool.padding]


def frame(setting: Setting) -> str:
    """The first frame: a bar for the picture and for each map, and a sentence.

    >>> "The nearest sizes that work: 96 and 112." in frame(Setting())
    True
    """
    caption = "side of each map, from the picture on; dashed is what the next layer cuts off"
    note = (
        "Rows are counted; columns fare alike. A skip connection joins an upsampled map to the one "
        "before its pooling: = says that they have equal sides, ≠ that they have not."
    )
    return (
        f'<div class="lab__stage"><table class="lab__bars lab__sizes"><caption>{caption}</caption>'
        f'<tbody>{rows(setting)}</tbody></table></div><p class="lab__said">{said(setting)}</p>'
        f'<p class="lab__note">{note}</p>'
    )


def rows(setting: Setting) -> str:
    """The rows of the table: the picture, and a line for each layer."""
    found = [Step(setting.size), *steps(setting)]
    longest = max(step.side for step in found)
    names = ["picture", *(f"{i}. {KINDS[sign].label}" for i, sign in enumerate(setting.layers, 1))]
    cuts = [*(step.cut for step in found[1:]), 0]
    made = [
        _row(name, _bars(step.side, cut, longest), _written(step.side), _note(step))
        for name, step, cut in zip(names, found, cuts, strict=False)
    ]
    return "".join([*made, *(_row(name, "", "–", "<td></td>") for name in names[len(found) :])])


def _row(name: str, bars: str, side: str, note: str) -> str:
    return f'<tr><th scope="row">{name}</th><td>{bars}</td><td>{side}</td>{note}</tr>'


def _bars(side: int, cut: int, longest: int) -> str:
    """The part of a map that goes on, and what the next layer cuts off."""
    if side < 1:
        return ""
    parts = [("bar", side - cut), *([("cut", cut)] if cut else [])]
    drawn = "".join(
        f'<div class="lab__{name}" style="width:{_share(part, longest)}%"></div>'
        for name, part in parts
    )
    return f'<div class="lab__side">{drawn}</div>'


def _share(part: int, whole: int) -> str:
    """In hundredths, to a tenth."""
    return f"{(2000 * part + whole) // (2 * whole) / 10:g}"


def _note(step: Step) -> str:
    if step.side < 1:
        text = "breaks"
    elif step.cut:
        text = f"cuts off {step.cut}"
    elif step.meets:
        text = f"{'=' if step.fits else '≠'} {_written(step.meets)}"
    else:
        text = ""
    return f"<td>{text}</td>" if step.fits else f'<td class="x">{text}</td>'


def _written(number: int) -> str:
    return f"{number:,}".replace("-", "−")


def said(setting: Setting) -> str:
    """What becomes of the picture, what is wrong, and which sizes work.

    >>> said(Setting(5, "ppp"))[:72]
    'A picture of 5 × 5 breaks at layer 3: no window fits into a map of 1 × 1'
    """
    found = steps(setting)
    if not found:
        return f"A picture of {_square(setting.size)}, and no layer yet."
    other = "other " if all(step.fits for step in found) else ""
    return " ".join([_became(setting, found), *_wrong(found), _sizes(nearest(setting), other)])


def _became(setting: Setting, found: list[Step]) -> str:
    picture = f"A picture of {_square(setting.size)}"
    before = [setting.size, *(step.side for step in found)]
    if found[-1].side < 1:
        into = f"no window fits into a map of {_square(before[-2])}"
        return f"{picture} breaks at layer {len(found)}: {into}."
    fine = ": it works" if all(step.fits for step in found) else ""
    return f"{picture} becomes {_square(before[-1])}{fine}."


def _square(side: int) -> str:
    return f"{_written(side)} × {_written(side)}"


def _wrong(found: list[Step]) -> Iterator[str]:
    cuts = [i for i, step in enumerate(found, 1) if step.cut]
    misfits = [i for i, step in enumerate(found, 1) if step.meets and not step.fits]
    if cuts:
        yield f"{_layers(cuts)} {'cuts off a row' if len(cuts) == 1 else 'each cut off a row'}."
    if misfits:
        does = "does not fit its" if len(misfits) == 1 else "do not fit their"
        yield f"{_layers(misfits)} {does} skip connection{'s' if len(misfits) > 1 else ''}."


def _layers(numbers: list[int]) -> str:
    return f"Layer{'s' if len(numbers) > 1 else ''} {_listed(numbers)}"


def _listed(numbers: list[int]) -> str:
    *most, last = map(_written, numbers)
    return f"{', '.join(most)} and {last}" if most else last


def _sizes(found: list[int], other: str) -> str:
    if not found:
        return f"No {other}size up to {_written(MOST)} works."
    which = f"{other}sizes that work" if len(found) > 1 else f"{other}size that works"
    return f"The nearest {which}: {_listed(found)}."


# Cases for the tests


def cases(number: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Settings of the lab, each with the rows and the sentence that it must show."""
    rng = np.random.default_rng(seed)
    for _ in range(number):
        layers = "".join(rng.choice([*KINDS], rng.integers(DEEPEST + 1)))
        setting = Setting(int(rng.integers(1, rng.choice([9, 65, MOST + 1]))), layers)
        yield {"state": asdict(setting), "rows": rows(setting), "said": said(setting)}
