"""The chapter's numbers by other routes: loops, other libraries, other random numbers."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np
from scipy import ndimage
from skimage.measure import block_reduce

from explainers.checks import Floats
from explainers.kinds import Number, kinds_of

Place = tuple[int, int]
Pool = Callable[[Floats], Floats]

PLACES = [(16, 16)] + [
    (16 + round(10 * math.sin(math.pi * i / 4)), 16 + round(10 * math.cos(math.pi * i / 4)))
    for i in range(8)
]
"""The flower of eight petals, its centre first."""


def ends(function: Callable[..., object]) -> dict[str, tuple[float, float]]:
    """Between which numbers each argument lies, but for seeds."""
    kinds = {name: kind for name, kind in kinds_of(function).items() if name != "seed"}
    return {n: (kind.low, kind.high) for n, kind in kinds.items() if isinstance(kind, Number)}


# Windows


def begins(stride: int, *, overlap: bool = False) -> tuple[int, list[int]]:
    """How wide a window is on the map of 32, and where windows begin along an axis."""
    wider = {2: (3, 1), 4: (6, 1), 8: (12, 2), 16: (24, 4)}
    kernel, padding = wider.get(stride, (stride, 0)) if overlap else (stride, 0)
    return kernel, [b for b in range(-padding, 32, stride) if b + kernel <= 32 + padding]


def pool(stride: int, *, overlap: bool = False) -> Pool:
    """Pool by scikit-image, or, with overlap, by SciPy's filter at the windows' centres."""
    kernel, [first, *_] = begins(stride, overlap=overlap)
    if kernel == stride:
        return lambda maps: np.asarray(block_reduce(maps, (1, 1, stride, stride), np.max))
    centre = slice(first + kernel // 2, None, stride)

    def pooled(maps: Floats) -> Floats:
        size = (1, 1, kernel, kernel)
        dense = ndimage.maximum_filter(maps, size, mode="constant", cval=-np.inf)
        return np.asarray(dense[..., centre, centre])

    return pooled


def pairs(kernel: int, stride: int, periods: int) -> dict[int, float]:
    """Share of pairs told apart at each distance, by sets of windows.

    On a flat map so large that its middle knows no border.
    """
    size = periods * stride
    starts = range(-kernel + 1, size)

    def held(r: int, c: int) -> frozenset[Place]:
        rows, columns = ([b for b in starts if b % stride == 0 and b <= x < b + kernel]
                         for x in (r, c))  # fmt: skip
        return frozenset(itertools.product(rows, columns))

    codes = {place: held(*place) for place in itertools.product(range(size), repeat=2)}
    count = Counter(codes[a] | codes[b] for a, b in itertools.combinations(codes, 2))
    start = size // 2 // stride * stride
    found: dict[int, list[bool]] = {}
    for a in itertools.product(range(start, start + stride), repeat=2):
        for b in codes:
            distance = max(abs(a[0] - b[0]), abs(a[1] - b[1]))
            if 0 < distance <= 3 * stride:
                found.setdefault(distance, []).append(count[codes[a] | codes[b]] == 1)
    return {distance: float(np.mean(alone)) for distance, alone in sorted(found.items())}


# Flowers and detectors


class Garden:
    """Flowers one by one, and detectors trained on them."""

    def __init__(
        self, *, directed: bool = True, petals: int = 8, jitter: int = 1, noise_sd: float = 0.1,
        accepted: float = 0.95, draws: int = 500, seed: int | list[int] = 20_000,
    ) -> None:  # fmt: skip
        self.rng = np.random.default_rng(seed)
        self.directed, self.petals = directed, petals
        self.jitter, self.noise_sd, self.accepted = jitter, noise_sd, accepted
        self.draws = draws

    def off(self) -> Place:
        steps = list(range(-self.jitter, self.jitter + 1))
        return int(self.rng.choice(steps)), int(self.rng.choice(steps))

    def true(self) -> list[Place]:
        turns = [math.tau * i / self.petals for i in range(self.petals)]
        ring = [(round(10 * math.sin(t)), round(10 * math.cos(t))) for t in turns]
        all_down, all_right = self.off()
        placed = []
        for down, right in [(0, 0), *ring]:
            own_down, own_right = self.off()
            placed.append((16 + down + all_down + own_down, 16 + right + all_right + own_right))
        return placed

    def scrambled(self, kind: str, stride: int = 1) -> list[Place]:
        placed, rng = self.true(), self.rng
        if kind == "moved":
            down, right = (int(d) for d in rng.integers(0, 32, 2))
            return [((r + down) % 32, (c + right) % 32) for r, c in placed]
        if kind == "anywhere":
            return [(int(rng.integers(32)), int(rng.integers(32))) for _ in placed]
        if kind == "inside":
            corners = [(r - r % stride, c - c % stride) for r, c in placed]
            return [
                (r + int(rng.integers(stride)), c + int(rng.integers(stride))) for r, c in corners
            ]
        ring = list(range(1, len(placed)))
        if kind == "swapped":
            a, b = (int(i) for i in rng.choice(ring, 2, replace=False))
            placed[a], placed[b] = placed[b], placed[a]
            return placed
        order = [int(i) for i in rng.permutation(ring)]
        after = dict(zip(order, [*order[1:], order[0]], strict=True))
        return [placed[0]] + [placed[after[i]] for i in ring]

    def maps(self, flowers: Iterable[list[Place]], *, noisy: bool = True) -> Floats:
        maps = np.zeros((self.draws, self.petals + 1 if self.directed else 2, 32, 32))
        for one, placed in zip(maps, flowers, strict=True):
            for i, (r, c) in enumerate(placed):
                one[i if self.directed else min(i, 1), r, c] = 1
        return maps + noisy * self.noise_sd * self.rng.standard_normal(maps.shape)

    def true_maps(self, *, noisy: bool = True) -> Floats:
        return self.maps((self.true() for _ in range(self.draws)), noisy=noisy)

    def scrambled_maps(self, kind: str, stride: int = 1) -> Floats:
        return self.maps(self.scrambled(kind, stride) for _ in range(self.draws))

    def pooling(self, pool: Pool) -> Callable[[Floats], float]:
        """What share of maps a detector accepts that compares pooled ones."""
        template = pool(self.true_maps(noisy=False)).mean(axis=0)
        return self._above(lambda maps: np.einsum("dcij,cij->d", pool(maps), template))

    def searching(self) -> Callable[[Floats], float]:
        """What share one accepts that lays a flower's template on the map at each place.

        By rolling the maps, one element of the template at a time.
        """
        template = self.true_maps(noisy=False).mean(axis=0)

        def best(maps: Floats) -> Floats:
            matches = np.zeros((len(maps), 32, 32))
            for c, r, k in np.argwhere(template):
                matches += template[c, r, k] * np.roll(maps[:, c], (-r, -k), (1, 2))
            return np.asarray(matches.max(axis=(1, 2)))

        return self._above(best)

    def _above(self, score: Pool) -> Callable[[Floats], float]:
        threshold = np.quantile(score(self.true_maps()), 1 - self.accepted)
        return lambda maps: float((score(maps) >= threshold).mean())


# The photograph


def orders(rings: int, sectors: int, scramble: str, draws: int, seed: int) -> list[list[int]]:
    """Sort the tiles by lot, with the same lots: each ring's own, or all of them."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    tiles = range(rings * sectors)
    found = []
    for lots in rng.random((draws, rings * sectors)).tolist():
        alone = [
            (tile // sectors if scramble == "around" else 0, lots[tile], tile) for tile in tiles
        ]
        found.append([tile for _, _, tile in sorted(alone)])
    return found


def pasted(picture: Floats, order: list[int], rings: int, sectors: int) -> Floats:
    """Cut tiles out, one by one, and paste them."""
    height, width = 72 // rings, 256 // sectors
    corners = [(height * i, width * j) for i in range(rings) for j in range(sectors)]
    changed = np.empty_like(picture)
    for (top, left), tile in zip(corners, order, strict=True):
        up, over = corners[tile]
        changed[top : top + height, left : left + width] = picture[
            up : up + height, over : over + width
        ]
    return changed


def pooled_petals(maps: Floats, window: int) -> Floats:
    """Pool petal maps side by side; what the last windows lack is not counted."""
    kernel = tuple(min(window, side) for side in maps.shape[-2:])
    return np.array([block_reduce(one, kernel, np.nanmax, cval=np.nan) for one in maps])
