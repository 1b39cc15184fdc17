"""ONNX Runtime's answers, recorded by `tests/oracles/record_onnx.py`, and where they are others.

ONNX Runtime 1.32 has PyTorch's windows, `ceil_mode` included: the last one begins in the input or
in the padding before it, and a mean never counts what lies beyond the padding. Where it differs, a
rule says how, in `along` for where the windows lie, and in `RULES` for all:
"""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from explainers import operators
from explainers.operators import max_unpool2d, same_padding

Array = NDArray[Any]
Case = dict[str, Any]
RECORDING: list[Case] = json.loads(
    Path(__file__).with_name("onnx_reference.json").read_text(encoding="utf-8")
)
ROUNDING = {"float16": 1e-3, "float32": 3e-7}
RULES = {
    "alike": "each argument is one of PyTorch's, and so is the answer, to the last bit of a max",
    "padding": "it may be uneven, and more than half of the window: PyTorch has no such argument",
    "SAME": "the padding is TensorFlow's, which PyTorch has no word for",
    "SAME, dilated": "... but as if the window was not dilated: too few values are left",
    "SAME, cropped": "... but where strides leave out rows, a negative padding cuts off as many, "
    "and a max without indices is refused",
    "larger window": "the number of windows is rounded towards zero, not down: of a window larger "
    "than the input by less than a stride there is one, where PyTorch and this package refuse",
    "no window": "it gives nothing, in shape (…, 0), where PyTorch and this package refuse; where "
    "the number is negative, it refuses too",
    "not finite": "a max starts with the first value, and takes the next if it is larger: NaN wins "
    "where it comes first, and loses else; a window of padding alone has the lowest finite number, "
    "and the index of the place −1, before each axis",
    "by columns": "storage_order 1 counts indices down the columns first",
}


# Where the windows lie


class Along(NamedTuple):
    """The windows along an axis: rows put before it and behind it, windows, and which rules."""

    size: int
    kernel: int
    stride: int
    dilation: int
    begin: int
    end: int
    windows: int
    rules: frozenset[str]

    @property
    def framed(self) -> tuple[int, int]:
        """Rows before and behind with which these windows fit and no other; below 0 to cut off."""
        reach = (self.windows - 1) * self.stride + self.dilation * (self.kernel - 1) + 1
        return self.begin, reach - self.size - self.begin


