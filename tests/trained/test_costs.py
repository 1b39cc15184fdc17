"""What is equal between networks, counted by hand and from their own weights."""

from __future__ import annotations

import pytest

from explainers.trained.arms import CONTROLS, NETWORKS
from explainers.trained.costs import cost
from explainers.trained.layers import POOLINGS, READOUTS
from explainers.trained.model import Architecture, initial

SIDES = {"none": 1, "dense": 1}  # a map's side before an operator, for each after it; else 2


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("network", NETWORKS)
def test_cost(network: str, readout: str) -> None:
    stages = NETWORKS[network]
    drawn = initial(Architecture(stages, readout))
    assert cost(network, readout).parameters == sum(p.size for p in drawn)
    macs, side = 0, 16
    for stage, weight in zip(stages, drawn[::2], strict=False):
        after = side // SIDES.get(stage.operator, 2)
        computed = after if stage.operator == "stride" else side
        macs, side = macs + computed**2 * weight.size, after
    assert cost(network, readout).macs == macs + drawn[-2].size


@pytest.mark.parametrize("readout", READOUTS)
def test_what_controls_have_in_common_with_max(readout: str) -> None:
    pooled = cost("max", readout)
    for network in CONTROLS[readout]:
        found = cost(network, readout)
        if network in ("narrow", "wide"):
            assert abs(found.macs / pooled.macs - 1) < 0.003
        elif network in ("slim", "broad"):
            assert abs(found.macs / pooled.macs - 1) < 0.012
        elif network == "thrifty":
            assert abs(found.parameters / pooled.parameters - 1) < 0.003
    same = [name for name in POOLINGS if readout != "flatten" or name not in ("none", "dense")]
    assert {cost(name, readout).parameters for name in same} == {pooled.parameters}
