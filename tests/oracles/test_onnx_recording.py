"""The recording of ONNX Runtime's poolings, made again."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np

recorder = runpy.run_path(str(Path(__file__).with_name("record_onnx.py")))
MEANS = ("AveragePool", "GlobalAveragePool")


def test_recording_is_what_onnx_runtime_gives() -> None:
    now: list[dict[str, Any]] = json.loads(recorder["written"](recorder["record"]()))
    recorded = json.loads(recorder["RECORDING"].read_text(encoding="utf-8"))
    for new, old in zip(now, recorded, strict=True):
        if new["operator"] not in MEANS or old["output"] is None:
            assert json.dumps(new) == json.dumps(old)  # as text: NaN is not equal to itself
            continue
        # Sums of another processor's instructions may be rounded otherwise.
        (one,), (other,) = new.pop("output"), old.pop("output")
        assert new == old
        rounding = {"float16": 1e-3, "float32": 3e-7}[one["dtype"]]
        np.testing.assert_allclose(one.pop("values"), other.pop("values"), rounding, rounding)
        assert one == other
