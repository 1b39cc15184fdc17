"""Each claim's numbers again: from what PyTorch counted on real modules, recorded in counters.json.

The record holds, for each layer, its name, the channels, height and width of what it hands on, its
parameters, and its multiplications by PyTorch's own counter. What is derived from them is derived
here again.
"""

from __future__ import annotations

import ast
import itertools
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest

from explainers.cost import model
from explainers.cost.claims import CLAIMS, RULINGS
from explainers.cost.networks import NETWORKS
from explainers.records import Claim, Verdict
from explainers.sources import THREAD

RECORD = json.loads(files("explainers.cost").joinpath("counters.json").read_text(encoding="utf-8"))


class Row(NamedTuple):
    name: str
    channels: int
    height: int
    width: int
    parameters: int
    macs: int

    @property
    def values(self) -> int:
        return self.channels * self.height * self.width

    @property
    def weights(self) -> int:
        """Without the bias, one a channel."""
        return self.parameters - self.channels


def layers(network: str, pooling: str = "as designed") -> list[Row]:
    return [Row(*row) for row in RECORD["layers"][network][pooling]]


def layer(name: str, pooling: str = "as designed") -> Row:
    """A layer of VGG-16."""
    [row] = [row for row in layers("vgg16", pooling) if row.name == name]
    return row


def total(network: str, pooling: str = "as designed", size: int = 224) -> dict[str, int]:
    [row] = [
        row
        for row in RECORD["totals"]
        if row[:2] == [network, pooling] and row[3:5] == [size, size]
    ]
    return dict(zip(("macs", "parameters", "activations"), row[5:], strict=True))


def convolutions(pooling: str = "as designed") -> list[Row]:
    return [row for row in layers("vgg16", pooling) if row.name.startswith("conv")]


def values(id: str) -> Mapping[str, float]:
    [claim] = [claim for claim in CLAIMS if claim.id == id]
    return {name: value.value for name, value in claim.computed().items()}


def test_vgg16_multiplications() -> None:
    v = values("vgg16-multiplications")
    assert v["macs"] == total("vgg16")["macs"] == v["billions"] * 10**9
    assert v["convolutions"] == sum(row.macs for row in convolutions())
    assert v["dense"] == sum(row.macs for row in layers("vgg16") if row.name.startswith("fc"))
    assert v["parameters"] == total("vgg16")["parameters"]


def test_vgg16_without_pooling() -> None:
    v = values("vgg16-without-pooling")
    assert (v["with"], v["without"]) == tuple(
        total("vgg16", pooling)["macs"] for pooling in ("as designed", "removed")
    )
    assert v["ratio"] == pytest.approx(v["without"] / v["with"], rel=1e-15)
    bare, pooled = (sum(row.macs for row in convolutions(p)) for p in ("removed", "as designed"))
    assert v["convolutions_ratio"] == pytest.approx(bare / pooled, rel=1e-15)
    assert v["without_billions"] == v["without"] / 10**9


def test_resnet50_without_stem_pool() -> None:
    v = values("resnet50-without-stem-pool")
    assert v["with"] == total("resnet50")["macs"]
    assert v["without"] == total("resnet50", "removed")["macs"]
    assert v["ratio"] == pytest.approx(v["without"] / v["with"], rel=1e-15)
    rows = layers("resnet50")
    assert v["fixed"] == sum(row.macs for row in rows if row.name in ("conv1", "fc"))


def passes_a_billion(rows: list[Row]) -> int:
    sums = itertools.accumulate(row.macs for row in rows if row.macs)
    return next(i for i, done in enumerate(sums, start=1) if done >= 10**9)


