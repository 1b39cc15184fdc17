"""A network of your own, out of an ONNX file, counted; PyTorch and others write such."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from explainers.checks import shown
from explainers.kinds import Choice, checked
from explainers.networks.graph import Sides
from explainers.networks.graph_count import GraphCount, count_graph
from explainers.networks.graph_rules import POOLS
from explainers.networks.layers import Channels, LayerError
from explainers.networks.onnx_file import OWN, OnnxFile

ONNX_POOLINGS = ("as designed", "removed", "mean")
"""What can be done with the poolings of a file."""
_PASSES = 20  # of making weights fit that stand behind one another


@checked
def count_onnx(
    path: Path,
    size: Sides | None = None,
    channels: Channels | None = None,
    pooling: Annotated[str, Choice(ONNX_POOLINGS)] = "as designed",
    sides: Mapping[str, int] | None = None,
) -> GraphCount:
    """Count a network in an ONNX file. It needs the package `onnx`.

    Shapes are those that `onnx` infers. One example is counted: a first side that the file leaves
    open is 1.

    Parameters
    ----------
    path
        The file; weights that lie in files beside it need not be there.
    size
        Sides of the picture: of the first input with three axes or more, those behind channels.
    channels
        Channels of the picture.
    pooling
        ``"as designed"``; ``"removed"``: without its poolings, but for those that cover the whole
        map, and with as many weights behind a flattening as values then come in; ``"mean"``: mean
        for max, of the same windows, incomplete ones (`ceil_mode`) included.
    sides
        Sides that the file leaves open, by their names in it.

    Raises
    ------
    LayerError
        If it is no ONNX file, too large, gives a name twice, leaves a side open, or cannot do
        without its poolings; the message names what.
    """
    try:
        file = OnnxFile(path)
        file.place(size, channels, sides or {})
        file.infer()
        if pooling != "as designed":
            _exchange(file, pooling)
        return count_graph(file.graph(path.stem), pooling)
    except ValueError as error:
        plain = path.name.isprintable() and len(path.name) < 100
        raise LayerError(f"{path.name if plain else shown(path.name)}: {error}") from None


def _exchange(file: OnnxFile, pooling: str) -> None:
    """Put something else in the place of poolings."""
    designed = dict(file.shapes)
    for node in file.nodes:
        if node.op_type in POOLS and node.domain in OWN:
            _refuse_places(file, node)
            _mean(node) if pooling == "mean" else _remove(node, designed)
    if pooling == "mean":
        file.infer()
    else:
        _refit(file, designed)


def _refuse_places(file: OnnxFile, pool: Any) -> None:
    """Refuse a pooling whose places, its second output, are used."""
    for places in filter(None, pool.output[1:]):
        for node in file.nodes:
            if places in node.input:
                raise LayerError(
                    f"it cannot do without {pool.name}: {node.name} needs the places of its maxima"
                )
    del pool.output[1:]


def _mean(pool: Any) -> None:
    if pool.op_type == "MaxPool":
        pool.op_type = "AveragePool"
        _keep(pool, without="storage_order")


def _remove(pool: Any, shapes: Mapping[str, Sides]) -> None:
    """Hand the map on as it is; what covers the whole map goes on to do so, and stays."""
    taken, made = (shapes.get(name, ())[2:] for name in (pool.input[0], pool.output[0]))
    covers = bool(taken) and math.prod(taken) > 1 and math.prod(made) == 1
    pool.op_type = f"Global{pool.op_type}" if covers else "Identity"
    _keep(pool)


def _keep(node: Any, without: str | None = None) -> None:
    """Keep an operator's settings but for one, or none of them."""
    kept = [] if without is None else [each for each in node.attribute if each.name != without]
    node.ClearField("attribute")
    node.attribute.extend(kept)


def _refit(file: OnnxFile, designed: Mapping[str, Sides]) -> None:
    """Infer the shapes anew, with as many weights behind a flattening as values come in."""
    for node in file.nodes:
        _flatten(node, designed)
    for _ in range(_PASSES):
        file.infer()
        if not sum(_widened(file, node) for node in file.nodes):
            break
    for node in file.nodes:
        _refuse_misfit(file, node, designed)


def _flatten(node: Any, designed: Mapping[str, Sides]) -> None:
    """Let what lays all of a map in one row do so with any map."""
    if node.op_type != "Reshape":
        return
    taken, made = (designed.get(name, ()) for name in (node.input[0], node.output[0]))
    if len(made) == 2 < len(taken) and made[0] == taken[0]:
        node.op_type = "Flatten"
        del node.input[1:]
        _keep(node)


def _widened(file: OnnxFile, node: Any) -> bool:
    """Give a matrix of weights as many rows as values come in; whether it had others."""
    if node.op_type not in ("Gemm", "MatMul") or node.input[1] not in file.weights:
        return False
    taken, sides = file.shapes.get(node.input[0], ()), file.weights[node.input[1]]
    across = any(each.name == "transB" and each.i for each in node.attribute)
    if len(taken) != 2 or len(sides) != 2 or sides[across] == taken[1]:
        return False
    file.widen(node.input[1], (sides[0], taken[1]) if across else (taken[1], sides[1]))
    return True


def _refuse_misfit(file: OnnxFile, node: Any, designed: Mapping[str, Sides]) -> None:
    """Refuse what fitted and fits no more, or would now be stretched or cut to fit."""
    before, now = ([each.get(name) for name in node.input] for each in (designed, file.shapes))
    was, made = (each.get(node.output[0]) for each in (designed, file.shapes))
    if before == now or was is None:
        return
    fits = made is not None
    if made is not None and node.op_type == "Reshape":
        fits = math.prod(now[0] or ()) == math.prod(made) and made[0] == was[0]
    elif node.op_type in _ALIKE:
        fits = fits and (len(_behind(before)) > 1 or len(_behind(now)) == 1)
    if not fits:
        shapes = " and ".join(" × ".join(map(str, side)) for side in now if side is not None)
        raise LayerError(
            f"it cannot do without its poolings: {node.name} ({node.op_type}) would get {shapes}"
        )


_ALIKE = frozenset(("Add", "Sub", "Mul", "Div", "Sum", "Max", "Min", "Concat"))


def _behind(shapes: Iterable[Sides | None]) -> set[Sides]:
    """The sides behind the channels, of those that have such."""
    return {sides[2:] for sides in shapes if sides is not None}
