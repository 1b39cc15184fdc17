"""Time the poolings against PyTorch, scikit-image, SciPy, a loop, and a plain copy of the array.

Run `python -m tests.benchmarks.bench_operators` in the environment of `requirements/oracles.txt`.
It prints a table and writes `results.json` beside this file.
"""

from __future__ import annotations

import argparse
import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import skimage
import torch
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import block_reduce
from torch.nn import functional

from explainers.operators import avg_pool2d, max_pool2d, pool_output_size
from tests.benchmarks.timing import Contender, circumstances, medians, milliseconds, table

Array = NDArray[np.float32]

RESULTS = Path(__file__).with_name("results.json")
SHAPE = (64, 224, 224)
WINDOWS = [(2, 2, 0), (3, 2, 1), (3, 1, 1), *((k, k, 0) for k in range(3, 9))]
RATIOS = ("torch", "skimage", "scipy", "loop")
COLUMNS = [
    *("operator", "kernel_size", "stride", "padding", "ours_ms", "ours_over_copy"),
    *(f"{name}_over_ours" for name in RATIOS),
]
FASTER_THAN_TORCH = {(2, 2, 0), (3, 2, 1)}


def contenders(array: Array, operator: str, k: int, stride: int, pad: int) -> dict[str, Contender]:
    """Return what is timed, as functions of nothing that all give the same pooled planes."""
    tensor = torch.from_numpy(array)
    functions: dict[str, tuple[Any, ...]] = {
        "max_pool2d": (max_pool2d, functional.max_pool2d, np.max, ndimage.maximum_filter),
        "avg_pool2d": (avg_pool2d, functional.avg_pool2d, np.mean, ndimage.uniform_filter),
    }
    ours, theirs, reduce, scipy_filter = functions[operator]
    outside = -np.inf if operator == "max_pool2d" else 0.0
    rows, columns = pool_output_size(SHAPE[1:], k, stride, pad)

    def filtered() -> Array:
        origin = pad - k // 2  # the window of a place begins `pad` before it
        full = scipy_filter(
            array, (1, k, k), mode="constant", cval=outside, origin=(0, origin, origin)
        )
        return np.asarray(full[:, ::stride, ::stride][:, :rows, :columns])

    whole = array[:, : rows * k, : columns * k]
    timed: dict[str, Contender] = {
        "ours": lambda: ours(array, k, stride, pad),
        "torch": lambda: theirs(tensor, k, stride, pad).numpy(),
        "scipy": filtered,
    }
    if k == stride:
        timed["skimage"] = lambda: block_reduce(whole, (1, k, k), reduce)
    for contender in timed.values():
        np.testing.assert_allclose(contender(), timed["ours"](), rtol=1e-4, atol=1e-5)
    return {**timed, "copy": array.copy}


def loop(plane: Array, operator: str, k: int, stride: int, pad: int) -> list[list[float]]:
    """Pool one plane as one would write it down at first, with a Python loop over the pixels."""
    pixels = plane.tolist()
    height, width = plane.shape
    pooled = []
    for top in range(-pad, height + pad - k + 1, stride):
        row = []
        for left in range(-pad, width + pad - k + 1, stride):
            best, total = -float("inf"), 0.0
            for i in range(max(top, 0), min(top + k, height)):
                for j in range(max(left, 0), min(left + k, width)):
                    if operator == "max_pool2d":
                        best = max(best, pixels[i][j])
                    else:
                        total += pixels[i][j]
            row.append(best if operator == "max_pool2d" else total / k**2)
        pooled.append(row)
    return pooled


def row(array: Array, operator: str, k: int, stride: int, pad: int, rounds: int) -> dict[str, Any]:
    """Measure one pooling; the loop once, on one plane, scaled to all of them."""
    times = medians(contenders(array, operator, k, stride, pad), rounds)
    one_plane = milliseconds(lambda: loop(array[0], operator, k, stride, pad))
    times["loop"] = one_plane * len(array)
    ours = times["ours"]
    ratios = {f"{name}_over_ours": times[name] / ours if name in times else None for name in RATIOS}
    return {
        "operator": operator,
        "kernel_size": k,
        "stride": stride,
        "padding": pad,
        **{
            f"{name}_ms": round(times[name], 3) if name in times else None
            for name in ("ours", "copy", *RATIOS)
        },
        **{name: None if ratio is None else round(ratio, 2) for name, ratio in ratios.items()},
        "ours_over_copy": round(ours / times["copy"], 2),
    }


def missed(row: dict[str, Any]) -> list[str]:
    """Return the aims that a row misses."""
    window = (row["kernel_size"], row["stride"], row["padding"])
    aims = {
        "twice as fast as PyTorch": window not in FASTER_THAN_TORCH or row["torch_over_ours"] >= 2,
        "within 6 copies of the array": window != (2, 2, 0) or row["ours_over_copy"] <= 6,
        "not slower than scikit-image": (row["skimage_over_ours"] or 1) >= 1,
    }
    return [aim for aim, reached in aims.items() if not reached]


def main() -> None:
    """Measure, print and write down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    array = np.random.default_rng(0).standard_normal(SHAPE).astype(np.float32)
    rows = [
        row(array, operator, *window, rounds=options.rounds)
        for operator, window in product(("max_pool2d", "avg_pool2d"), WINDOWS)
    ]
    results = {
        **circumstances(np, scipy, skimage, torch),
        "shape": list(SHAPE),
        "dtype": "float32",
        "rounds": options.rounds,
        "loop": "measured once on one plane and multiplied by the number of planes",
        "rows": rows,
    }
    options.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(table(COLUMNS, rows))
    for measured in rows:
        for aim in missed(measured):
            print(f"missed: {aim}: {measured['operator']} {measured['kernel_size']}")


if __name__ == "__main__":
    main()
