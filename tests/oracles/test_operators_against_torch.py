"""The operators against PyTorch itself, on random shapes and arguments, wrong ones included."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from explainers import operators

Array = NDArray[Any]
Calls = tuple[list[Array], dict[str, Any]]
recorder = runpy.run_path(str(Path(__file__).with_name("record_operators.py")))

torch.set_num_threads(1)
often = settings(max_examples=600, deadline=None, derandomize=True)

EXACT = {
    "adaptive_max_pool2d",
    "adaptive_windows",
    "global_max_pool2d",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_unpool2d",
    "pool_output_size",
}
ROUNDING = {"float16": 3e-3, "float32": 2e-5, "float64": 1e-12, "complex64": 2e-5}
NUMBERS = np.concatenate([np.linspace(-3, 3, 41), np.arange(-3, 4)])
SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 0.0, 1.0, 2.0]
FINITE_BELOW = [number for number in SPECIAL if number != -np.inf]
INTEGERS = ["int64", "int32", "int16", "int8", "uint8"]
REFUSED_EVERYWHERE = ["bool", "uint16", "uint32"]
FLOATS = ["float32", "float64", "float16"]


def arrays(dtypes: list[str], shapes: Any, palettes: list[Any]) -> Any:
    def filled(dtype: str, shape: tuple[int, ...], palette: Any, seed: int) -> Array:
        palette = palette if np.dtype(dtype).kind in "fc" else [0, 1, 2, 3, 250, 2**14, 2**30]
        drawn = np.random.default_rng(seed).choice(palette, shape)
        with np.errstate(over="ignore"):
            return np.asarray(drawn).astype(dtype)

    seeds = st.integers(0, 2**32 - 1)
    return st.builds(filled, st.sampled_from(dtypes), shapes, st.sampled_from(palettes), seeds)


def sizes(low: int, high: int) -> Any:
    """Ints and pairs; one in about fifteen is out of range, or no whole number."""
    good = st.integers(low, high)
    bad = st.sampled_from([low - 1, -3, 2.0, True, (1, 2, 3), "2", None])
    return st.integers(0, 14).flatmap(lambda i: bad if i == 0 else good | st.tuples(good, good))


def plane_shapes(smallest: int = 0) -> Any:
    side = st.integers(0, 30).flatmap(lambda i: st.just(0) if i < smallest else st.integers(1, 9))
    channels = st.integers(1, 3)
    return st.tuples(channels, side, side) | st.tuples(st.integers(0, 2), channels, side, side)


PLANES = plane_shapes(smallest=1)
POOLING = {
    "kernel_size": sizes(1, 4),
    "ceil_mode": st.booleans(),
}


def none_but_one_line(message: str) -> None:
    assert "must be" in message
    assert "\n" not in message


def call(operator: str, given_arrays: list[Array], arguments: dict[str, Any]) -> list[Array] | None:
    """Return what our operator gives, or None if it refuses."""
    try:
        answer = getattr(operators, operator)(*given_arrays, **arguments)
    except ValueError as error:
        none_but_one_line(str(error))
        return None
    two_arrays = isinstance(answer, tuple) and isinstance(answer[0], np.ndarray)
    return list(answer) if two_arrays else [np.asarray(answer)]


def assert_agree(operator: str, given_arrays: list[Array], arguments: dict[str, Any]) -> None:
    theirs = recorder["answer"](operator, given_arrays, arguments)
    ours = call(operator, given_arrays, arguments)
    assert (ours is None) == (theirs is None)
    assert_same(operator, ours or [], theirs or [])


def assert_same(operator: str, ours: list[Array], theirs: list[Array]) -> None:
    for our, their in zip(ours, theirs, strict=True):
        assert our.dtype == their.dtype
        if operator in EXACT:
            np.testing.assert_array_equal(our, their)
            number = ~np.isnan(our)
            np.testing.assert_array_equal(np.signbit(our)[number], np.signbit(their)[number])
        else:
            rounding = ROUNDING.get(our.dtype.name, 0)
            np.testing.assert_allclose(our, their, rtol=rounding, atol=rounding)


@often
@given(
    arrays(FLOATS * 2 + INTEGERS + REFUSED_EVERYWHERE, PLANES, [NUMBERS, SPECIAL]),
    st.fixed_dictionaries(
        {**POOLING, "return_indices": st.booleans()},
        optional={"stride": sizes(1, 4), "padding": sizes(0, 2), "dilation": sizes(1, 6)},
    ),
)
def test_max_pool2d(planes: Array, arguments: dict[str, Any]) -> None:
    assert_agree("max_pool2d", [planes], arguments)


@often
@given(
    arrays(FLOATS * 3 + INTEGERS + REFUSED_EVERYWHERE, PLANES, [NUMBERS, SPECIAL]),
    st.fixed_dictionaries(
        {**POOLING, "count_include_pad": st.booleans()},
        optional={"stride": sizes(1, 4), "padding": sizes(0, 2)},
    ),
)
def test_avg_pool2d(planes: Array, arguments: dict[str, Any]) -> None:
    assert_agree("avg_pool2d", [planes], arguments)


# Powers of two, so that sums of odd powers that cancel do so exactly, in any order. No −∞: PyTorch
# itself gives NaN as its square root in float32, and ∞ in float16.
@often
@given(
    arrays(
        FLOATS * 3 + INTEGERS, PLANES, [[-2, -1, -0.5, 0, 0.5, 1, 2], [0.7, 1.3, 1.1], FINITE_BELOW]
    ),
    st.fixed_dictionaries(
        {
            **POOLING,
            "norm_type": st.sampled_from([1, 2, 2.0, 3, 0.5, 4.0, -1, -2.0, np.inf, -np.inf, 0]),
        },
        optional={"stride": sizes(1, 4)},
    ),
)
def test_lp_pool2d(planes: Array, arguments: dict[str, Any]) -> None:
    if planes.dtype == np.uint8 and arguments["norm_type"] == -np.inf:
        return  # PyTorch takes −x, which wraps around: its smallest of 0, 5, 7 and 9 is 5
    assert_agree("lp_pool2d", [planes], arguments)


@often
@given(arrays(FLOATS + INTEGERS + REFUSED_EVERYWHERE, PLANES, [NUMBERS, SPECIAL]))
def test_global_max_pool2d(planes: Array) -> None:
    assert_agree("global_max_pool2d", [planes], {})


@often
@given(arrays(FLOATS + INTEGERS + REFUSED_EVERYWHERE, plane_shapes(), [NUMBERS, SPECIAL]))
def test_global_avg_pool2d(planes: Array) -> None:
    assert_agree("global_avg_pool2d", [planes], {})


@often
@given(
    st.fixed_dictionaries(
        {**POOLING, "input_size": st.tuples(st.integers(1, 12), st.integers(1, 12))},
        optional={"stride": sizes(1, 5), "padding": sizes(0, 2), "dilation": sizes(1, 4)},
    )
)
def test_pool_output_size(arguments: dict[str, Any]) -> None:
    assert_agree("pool_output_size", [], arguments)


def shapes_along(axes: int, longest: int) -> Any:
    """One in about thirty sides is 0, of those that may not be."""
    side = st.integers(0, 30).flatmap(lambda i: st.just(0) if i == 0 else st.integers(1, longest))
    channels = st.integers(1, 3)
    return st.tuples(channels, *[side] * axes) | st.tuples(
        st.integers(0, 2), channels, *[side] * axes
    )


def lengths(low: int, high: int, axes: int) -> Any:
    """Like `sizes`, for one axis or three; a tuple of one number PyTorch takes for three, too."""
    good = st.integers(low, high)
    others = (1, 2) if axes == 3 else (1, 2, 3)
    bad = st.sampled_from([low - 1, -3, 2.0, True, others, "2", None])
    return st.integers(0, 14).flatmap(lambda i: bad if i == 0 else good | st.tuples(*[good] * axes))


def along(axes: int, **more: Any) -> Any:
    names = {"stride": lengths(1, 4, axes), "padding": lengths(0, 2, axes)}
    if "return_indices" in more:
        names["dilation"] = lengths(1, 6, axes)
    needed = {"kernel_size": lengths(1, 4, axes), "ceil_mode": st.booleans(), **more}
    return st.fixed_dictionaries(needed, optional=names)


LINES, VOLUMES = shapes_along(1, 15), shapes_along(3, 6)
REFUSED_OR_NOT = FLOATS * 2 + INTEGERS + REFUSED_EVERYWHERE


@often
@given(
    arrays(REFUSED_OR_NOT, LINES, [NUMBERS, SPECIAL, [1, 2]]),
    along(1, return_indices=st.booleans()),
)
def test_max_pool1d(lines: Array, arguments: dict[str, Any]) -> None:
    assert_agree("max_pool1d", [lines], arguments)


@often
@given(
    arrays(FLOATS * 2 + REFUSED_OR_NOT, LINES, [NUMBERS, SPECIAL]),
    along(1, count_include_pad=st.booleans()),
)
def test_avg_pool1d(lines: Array, arguments: dict[str, Any]) -> None:
    assert_agree("avg_pool1d", [lines], arguments)


@often
@given(
    arrays(REFUSED_OR_NOT, VOLUMES, [NUMBERS, SPECIAL, [1, 2]]),
    along(3, return_indices=st.booleans()),
)
def test_max_pool3d(volumes: Array, arguments: dict[str, Any]) -> None:
    assert_agree("max_pool3d", [volumes], arguments)


DIVISORS = st.sampled_from([None, 1, 2, 3, -2, 27, 2**40, 0, 2.0, True])


@often
@given(
    arrays(FLOATS * 2 + REFUSED_OR_NOT, VOLUMES, [NUMBERS, SPECIAL]),
    along(3, count_include_pad=st.booleans(), divisor_override=DIVISORS),
)
def test_avg_pool3d(volumes: Array, arguments: dict[str, Any]) -> None:
    # PyTorch refuses a window larger than the volume, even where the padding makes room for it.
    if recorder["fits"](arguments["kernel_size"], volumes.shape):
        assert_agree("avg_pool3d", [volumes], arguments)


def output_sizes() -> Any:
    """Ints, pairs and None in them; a size of 0 gives nothing in PyTorch, and is refused here."""
    side = st.integers(1, 13)
    bad = st.sampled_from([-1, 2.0, True, None, "2", (1, 2, 3), (2,), (2.0, 2), (None, -1)])
    good = side | st.tuples(side | st.none(), side | st.none())
    return st.integers(0, 14).flatmap(lambda i: bad if i == 0 else good)


@often
@given(
    arrays(FLOATS * 3 + REFUSED_EVERYWHERE, plane_shapes(), [NUMBERS, SPECIAL]),
    output_sizes(),
)
def test_adaptive_avg_pool2d(planes: Array, output_size: Any) -> None:
    # Of no planes PyTorch takes any dtype; the mean of an empty one it takes for NaN: refused here.
    if 0 not in planes.shape[:-2] or planes.dtype.name in FLOATS:
        assert_agree("adaptive_avg_pool2d", [planes], {"output_size": output_size})


@often
@given(
    arrays(REFUSED_OR_NOT, PLANES, [NUMBERS, SPECIAL, [1, 2]]),
    output_sizes(),
    st.booleans(),
)
def test_adaptive_max_pool2d(planes: Array, output_size: Any, return_indices: bool) -> None:
    if 0 not in planes.shape[:-2] or planes.dtype.name in FLOATS:
        arguments = {"output_size": output_size, "return_indices": return_indices}
        assert_agree("adaptive_max_pool2d", [planes], arguments)


@often
@given(st.integers(-1, 40), st.integers(1, 60))
def test_adaptive_windows(size: int, output_size: int) -> None:
    if size:  # of no elements, PyTorch gives the extremes of none: refused here
        arguments = {"size": size, "output_size": output_size}
        assert_agree("adaptive_windows", [], arguments)


@st.composite
def unpoolings(draw: st.DrawFn) -> Calls:
    """Indices of a pooling, or drawn as they come: often equal, and some outside the plane."""
    shape = draw(shapes_along(2, 5))
    small = st.integers(1, 3)
    arguments = {
        "kernel_size": draw(small | st.tuples(small, small)),
        "stride": draw(st.none() | small | st.tuples(small, small)),
    }
    pairs = st.tuples(st.integers(1, 12), st.integers(1, 12))
    wrong = st.sampled_from([4, (4,), (4, 4, 4), (4.0, 4), "44", (100, 1)])
    options = [st.none(), pairs, pairs.map(lambda pair: [1, 1, *pair]), wrong]
    arguments["output_size"] = draw(st.one_of(*options))
    values = draw(arrays(REFUSED_OR_NOT, st.just(shape), [NUMBERS, SPECIAL]))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    last = draw(st.sampled_from([1, 2, 4, 4, 9, 30]))
    indices = numbers.integers(draw(st.sampled_from([0] * 14 + [-1])), last, shape)
    spoilt = draw(st.sampled_from([indices] * 14 + [indices.astype("int32"), indices[..., :1]]))
    return [values, spoilt], arguments


@often
@given(unpoolings())
def test_max_unpool2d(calls: Calls) -> None:
    values = calls[0][0]
    if 0 not in values.shape[:-2] or values.dtype.name in FLOATS:
        assert_agree("max_unpool2d", *calls)


@often
@given(
    arrays(
        FLOATS + INTEGERS,
        st.tuples(*[st.integers(1, 2)] * 2, *[st.integers(3, 7)] * 2),
        [[1, 2, 3]],
    ),
    st.fixed_dictionaries(
        {"kernel_size": st.integers(2, 3)},
        optional={"stride": st.integers(1, 3), "padding": st.integers(0, 1)},
    ),
    st.booleans(),
)
def test_max_unpool2d_of_what_was_pooled(
    planes: Array, arguments: dict[str, Any], sized: bool
) -> None:
    pooled = call("max_pool2d", [planes], {**arguments, "return_indices": True}) or []
    size = {"output_size": planes.shape} if sized else {}
    assert_agree("max_unpool2d", pooled, {**arguments, **size})


@st.composite
def convolutions(draw: st.DrawFn) -> Calls:
    groups, per_group, kernels = (draw(st.integers(1, 3)) for _ in range(3))
    height, width = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    batch = draw(st.sampled_from([(), (0,), (1,), (2,)]))
    dtypes = [*FLOATS * 3, *INTEGERS, *REFUSED_EVERYWHERE, "complex64"]
    if batch == (
        0,
    ):  # of no images, PyTorch takes any dtype, also one that does not fit: we do not
        dtypes = FLOATS
    dtype = [draw(st.sampled_from(dtypes))]
    image_shape = (*batch, groups * per_group, height, width)
    out_channels = groups * kernels + draw(st.sampled_from([0] * 9 + [1]))
    in_channels = per_group + draw(st.sampled_from([0] * 9 + [1]))
    kernel_shape = (out_channels, in_channels, draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    bias_shape = (out_channels + draw(st.sampled_from([0] * 9 + [1])),)
    shapes = [image_shape, kernel_shape, bias_shape][: draw(st.integers(2, 3))]
    given_arrays = [draw(arrays(dtype, st.just(shape), [NUMBERS])) for shape in shapes]
    if batch != (0,) and draw(st.integers(0, 14)) == 0:
        given_arrays[1] = given_arrays[1].real.astype("float32")
    arguments = draw(
        st.fixed_dictionaries(
            {"groups": st.sampled_from([groups] * 14 + [0, -1, 2, 4])},
            optional={
                "stride": sizes(1, 3),
                "padding": st.sampled_from(["same", "valid", "full"]) | sizes(0, 4) | sizes(0, 4),
                "dilation": sizes(1, 3),
            },
        )
    )
    return given_arrays, arguments


@often
@given(convolutions())
def test_conv2d(calls: Calls) -> None:
    assert_agree("conv2d", *calls)


@often
@given(convolutions())
def test_conv2d_circular(calls: Calls) -> None:
    given_arrays, arguments = calls
    padding = arguments.get("padding", 0)
    # torch.nn.Conv2d, unlike the function, takes True and None for a size, and crops at −1.
    whole = all(type(value) in (int, tuple, str) for value in arguments.values())
    if whole and (isinstance(padding, str) or np.min(padding) >= 0):
        assert_agree("conv2d", given_arrays, {**arguments, "padding_mode": "circular"})


def as_array(text: dict[str, Any]) -> Array:
    dtype = np.dtype(text["dtype"])
    values = np.array(text["values"], np.empty(0, dtype).real.dtype)
    return np.asarray(values.view(dtype).reshape(text["shape"]))


def test_recording_is_what_pytorch_gives() -> None:
    now = json.loads(recorder["written"](recorder["record"]()))
    recorded = json.loads(recorder["RECORDING"].read_text(encoding="utf-8"))
    for new, old in zip(now, recorded, strict=True):
        outputs = new.pop("output"), old.pop("output")
        assert json.dumps(new) == json.dumps(old)  # as text: NaN is not equal to itself
        assert (outputs[0] is None) == (outputs[1] is None)
        parts = [[as_array(part) for part in output or []] for output in outputs]
        assert_same(new["operator"], *parts)


def test_both_refuse_and_both_answer_often() -> None:
    """Random arguments would prove nothing if nearly all of them were refused."""
    recorded = json.loads(recorder["RECORDING"].read_text(encoding="utf-8"))
    answered = np.mean([case["output"] is not None for case in recorded])
    assert 0.4 < answered < 0.9
