"""A network of your own as the figures take one: counted as it is, and without its poolings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

from explainers.checks import refuse
from explainers.kinds import Text, checked
from explainers.networks.count import count
from explainers.networks.files import read_network
from explainers.networks.graph import Sides
from explainers.networks.known import NETWORKS, network
from explainers.networks.layers import LayerError
from explainers.networks.onnx_count import count_onnx
from explainers.networks.table import Counted


class Own(NamedTuple):
    """A network, counted.

    Attributes
    ----------
    designed
        As it is.
    removed
        Without its poolings; None if that cannot be.
    reason
        Why not.
    """

    designed: Counted
    removed: Counted | None = None
    reason: str = ""


@checked
def read_own(given: Annotated[str, Text(4000)], size: Sides | None = None) -> Own:
    """Count a network twice: as it is, and without its poolings.

    Parameters
    ----------
    given
        The name of a known one, or a file: .onnx, .toml, .json or .yaml.
    size
        Sides of the picture, or one for both; as the network was designed for, unless given.

    Raises
    ------
    LayerError
        If it cannot be counted; the message names file and layer.

    Examples
    --------
    >>> own = read_own("lenet5")
    >>> own.designed.macs, own.removed.macs > own.designed.macs
    (328096, True)
    """
    designed = _counted(given, size, "as designed")
    try:
        return Own(designed, _counted(given, size, "removed"))
    except LayerError as error:
        return Own(designed, None, str(error))


def _counted(given: str, size: Sides | None, pooling: str) -> Counted:
    if Path(given).suffix == ".onnx":
        return count_onnx(Path(given), size, pooling=pooling)
    if size is not None and len(size) > 2:
        refuse("size", "x".join(map(str, size)), "a whole number, or two as in 224x320")
    sides = None if size is None else (size[0], size[-1])
    found = network(given) if given in NETWORKS else read_network(Path(given))
    return count(found, sides, pooling=pooling)
