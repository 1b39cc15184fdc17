"""A network of your own, read from a TOML, JSON or YAML file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from explainers.checks import shown
from explainers.lookup import did_you_mean
from explainers.networks.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Identity,
    Layer,
    LayerError,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
)
from explainers.networks.network import Network, check_extent
from explainers.networks.parsing import parsed

_TYPES: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        *(Conv2d, MaxPool2d, AvgPool2d, AdaptiveAvgPool2d, Linear, Residual),
        *(ReLU, BatchNorm2d, Dropout, Flatten, Identity),
    )
}


def read_network(path: Path) -> Network:
    """Read a network from a TOML, JSON or YAML file.

    The file has the fields of `Network`, and its layers as a list, each with its ``type`` and the
    type's parameters. In TOML::

        name = "mine"
        input_size = 64

        [[layers]]
        type = "Conv2d"
        out_channels = 32
        kernel_size = 3
        padding = 1

    A residual block has lists of layers as ``body`` and ``shortcut``.

    Parameters
    ----------
    path
        A file that ends in .toml or .json, of at most 2,000,000 bytes, or in .yaml or .yml, of at
        most 50,000.

    Raises
    ------
    ValueError
        If the file is not there or is not such a file, gives a key twice, or has more than 10,000
        layers or blocks nested more than 100 deep; the message names file and layer.
    """
    try:
        return _network(parsed(path), path.stem)
    except ValueError as error:
        plain = path.name.isprintable() and len(path.name) < 100
        name = path.name if plain else shown(path.name)
        raise LayerError(f"{name}: {error}") from error


def _network(content: Any, name: str) -> Network:
    content = _table("the file", content, ("name", "layers", "input_size", "channels"), ("layers",))
    check_extent(content["layers"])
    layers = tuple(_layers(content["layers"], "layer"))
    return Network(**({"name": name} | content | {"layers": layers}))


def _table(
    where: str, entry: Any, allowed: Iterable[str] | None, needed: Iterable[str]
) -> Mapping[str, Any]:
    """Return an entry if it is a table of names, all of them known, and none that is needed out."""
    if not isinstance(entry, dict):
        raise LayerError(f"{where} must be a table of names and values; got {shown(entry)}")
    for name in entry:
        if allowed is not None and name not in allowed:
            near = did_you_mean(name, allowed) if isinstance(name, str) else ""
            raise LayerError(
                f"{where}: there is no {shown(name)}{near or '; there is ' + ', '.join(allowed)}"
            )
    for name in needed:
        if name not in entry:
            raise LayerError(f"{where}: {name} is missing")
    return entry


def _layers(entries: Any, where: str) -> Iterator[Layer]:
    if not isinstance(entries, list):
        raise LayerError(f"{where}s must be a list of layers; got {shown(entries)}")
    for number, entry in enumerate(entries, start=1):
        yield _layer(entry, f"{where} {number}")


def _layer(entry: Any, where: str) -> Layer:
    entry = dict(_table(where, entry, None, ("type",)))
    kind = entry.pop("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        near = did_you_mean(kind, _TYPES) if isinstance(kind, str) else ""
        raise LayerError(
            f"{where}: type must be one of {', '.join(_TYPES)}; got {shown(kind)}{near}"
        )
    layer = _TYPES[kind]
    _table(f"{where} ({kind})", entry, [field.name for field in fields(layer)], ())
    for part in ("body", "shortcut"):
        if part in entry:
            entry[part] = tuple(_layers(entry[part], f"{where}, {part} layer"))
    if "connections" in entry:
        entry["connections"] = _whole_numbers(where, "connections", entry["connections"])
    try:
        return layer(**entry)
    except TypeError as error:
        missing = str(error).partition("argument")[2].partition(":")[2].strip()
        raise LayerError(f"{where} ({kind}): it needs {missing}") from error
    except ValueError as error:
        raise LayerError(f"{where}: {error}") from error


def _whole_numbers(where: str, name: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(number) is int for number in value):
        raise LayerError(f"{where}: {name} must be a list of whole numbers; got {shown(value)}")
    return tuple(value)
