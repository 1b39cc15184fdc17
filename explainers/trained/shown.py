"""The networks that the page's lab runs in the reader's browser, their weights rounded to be small.

They are three of those that are compared: of one seed, trained on digits at one place. Rounding
sums differ between machines, so what was trained once is recorded, in ``shown.json`` beside this;
``python -m explainers.trained.shown`` trains and records it anew.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np

from explainers.checks import Floats, Ints
from explainers.kinds import Choice, Whole, checked
from explainers.trained.arms import Arm
from explainers.trained.digits import everywhere, split
from explainers.trained.layers import convolution, linear, pooled, read_out, rectifier
from explainers.trained.measured import trained
from explainers.trained.model import Trained

SEED = 0
"""Of all of them: so they saw the same pictures in the same order."""
BITS = {"none": (8, 8, 4), "max": (8, 8, 6), "blurred": (8, 8, 6)}
"""Of each weight, layer by layer. Without pooling the last layer has sixteen times as many."""
RECORD = Path(str(files("explainers.trained"))) / "shown.json"

_SIGNIFICANT, _PLACES = 5, 5  # digits that are kept of a scale, and of a bias behind the point

Name = Annotated[str, Choice(tuple(BITS), "the pooling of a network that is shown")]
Bits = Annotated[int, Whole(2, 8, "bits of a weight")]


class Layer(NamedTuple):
    """A layer with rounded weights: whole levels, times a scale for each output.

    Attributes
    ----------
    levels
        Shape of the weights, (O, …); from −m to m, for m = 2^(bits − 1) − 1.
    scales, biases
        Shape (O,).
    bits
        That a level takes.
    """

    levels: Ints
    scales: Floats
    biases: Floats
    bits: int

    @property
    def weight(self) -> Floats:
        """What the levels stand for."""
        return (self.levels.T * self.scales).T


@checked
def rounded(weight: Floats, bias: Floats, bits: Bits) -> Layer:
    """Round a layer's weights: for each output, the largest gets the highest level.

    Parameters
    ----------
    weight, bias
        Shapes (O, …) and (O,).
    bits
        Of a weight.

    Examples
    --------
    >>> layer = rounded(np.array([[0.7, -0.32], [0.0, 0.014]]), np.zeros(2), bits=4)
    >>> layer.levels, layer.scales
    (array([[ 7, -3],
           [ 0,  7]]), array([0.1  , 0.002]))
    """
    largest = np.abs(weight).reshape(len(weight), -1).max(axis=1)
    scales = np.array([float(f"{each:.{_SIGNIFICANT}g}") for each in largest / _most(bits)])
    levels = np.rint(np.divide(weight.T, scales)).T.astype(np.int64)
    return Layer(levels, scales, bias.round(_PLACES), bits)


def _most(bits: int) -> int:
    """The highest level."""
    return int(2 ** (bits - 1) - 1)


# ---- What is shown ----


@cache
def layers() -> Mapping[str, tuple[Layer, ...]]:
    """Those recorded, by the name of the pooling; read-only."""
    held = json.loads(RECORD.read_text(encoding="utf-8"))
    return {name: tuple(map(_unpacked, each)) for name, each in held.items()}


@checked
def network(name: Name) -> Trained:
    """A network as it is shown: with the weights that the levels stand for.

    Examples
    --------
    >>> [weight.shape for weight in network("max").parameters[::2]]
    [(8, 1, 3, 3), (16, 8, 3, 3), (10, 256)]
    """
    parameters = [part for layer in layers()[name] for part in (layer.weight, layer.biases)]
    return Trained(Arm(name).architecture, tuple(parameters), ())


class Seen(NamedTuple):
    """What a network makes of pictures: its last maps, and how sure it is of each digit.

    Attributes
    ----------
    maps
        Shape (N, 16, H, W).
    sure
        Softmax of the scores, shape (N, 10).
    """

    maps: Floats
    sure: Floats


@checked
def seen(name: Name, pictures: Floats) -> Seen:
    """Let pictures go through a network that is shown.

    Parameters
    ----------
    name
        Its pooling.
    pictures
        Shape (N, 16, 16).

    Examples
    --------
    >>> blank = seen("max", np.zeros((1, 16, 16)))
    >>> blank.maps.shape, round(float(blank.sure.sum()), 9)
    ((1, 16, 4, 4), 1.0)
    """
    *stages, last = layers()[name]
    maps = pictures[:, None]
    for stage in stages:
        maps = convolution(maps, stage.weight, stage.biases, "circular")[0]
        maps = pooled(rectifier(maps)[0], name, "circular")[0]
    scores = linear(read_out(maps, "flatten")[0], last.weight, last.biases)[0]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return Seen(maps, powers / powers.sum(axis=1, keepdims=True))


@checked
def right(name: Name) -> Ints:
    """Right answers of its rounded weights, of 500 test pictures, after moves by 0 to 8 pixels.

    Examples
    --------
    >>> all(right(name)[0] > 480 for name in BITS)
    True
    """
    test = split(seed=SEED).test
    answers = np.stack([network(name).answers(canvases) for canvases in everywhere(test.pictures)])
    counts: Ints = (answers == test.labels).sum(axis=1)
    return counts


# ---- Record ----


def text(networks: Mapping[str, Iterable[Layer]]) -> str:
    """Networks as they are recorded, and as the script of the lab reads them.

    Levels are from 0 on, in so many bits each, the highest bit first, and these in base 64.
    """
    parts = {name: [_packed(layer) for layer in each] for name, each in networks.items()}
    return json.dumps(parts, separators=(",", ":"))


def _packed(layer: Layer) -> dict[str, Any]:
    from_0 = (layer.levels.ravel() + _most(layer.bits)).astype(np.uint8)
    bits = np.unpackbits(from_0[:, None], axis=1)[:, 8 - layer.bits :]
    return {
        "shape": layer.levels.shape,
        "bits": layer.bits,
        "scales": layer.scales.tolist(),
        "biases": layer.biases.tolist(),
        "levels": base64.b64encode(np.packbits(bits).tobytes()).decode(),
    }


def _unpacked(held: Mapping[str, Any]) -> Layer:
    number, bits = int(np.prod(held["shape"])), held["bits"]
    packed = np.frombuffer(base64.b64decode(held["levels"]), np.uint8)
    each = np.unpackbits(packed)[: number * bits].reshape(number, bits)
    from_0 = each @ (2 ** np.arange(bits)[::-1])
    levels = from_0.reshape(held["shape"]) - _most(bits)
    return Layer(levels, np.array(held["scales"]), np.array(held["biases"]), bits)


@checked
def trained_anew(name: Name) -> tuple[Layer, ...]:
    """Train a network that is shown, and round it."""
    parameters = trained(Arm(name), SEED).parameters
    pairs = zip(parameters[::2], parameters[1::2], strict=True)
    return tuple(
        rounded(weight, bias, bits) for (weight, bias), bits in zip(pairs, BITS[name], strict=True)
    )


def main() -> None:
    """Train and record them."""
    networks = {name: trained_anew(name) for name in BITS}
    RECORD.write_text(text(networks) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
