"""Pooling, convolution, shifting and blurring, with PyTorch's names where it has the operator."""

from __future__ import annotations

from explainers.operators.adaptive import adaptive_avg_pool2d, adaptive_max_pool2d, adaptive_windows
from explainers.operators.blurring import blur2d, blur_pool2d, max_blur_pool2d
from explainers.operators.convolution import conv2d
from explainers.operators.padding import same_padding
from explainers.operators.pooling import (
    avg_pool2d,
    global_avg_pool2d,
    global_max_pool2d,
    lp_pool2d,
    max_pool2d,
    median_pool2d,
    min_pool2d,
)
from explainers.operators.pooling1d import avg_pool1d, max_pool1d
from explainers.operators.pooling3d import avg_pool3d, max_pool3d
from explainers.operators.sampling import polyphase_pool2d, subsample2d
from explainers.operators.shifting import shift2d
from explainers.operators.unpooling import max_unpool2d
from explainers.operators.windows import pool_output_size

__all__ = [
    "adaptive_avg_pool2d",
    "adaptive_max_pool2d",
    "adaptive_windows",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "blur2d",
    "blur_pool2d",
    "conv2d",
    "global_avg_pool2d",
    "global_max_pool2d",
    "lp_pool2d",
    "max_blur_pool2d",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_unpool2d",
    "median_pool2d",
    "min_pool2d",
    "polyphase_pool2d",
    "pool_output_size",
    "same_padding",
    "shift2d",
    "subsample2d",
]
