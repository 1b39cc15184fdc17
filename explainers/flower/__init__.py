"""A petal detector on a real photograph: a dahlia, unrolled, matched, and made noisy.

Three pictures follow from one another. The photograph (427 × 640 pixels) is sampled in log-polar
coordinates around the flower's centre, where all petals look alike: the *unrolled* picture, its
rows the logarithm of the radius, its columns the angle, so that it wraps round. A petal template
slides over it: the *petal map*, each value of which is one unit's normalised cross-correlation in
[−1, 1]. Distances are in pixels of the unrolled picture, one of which is one unit of the map.

The photograph is by Flickr user vultilion, under CC BY 2.0; ``flower.txt`` beside it has the links.
"""

from __future__ import annotations

from explainers.flower.detector import (
    AVERAGED,
    FIRST_PETAL,
    METHODS,
    NEAR,
    NOISES,
    PETAL_THRESHOLD,
    TEMPLATE_SIZE,
    Petals,
    match,
    petal_map,
    petals,
    pooled,
    template,
)
from explainers.flower.photograph import (
    CENTRE,
    INNER_RADIUS,
    UNROLLED_SHAPE,
    grey,
    photo,
    photo_position,
    unrolled,
)

__all__ = [
    "AVERAGED",
    "CENTRE",
    "FIRST_PETAL",
    "INNER_RADIUS",
    "METHODS",
    "NEAR",
    "NOISES",
    "PETAL_THRESHOLD",
    "TEMPLATE_SIZE",
    "UNROLLED_SHAPE",
    "Petals",
    "grey",
    "match",
    "petal_map",
    "petals",
    "photo",
    "photo_position",
    "pooled",
    "template",
    "unrolled",
]
