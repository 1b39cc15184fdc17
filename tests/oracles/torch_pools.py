"""The chapter's pools as they are written in PyTorch: of windows of 2 × 2, side by side.

Each takes maps (N, C, H, W) of even sides, that go on round. What PyTorch has as one operator is
that; all else is composed of what it has.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812

Pool = Callable[[Any], Any]

POWER = 3
CLAMP = 1e-6
BLUR = torch.outer(torch.tensor([1.0, 2.0, 1.0]), torch.tensor([1.0, 2.0, 1.0])) / 16


def windows(maps: Any) -> Any:
    """Return the windows of 2 × 2: (N, C, H / 2, W / 2, 4)."""
    return maps.unfold(2, 2, 2).unfold(3, 2, 2).flatten(-2)


def median(maps: Any) -> Any:
    """The mean of the two values in the middle."""
    return windows(maps).sort(dim=-1).values[..., 1:3].mean(dim=-1)


def generalised_mean(maps: Any) -> Any:
    """As in image retrieval: clamp, power, mean pool, root."""
    return F.avg_pool2d(maps.clamp(min=CLAMP) ** POWER, 2) ** (1 / POWER)


def softmax_weighted(maps: Any) -> Any:
    """Weighted by the softmax of itself, at temperature 1."""
    seen = windows(maps)
    return (seen.softmax(dim=-1) * seen).sum(dim=-1)


def log_sum_exp(maps: Any) -> Any:
    """Less the logarithm of four, so that equal values stay."""
    return windows(maps).logsumexp(dim=-1) - math.log(4)


def mixed(maps: Any) -> Any:
    """Half max, half mean."""
    return (F.max_pool2d(maps, 2) + F.avg_pool2d(maps, 2)) / 2


def stochastic(maps: Any) -> Any:
    """Draw one of four, in proportion to itself."""
    seen = windows(maps)
    chances = seen.flatten(0, -2) + 1e-12  # windows of zeros have no chances of their own
    drawn = torch.multinomial(chances, 1)
    return seen.flatten(0, -2).gather(1, drawn).reshape(seen.shape[:-1])


def stochastic_test(maps: Any) -> Any:
    """Its mean."""
    return F.avg_pool2d(maps**2, 2) / F.avg_pool2d(maps, 2).clamp(min=1e-30)


def concatenated(maps: Any) -> Any:
    """Both maps, one after the other."""
    return torch.cat([F.max_pool2d(maps, 2), F.avg_pool2d(maps, 2)], dim=1)


def wrapped(maps: Any, before: int, after: int) -> Any:
    """Go on round."""
    return F.pad(maps, (before, after, before, after), mode="circular")


def blur(maps: Any) -> Any:
    """Each channel by (1, 2, 1) both ways, at every second place."""
    channels = maps.shape[1]
    kernel = BLUR.to(maps).expand(channels, 1, 3, 3)
    return F.conv2d(wrapped(maps, 1, 1), kernel, stride=2, groups=channels)


def dense_max(maps: Any) -> Any:
    """The max at every place."""
    return F.max_pool2d(wrapped(maps, 0, 1), 2, 1)


def polyphase(maps: Any) -> Any:
    """Of the four subsampled maps, that with the largest norm over all channels."""
    phases = torch.stack([maps[..., i::2, j::2] for i in (0, 1) for j in (0, 1)], dim=1)
    best = phases.flatten(2).norm(dim=2).argmax(dim=1)
    return phases[torch.arange(len(maps)), best]


def attention(maps: Any, query: Any | None = None) -> Any:
    """One query for all windows, whose keys and values are the four pixels, over all channels."""
    channels = maps.shape[1]
    seen = windows(maps).permute(0, 2, 3, 4, 1)  # (N, H / 2, W / 2, 4, C)
    asks = torch.ones(channels) / channels if query is None else query
    asked = asks.to(maps).expand(*seen.shape[:3], 1, channels)
    answer = F.scaled_dot_product_attention(asked, seen, seen)
    return answer[..., 0, :].permute(0, 3, 1, 2)


def class_token(maps: Any, query: Any | None = None) -> Any:
    """One query for the whole map."""
    channels = maps.shape[1]
    seen = maps.flatten(2).transpose(1, 2)  # (N, places, C)
    asks = torch.ones(channels) / channels if query is None else query
    asked = asks.to(maps).expand(len(maps), 1, channels)
    return F.scaled_dot_product_attention(asked, seen, seen)[:, 0, :, None, None]


def convolved(channels: int) -> Pool:
    """A 3 × 3 convolution of stride 2, over all channels."""
    kernel = torch.rand(channels, channels, 3, 3) / (9 * channels)
    return lambda maps: F.conv2d(maps, kernel, stride=2, padding=1)


def to_depth(channels: int) -> Pool:
    """Four pixels as channels of one, and a 1 × 1 convolution behind."""
    kernel = torch.rand(channels, 4 * channels, 1, 1) / (4 * channels)
    return lambda maps: F.conv2d(F.pixel_unshuffle(maps, 2), kernel)


POOLS: dict[str, Pool] = {
    "every second value": lambda maps: maps[..., ::2, ::2].contiguous(),
    "mean": lambda maps: F.avg_pool2d(maps, 2),
    "max": lambda maps: F.max_pool2d(maps, 2),
    "min": lambda maps: -F.max_pool2d(-maps, 2),
    "median": median,
    "Lp": lambda maps: F.lp_pool2d(maps.abs(), POWER, 2),
    "generalised mean": generalised_mean,
    "softmax-weighted": softmax_weighted,
    "log-sum-exp": log_sum_exp,
    "mixed": mixed,
    "stochastic": stochastic,
    "stochastic test": stochastic_test,
    "concatenated": concatenated,
    "blur": blur,
    "blurred max": lambda maps: blur(dense_max(maps)),
    "polyphase": polyphase,
    "max polyphase": lambda maps: polyphase(dense_max(maps)),
    "attention": attention,
}
"""What has no weights of its own, or one query."""
WEIGHTED: dict[str, Callable[[int], Pool]] = {
    "strided convolution": convolved,
    "space to depth": to_depth,
}
"""What has weights: made for a number of channels."""
GLOBAL: dict[str, Pool] = {
    "global mean": lambda maps: F.adaptive_avg_pool2d(maps, 1),
    "global max": lambda maps: F.adaptive_max_pool2d(maps, 1),
    "global generalised mean": lambda maps: (
        F.adaptive_avg_pool2d(maps.clamp(min=CLAMP) ** POWER, 1) ** (1 / POWER)
    ),
    "class token": class_token,
}
"""One value a channel."""
