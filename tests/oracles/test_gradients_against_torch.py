"""Who wins a window, against PyTorch's own derivatives: ties included."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.discarded.gradients import winners

recorder = runpy.run_path(str(Path(__file__).with_name("record_gradients.py")))


def test_the_recording_is_what_pytorch_gives() -> None:
    text = recorder["RECORDING"].read_text(encoding="utf-8")
    assert text == recorder["written"](recorder["record"]())


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    pooling=st.sampled_from(recorder["POOLINGS"]),
    size=st.tuples(st.integers(3, 9), st.integers(3, 9)),
    levels=st.integers(1, 40),
    seed=st.integers(0, 2**32 - 1),
)
def test_winners(pooling: Any, size: tuple[int, int], levels: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(-levels, 2, size)
    theirs = recorder["gradient"](values.tolist(), *pooling)
    np.testing.assert_array_equal(winners(values, *pooling), theirs)
