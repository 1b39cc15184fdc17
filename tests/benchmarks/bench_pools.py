"""Time poolings inside networks, and every other pool in their place, by memory layout.

Run `python -m tests.benchmarks.bench_pools` in the environment of `requirements/oracles.txt`. It
prints two tables and writes `explainers/alternatives/timed.json`.

Each pooling is timed within the forward pass, on the map that the layer before has just made; its
share is that of the same pass. Other pools are timed on the maps that the five poolings of VGG-16
get, one after the other; those that collapse a map, on what the last of them hands on. One picture
at a time, in float32, without gradients, on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from time import process_time
from typing import Any

import torch

from explainers import alternatives
from explainers.networks.known import network
from explainers.networks.poolings import with_pooling
from tests.benchmarks.timing import circumstances, medians, table
from tests.oracles.torch_networks import built, features
from tests.oracles.torch_pools import GLOBAL, POOLS, WEIGHTED

RESULTS = Path(alternatives.__file__).with_name("timed.json")
NETWORKS = ("alexnet", "vgg11", "vgg16", "resnet18", "resnet50")
POOLINGS = ("as designed", "mean")
SIZES = (64, 96, 224)
LAYOUTS = {"channels first": torch.contiguous_format, "channels last": torch.channels_last}


class Clock:
    """Adds up the processor's time that some modules of a network take."""

    def __init__(self, watched: list[Any]) -> None:
        self.milliseconds = 0.0
        for module in watched:
            module.register_forward_pre_hook(self._start)
            module.register_forward_hook(self._stop)

    def _start(self, *_: Any) -> None:
        self._began = process_time()

    def _stop(self, *_: Any) -> None:
        self.milliseconds += 1000 * (process_time() - self._began)


def pools_of(module: Any) -> list[Any]:
    """Return the modules that pool."""
    kinds = (torch.nn.MaxPool2d, torch.nn.AvgPool2d)
    return [inner for inner in module.modules() if isinstance(inner, kinds)]


def shares(rounds: int) -> list[dict[str, Any]]:
    """Time whole passes and the poolings in them, all networks in turn."""
    runs: list[tuple[dict[str, Any], Callable[[], tuple[float, float]]]] = []
    for name, pooling, layout in product(NETWORKS, POOLINGS, LAYOUTS):
        net = features(with_pooling(network(name), pooling))
        module = built(net, (net.channels, SIZES[0], SIZES[0]), device="cpu")
        module = module.to(memory_format=LAYOUTS[layout])
        clock = Clock(pools_of(module))
        for size in SIZES:
            described = {"network": name, "pooling": pooling, "layout": layout, "size": size}
            runs.append((described, one_pass(module, clock, net.channels, size, layout)))
    times: list[list[tuple[float, float]]] = [[] for _ in runs]
    for _ in range(rounds):
        for (_, run), found in zip(runs, times, strict=True):
            run()  # so that caches are warm
            found.append(run())
    return [
        {**described, **summary(found)} for (described, _), found in zip(runs, times, strict=True)
    ]


def one_pass(
    module: Any, clock: Clock, channels: int, size: int, layout: str
) -> Callable[[], tuple[float, float]]:
    """Return the pass of one picture: it returns milliseconds of the poolings, and of all."""
    picture = torch.rand(1, channels, size, size).to(memory_format=LAYOUTS[layout])

    def run() -> tuple[float, float]:
        clock.milliseconds = 0.0
        with torch.inference_mode():
            start = process_time()
            module(picture)
        return clock.milliseconds, 1000 * (process_time() - start)

    return run


def summary(found: list[tuple[float, float]]) -> dict[str, Any]:
    """Medians of the rounds; of the poolings' share, the quartiles."""
    each = [pools / whole for pools, whole in found]
    low, _, high = quantiles(each, n=4)
    return {
        "pools_ms": round(median(pools for pools, _ in found), 4),
        "ms": round(median(whole for _, whole in found), 4),
        "low": round(low, 5),
        "high": round(high, 5),
    }


def in_their_place(rounds: int) -> list[dict[str, Any]]:
    """Time every pool on the maps of VGG-16's poolings."""
    timed: dict[str, Callable[[], Any]] = {}
    for layout, memory in LAYOUTS.items():
        maps = [m.to(memory_format=memory) for m in maps_of_vgg16()]
        last = maps.pop()
        for name, pool in POOLS.items():
            timed[f"{name}|{layout}"] = over([pool] * len(maps), maps)
        for name, made in WEIGHTED.items():
            timed[f"{name}|{layout}"] = over([made(m.shape[1]) for m in maps], maps)
        for name, pool in GLOBAL.items():
            timed[f"{name}|{layout}"] = over([pool], [last])
    times = medians(timed, rounds)
    return [
        {"row": key.split("|")[0], "layout": key.split("|")[1], "ms": round(times[key], 4)}
        for key in timed
    ]


def maps_of_vgg16() -> list[Any]:
    """Return what each pooling of VGG-16 gets, and what the last one hands on; not negative."""
    shapes = [(64, 224), (128, 112), (256, 56), (512, 28), (512, 14), (512, 7)]
    return [torch.rand(1, channels, side, side) for channels, side in shapes]


def over(pools: list[Any], maps: list[Any]) -> Callable[[], Any]:
    """Return what pools each map with its pool."""

    def run() -> Any:
        with torch.inference_mode():
            return [pool(each) for pool, each in zip(pools, maps, strict=True)]

    return run


def main() -> None:
    """Measure, print and write down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    inside, instead = shares(options.rounds), in_their_place(options.rounds)
    results = {
        **circumstances(torch),
        "dtype": "float32",
        "rounds": options.rounds,
        "inside": inside,
        "instead": instead,
    }
    options.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(table(["network", "pooling", "layout", "size", "pools_ms", "ms", "low", "high"], inside))
    print(table(["row", "layout", "ms"], instead))


if __name__ == "__main__":
    main()
