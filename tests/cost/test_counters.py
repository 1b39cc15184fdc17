"""Published counters: every difference to the last operation, by what they say of their parts.

It was recorded by `tests/oracles/record_counters.py`, which `make test-oracles` repeats live.
"""

from __future__ import annotations

import pytest

from explainers.cost import counters
from explainers.cost.counters import COUNTERS, compared, recorded
from explainers.networks.count import count
from explainers.networks.known import NETWORKS

ROWS = {(row.network, row.counter): row for row in compared()}


@pytest.mark.parametrize(("name", "counter"), ROWS)
def test_every_difference_is_explained_to_the_last_operation(name: str, counter: str) -> None:
    row = ROWS[name, counter]
    assert row.ours == count(name).macs
    assert row.macs == recorded()["counters"][name][counter]["macs"]
    assert row.difference == row.macs - row.ours == sum(row.causes.values())
    assert all(number > 0 for number in row.causes.values())
    assert row.version == recorded()["versions"][counter]


def test_each_network_was_counted_by_each_counter() -> None:
    assert list(ROWS) == [(name, counter) for name in NETWORKS for counter in COUNTERS]
    assert {row.counter for row in ROWS.values() if row.difference} == set(COUNTERS) - {"torch"}


@pytest.mark.parametrize("counter", COUNTERS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_counter_finds_our_parameters(name: str, counter: str) -> None:
    assert recorded()["counters"][name][counter]["parameters"] == count(name).parameters


def parts(name: str, counter: str) -> dict[str, int]:
    found: dict[str, int] = recorded()["counters"][name][counter]["parts"]
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_causes_are_what_the_counters_say_of_their_parts(name: str) -> None:
    fvcore, thop, torchinfo = (ROWS[name, c].causes for c in ("fvcore", "thop", "torchinfo"))
    assert fvcore.get(counters.NORM, 0) == parts(name, "fvcore").get("batch_norm", 0)
    assert fvcore.get(counters.COLLAPSE, 0) == parts(name, "fvcore").get("adaptive_avg_pool2d", 0)
    assert thop.get(counters.NORM, 0) == parts(name, "thop").get("BatchNorm2d", 0)
    assert thop.get(counters.POOLING, 0) == parts(name, "thop").get("AvgPool2d", 0)
    assert thop.get(counters.COLLAPSE, 0) == parts(name, "thop").get("AdaptiveAvgPool2d", 0)
    assert torchinfo.get(counters.NORM, 0) == parts(name, "torchinfo").get("BatchNorm2d", 0)


@pytest.mark.parametrize("name", NETWORKS)
def test_ptflops_sees_activations_and_poolings_twice(name: str) -> None:
    causes = ROWS[name, "ptflops"].causes
    twice = (counters.ACTIVATION, counters.POOLING, counters.COLLAPSE)
    assert sum(causes.get(cause, 0) for cause in twice) == 2 * parts(name, "ptflops")["functions"]


@pytest.mark.parametrize("name", NETWORKS)
def test_convolutions_and_dense_layers_apart(name: str) -> None:
    rows = count(name).layers
    dense = sum(row.work.macs for row in rows if row.kind == "Linear")
    others = sum(row.work.macs for row in rows) - dense
    torch, fvcore, thop = (parts(name, c) for c in ("torch", "fvcore", "thop"))
    assert torch["aten.convolution"] == fvcore["conv"] == thop["Conv2d"] == others
    assert torch["aten.addmm"] + torch.get("aten.mm", 0) == dense
    assert fvcore["linear"] == thop["Linear"] == dense
