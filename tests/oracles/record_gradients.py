"""Record where PyTorch sends the gradient of a max pooling, so that `make test` can do without it.

Run `python tests/oracles/record_gradients.py` in the environment of `requirements/oracles.txt`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

RECORDING = Path(__file__).parents[1] / "discarded" / "torch_gradients.json"
POOLINGS = [(2, 2, 0), (3, 2, 0), (3, 2, 1), (3, 3, 1), (2, 1, 1), (3, 1, 1)]


def gradient(values: Any, kernel_size: int, stride: int, padding: int) -> Any:
    """Return the gradient of the sum of the pooled values, by PyTorch's automatic derivatives."""
    input = torch.tensor(values, dtype=torch.float64)[None, None].requires_grad_()
    functional.max_pool2d(input, kernel_size, stride, padding).sum().backward()
    assert input.grad is not None
    return input.grad[0, 0].tolist()


def record() -> list[dict[str, Any]]:
    """Return maps with many ties, and few, and where the gradient goes."""
    rng = np.random.default_rng(0)
    maps = {
        "nothing": np.zeros((6, 6)),
        "clipped": np.maximum(rng.integers(-6, 5, (6, 6)), 0),
        "few levels": rng.integers(0, 3, (6, 6)),
        "negative": -rng.integers(1, 5, (6, 6)),
        "distinct": rng.permutation(36).reshape(6, 6),
    }
    return [
        {
            "name": name,
            "input": values.tolist(),
            "arguments": pooling,
            "gradient": gradient(values.tolist(), *pooling),
        }
        for name, values in maps.items()
        for pooling in POOLINGS
    ]


def written(recording: list[dict[str, Any]]) -> str:
    """Return the recording as text, a case a line."""
    return "[\n" + ",\n".join(json.dumps(case) for case in recording) + "\n]\n"


if __name__ == "__main__":
    RECORDING.write_text(written(record()), encoding="utf-8")
