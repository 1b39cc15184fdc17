"""PyTorch's own answers, recorded by `tests/oracles/record_operators.py`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from explainers import operators

Array = NDArray[Any]
RECORDING = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
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
ROUNDING = {"float16": 2e-3, "float32": 2e-6, "float64": 1e-12}


def from_text(text: dict[str, Any]) -> Array:
    dtype = np.dtype(text["dtype"])
    values = np.array(text["values"], np.empty(0, dtype).real.dtype)
    return np.asarray(values.view(dtype).reshape(text["shape"]))


def parts(given: Any) -> list[Array]:
    """Return what an operator gave as a list of arrays: two with indices, else one."""
    two_arrays = isinstance(given, tuple) and isinstance(given[0], np.ndarray)
    return list(given) if two_arrays else [np.asarray(given)]


@pytest.mark.parametrize(
    "case", RECORDING, ids=[f"{i}-{c['operator']}" for i, c in enumerate(RECORDING)]
)
def test_gives_what_pytorch_gave(case: dict[str, Any]) -> None:
    operator = getattr(operators, case["operator"])
    arrays = [from_text(text) for text in case["arrays"]]
    if case["output"] is None:
        with pytest.raises(ValueError, match=r"must be .*; got"):
            operator(*arrays, **case["arguments"])
        return
    given = parts(operator(*arrays, **case["arguments"]))
    for ours, expected in zip(given, map(from_text, case["output"]), strict=True):
        assert ours.dtype == expected.dtype
        if case["operator"] in EXACT:
            np.testing.assert_array_equal(ours, expected)
            np.testing.assert_array_equal(np.signbit(ours), np.signbit(expected))
        else:
            rounding = ROUNDING.get(ours.dtype.name, 2e-6 if ours.dtype.kind == "c" else 0)
            np.testing.assert_allclose(ours, expected, rtol=rounding, atol=rounding)


OURS_ALONE = {
    "blur2d",
    "blur_pool2d",
    "max_blur_pool2d",
    "median_pool2d",
    "min_pool2d",
    "polyphase_pool2d",
    "same_padding",
    "shift2d",
    "subsample2d",
}


def test_recording_holds_answers_and_refusals_of_each_operator_that_pytorch_has() -> None:
    for name in set(operators.__all__) - OURS_ALONE:
        refused = [case["output"] is None for case in RECORDING if case["operator"] == name]
        assert len(refused) >= 15
        assert 0.1 < np.mean(refused) < 0.7
