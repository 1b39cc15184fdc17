"""Colours as light, and how much two of them differ to the eye."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def linear(colour: str) -> Floats:
    """The colour's red, green and blue in proportion to light (IEC 61966-2-1)."""
    encoded = np.array([*bytes.fromhex(colour[1:])]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def encoded(light: Floats) -> Floats:
    light = light.clip(0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, by WCAG 2."""
    dark, bright = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (first, second))
    return float((bright + 0.05) / (dark + 0.05))
