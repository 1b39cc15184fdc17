"""The maps, the laws and the first frame of the pooling lab, by other ways."""

from __future__ import annotations

import base64
import io
import re
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image
from scipy import ndimage
from skimage.measure import block_reduce
from sklearn.datasets import load_sample_image

from explainers.checks import Ints
from explainers.invariance.examples import line_example
from explainers.labs import pool
from explainers.maps import lone_peaks
from tests.flower import reference as dahlia


@pytest.mark.parametrize("name", pool.contents())
def test_contents_are_whole_numbers_of_two_digits(name: str) -> None:
    label, numbers = pool.contents()[name]
    assert numbers.shape == (12, 12)
    assert numbers.dtype == np.int64
    assert (numbers >= 0).all()
    assert (numbers <= 99).all()
    assert numbers.any()
    assert label


def test_contents_are_what_they_are_called() -> None:
    maps = {name: numbers for name, (_, numbers) in pool.contents().items()}
    assert [np.count_nonzero(maps[name]) for name in ("peak", "peaks", "ring")] == [1, 2, 8]
    assert_array_equal(maps["line"][3:9, 3:9].max(axis=1), line_example().feature_map.max(axis=1))
    assert_array_equal(maps["line"], np.roll(maps["line"], 1, axis=0))
    rows, columns = np.nonzero(maps["ring"])
    assert_array_equal(np.rint(np.hypot(rows - 6, columns - 6)), np.full(8, 4))
    rough, smooth = (np.abs(np.diff(maps[name], axis=1)).mean() for name in ("busy", "smooth"))
    assert smooth < rough / 2
    assert maps["smooth"].min() == 0
    assert maps["smooth"].max() == 99
    assert maps["dahlia"].max() == 92
    assert ((maps["dahlia"] == 0) | (maps["dahlia"] >= 50)).all()


@pytest.mark.parametrize("side", [1, 2, 3, 4])
def test_pooled_maps_by_scikit_image(side: int) -> None:
    busy = pool.contents()["busy"][1]
    means = pool.pooled(busy, "mean", side, side)
    assert_array_equal(pool.pooled(busy, "max", side, side), block_reduce(busy, side, np.max))
    assert_array_equal(means, block_reduce(busy, side, np.sum))
    assert_array_equal(pool.pooled(busy, "subsample", 5, side), busy[::side, ::side])


@pytest.mark.parametrize(("window", "stride"), [*product(range(1, 6), range(1, 5))])
def test_overlapping_windows_wrap_round(window: int, stride: int) -> None:
    busy = pool.contents()["busy"][1]
    origin = -((window - 1) // 2) if window % 2 else -(window // 2)
    dense = ndimage.maximum_filter(busy, window, mode="wrap", origin=origin)
    expected = dense[::stride, ::stride]
    assert_array_equal(pool.pooled(busy, "max", window, stride), expected)
    blurred = ndimage.convolve1d(dense, [1, 2, 1], axis=0, mode="wrap")
    blurred = ndimage.convolve1d(blurred, [1, 2, 1], axis=1, mode="wrap")[::stride, ::stride]
    assert_array_equal(pool.pooled(busy, "max blur", window, stride), blurred)


def test_the_law_of_a_lone_peak_by_all_its_places() -> None:
    peaks, laws = lone_peaks(12).astype(np.int64), pool.laws()["peak"]
    assert np.array([key.split(".") for key in laws], int).max(axis=0).tolist() == [5, 4, 4, 4]
    for key, law in laws.items():
        window, stride, dy, dx = map(int, key.split("."))
        before = pool.pooled(peaks, "max", window, stride)
        after = pool.pooled(pool.moved(peaks, dy, dx), "max", window, stride)
        stays = (before == after).all(axis=(1, 2))
        assert law == pytest.approx(stays.mean(), abs=5.1e-4), key


@pytest.mark.parametrize("key", ["2.2.0.1", "3.2.1.2", "5.4.0.4", "4.1.3.3"])
def test_the_law_of_busy_maps_by_many_of_them(key: str) -> None:
    window, stride, dy, dx = map(int, key.split("."))
    rng = np.random.default_rng(3)
    stays = []
    for _ in range(400):
        numbers = rng.permutation(144).reshape(12, 12)
        after = pool.pooled(pool.moved(numbers, dy, dx), "max", window, stride)
        stays.append((after == pool.pooled(numbers, "max", window, stride)).mean())
    assert pool.laws()["busy"][key] == pytest.approx(np.mean(stays), abs=0.02)


@pytest.mark.parametrize("page", pool.SETTINGS)
def test_the_first_frame_shows_the_map_its_windows_and_what_is_kept(page: str) -> None:
    setting = pool.SETTINGS[page]
    first, second = re.findall(r"<tbody>(.*?)</tbody>", pool.frame(setting))
    numbers = pool.contents()[setting.content][1]
    assert _numbers(first) == numbers.ravel().tolist()
    assert _numbers(second) == block_reduce(numbers, 2, np.max).ravel().tolist()
    kept = re.findall(r'class="[^"]*k[^"]*" style="[^"]*">(\d+)<', first)
    assert sorted(map(int, kept)) == sorted(filter(None, _numbers(second)))
    edges = np.array([" ".join(re.findall(r'class="([^"]*)"', cell)) for cell in _cells(first)])
    tops = np.array(["t" in cell.split() for cell in edges]).reshape(12, 12)
    assert_array_equal(tops, np.arange(12)[:, None] % 2 == np.zeros((1, 12)))


@pytest.mark.parametrize("content", pool.contents())
def test_the_photograph_stands_beside_its_own_map_only(content: str) -> None:
    photographs = pool.frame(pool.Setting(content)).count('<figure class="lab__photo">')
    assert photographs == (content == "dahlia")


def test_the_photograph_is_cut_round_the_flower_and_ringed_at_its_surest_petal() -> None:
    frame = pool.frame(pool.Setting("dahlia"))
    found = re.search(
        r'viewBox="0 0 224 224".*base64,([^"]+)".*<circle cx="(\d+)" cy="(\d+)"', frame
    )
    assert found
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(found[1]))), dtype=float)
    top, left = 222 - 112, 306 - 112
    flower = load_sample_image("flower.jpg")[top : top + 224, left : left + 224]
    assert shown.shape == flower.shape
    assert np.abs(shown - flower).mean() < 8  # of 255: it is compressed; one pixel off are 11
    row, column = np.unravel_index(dahlia.clean_map().argmax(), dahlia.clean_map().shape)
    y, x = dahlia.places()[:, row + 6, column]  # the middle of 13 rows
    assert (float(found[2]), float(found[3])) == pytest.approx((x - left, y - top), abs=0.51)


