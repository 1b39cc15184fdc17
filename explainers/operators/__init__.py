"""Pooling, convolution, shifting and blurring, with PyTorch's names where it has the operator."""

from __future__ import annotations

from explainers.operators.blurring import blur2d, blur_pool2d, max_blur_pool2d
from explainers.operators.convolution import conv2d
from explainers.operators.pooling import (
    avg_pool2d,
    global_avg_pool2d,
    global_max_pool2d,
    lp_pool2d,
    max_pool2d,
    median_pool2d,
    min_pool2d,
)
from explainers.operators.sampling import polyphase_pool2d, subsample2d
from explainers.operators.shifting import shift2d
from explainers.operators.windows import pool_output_size

__all__ = [
    "avg_pool2d",
    "blur2d",
    "blur_pool2d",
    "conv2d",
    "global_avg_pool2d",
    "global_max_pool2d",
    "lp_pool2d",
    "max_blur_pool2d",
    "max_pool2d",
    "median_pool2d",
    "min_pool2d",
    "polyphase_pool2d",
    "pool_output_size",
    "shift2d",
    "subsample2d",
]
