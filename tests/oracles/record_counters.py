"""Record what PyTorch and published counters find in the networks, for `make test` and the page.

Run `python -m tests.oracles.record_counters` in the environment of `requirements/oracles.txt`.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.utils.flop_counter import FlopCounterMode

from explainers.cost import counters
from explainers.networks.known import NETWORKS, network
from explainers.networks.poolings import POOLINGS, with_pooling
from tests.networks import reference
from tests.oracles.torch_networks import Found, Picture, asked, built, rows

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of parts of Python that they should no longer use
    import ptflops
    import thop
    import torchinfo
    from fvcore.nn import FlopCountAnalysis, parameter_count

COUNTERS = Path(counters.__file__).with_name("counters.json")
LAYERS = Path(reference.__file__).with_name("pytorch.json")
SIZES = [(31, 31), (63, 63), (97, 160), (512, 512)]
LAYER_BY_LAYER = ("lenet5", "alexnet2012", "vgg16", "resnet18", "resnet50")
"""The networks recorded layer by layer with each pooling; the others only as designed."""


class Answer(NamedTuple):
    """What a counter says: in total, and by its own names of parts."""

    macs: int
    parameters: int
    parts: dict[str, int]


def by_torch(module: Any, input: Any) -> Answer:
    """PyTorch's own counter; it takes a multiplication with its addition for two operations."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        module(input)
    operators = counter.get_flop_counts()["Global"]
    parts = {str(operator): flops // 2 for operator, flops in operators.items()}
    parameters = sum(parameter.numel() for parameter in module.parameters())
    return Answer(counter.get_total_flops() // 2, parameters, parts)


def by_fvcore(module: Any, input: Any) -> Answer:
    """Its analysis of a traced run, by operators."""
    analysis = FlopCountAnalysis(module, input)
    analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    return Answer(analysis.total(), parameter_count(module)[""], dict(analysis.by_operator()))


def by_torchinfo(module: Any, input: Any) -> Answer:
    """Its summary, by the classes of modules."""
    summary = torchinfo.summary(module, input_data=input, verbose=0)
    parts: Counter[str] = Counter()
    for layer in summary.summary_list:
        if layer.is_leaf_layer:
            parts[layer.class_name] += layer.macs
    return Answer(summary.total_mult_adds, summary.total_params, parts)


def by_thop(module: Any, input: Any) -> Answer:
    """Its profile, by the classes of modules."""
    macs, parameters, layers = thop.profile(module, (input,), verbose=False, ret_layer_info=True)
    parts: Counter[str] = Counter()
    _by_class(module, layers, parts)
    return Answer(int(macs), int(parameters), parts)


def _by_class(module: Any, layers: dict[str, Any], parts: Counter[str]) -> None:
    for name, (operations, _, inside) in layers.items():
        child = getattr(module, name)
        if not list(child.children()):
            parts[type(child).__name__] += int(operations)
        _by_class(child, inside, parts)


def by_ptflops(module: Any, input: Any) -> Answer:
    """As one calls it; and without its second look, at the functions that modules call."""

    def asked(**settings: Any) -> tuple[int, int]:
        found = ptflops.get_model_complexity_info(
            module,
            tuple(input.shape[1:]),
            as_strings=False,
            print_per_layer_stat=False,
            backend_specific_config=settings,
        )
        return int(found[0]), int(found[1])

    (macs, parameters), (modules, _) = asked(), asked(count_functional=False)
    return Answer(macs, parameters, {"modules": modules, "functions": macs - modules})


ASKED: dict[str, Callable[[Any, Any], Answer]] = {
    "torch": by_torch,
    "fvcore": by_fvcore,
    "torchinfo": by_torchinfo,
    "thop": by_thop,
    "ptflops": by_ptflops,
}


def answers(name: str) -> dict[str, Any]:
    """Ask each counter for a network as designed.

    In real memory, since fvcore's tracer needs it, and ptflops would meet PyTorch's stand-ins for
    dense layers on the device ``meta`` and count these too.
    """
    net = network(name)
    picture = (net.channels, net.input_size, net.input_size)
    given = {}
    for counter, ask in ASKED.items():
        module = built(net, picture).to_empty(device="cpu")
        answer = ask(module, torch.zeros(1, *picture))
        parts = {part: number for part, number in answer.parts.items() if number}
        given[counter] = {**answer._asdict(), "parts": parts}
    return given


def total(name: str, pooling: str, height: int, width: int) -> list[Any]:
    """Name, pooling and picture; then multiply–accumulates, parameters and activations, if any."""
    net = with_pooling(network(name), pooling)
    picture = (net.channels, height, width)
    found = asked(net, picture)
    return [name, pooling, *picture, *(sums(found) if found else [])]


def sums(found: list[Found]) -> tuple[int, int, int]:
    """Multiply–accumulates, parameters, and the values that are held."""
    held = (math.prod(row.shape) for row in found if not row.name.endswith(".add"))
    return sum(row.macs for row in found), sum(row.parameters for row in found), sum(held)


def layers(name: str) -> dict[str, list[list[Any]]]:
    """The rows of a network's table: name, shape, parameters, multiply–accumulates."""
    poolings = POOLINGS if name in LAYER_BY_LAYER else POOLINGS[:1]
    size = network(name).input_size
    found = {p: _rows(name, p, (network(name).channels, size, size)) for p in poolings}
    return {
        pooling: [[row.name, *row.shape, row.parameters, row.macs] for row in table]
        for pooling, table in found.items()
    }


def _rows(name: str, pooling: str, picture: Picture) -> list[Found]:
    return rows(built(with_pooling(network(name), pooling), picture), picture)


def versions() -> dict[str, str]:
    """Which version of each counter; what was built for which processor does not matter."""
    return {name: importlib.metadata.version(name).partition("+")[0] for name in ASKED}


def records() -> dict[Path, Any]:
    """Ask for everything: what is recorded, by file."""
    return {
        COUNTERS: {"counters": {name: answers(name) for name in NETWORKS}, "versions": versions()},
        LAYERS: {
            "layers": {name: layers(name) for name in NETWORKS},
            "totals": [
                total(name, pooling, *size)
                for name in NETWORKS
                for pooling in POOLINGS
                for size in [(network(name).input_size,) * 2, *SIZES]
            ],
        },
    }


def written(recording: Any, depth: int = 3) -> str:
    """Return the recording as text: sorted, a row of a table a line."""
    flat = isinstance(recording, list) and not any(isinstance(x, list) for x in recording)
    if not depth or not isinstance(recording, list | dict) or flat:
        return json.dumps(recording, sort_keys=True, ensure_ascii=False)
    if isinstance(recording, list):
        return "[\n" + ",\n".join(written(part, depth - 1) for part in recording) + "\n]"
    parts = (f'"{key}": {written(part, depth - 1)}' for key, part in sorted(recording.items()))
    return "{\n" + ",\n".join(parts) + "\n}"


if __name__ == "__main__":
    for path, recording in records().items():
        path.write_text(written(recording) + "\n", encoding="utf-8")
