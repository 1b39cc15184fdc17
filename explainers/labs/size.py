"""The lab of sizes: a map goes from layer to layer, and on its way up meets those before it.

The script has the rule of the sizes; the layers' windows and the first frame come from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import takewhile
from typing import Any, NamedTuple

import numpy as np

from explainers.checks import refuse
from explainers.sizes.model import Pool

MOST, DEEPEST, LARGEST = 1024, 12, 4096
"""The largest picture, the most layers, and the largest map that the lab follows."""


@dataclass(frozen=True)
class Kind:
    """What a layer is called, and its windows; None for one that doubles the sides."""

    label: str
    pool: Pool | None = None


KINDS = {
    "p": Kind("pool 2 × 2", Pool(2)),
    "q": Kind("unpadded pool 3 × 3 at stride 2", Pool(3, stride=2)),
    "r": Kind("padded pool 3 × 3 at stride 2", Pool(3, stride=2, padding=1)),
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
    def joins(self) -> bool:
        """Whether it is as large as the map that it meets, if it meets one."""
        return self.meets in (0, self.side)


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


def skips(layers: str) -> bool:
    """Whether there is a skip connection: one joins each doubling to a halving before it.

    >>> skips("pcu"), skips("ucp")
    (True, False)
    """
    pools = [KINDS[sign].pool for sign in layers]
    halved = next((i for i, pool in enumerate(pools) if pool and pool.step > 1), len(pools))
    return None in pools[halved:]


def fits(setting: Setting) -> bool:
    """Whether each layer finds a window, and each skip connection joins maps of one size.

    >>> fits(Setting(96)), fits(Setting(100)), fits(Setting(100, "pppp"))
    (True, False, True)
    """
    return all(step.side >= 1 and step.joins for step in steps(setting))


def loses(setting: Setting) -> bool:
    """Whether some layer cuts off a row.

    >>> loses(Setting(96, "pppp")), loses(Setting(100, "pppp"))
    (False, True)
    """
    return any(step.cut for step in steps(setting))


def strict(setting: Setting) -> bool:
    """Whether the sizes to look for must lose no row, too.

    So it is without skip connections, and where nothing but a lost row is wrong.
    """
    return not skips(setting.layers) or (fits(setting) and loses(setting))


def good(setting: Setting, lossless: bool) -> bool:
    """Whether it fits and, if that is asked, loses no row."""
    return fits(setting) and not (lossless and loses(setting))


def nearest(setting: Setting) -> list[int]:
    """The next smaller and the next larger size that is good, where there is one.

    >>> nearest(Setting(100)), nearest(Setting(10))
    ([96, 112], [16])
    """
    lossless = strict(setting)
    down, up = range(setting.size - 1, 0, -1), range(setting.size + 1, MOST + 1)
    found = (
        next((n for n in sizes if good(Setting(n, setting.layers), lossless)), 0)
        for sizes in (down, up)
    )
    return [size for size in found if size]


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
            "largest": LARGEST,
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

    The controls stand above what changes its height, or they would move under the hand.

    >>> "The nearest sizes that fit: 96 and 112." in frame(Setting())
    True
    """
    caption = "side of each map, from the picture on; dashed is what the next layer cuts off"
    note = (
        "Rows are counted; columns fare alike. A skip connection joins an upsampled map to the one "
        "before its pooling: = says that they have equal sides, ≠ that they have not."
    )
    return (
        '<div class="lab__controls lab__above"></div>'
        f'<div class="lab__stage"><table class="lab__bars lab__sizes"><caption>{caption}</caption>'
        f'<tbody>{rows(setting)}</tbody></table></div><p class="lab__said">{said(setting)}</p>'
        f'<p class="lab__note">{note}</p>'
    )


def rows(setting: Setting) -> str:
    """The rows of the table: the picture, and a line for each layer.

    The last cell of each has the room for a button.
    """
    found = steps(setting)
    maps = [Step(setting.size), *takewhile(_is_followed, found)]
    longest = max(step.side for step in maps)
    names = ["picture", *(f"{i}. {KINDS[sign].label}" for i, sign in enumerate(setting.layers, 1))]
    cuts = [*(step.cut for step in found), 0]
    made = [
        _row(name, _bars(step.side, cut, longest), _written(step.side), _notes(step, cut))
        for name, step, cut in zip(names, maps, cuts, strict=False)
    ]
    if len(maps) <= len(found):
        why = _why_not(KINDS[setting.layers[len(maps) - 1]].pool, maps[-1].side)
        made.append(_row(names[len(maps)], "", "–", f'<span class="x">{why}</span>'))
    return "".join([*made, *(_row(name, "", "–", "") for name in names[len(made) :])])


def _is_followed(step: Step) -> bool:
    return 1 <= step.side <= LARGEST


