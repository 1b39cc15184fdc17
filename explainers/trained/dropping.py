"""Dropout, for comparison: the same networks, trained with half of what the last layer reads gone.

Each step draws which of the flattened maps' values are silent, for all pictures of its batch; the
others count double. To silence a value is to leave out its weights, so the network of a step is the
whole one with some columns of its last weights at zero. After training nothing is silent.

Srivastava et al. (*Journal of Machine Learning Research* 15, 2014) draw for each picture by itself.
"""

from __future__ import annotations

import numpy as np

from explainers.checks import Floats, Ints, refuse
from explainers.kinds import Seed, checked
from explainers.trained import measured
from explainers.trained.arms import Arm
from explainers.trained.digits import placed, split
from explainers.trained.layers import cross_entropy

# Private to their module, but not to this one: made public, they would be other code, and what
# was trained by it would be stale.
from explainers.trained.model import (
    BATCH,
    SCHEDULES,
    Architecture,
    Steps,
    Trained,
    Weights,
    _Adam,
    _batches,
    _length,
    forward,
    initial,
)

KEPT = 0.5
"""Share of the values that a step keeps, on average."""

_SILENT = 4  # a stream of random numbers, beside those of `explainers.trained.model`


@checked
def measure(arm: Arm, seed: Seed) -> measured.Row:
    """Train one network with dropout, and ask it everything.

    Raises
    ------
    ValueError
        If its readout does not flatten, or it is trained on moved pictures.

    Examples
    --------
    >>> measure(Arm("stride", size=100), seed=0).trained
    100
    """
    if arm.readout != "flatten" or arm.moved:
        refuse("arm", arm.id, "one that flattens its maps, and is trained at one place")
    pictures, labels = split(arm.size, seed).train
    network = train(arm.architecture, placed(pictures)[None], labels, arm.steps, seed)
    return measured.asked(arm, network, seed)


@checked
def train(
    architecture: Architecture, places: Floats, labels: Ints, steps: Steps, seed: Seed
) -> Trained:
    """Train as `explainers.trained.model.train` does, with dropout before the last layer.

    Parameters
    ----------
    architecture
        What the network is.
    places
        The pictures at one place or at several, shape (places, N, H, W).
    labels
        The digit of each picture, shape (N,).
    steps
        Of the training.
    seed
        Of all that is drawn: weights and batches are those of training without dropout.

    Examples
    --------
    >>> pictures, labels = split(100).train
    >>> arm = Arm("max")
    >>> net = train(arm.architecture, placed(pictures)[None], labels, 50, seed=0)
    >>> [weights.shape for weights in net.parameters[-2:]]
    [(10, 256), (10,)]
    """
    rate = SCHEDULES[architecture.readout].rate
    parameters = initial(architecture, places.shape[-1], seed)
    rng, adam = np.random.default_rng([seed, _SILENT]), _Adam(parameters)
    for step, (place, shown) in enumerate(_batches(places.shape, steps, BATCH, seed)):
        factors = (rng.random(parameters[-2].shape[1]) < KEPT) / KEPT
        passed = forward(architecture, _thinned(parameters, factors), places[place, shown])
        _, slope = cross_entropy(passed.logits, labels[shown])
        slopes = _thinned(passed.back(slope), factors)
        parameters = adam.step(parameters, slopes, rate * _length(step, steps))
    return Trained(architecture, parameters, adam.reached())


def _thinned(weights: Weights, factors: Floats) -> Weights:
    """Weights, or the slopes along them, with each column of the last ones times its factor."""
    *others, last, bias = weights
    return (*others, last * factors, bias)