def test_billions_with_few_layers() -> None:
    v = values("billions-with-few-layers")
    assert v["vgg16"] == passes_a_billion(layers("vgg16"))
    assert v["resnet50"] == passes_a_billion(layers("resnet50"))
    assert v["of_resnet50"] == sum(row.macs > 0 for row in layers("resnet50"))
    assert v["alexnet2012"] == total("alexnet2012", size=227)["macs"] < 10**9
    assert v["lenet5"] == total("lenet5", size=32)["macs"] < 10**9
    assert v["conv1_2"] == layer("conv1_2").macs
    assert v["small_size"] == 64
    shrunk = [row.macs * 64**2 // 224**2 for row in convolutions()]  # all sizes divide by 32
    dense = 2 * 2 * 512 * 4096 + layer("fc7").macs + layer("fc8").macs
    assert v["small"] == sum(shrunk) + dense
    sums = list(itertools.accumulate(shrunk))
    assert sums[int(v["small_after"]) - 2] < 10**9 <= sums[int(v["small_after"]) - 1]


def test_pooling_itself_is_cheap() -> None:
    v = values("pooling-itself-is-cheap")
    pools = [row for row in layers("vgg16") if row.name.startswith("pool")]
    assert len(pools) == 5
    assert v["comparisons"] == 3 * sum(row.values for row in pools)
    assert v["share"] == pytest.approx(v["comparisons"] / total("vgg16")["macs"], rel=1e-14)
    more = total("vgg16", "strided-conv")["macs"] - total("vgg16")["macs"]
    assert v["convolution"] == pytest.approx(more / v["comparisons"], rel=1e-14)


def test_six_equal_layers() -> None:
    v = values("six-equal-layers")
    costs = [row.macs for row in convolutions()]
    assert v["macs"] == max(costs)
    assert v["equal"] == costs.count(max(costs))
    assert v["half"] == costs.count(max(costs) // 2)
    assert v["quarter"] == costs.count(max(costs) // 4)
    assert v["equal"] + v["half"] + v["quarter"] + 1 == len(costs)
    assert v["share"] == pytest.approx(max(costs) / total("vgg16")["macs"], rel=1e-14)


def test_where_the_compute_is() -> None:
    v = values("where-the-compute-is")
    whole = total("vgg16")
    blocks = {f"conv{n}": f"conv{n}_" for n in range(1, 6)} | {"dense": "fc"}
    for name, start in blocks.items():
        part = sum(row.macs for row in layers("vgg16") if row.name.startswith(start))
        assert v[name] == pytest.approx(part / whole["macs"], rel=1e-14)
    assert v["first_two"] == pytest.approx(v["conv1"] + v["conv2"], rel=1e-14)
    assert v["middle"] == pytest.approx(v["conv3"] + v["conv4"], rel=1e-14)
    early = ("conv1_", "conv2_", "pool1", "pool2")
    held = sum(row.values for row in layers("vgg16") if row.name.startswith(early))
    assert v["held"] == pytest.approx(held / whole["activations"], rel=1e-14)
    for name, starts in (("early", early), ("dense", ("fc",))):
        learnt = sum(row.parameters for row in layers("vgg16") if row.name.startswith(starts))
        assert v[f"{name}_parameters"] == pytest.approx(learnt / whole["parameters"], rel=1e-14)


def test_same_budget_depth() -> None:
    """By paying one layer after the other, at the recorded price of the second."""
    v = values("same-budget-depth")
    price = layer("conv1_2").macs

    def bought(poolings: int, cheaper: int) -> int:
        purse, depth = v["budget"] * price, 0
        while purse >= price // cheaper ** min(depth, poolings):
            purse -= price // cheaper ** min(depth, poolings)
            depth += 1
        return depth

    assert v["budget"] == 10 == bought(0, 4)
    assert (v["one"], v["two"]) == (bought(1, 4), bought(2, 4))
    # Double the channels: four times the weights, at a quarter of the places.
    assert layer("conv2_2").macs == layer("conv3_2").macs == price
    assert (v["doubled"], v["doubled_twice"]) == (bought(1, 1), bought(2, 1))


def test_stride_in_the_convolution() -> None:
    v = values("stride-in-the-convolution")
    macs = {name: total("vgg16", name)["macs"] for name in ("stride", "strided-conv", "mean")}
    pooled = total("vgg16")["macs"]
    assert v["stride"] == pytest.approx(macs["stride"] / pooled, rel=1e-14)
    assert v["strided_conv"] == pytest.approx(macs["strided-conv"] / pooled, rel=1e-14)
    assert v["mean"] == macs["mean"] / pooled == 1
    weights = [sum(row.weights for row in layers("vgg16", p) if row.parameters)
        for p in ("as designed", "strided-conv")]  # fmt: skip
    assert v["weights"] == weights[1] - weights[0]


def test_convolution_weights_unchanged() -> None:
    v = values("convolution-weights-unchanged")
    assert v["with"] == sum(row.weights for row in convolutions())
    assert v["without"] == sum(row.weights for row in convolutions("removed"))
    resnets = [name for name in NETWORKS if name.startswith("resnet")]
    same = [total(name)["parameters"] == total(name, "removed")["parameters"] for name in resnets]
    assert (v["resnets"], v["resnets_same"]) == (len(same), sum(same))


def test_first_dense_layer_grows() -> None:
    v = values("first-dense-layer-grows")
    assert (v["with"], v["without"]) == (layer("fc6").weights, layer("fc6", "removed").weights)
    assert v["ratio"] == v["without"] / v["with"]
    assert v["share"] == pytest.approx(v["with"] / total("vgg16")["parameters"], rel=1e-14)


def test_activation_memory() -> None:
    v = values("activation-memory")
    for name, pooling in (("with", "as designed"), ("without", "removed")):
        assert v[name] == sum(row.values for row in layers("vgg16", pooling))
        assert v[name] == total("vgg16", pooling)["activations"]
    assert v["ratio"] == pytest.approx(v["without"] / v["with"], rel=1e-14)
    assert v["megabytes"] == pytest.approx(v["with"] * 4e-6)
    assert v["megabytes_without"] == pytest.approx(v["without"] * 4e-6)


def widths(stages: list[list[tuple[int, int]]]) -> tuple[int, int]:
    """Field and jump of windows (size, stride), one after the other, by the published sum.

    The field is one more than the sum of (size − 1) times the product of all strides before.
    """
    windows = [window for stage in stages for window in stage]
    jumps = list(itertools.accumulate((s for _, s in windows), lambda a, b: a * b, initial=1))
    return 1 + sum((k - 1) * jump for (k, _), jump in zip(windows, jumps, strict=False)), jumps[-1]


VGG16 = [[(3, 1)] * n + [(2, 2)] for n in (2, 2, 3, 3, 3)]
STEM = [(7, 2)], [(3, 2)]


def resnet50(pooled: bool) -> list[list[tuple[int, int]]]:
    strided = [
        [(3, 1 if stage == 0 else 2)] + [(3, 1)] * (n - 1) for stage, n in enumerate((3, 4, 6, 3))
    ]
    return [*STEM[: 1 + pooled], *strided]


def test_receptive_field_with_pools() -> None:
    """The published ones are compared in test_cost_counters.py too."""
    v = values("receptive-field-with-pools")
    assert v["vgg16_with"] == widths(VGG16)[0] == 212  # Araujo, Norris & Sim 2019
    assert v["vgg16_without"] == widths([stage[:-1] for stage in VGG16])[0]
    assert v["resnet50_with"] == widths(resnet50(pooled=True))[0]
    assert v["resnet50_without"] == widths(resnet50(pooled=False))[0]
    assert v["alexnet"] == 195
    assert v["resnet101"] == 1027
    assert v["picture"] == 224


def test_layers_to_match_receptive_field() -> None:
    v = values("layers-to-match-receptive-field")
    assert v["field"] == v["kernel"] == widths(VGG16)[0]
    assert v["layers"] == len(convolutions())
    enough = next(n for n in itertools.count() if widths([[(3, 1)] * n])[0] >= v["field"])
    assert v["without"] == enough


def test_pool_does_not_double_the_field() -> None:
    v = values("pool-does-not-double-the-field")
    for n in range(1, 6):
        before = [*VGG16[: n - 1], VGG16[n - 1][:-1]]
        assert (v[f"before_{n}"], v[f"jump_before_{n}"]) == widths(before)
        assert (v[f"after_{n}"], v[f"jump_after_{n}"]) == widths(VGG16[:n])


def test_published_counts_differ() -> None:
    """What fvcore says of its own parts, and which parts of it are ours."""
    v = values("published-counts-differ")
    by_counter = RECORD["counters"]
    fvcore = by_counter["resnet50"]["fvcore"]
    assert v["fvcore"] == fvcore["macs"] == sum(fvcore["parts"].values())
    assert v["normalisation"] == fvcore["parts"]["batch_norm"]
    assert v["collapse"] == fvcore["parts"]["adaptive_avg_pool2d"]
    assert v["ours"] == fvcore["parts"]["conv"] + fvcore["parts"]["linear"]
    assert v["published"] == total("resnet50_2015")["macs"] < v["ours"]
    assert v["networks"] == v["torch_equal"] == len(by_counter)
    assert v["compared"] == v["explained"] == sum(len(row) for row in by_counter.values())


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_verdict_depends_on_the_numbers(claim: Claim) -> None:
    computed = claim.computed()
    assert claim.condition or claim.verdict is not Verdict.ON_CONDITION
    assert not claim.bears_out(dict.fromkeys(computed, 0))


def test_rulings_rest_on_claims_that_agree() -> None:
    verdicts = {claim.id: claim.verdict for claim in CLAIMS}
    [ruling] = RULINGS
    assert ruling.examines == "T6" in THREAD
    resting = {verdicts[id] for id in ruling.rests_on}
    assert ruling.verdict == Verdict.ON_CONDITION
    assert {Verdict.HOLDS, Verdict.FAILS} < resting


@pytest.mark.parametrize("module", ["claims", "model", "layers", "networks", "counters"])
def test_numbers_do_not_depend_on_drawings(module: str) -> None:
    """Model → claims and figures: what is on the left does not know what is on the right."""
    source = Path(model.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{name.name}" for node in imported for name in node.names}
    assert names
    assert not any(name.startswith("explainers.cost.figures") for name in names)