def _row(name: str, bars: str, side: str, notes: str) -> str:
    cells = "".join(f"<td>{cell}</td>" for cell in (bars, side, notes, ""))
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def _bars(side: int, cut: int, longest: int) -> str:
    """The part of a map that goes on, and what the next layer cuts off."""
    parts = [("bar", side - cut), *([("cut", cut)] if cut else [])]
    drawn = "".join(
        f'<div class="lab__{name}" style="width:{_share(part, longest)}%"></div>'
        for name, part in parts
    )
    return f'<div class="lab__side">{drawn}</div>'


def _share(part: int, whole: int) -> str:
    """In hundredths, to a tenth."""
    return f"{(2000 * part + whole) // (2 * whole) / 10:g}"


def _notes(step: Step, cut: int) -> str:
    """What stands beside a map: whether it fits what it meets, and what the next layer drops."""
    met = f"= {_written(step.meets)}" if step.joins else _marked(f"≠ {_written(step.meets)}")
    dropped = _marked(f"next layer cuts off {cut}")
    return ", ".join([*([met] if step.meets else []), *([dropped] if cut else [])])


def _marked(text: str) -> str:
    return f'<span class="x">{text}</span>'


def _why_not(pool: Pool | None, side: int) -> str:
    """Why there is no map: as frameworks say it, or that it would be too large for the lab."""
    if not pool:
        return f"over {_written(LARGEST)}"
    room, window = side + 2 * pool.padding, pool.kernel_size
    return f"no room: {room} − {window} = {_written(room - window)}"


def _written(number: int) -> str:
    return f"{number:,}".replace("-", "−")


def said(setting: Setting) -> str:
    """What becomes of the picture, what is wrong, and which sizes are good.

    Three things can be wrong, from the worst on: it breaks, it does not fit its skip connections,
    or it runs and loses rows.

    >>> said(Setting(8, "ppp"))
    'A picture of 8 × 8 becomes 1 × 1. The nearest other size that loses no row: 16.'
    """
    picture, found = f"A picture of {_square(setting.size)}", steps(setting)
    if not found:
        return f"{picture}, and no layer yet."
    before = [setting.size, *(step.side for step in found)]
    large = next((i for i, side in enumerate(before) if side > LARGEST), 0)
    if large:
        return f"{picture} grows over {_square(LARGEST)} at layer {large}: the lab stops there."
    if before[-1] < 1:
        into = f"no window fits into {_square(before[-2])}"
        became = f"breaks at layer {len(found)}: {into}."
    else:
        became = f"becomes {_square(before[-1])}{_judged(setting, found)}"
    return f"{picture} {became} {_sizes(setting)}"


def _square(side: int) -> str:
    return f"{_written(side)} × {_written(side)}"


def _judged(setting: Setting, found: list[Step]) -> str:
    """What is to be said of maps that all are there."""
    cuts = [i for i, step in enumerate(found, 1) if step.cut]
    misfits = [i for i, step in enumerate(found, 1) if not step.joins]
    each = "each cut" if len(cuts) > 1 else "cuts"
    cut = f"{_layers(cuts)} {each} off a row." if cuts else ""
    if misfits:
        does, s = ("do not fit their", "s") if len(misfits) > 1 else ("does not fit its", "")
        wrong = f"{_layers(misfits)} {does} skip connection{s}."
        return "".join([".", *(f" {part.capitalize()}" for part in (cut, wrong) if part)])
    joined = skips(setting.layers)
    if cut:
        return f": it {'fits' if joined else 'runs'}, but {cut}"
    return ": it fits." if joined else "."


def _layers(numbers: list[int]) -> str:
    *most, last = map(_written, numbers)
    return f"layers {', '.join(most)} and {last}" if most else f"layer {last}"


def _sizes(setting: Setting) -> str:
    """Which sizes are good instead, or as well."""
    found, lossless = nearest(setting), strict(setting)
    other = "other " if good(setting, lossless) else ""
    if not found and not skips(setting.layers):
        return f"Every {other}size up to {_written(MOST)} breaks or loses a row."
    s = "" if len(found) > 1 else "s"
    what = [f"fit{s}"] * skips(setting.layers) + [f"lose{s} no row"] * lossless
    wanted = " and ".join(what)
    if not found:
        return f"No {other}size up to {_written(MOST)} {wanted}."
    many = "sizes" if len(found) > 1 else "size"
    return f"The nearest {other}{many} that {wanted}: {' and '.join(map(_written, found))}."


# Cases for the tests


def cases(number: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Settings of the lab, each with the rows and the sentence that it must show."""
    rng = np.random.default_rng(seed)
    for _ in range(number):
        signs = [*KINDS] if rng.random() < 0.8 else [*"cuv"]  # these may grow over the largest
        layers = "".join(rng.choice(signs, rng.integers(DEEPEST + 1)))
        setting = Setting(int(rng.integers(1, rng.choice([9, 65, MOST + 1]))), layers)
        yield {"state": asdict(setting), "rows": rows(setting), "said": said(setting)}