@pytest.mark.parametrize(
    "setting",
    [
        pool.Setting("busy", "max", 3, 2),
        pool.Setting("dahlia", "max", 1, 3),
        pool.Setting("smooth", "subsample", 2, 4),
        pool.Setting("busy", "mean", 3, 3),
        pool.Setting("line", "mean", 2, 1),
    ],
)
def test_a_frame_of_any_windows_by_loops(setting: pool.Setting) -> None:
    numbers = pool.contents()[setting.content][1]
    covered, kept, left = np.zeros((12, 12), bool), np.zeros((12, 12), bool), []
    for top, first in product(range(0, 12, setting.stride), repeat=2):
        rows, columns = (np.arange(at, at + setting.window) % 12 for at in (top, first))
        window = numbers[np.ix_(rows, columns)]
        covered[np.ix_(rows, columns)] = True
        left.append({"max": window.max(), "mean": window.mean()}.get(setting.method, window[0, 0]))
        at = np.argwhere(window == left[-1])[:1]  # the first one, if any
        if setting.method != "mean" and (left[-1] > 0 or setting.method == "subsample"):
            kept[rows[at[0, 0]], columns[at[0, 1]]] = True
    first_table, second_table = re.findall(r"<tbody>(.*?)</tbody>", pool.frame(setting))
    signs = [_signs(cell) for cell in _cells(first_table)]
    begins = np.arange(12) % setting.stride == 0
    for sign, expected in {
        "t": np.repeat(begins, 12),
        "l": np.tile(begins, 12),
        "o": ~covered.ravel(),
        "k": kept.ravel(),
        "z": numbers.ravel() == 0,
    }.items():
        assert_array_equal([sign in each for each in signs], expected, err_msg=sign)
    below = _cells(second_table)
    written = [str(int(x)) if x == int(x) else f"{x:.1f}" for x in left]
    assert [re.sub(r"<.*?>", "", cell) for cell in below] == written
    assert [_signs(cell) for cell in below] == [
        {sign for sign, is_so in (("f", x != round(x)), ("z", x == 0)) if is_so} for x in left
    ]
    shades = [int(shade) for shade in re.findall(r"--v:(\d+)", second_table)]
    assert shades == pytest.approx(left, abs=0.5)
    assert second_table.count("<tr>") == 12 // setting.stride


def _signs(cell: str) -> set[str]:
    return set(" ".join(re.findall(r'class="([^"]*)"', cell)).split())


def _cells(rows: str) -> list[str]:
    return re.findall(r"<td.*?</td>", rows)


def _numbers(rows: str) -> list[int]:
    return [int(re.sub(r"<.*?>", "", cell)) for cell in _cells(rows)]


def test_every_kind_of_case_is_among_the_cases() -> None:
    found = [*pool.cases(600)]
    assert len(found) == 600
    states = [case["state"] for case in found]
    assert {state[0] for state in states} == set(pool.contents())
    assert {state[1] for state in states} == set(pool.OPERATORS)
    sizes = {(state[2], state[3]) for state in states}
    assert sizes == {*product(range(1, 6), range(1, 5)), (12, 12)}
    assert len({state[4:6] for state in map(tuple, states)}) > 100
    for case in found[::50]:
        content, method, window, stride, dy, dx = case["state"]
        numbers: Ints = np.roll(pool.contents()[content][1], (dy, dx), (0, 1))
        assert case["pooled"] == pool.pooled(numbers, method, window, stride).ravel().tolist()


@pytest.mark.parametrize(
    "settings", [("median", 2, 2), ("max", 0, 2), ("max", 13, 2), ("max", 2, 0), ("max", 2, 13)]
)
def test_windows_and_strides_fit_the_map(settings: tuple[str, int, int]) -> None:
    with pytest.raises(ValueError, match=r"^(method|window|stride) must be .*; got"):
        pool.pooled(pool.contents()["peak"][1], *settings)
