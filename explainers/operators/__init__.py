"""Pooling and convolution, exact and fast, with PyTorch's names and arguments."""

from __future__ import annotations

from explainers.operators.convolution import conv2d
from explainers.operators.pooling import (
    avg_pool2d,
    global_avg_pool2d,
    global_max_pool2d,
    lp_pool2d,
    max_pool2d,
)
from explainers.operators.windows import pool_output_size

__all__ = [
    "avg_pool2d",
    "conv2d",
    "global_avg_pool2d",
    "global_max_pool2d",
    "lp_pool2d",
    "max_pool2d",
    "pool_output_size",
]