def along(size: int, arguments: dict[str, Any], axis: int) -> Along:
    """Lay out windows as ONNX Runtime does."""
    axes = len(arguments["kernel_shape"])
    kernel, stride = arguments["kernel_shape"][axis], arguments["strides"][axis]
    dilation = arguments.get("dilations", [1] * axes)[axis]
    pads, auto = arguments.get("pads", [0] * 2 * axes), arguments.get("auto_pad", "NOTSET")
    begin, end = pads[axis], pads[axes + axis]
    rules = {"padding"} if begin != end or begin > kernel // 2 else set()
    if auto.startswith("SAME"):
        begin, end = same_padding(size, kernel, stride)
        if auto == "SAME_LOWER":
            begin, end = end, begin
        rules = {"SAME, dilated"} if dilation > 1 and kernel > 1 else {"SAME"}
        needed = (-(-size // stride) - 1) * stride + kernel - size
        if needed < 0:
            begin = int((needed + (auto == "SAME_LOWER")) / 2)
            end, rules = needed - begin, rules | {"SAME, cropped"}
    room = size + begin + end - dilation * (kernel - 1) - 1
    windows = int(room / stride) + 1
    if arguments.get("ceil_mode"):
        windows = min(math.ceil(room / stride) + 1, math.ceil((size + begin) / stride))
    if windows < 1:
        rules |= {"no window"}
    elif room < 0 and not arguments.get("ceil_mode"):
        rules |= {"larger window"}
    return Along(size, kernel, stride, dilation, begin, end, windows, frozenset(rules))


def layout(case: Case) -> list[Along]:
    sides = case["arrays"][0]["shape"][2:]
    return [along(side, case["arguments"], axis) for axis, side in enumerate(sides)]


def rules(case: Case) -> set[str]:
    """Return the names of the rules that a case needs."""
    if case["operator"] not in ("MaxPool", "AveragePool"):
        return {"alike"}
    found = set().union(*(axis.rules for axis in layout(case)))
    if not np.isfinite(from_text(case["arrays"][0])).all() or alone_in_padding(case):
        found |= {"not finite"}
    if case["arguments"].get("storage_order"):
        found |= {"by columns"}
    return found or {"alike"}


def plain(case: Case) -> bool:
    """Tell whether a max is taken by the kernel that knows neither indices nor dilation."""
    arguments = case["arguments"]
    bare = max(arguments.get("dilations", [1])) == 1 and not arguments.get("return_indices")
    floats = case["arrays"][0]["dtype"] in ("float32", "float16")
    return case["operator"] == "MaxPool" and bare and floats


def alone_in_padding(case: Case) -> bool:
    """Tell whether a window meets no value of the input."""
    return any(
        not any(0 <= n * a.stride - a.begin + tap * a.dilation < a.size for tap in range(a.kernel))
        for a in layout(case)
        for n in range(a.windows)
    )


# What is in them


def from_text(text: dict[str, Any]) -> Array:
    return np.array(text["values"], text["dtype"]).reshape(text["shape"])


def framed(array: Array, axes: list[Along], value: Any) -> Array:
    """Put rows around an array, or cut them off."""
    around = [axis.framed for axis in axes]
    pads = [(0, 0)] * 2 + [(max(before, 0), max(behind, 0)) for before, behind in around]
    padded = np.pad(array, pads, constant_values=value)
    kept = [slice(max(-before, 0), min(behind, 0) or None) for before, behind in around]
    return padded[(..., *kept)]


def lowest(array: Array) -> Any:
    return -np.inf if array.dtype.kind == "f" else np.iinfo(array.dtype).min


def windows_of(axes: list[Along]) -> tuple[Any, ...]:
    return tuple(a.kernel for a in axes), tuple(a.stride for a in axes)


def largest(array: Array, axes: list[Along]) -> tuple[Array, Array]:
    """The maxima by the package's operator, without its padding, and their places in the input."""
    pool = getattr(operators, f"max_pool{len(axes)}d")
    around = framed(array, axes, lowest(array))
    dilation = tuple(axis.dilation for axis in axes)
    values, indices = pool(around, *windows_of(axes), 0, dilation, return_indices=True)
    places = np.unravel_index(indices, around.shape[2:])
    inside = [place - axis.begin for place, axis in zip(places, axes, strict=True)]
    return values, np.ravel_multi_index(inside, array.shape[2:], mode="clip")


def mean(array: Array, axes: list[Along], include_pad: bool) -> Array:
    """The mean by the package's operator: sums over what is counted."""
    pool = getattr(operators, f"avg_pool{len(axes)}d")
    counted = np.ones((1, 1, *array.shape[2:]))
    for number, axis in enumerate(axes):
        pads = [(0, 0)] * counted.ndim
        pads[2 + number] = (max(axis.begin, 0), max(axis.end, 0))
        counted = np.pad(counted, pads, constant_values=float(include_pad))
    bare = [a._replace(size=a.size + max(a.begin, 0) + max(a.end, 0)) for a in axes]
    bare = [a._replace(begin=min(a.begin, 0)) for a in bare]
    shares = pool(framed(counted, bare, 0), *windows_of(axes))
    return np.asarray(pool(framed(array.astype(float), axes, 0), *windows_of(axes)) / shares)


def compared(operator: str, ours: Array, theirs: Array) -> None:
    assert ours.shape == theirs.shape
    if operator.endswith(("MaxPool", "MaxUnpool")):
        np.testing.assert_array_equal(ours, theirs)
    else:
        rounding = ROUNDING[theirs.dtype.name]
        np.testing.assert_allclose(ours, theirs, rtol=rounding, atol=rounding)


def first_unless_larger(array: Array, axes: list[Along]) -> tuple[Array, Array]:
    """The maxima as ONNX Runtime takes them where not all is finite, window by window."""
    shape = (*array.shape[:2], *(axis.windows for axis in axes))
    nowhere = -sum(math.prod(array.shape[axis:]) for axis in range(3, array.ndim + 1))
    values, indices = np.full(shape, np.finfo(array.dtype).min), np.full(shape, nowhere)
    for number in np.ndindex(shape):
        taps = (
            [n * a.stride - a.begin + tap * a.dilation for tap in range(a.kernel)]
            for n, a in zip(number[2:], axes, strict=True)
        )
        for place in itertools.product(*taps):
            if all(0 <= p < a.size for p, a in zip(place, axes, strict=True)):
                value = array[(*number[:2], *place)]
                if indices[number] == nowhere or value > values[number]:
                    values[number] = value
                    indices[number] = np.ravel_multi_index(place, array.shape[2:])
    return values, indices


def through_all(indices: Array, shape: tuple[int, ...]) -> Array:
    """Count indices through all of the tensor, and not in each plane by itself."""
    planes = np.arange(math.prod(shape[:2])) * math.prod(shape[2:])
    return np.asarray(indices + planes.reshape(*shape[:2], *[1] * (len(shape) - 2)))


def of(*names: str) -> pytest.MarkDecorator:
    """Return the cases of these operators, with ids that say which."""
    cases = [(i, case) for i, case in enumerate(RECORDING) if case["operator"] in names]
    return pytest.mark.parametrize(
        "case",
        [case for _, case in cases],
        ids=[f"{i}-{case['operator']}-{'+'.join(sorted(rules(case)))}" for i, case in cases],
    )


@of("MaxPool", "AveragePool")
def test_same_words_and_same_answer(case: Case) -> None:
    """What PyTorch has words for, in them; what needs a rule that no argument has, is refused."""
    needed = rules(case) - {"by columns", "not finite"}
    arguments, axes = case["arguments"], layout(case)
    array = from_text(case["arrays"][0])
    if needed - {"alike", "larger window", "no window"}:
        return  # said otherwise below
    words: dict[str, Any] = {
        "kernel_size": tuple(arguments["kernel_shape"]),
        "stride": tuple(arguments["strides"]),
        "padding": tuple(axis.begin for axis in axes),
        "ceil_mode": bool(arguments.get("ceil_mode")),
    }
    kind = {"MaxPool": "max", "AveragePool": "avg"}[case["operator"]]
    if kind == "max":
        words |= {"dilation": tuple(a.dilation for a in axes), "return_indices": True}
    else:
        words["count_include_pad"] = bool(arguments["count_include_pad"])
    pool = getattr(operators, f"{kind}_pool{len(axes)}d")
    if needed & {"larger window", "no window"}:
        with pytest.raises(ValueError, match="kernel_size must be small enough"):
            pool(array, **words)
        return
    found = pool(array, **words)
    theirs = [from_text(text) for text in case["output"]]
    assert (found[0] if kind == "max" else found).dtype == theirs[0].dtype
    if rules(case) <= {"alike", "by columns"}:
        compared(case["operator"], found[0] if kind == "max" else found, theirs[0])
    if kind == "max" and rules(case) == {"alike"} and len(theirs) > 1:
        np.testing.assert_array_equal(through_all(found[1], array.shape), theirs[1])


@of("MaxPool", "AveragePool")
def test_the_rules_tell_each_answer(case: Case) -> None:
    needed, axes = rules(case), layout(case)
    refused = any(axis.windows < 0 for axis in axes)
    indexed = bool(case["arguments"].get("return_indices"))
    if refused or ("SAME, cropped" in needed and plain(case)):
        assert case["output"] is None
        return
    assert case["output"] is not None
    array, theirs = from_text(case["arrays"][0]), from_text(case["output"][0])
    if "no window" in needed:
        assert theirs.shape == (*array.shape[:2], *(axis.windows for axis in axes))
        return
    if case["operator"] == "AveragePool":
        include_pad = bool(case["arguments"]["count_include_pad"])
        compared("AveragePool", mean(array, axes, include_pad), theirs)
        return
    values, indices = (
        first_unless_larger(array, axes) if "not finite" in needed else largest(array, axes)
    )
    compared("MaxPool", values, theirs)
    if indexed:
        if "by columns" in needed:
            places = np.unravel_index(indices, array.shape[2:])
            indices = np.ravel_multi_index(places[::-1], array.shape[:1:-1])
        expected = through_all(indices, array.shape)
        compared("MaxPool", expected, from_text(case["output"][1]))


@of("GlobalMaxPool", "GlobalAveragePool")
def test_global_pooling(case: Case) -> None:
    """In two axes by the operator for it, and in each number of axes by one window."""
    array, (theirs,) = from_text(case["arrays"][0]), map(from_text, case["output"])
    kind = {"GlobalMaxPool": "max", "GlobalAveragePool": "avg"}[case["operator"]]
    found = [getattr(operators, f"{kind}_pool{array.ndim - 2}d")(array, array.shape[2:])]
    if array.ndim == 4:
        found.append(getattr(operators, f"global_{kind}_pool2d")(array))
    for ours in found:
        assert ours.dtype == theirs.dtype
        compared(case["operator"], ours, theirs)


# Unpooling


class Unpooled(NamedTuple):
    """What an unpooling is given, and the shape of its output: by default, and as wanted."""

    values: Array
    indices: Array
    default: tuple[int, ...]
    wanted: tuple[int, ...]

    @property
    def own(self) -> bool:
        """Whether each index lies in its own plane of the output."""
        side = math.prod(self.wanted[2:])
        planes = np.arange(math.prod(self.wanted[:2])).reshape(*self.wanted[:2], 1, 1)
        return bool((self.indices // side == planes).all())


def unpooling(case: Case) -> Unpooled:
    values, indices, *shape = map(from_text, case["arrays"])
    arguments = case["arguments"]
    kernel, strides = arguments["kernel_shape"], arguments["strides"]
    pads = arguments.get("pads", [0] * 4)
    sides = zip(values.shape[2:], kernel, strides, pads[:2], pads[2:], strict=True)
    default = (*values.shape[:2], *((n - 1) * s + k - b - e for n, k, s, b, e in sides))
    wanted = tuple(shape[0].tolist()) if shape else default
    return Unpooled(values, indices, default, wanted)


@of("MaxUnpool")
def test_unpooling(case: Case) -> None:
    """ONNX counts indices through all channels, so one may name a place in another channel.

    It refuses a size below the default, which PyTorch and this package take if it is near.
    """
    given, arguments = unpooling(case), case["arguments"]
    smaller = any(w < d for w, d in zip(given.wanted, given.default, strict=True))
    outside = given.indices.max() >= math.prod(given.wanted)
    if smaller or outside:
        assert case["output"] is None
        return
    theirs = from_text(case["output"][0])
    flat = np.zeros(math.prod(given.wanted), theirs.dtype)
    for index, value in zip(given.indices.ravel(), given.values.ravel(), strict=True):
        flat[index] = value
    np.testing.assert_array_equal(flat.reshape(given.wanted), theirs)
    if given.own:
        side = math.prod(given.wanted[2:])
        words = {
            "kernel_size": tuple(arguments["kernel_shape"]),
            "stride": tuple(arguments["strides"]),
            "padding": tuple(arguments.get("pads", [0, 0])[:2]),
        }
        found = max_unpool2d(given.values, given.indices % side, **words, output_size=given.wanted)
        np.testing.assert_array_equal(found, theirs)


# None is left out


def test_each_rule_has_cases_and_most_need_none() -> None:
    """So it is seen that a rule is needed, and that the list of them is complete."""
    times = Counter(rule for case in RECORDING for rule in rules(case))
    assert set(times) == set(RULES)
    assert min(times.values()) >= 5, times
    assert times["alike"] > len(RECORDING) / 2
    kinds = Counter(case["operator"] for case in RECORDING)
    assert min(kinds.values()) >= 13
    unpooled = [unpooling(case) for case in RECORDING if case["operator"] == "MaxUnpool"]
    assert sum(each.own for each in unpooled) > 20
