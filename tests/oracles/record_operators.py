"""Record what PyTorch answers to some hundred calls, so that `make test` can do without it.

Run `python tests/oracles/record_operators.py` in the environment of `requirements/oracles.txt`.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

Array = NDArray[Any]
RECORDING = Path(__file__).parents[1] / "operators" / "reference.json"

NUMBERS = np.arange(-8, 9) / 4  # sums of their products are exact in every dtype
SPECIAL = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 1.0])
SMALL = [1, 2, 2, 3, [2, 3], [3, 1]]
WRONG = [0, -1, 9, [1, 0], 2.5, [1, 2, 3]]
# The same for one axis and for three, but for a list of one number, which PyTorch takes for three.
SMALL_OF: dict[int, list[Any]] = {1: [1, 2, 2, 3, [2], [3]], 3: [1, 2, 2, 3, [2, 3, 1], [1, 2, 2]]}
WRONG_OF: dict[int, list[Any]] = {1: [0, -1, 9, 2.5, [2, 2]], 3: [0, -1, 9, [1, 0, 1], 2.5, [1, 2]]}


def answer(operator: str, arrays: list[Array], arguments: dict[str, Any]) -> list[Array] | None:
    """Return what PyTorch gives, or None if it refuses."""
    tensors = [torch.from_numpy(array) for array in arrays]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # 'same' with an even kernel copies: of no concern here
        try:
            given = CALLS[operator](*tensors, **arguments)
        except (RuntimeError, ValueError, TypeError, ZeroDivisionError, IndexError):
            return None
    return [part.numpy() for part in (given if isinstance(given, tuple) else (given,))]


def _conv2d(
    input: Any, weight: Any, bias: Any = None, padding_mode: str = "zeros", **rest: Any
) -> Any:
    if padding_mode == "zeros":
        return functional.conv2d(input, weight, bias, **rest)
    channels = weight.shape[1] * rest.get("groups", 1)
    layer = torch.nn.Conv2d(
        channels,
        len(weight),
        tuple(weight.shape[2:]),
        padding_mode=padding_mode,
        bias=bias is not None,
        **{name: _tuple(value) for name, value in rest.items()},
    )
    layer.weight = torch.nn.Parameter(weight, requires_grad=False)
    layer.bias = None if bias is None else torch.nn.Parameter(bias, requires_grad=False)
    return layer(input)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _pool_output_size(input_size: Any, **arguments: Any) -> Any:
    height, width = input_size
    pooled = functional.max_pool2d(torch.zeros(1, height, width), **arguments)
    return torch.tensor(pooled.shape[-2:])


def _global_max_pool2d(input: Any) -> Any:
    if input.is_floating_point():
        return functional.adaptive_max_pool2d(input, 1)
    return functional.max_pool2d(input, input.shape[-2:])  # the adaptive one takes no integers


def _as_float(call: Any, dtypes: tuple[Any, ...], wide: Any) -> Any:
    """Return the call for what it does not take itself: in a dtype that holds the same numbers."""

    def called(input: Any, *rest: Any, **arguments: Any) -> Any:
        if input.dtype not in dtypes:
            return call(input, *rest, **arguments)
        given = call(input.to(wide), *rest, **arguments)
        if isinstance(given, tuple):
            return given[0].to(input.dtype), *given[1:]
        return given.to(input.dtype)

    return called


INTEGERS = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)


def _max_pool1d(input: Any, *args: Any, return_indices: bool = False, **rest: Any) -> Any:
    """Integers are taken with indices only."""
    wanted = return_indices or not input.is_floating_point()
    given = functional.max_pool1d(input, *args, return_indices=wanted, **rest)
    return given if return_indices or not wanted else given[0]


def fits(kernel_size: Any, shape: tuple[int, ...]) -> bool:
    """Tell whether a window of three sides, or one for all, is nowhere larger than the volume."""
    sides = kernel_size if isinstance(kernel_size, list | tuple) else [kernel_size] * 3
    if len(sides) != 3 or not all(isinstance(side, int) for side in sides):
        return True  # refused for that
    return all(side <= there for side, there in zip(sides, shape[-3:], strict=True))


def _adaptive_windows(size: Any, output_size: Any) -> Any:
    """The first and the last of the places in each window are its extremes."""
    places = torch.arange(size, dtype=torch.float64)[None]
    last = functional.adaptive_max_pool1d(places, output_size)
    first = -functional.adaptive_max_pool1d(-places, output_size)
    return first[0].to(torch.int64), last[0].to(torch.int64) + 1


CALLS: dict[str, Any] = {
    "max_pool2d": functional.max_pool2d,
    "avg_pool2d": functional.avg_pool2d,
    "lp_pool2d": functional.lp_pool2d,
    "conv2d": _conv2d,
    "pool_output_size": _pool_output_size,
    "global_max_pool2d": _global_max_pool2d,
    "global_avg_pool2d": lambda input: functional.adaptive_avg_pool2d(input, 1),
    "max_pool1d": _max_pool1d,
    "avg_pool1d": functional.avg_pool1d,
    "max_pool3d": functional.max_pool3d,
    "avg_pool3d": _as_float(functional.avg_pool3d, (torch.float16,), torch.float32),
    "adaptive_avg_pool2d": functional.adaptive_avg_pool2d,
    "adaptive_max_pool2d": _as_float(functional.adaptive_max_pool2d, INTEGERS, torch.float64),
    "adaptive_windows": _adaptive_windows,
    "max_unpool2d": _as_float(functional.max_unpool2d, INTEGERS, torch.float64),
}
FLOATS = ["float32", "float32", "float64", "float16"]
DTYPES = [*FLOATS, "int64", "int32", "int16", "int8", "uint8", "bool", "uint16"]


class Cases:
    """Random calls, the same ones for the same seed; about a quarter are to be refused."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def any_of(self, options: list[Any]) -> Any:
        return options[self.rng.integers(len(options))]

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def array(self, dtype: str, shape: tuple[int, ...], special: float = 0.3) -> Array:
        palette = NUMBERS if np.dtype(dtype).kind == "f" else np.arange(4)
        if np.dtype(dtype).kind == "f" and self.chance(special):
            palette = np.concatenate([SPECIAL, NUMBERS[:4]])
        return self.rng.choice(palette, shape).astype(dtype)

    def planes(self, dtype: str) -> Array:
        shape = tuple(int(side) for side in self.rng.integers([1, 1, 3, 3], [3, 3, 7, 7]))
        if self.chance(0.04):
            shape = self.any_of([(0, 1, 4, 4), (1, 0, 4, 4), (1, 2, 0, 4), (0, 4, 4)])
        return self.array(dtype, shape[int(self.rng.integers(len(shape) - 2)) :])

    def sizes(self, names: dict[str, list[Any]]) -> dict[str, Any]:
        chosen = {name: self.any_of(options) for name, options in names.items() if self.chance(0.6)}
        if self.chance(0.12):
            chosen[self.any_of(list(names))] = self.any_of(WRONG)
        return chosen

    def flags(self, *names: str) -> dict[str, bool]:
        return {name: self.chance(0.5) for name in names}

    def pooling(self, **names: list[Any]) -> dict[str, Any]:
        sizes = {"kernel_size": self.any_of(SMALL), **self.sizes({"stride": SMALL, **names})}
        return {**sizes, **self.flags("ceil_mode")}

    def max_pool2d(self) -> tuple[list[Array], dict[str, Any]]:
        names = {"padding": [0, 1, [0, 1]], "dilation": [1, 2, 5, [2, 1]]}
        arguments = {**self.pooling(**names), **self.flags("return_indices")}
        return [self.planes(self.any_of(DTYPES))], arguments

    def avg_pool2d(self) -> tuple[list[Array], dict[str, Any]]:
        arguments = {**self.pooling(padding=[0, 1, [1, 0]]), **self.flags("count_include_pad")}
        return [self.planes(self.any_of([*FLOATS, *DTYPES]))], arguments

    def lp_pool2d(self) -> tuple[list[Array], dict[str, Any]]:
        p = self.any_of([1, 2, 2.0, 3, 0.5, -1, -2.0, 4.0, np.inf, -np.inf, 0])
        return [self.planes(self.any_of([*FLOATS, *DTYPES[:-2]]))], {
            "norm_type": p,
            **self.pooling(),
        }

    def global_max_pool2d(self) -> tuple[list[Array], dict[str, Any]]:
        return [self.planes(self.any_of(DTYPES))], {}

    def global_avg_pool2d(self) -> tuple[list[Array], dict[str, Any]]:
        planes = self.planes(self.any_of([*FLOATS, *DTYPES]))
        # Of no planes, or of empty ones, the adaptive mean gives nothing, or NaN: refused here.
        return ([planes] if planes.size else self.global_avg_pool2d()[0]), {}

    def pool_output_size(self) -> tuple[list[Array], dict[str, Any]]:
        sizes = [int(side) for side in self.rng.integers(1, 12, 2)]
        return [], {"input_size": sizes, **self.pooling(padding=[0, 1], dilation=[1, 2, 3])}

    def arrays(self, dtypes: list[str], axes: int) -> list[Array]:
        """Return one array to pool along so many axes."""
        sides = tuple(int(side) for side in self.rng.integers(2, {1: 9, 2: 7, 3: 5}[axes], axes))
        channels = [(1,), (2,), (1, 2), (2, 1), (0, 2)]
        empty = [(2, 0, *sides), (2, *sides[:-1], 0)]
        shape = self.any_of(empty) if self.chance(0.04) else (*self.any_of(channels), *sides)
        # Of no planes, PyTorch takes any dtype.
        return [self.array(self.any_of(dtypes if 0 not in shape else FLOATS), shape)]

    def pooling_along(self, axes: int, **names: list[Any]) -> dict[str, Any]:
        small = SMALL_OF[axes]
        sizes = {"kernel_size": self.any_of(small)}
        options = {"stride": small, **names}
        sizes |= {name: self.any_of(choice) for name, choice in options.items() if self.chance(0.6)}
        if self.chance(0.15):
            sizes[self.any_of(list(sizes))] = self.any_of(WRONG_OF[axes])
        return {**sizes, **self.flags("ceil_mode")}

    def max_pool1d(self) -> tuple[list[Array], dict[str, Any]]:
        arguments = self.pooling_along(1, padding=[0, 1, [1]], dilation=[1, 2, 5, [3]])
        return self.arrays(DTYPES, 1), {**arguments, **self.flags("return_indices")}

    def avg_pool1d(self) -> tuple[list[Array], dict[str, Any]]:
        arguments = self.pooling_along(1, padding=[0, 1, [1]])
        return self.arrays([*FLOATS, *DTYPES], 1), {**arguments, **self.flags("count_include_pad")}

    def max_pool3d(self) -> tuple[list[Array], dict[str, Any]]:
        names = {"padding": [0, 1, [0, 1, 1]], "dilation": [1, 1, 2, 5, [2, 1, 3]]}
        arguments = {**self.pooling_along(3, **names), **self.flags("return_indices")}
        return self.arrays([*FLOATS, *DTYPES], 3), arguments

    def avg_pool3d(self) -> tuple[list[Array], dict[str, Any]]:
        arrays = self.arrays([*FLOATS * 2, "int64", "int64", "bool"], 3)
        arguments = self.pooling_along(3, padding=[0, 1, [1, 0, 1]])
        if self.chance(0.4):
            arguments["divisor_override"] = self.any_of([1, 2, 3, -2, 7, 100, 0, 2.5, None])
        # PyTorch refuses a window larger than the volume, even where the padding makes room for it.
        if not fits(arguments["kernel_size"], arrays[0].shape):
            return self.avg_pool3d()
        return arrays, {**arguments, **self.flags("count_include_pad")}

    def output_size(self) -> dict[str, Any]:
        sizes = [1, 2, 3, 4, 5, 8, [2, 3], [None, 2], [7, None], [1, 9], [None, None]]
        wrong = [-1, 2.5, None, [2], [1, 2, 3], [2, 2.5], "2"]  # of size 0, PyTorch gives nothing
        return {"output_size": self.any_of(wrong if self.chance(0.12) else sizes)}

    def planes_to_adapt(self, dtypes: list[str]) -> list[Array]:
        arrays = self.arrays(dtypes, 2)
        # Of no channels, the adaptive ones, unlike the others, give nothing: refused here.
        return arrays if 0 not in arrays[0].shape[-3:-2] else self.planes_to_adapt(dtypes)

    def adaptive_avg_pool2d(self) -> tuple[list[Array], dict[str, Any]]:
        return self.planes_to_adapt([*FLOATS * 2, "int64", "bool"]), self.output_size()

    def adaptive_max_pool2d(self) -> tuple[list[Array], dict[str, Any]]:
        arguments = {**self.output_size(), **self.flags("return_indices")}
        return self.planes_to_adapt([*FLOATS, *DTYPES]), arguments

    def adaptive_windows(self) -> tuple[list[Array], dict[str, Any]]:
        sizes = {name: int(self.rng.integers(1, 30)) for name in ("size", "output_size")}
        if self.chance(0.25):
            sizes[self.any_of(["size", "output_size"])] = self.any_of([-1, [2, 3]])
        return [], sizes

    def max_unpool2d(self) -> tuple[list[Array], dict[str, Any]]:
        """Of what was pooled, of other indices, or of such as are to be refused."""
        planes = torch.from_numpy(self.array("float64", (1, 2, *self.rng.integers(3, 7, 2)), 0))
        names: dict[str, list[Any]] = {"stride": [1, 2, [2, 1]], "padding": [0, 1]}
        sizes = {name: self.any_of(some) for name, some in names.items() if self.chance(0.6)}
        sizes = {"kernel_size": self.any_of([2, 3, [3, 2]]), **sizes}
        pooled, indices = (
            part.numpy() for part in functional.max_pool2d(planes, **sizes, return_indices=True)
        )
        values = self.array(self.any_of([*FLOATS, *DTYPES]), pooled.shape)
        if self.chance(0.5):
            sizes["output_size"] = self.any_of([list(planes.shape), list(planes.shape[2:])])
        if self.chance(0.2):
            sizes["output_size"] = self.any_of(
                [[4, 4], [6, 5], [2, 7], [3], [1, 3, 3], 4, [4.0, 4]]
            )
        if self.chance(0.3):
            indices = self.rng.integers(0, self.any_of([4, 6, 9, 40]), indices.shape)
        if self.chance(0.12):
            spoilt = [indices - 1, indices.astype("int32"), indices[..., :1], indices * 1.0]
            indices = self.any_of(spoilt)
        return [values, indices], sizes

    def conv2d(self) -> tuple[list[Array], dict[str, Any]]:
        groups, height, width = (int(self.rng.integers(1, 4)) for _ in range(3))
        dtype = self.any_of([*FLOATS, *DTYPES[:-2], *DTYPES, "complex64"])
        images = self.array(dtype, (groups * int(self.rng.integers(1, 3)), 5, 4), special=0)
        kernels = (groups * int(self.rng.integers(1, 3)), len(images) // groups, height, width)
        arrays = [images, self.array(dtype, kernels, special=0)]
        if self.chance(0.5):
            arrays.append(self.array(dtype, kernels[:1], special=0))
        if self.chance(0.08):
            spoilt = int(self.rng.integers(len(arrays)))
            arrays[spoilt] = self.any_of(
                [arrays[spoilt][1:], arrays[spoilt].real.astype("float64")]
            )
        if self.chance(0.7):
            arrays[0] = np.stack([arrays[0]] * 2)
        names = {"stride": [1, 2, [2, 1]], "padding": [0, 1, 2, 4, 5, [1, 0], "valid", "full"]}
        arguments = self.sizes({**names, "dilation": [1, 2, [1, 2]]})
        if self.chance(0.15):
            arguments = {
                "padding": "same",
                "dilation": self.any_of([1, 2]),
                **self.sizes({"stride": [1]}),
            }
        mode = {"padding_mode": "circular"} if self.chance(0.4) else {}
        if arguments.get("padding") == -1:  # a circular padding of −1 crops: refused here
            mode = {}
        return arrays, {**arguments, **mode, "groups": self.any_of([groups] * 16 + [2, 0, -1])}


COUNTS = {
    "max_pool2d": 120,
    "avg_pool2d": 90,
    "lp_pool2d": 60,
    "conv2d": 110,
    "pool_output_size": 40,
    "global_max_pool2d": 15,
    "global_avg_pool2d": 15,
    "max_pool1d": 50,
    "avg_pool1d": 45,
    "max_pool3d": 60,
    "avg_pool3d": 55,
    "adaptive_avg_pool2d": 40,
    "adaptive_max_pool2d": 50,
    "adaptive_windows": 30,
    "max_unpool2d": 60,
}


def record() -> list[dict[str, Any]]:
    """Return the calls and PyTorch's answers."""
    torch.set_num_threads(1)
    cases = Cases(seed=1)
    recording = []
    for operator, count in COUNTS.items():
        for _ in range(count):
            arrays, arguments = getattr(cases, operator)()
            output = answer(operator, arrays, arguments)
            recording.append(
                {
                    "operator": operator,
                    "arrays": [as_text(array) for array in arrays],
                    "arguments": arguments,
                    "output": None if output is None else [as_text(array) for array in output],
                }
            )
    return recording


def as_text(array: Array) -> dict[str, Any]:
    """Return an array as JSON can hold it; complex numbers as pairs."""
    values = array.view(array.real.dtype) if array.dtype.kind == "c" else array
    return {
        "dtype": array.dtype.name,
        "shape": list(array.shape),
        "values": [_short(value) for value in values.reshape(-1)],
    }


def _short(value: np.generic) -> Any:
    """Return a number with no more digits than its dtype has."""
    return float(str(value)) if isinstance(value, np.floating) else value.item()


def written(recording: list[dict[str, Any]]) -> str:
    """Return the recording as text, a case a line."""
    return "[\n" + ",\n".join(json.dumps(case) for case in recording) + "\n]\n"


if __name__ == "__main__":
    RECORDING.write_text(written(record()), encoding="utf-8")
