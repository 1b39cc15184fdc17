"""Record what ONNX Runtime answers to some hundred poolings, so that `make test` can do without it.

Run `python tests/oracles/record_onnx.py` in the environment of `requirements/oracles.txt`;
`make test-oracles` repeats it, and compares.

Each case is a model of a single node, at opset 22, which ONNX Runtime's kernels for the processor
run on one thread. Inputs are small whole numbers, with many ties, whose sums are exact in each
dtype. Arguments have ONNX's names: `pads` are those before each axis, then those behind each; what
is left out is ONNX's default. Indices count through all of the tensor, channels included.

Recorded with onnx 1.23.2 and onnxruntime 1.32.0. What those do otherwise than PyTorch, and so than
this package, is told by rules in `tests/operators/test_onnx_reference.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper

Array = NDArray[Any]
Call = tuple[list[Array], dict[str, Any]]
RECORDING = Path(__file__).parents[1] / "operators" / "onnx_reference.json"

OPSET, FORMAT = 22, 10
SPECIAL = np.array([np.nan, np.inf, -np.inf, -np.inf, 1.0, 2.0])
LONGEST = {1: 10, 2: 7, 3: 5}
MAX_DTYPES = ["float32", "float32", "float32", "float64", "float16", "int8", "uint8"]
MEAN_DTYPES = ["float32", "float32", "float16"]
SAME = ["SAME_UPPER", "SAME_LOWER", "VALID"]


def answer(operator: str, arrays: list[Array], arguments: dict[str, Any]) -> list[Array] | None:
    """Return what ONNX Runtime gives, or None if it refuses."""
    arguments = dict(arguments)
    indexed = arguments.pop("return_indices", False)
    names = [f"in{number}" for number in range(len(arrays))]
    outputs = ["out", "indices"] if indexed else ["out"]
    kinds = [helper.np_dtype_to_tensor_dtype(array.dtype) for array in arrays]
    graph = helper.make_graph(
        [helper.make_node(operator, names, outputs, **arguments)],
        operator,
        [
            helper.make_tensor_value_info(name, kind, array.shape)
            for name, kind, array in zip(names, kinds, arrays, strict=True)
        ],
        [
            helper.make_tensor_value_info(name, kind, None)
            for name, kind in zip(outputs, [kinds[0], onnx.TensorProto.INT64], strict=False)
        ],
    )
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=FORMAT)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what it refuses it says in the error, too
    try:
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        return [
            np.asarray(part) for part in session.run(None, dict(zip(names, arrays, strict=True)))
        ]
    except Exception as error:
        if type(error).__module__.startswith("onnxruntime"):
            return None
        raise


class Cases:
    """Random calls, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def any_of(self, options: list[Any]) -> Any:
        return options[self.rng.integers(len(options))]

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def array(self, dtype: str, axes: int) -> Array:
        sides = self.rng.integers(2, LONGEST[axes] + 1, axes)
        shape = (1, int(self.rng.integers(1, 3 if axes < 3 else 2)), *sides)
        low = 0 if dtype == "uint8" else -8
        return self.rng.integers(low, 9, shape).astype(dtype)

    def each(self, axes: int, low: int, high: int) -> list[int]:
        return [int(side) for side in self.rng.integers(low, high + 1, axes)]

    def windows(self, axes: int) -> dict[str, Any]:
        """Return kernel, strides, and paddings: of ONNX's kinds, or such as PyTorch takes, too."""
        kernel = self.each(axes, 1, 4 if axes < 3 else 3)
        found: dict[str, Any] = {"kernel_shape": kernel, "strides": self.each(axes, 1, 3)}
        kind = self.any_of(["none", "half", "half", "half", "most", "uneven", "auto", "auto"])
        if kind == "auto":
            return {**found, "auto_pad": self.any_of(SAME)}
        if kind == "half":
            begins = [int(self.rng.integers(0, side // 2 + 1)) for side in kernel]
            found["pads"] = begins * 2
        elif kind == "most":
            found["pads"] = [side - 1 for side in kernel] * 2
        elif kind == "uneven":
            found["pads"] = [int(self.rng.integers(0, side)) for side in kernel * 2]
        return {**found, "ceil_mode": int(self.chance(0.5))}

    def max_pool(self, axes: int) -> Call:
        arguments = self.windows(axes)
        if self.chance(0.4):
            arguments["dilations"] = self.each(axes, 1, 3)
        if self.chance(0.5):
            arguments["return_indices"] = True
            if axes > 1 and self.chance(0.2):
                arguments["storage_order"] = 1
        return [self.array(self.any_of(MAX_DTYPES), axes)], arguments

    def special(self, axes: int) -> Call:
        """Return a max pooling with indices of what is no finite number, or of padding alone.

        Without indices, float32 goes another way, where it depends on the processor's instructions
        and on a value's place in the window what becomes of NaN and −∞: that has no rule.
        """
        arrays, arguments = self.max_pool(axes)
        arguments.pop("storage_order", None)
        if self.chance(0.2):
            apart = {"pads": [1] * 2 * axes, "dilations": self.each(axes, 2, 4)}
            arguments = {"kernel_shape": [2] * axes, "strides": self.each(axes, 1, 2), **apart}
            corner: tuple[Any, ...] = (..., *[slice(2)] * axes)
            arrays = [self.array("float32", axes)[corner]]
        values = self.rng.choice(SPECIAL, arrays[0].shape).astype("float32")
        return [values], {**arguments, "return_indices": True}

    def mean_pool(self, axes: int) -> Call:
        arguments = {**self.windows(axes), "count_include_pad": int(self.chance(0.5))}
        return [self.array(self.any_of(MEAN_DTYPES), axes)], arguments

    def overall(self, axes: int) -> Call:
        return [self.array(self.any_of(MEAN_DTYPES), axes)], {}

    def unpool(self, axes: int) -> Call:
        """Return maxima with their indices, or with others in their channel, some of them equal."""
        planes = self.array("float32", axes)
        arguments: dict[str, Any] = {"kernel_shape": self.any_of([[2, 2], [3, 3], [3, 2]])}
        arguments["strides"] = self.any_of([arguments["kernel_shape"], [1, 1], [2, 2], [2, 1]])
        if self.chance(0.4):
            arguments["pads"] = [1, 1, 1, 1]
        pooled = answer("MaxPool", [planes], {**arguments, "return_indices": True})
        if pooled is None:
            return self.unpool(axes)
        values, indices = pooled
        if self.chance(0.6):
            return [values, indices, np.array(planes.shape)], arguments
        if self.chance(0.6):
            sides = zip(
                values.shape[2:], arguments["strides"], arguments["kernel_shape"], strict=True
            )
            lacking = 2 * arguments.get("pads", [0])[0]
            plane = np.prod([(n - 1) * s + k - lacking for n, s, k in sides])
            channels = np.arange(values.shape[1]).reshape(-1, 1, 1)
            indices = plane * channels + self.rng.integers(0, min(4, plane), indices.shape)
        return [values, indices], arguments


COUNTS: list[tuple[str, str, int, int]] = [
    ("MaxPool", "max_pool", 1, 50),
    ("MaxPool", "max_pool", 2, 70),
    ("MaxPool", "max_pool", 3, 24),
    ("MaxPool", "special", 1, 25),
    ("MaxPool", "special", 2, 15),
    ("AveragePool", "mean_pool", 1, 50),
    ("AveragePool", "mean_pool", 2, 60),
    ("AveragePool", "mean_pool", 3, 24),
    ("GlobalMaxPool", "overall", 1, 4),
    ("GlobalMaxPool", "overall", 2, 6),
    ("GlobalMaxPool", "overall", 3, 3),
    ("GlobalAveragePool", "overall", 1, 4),
    ("GlobalAveragePool", "overall", 2, 6),
    ("GlobalAveragePool", "overall", 3, 3),
    ("MaxUnpool", "unpool", 2, 40),
]


def record() -> list[dict[str, Any]]:
    """Return the calls and ONNX Runtime's answers."""
    cases = Cases(seed=1)
    recording = []
    for operator, kind, axes, count in COUNTS:
        for _ in range(count):
            arrays, arguments = getattr(cases, kind)(axes)
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
    """Return an array as JSON can hold it."""
    values = [_short(value) for value in array.reshape(-1)]
    return {"dtype": array.dtype.name, "shape": list(array.shape), "values": values}


def _short(value: np.generic) -> Any:
    """Return a number with no more digits than its dtype has, and a whole one without a point."""
    number = float(str(value))
    whole = number.is_integer() and abs(number) < 1000 and (number or not np.signbit(number))
    return int(number) if whole else number


def written(recording: list[dict[str, Any]]) -> str:
    """Return the recording as text, a case a line."""
    lines = (json.dumps(case, separators=(",", ":")) for case in recording)
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    RECORDING.write_text(written(record()), encoding="utf-8")
