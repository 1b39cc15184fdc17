"""Time the forward pass of real networks in PyTorch, with their poolings and without.

Run `python -m tests.benchmarks.bench_forward` in the environment of `requirements/oracles.txt`.
It prints a table and writes `explainers/cost/measured.json`, which the page plots against counts.

Of each network, the part before its dense layers is timed: without poolings, the first dense layer
has more weights than a machine can hold. One picture at a time, in float32, without gradients.
"""

from __future__ import annotations

import argparse
import json
from itertools import product
from pathlib import Path
from typing import Any

import torch

from explainers import cost
from explainers.networks.known import network
from explainers.networks.poolings import with_pooling
from tests.benchmarks.timing import Contender, circumstances, medians, table
from tests.oracles.torch_networks import built, features, rows

RESULTS = Path(cost.__file__).with_name("measured.json")
NETWORKS = ("alexnet", "vgg11", "vgg16", "resnet18", "resnet50")
POOLINGS = ("as designed", "removed", "mean", "stride")
SIZES = (64, 96, 224)


def contenders() -> tuple[dict[str, Contender], dict[str, dict[str, Any]]]:
    """Return what is timed, and its row of the table but for the time."""
    timed: dict[str, Contender] = {}
    described: dict[str, dict[str, Any]] = {}
    for name, pooling in product(NETWORKS, POOLINGS):
        net = features(with_pooling(network(name), pooling))
        module = built(net, (net.channels, SIZES[0], SIZES[0]), device="cpu")
        counted = built(net, (net.channels, SIZES[0], SIZES[0]))
        for size in SIZES:
            key = f"{name} {pooling} {size}"
            macs = sum(row.macs for row in rows(counted, (net.channels, size, size)))
            timed[key] = forward(module, net.channels, size)
            described[key] = {"network": name, "pooling": pooling, "size": size, "macs": macs}
    return timed, described


def forward(module: Any, channels: int, size: int) -> Contender:
    """Return the pass of one picture as a function of nothing."""
    picture = torch.rand(1, channels, size, size)

    def run() -> Any:
        with torch.inference_mode():
            return module(picture)

    return run


def main() -> None:
    """Measure, print and write down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    timed, described = contenders()
    times = medians(timed, options.rounds)
    measured = [{**described[key], "ms": round(times[key], 3)} for key in timed]
    results = {
        **circumstances(torch),
        "dtype": "float32",
        "rounds": options.rounds,
        "rows": measured,
    }
    text = json.dumps(results, indent=1)
    options.output.write_text(text + "\n", encoding="utf-8")
    print(table(["network", "pooling", "size", "macs", "ms"], measured))


if __name__ == "__main__":
    main()
