"""Each claim's numbers again: from what PyTorch counted on real modules, layer by layer.

What is derived from these counts is derived here again. Other cases than the page's are counted by
hand.
"""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import pytest

from explainers import sweep
from explainers.catalogue import claim
from explainers.claim import Answer, Verdict
from explainers.cost import model
from explainers.cost.claims import RULINGS
from explainers.networks.known import NETWORKS
from explainers.sources import THREAD
from tests.claiming import margin, values
from tests.cost.reference import COUNTERS, TIMES, VGG16, widths
from tests.networks.reference import Row, convolutions, layer, layers, total


def says(id: str, **case: object) -> Answer:
    return sweep.judge(claim(id), {**sweep.page_case(claim(id)), **case})[0]


def test_vgg16_multiplications() -> None:
    v = values("vgg16-multiplications")
    assert v["size"] == 224
    assert v["macs"] == total("vgg16")["macs"] == v["billions"] * 10**9
    assert v["operations"] == 2 * total("vgg16")["macs"]
    assert v["convolutions"] == sum(row.macs for row in convolutions())
    assert v["dense"] == sum(row.macs for row in layers("vgg16") if row.name.startswith("fc"))
    assert v["parameters"] == total("vgg16")["parameters"]
    assert values("vgg16-multiplications", size=512)["macs"] == total("vgg16", size=512)["macs"]


def test_pooling_saves_multiplications() -> None:
    v = values("pooling-saves-multiplications")
    assert (v["with"], v["without"]) == tuple(
        total("vgg16", pooling)["macs"] for pooling in ("as designed", "removed")
    )
    for network, name in (("vgg16", "ratio"), ("vgg16", "set"), ("resnet50", "resnet50")):
        bare, pooled = (total(network, p)["macs"] for p in ("removed", "as designed"))
        assert v[name] == pytest.approx(bare / pooled, rel=1e-15)
    for network, size in (("lenet5", 32), ("resnet18", 512), ("alexnet", 224)):
        bare, pooled = (total(network, p, size)["macs"] for p in ("removed", "as designed"))
        found = margin("pooling-saves-multiplications", network=network, size=size)
        assert found == pytest.approx(bare / pooled - 1)
        assert found > 0


def test_vgg16_without_pooling() -> None:
    v = values("vgg16-without-pooling")
    assert (v["with"], v["without"]) == tuple(
        total("vgg16", pooling)["macs"] for pooling in ("as designed", "removed")
    )
    assert v["ratio"] == pytest.approx(v["without"] / v["with"], rel=1e-15)
    bare, pooled = (sum(row.macs for row in convolutions(p)) for p in ("removed", "as designed"))
    assert v["convolutions"] == bare
    assert v["convolutions_ratio"] == pytest.approx(bare / pooled, rel=1e-15)
    assert v["dense"] == layer("fc6", "removed").weights
    assert v["without_billions"] == v["without"] / 10**9
    assert v["convolutions_billions"] == bare / 10**9


def test_resnet50_without_stem_pool() -> None:
    v = values("resnet50-without-stem-pool")
    assert v["with"] == total("resnet50")["macs"]
    assert v["without"] == total("resnet50", "removed")["macs"]
    assert v["ratio"] == pytest.approx(v["without"] / v["with"], rel=1e-15)
    published = [total("resnet50_2015", p)["macs"] for p in ("removed", "as designed")]
    assert v["published"] == pytest.approx(published[0] / published[1], rel=1e-15)
    rows = layers("resnet50")
    fixed = sum(row.macs for row in rows if row.name in ("conv1", "fc"))
    assert v["without"] - fixed == 4 * (v["with"] - fixed)


def passes_a_billion(rows: list[Row]) -> int:
    sums = itertools.accumulate(row.macs for row in rows if row.macs)
    return next(i for i, done in enumerate(sums, start=1) if done >= 10**9)


def test_billions_with_few_layers() -> None:
    v = values("billions-with-few-layers")
    assert v["usual"] == 224
    first = [row.macs for row in layers("vgg16") if row.macs][:3]
    assert v["within"] == pytest.approx(sum(first) / 10**9)
    assert v["vgg16"] == passes_a_billion(layers("vgg16"))
    assert v["resnet50"] == passes_a_billion(layers("resnet50"))
    assert v["of_resnet50"] == sum(row.macs > 0 for row in layers("resnet50"))
    assert v["alexnet2012"] == total("alexnet2012", size=227)["macs"] < 10**9
    assert v["lenet5"] == total("lenet5", size=32)["macs"] < 10**9
    assert v["conv1_2"] == layer("conv1_2").macs
    assert v["small_size"] == 64
    shrunk = [row.macs * 64**2 // 224**2 for row in convolutions()]  # all sizes divide by 32
    sums = list(itertools.accumulate(shrunk))
    assert sums[int(v["small_after"]) - 2] < 10**9 <= sums[int(v["small_after"]) - 1]
    # By hand, at 128: two layers of 64 channels, and one that widens behind a pooling.
    three = 9 * 64 * ((3 + 64) * 128**2 + 128 * 64**2)
    at_128 = margin("billions-with-few-layers", network="vgg16", size=128)
    assert at_128 == pytest.approx(three / 10**9 - 1)
    assert at_128 < 0
    # ResNet-18 on large pictures: a 7 × 7 layer of stride 2, and two of 64 channels after a pool.
    three = 49 * 3 * 64 * 256**2 + 2 * 9 * 64**2 * 128**2
    at_512 = margin("billions-with-few-layers", network="resnet18", size=512)
    assert at_512 == pytest.approx(three / 10**9 - 1)
    assert at_512 > 0


def test_pooling_itself_is_cheap() -> None:
    v = values("pooling-itself-is-cheap")
    pools = [row for row in layers("vgg16") if row.name.startswith("pool")]
    assert len(pools) == 5
    assert v["comparisons"] == 3 * sum(row.values for row in pools)
    assert v["share"] == pytest.approx(v["comparisons"] / total("vgg16")["macs"], rel=1e-14)
    more = total("vgg16", "strided-conv")["macs"] - total("vgg16")["macs"]
    assert v["convolution"] == pytest.approx(more / v["comparisons"], rel=1e-14)
    [pool] = [row for row in layers("resnet18") if row.name == "maxpool"]
    assert v["resnet18"] == pytest.approx(pool.values * 8 / total("resnet18")["macs"], rel=1e-14)
    took = {
        row["pooling"]: row["ms"]
        for row in TIMES["rows"]
        if row["network"] == "resnet18" and row["size"] == 224
    }
    assert v["clock"] == pytest.approx((took["as designed"] - took["mean"]) / took["as designed"])
    assert 0.05 < v["clock"] < 0.25


def test_six_equal_layers() -> None:
    v = values("six-equal-layers")
    costs = [row.macs for row in convolutions()]
    assert v["macs"] == max(costs)
    assert v["equal"] == costs.count(max(costs))
    assert v["half"] == costs.count(max(costs) // 2)
    assert v["quarter"] == costs.count(max(costs) // 4)
    assert v["equal"] + v["half"] + v["quarter"] + 1 == len(costs)
    assert v["share"] == pytest.approx(max(costs) / total("vgg16")["macs"], rel=1e-14)
    assert v["before"] == layer("conv1_2").macs
    assert v["after"] == layer("conv2_2").macs
    for side, kernel, channels in ((56, 5, 16), (75, 3, 64), (7, 1, 256)):
        case = {"side": side, "kernel": kernel, "channels": channels}
        v = values("six-equal-layers", **case)
        assert v["before"] == (side * kernel * channels) ** 2
        assert v["after"] == (side // 2 * kernel * 2 * channels) ** 2
        assert says("six-equal-layers", **case) == (Answer.NO if side % 2 else Answer.YES)


def test_where_the_compute_is() -> None:
    v = values("where-the-compute-is")
    whole = total("vgg16")

    def part(*starts: str) -> float:
        rows = [row for row in layers("vgg16") if row.name.startswith(starts)]
        return sum(row.macs for row in rows) / whole["macs"]

    assert v["first_two"] == v["early"] == pytest.approx(part("conv1_", "conv2_"), rel=1e-14)
    assert v["middle"] == pytest.approx(part("conv3_", "conv4_"), rel=1e-14)
    assert v["vgg16_half"] == pytest.approx(part("conv1_", "conv2_", "conv3_", "conv4_1"))
    work = [row.macs for row in layers("resnet50") if row.macs]
    assert len(work) == 54
    assert v["resnet50_half"] == pytest.approx(sum(work[:27]) / sum(work))
    early = ("conv1_", "conv2_", "pool1", "pool2")
    held = sum(row.values for row in layers("vgg16") if row.name.startswith(early))
    assert v["held"] == pytest.approx(held / whole["activations"], rel=1e-14)
    learnt = sum(row.parameters for row in layers("vgg16") if row.name.startswith("fc"))
    assert v["dense_parameters"] == pytest.approx(learnt / whole["parameters"], rel=1e-14)


@pytest.mark.parametrize(("early", "parts"), [("quarter", 4), ("third", 3), ("half", 2)])
@pytest.mark.parametrize("network", ["vgg11", "vgg19", "alexnet", "resnet34", "resnet101_2015"])
def test_where_the_compute_is_elsewhere(network: str, early: str, parts: int) -> None:
    work = [row.macs for row in layers(network) if row.macs]
    share = sum(work[: len(work) // parts]) / sum(work)
    found = margin("where-the-compute-is", network=network, early=early)
    assert found == pytest.approx(share - 0.5)
    assert parts == 2 or share < 0.5


def test_same_budget_depth() -> None:
    """By paying one layer after the other, at the recorded prices of VGG-16's."""
    v = values("same-budget-depth")
    price = layer("conv1_2").macs
    # Double the channels: four times the weights, at a quarter of the places.
    assert layer("conv2_2").macs == layer("conv3_2").macs == price
    # The layer behind a pooling takes in half of the channels.
    assert 2 * layer("conv2_1").macs == 2 * layer("conv3_1").macs == price

    def bought(poolings: int, doubled: bool = False, budget: int = 10, pool_every: int = 1) -> int:
        purse, depth = budget * 4**8, 0
        while True:
            behind, new = divmod(depth, pool_every)
            behind = min(behind, poolings)
            widens = doubled and 0 < depth <= poolings * pool_every and new == 0
            last = 4**8 // (1 + widens) if doubled else 4 ** (8 - behind)
            if purse < last:
                return depth
            purse, depth = purse - last, depth + 1

    assert v["budget"] == 10 == bought(0)
    assert (v["one"], v["two"]) == (bought(1), bought(2))
    doubled = (v["doubled"], v["doubled_twice"], v["doubled_most"])
    assert doubled == tuple(bought(n, doubled=True) for n in (1, 2, 5)) == (10, 11, 12)
    for poolings, widen, budget, pool_every in ((3, 1, 20, 2), (5, 2, 50, 3), (1, 1, 5, 4)):
        case = {"poolings": poolings, "widen": widen, "budget": budget, "pool_every": pool_every}
        depth = bought(poolings, widen == 2, budget, pool_every)
        assert margin("same-budget-depth", **case) == depth - 2 * budget
        more = Answer.YES if depth > 2 * budget else Answer.NO
        assert says("same-budget-depth", **case) == more


def test_stride_in_the_convolution() -> None:
    v = values("stride-in-the-convolution")
    macs = {name: total("vgg16", name)["macs"] for name in ("stride", "strided-conv", "mean")}
    pooled = total("vgg16")["macs"]
    assert v["stride"] == pytest.approx(macs["stride"] / pooled, rel=1e-14)
    assert v["strided_conv"] == pytest.approx(macs["strided-conv"] / pooled, rel=1e-14)
    assert macs["mean"] == pooled
    nine = [9 * row.channels**2 for row in layers("vgg16") if row.name.startswith("pool")]
    places = [row.height**2 for row in layers("vgg16") if row.name.startswith("pool")]
    added = sum(kernel * n for kernel, n in zip(nine, places, strict=True))
    assert v["weights_3"] == sum(nine)
    assert v["strided_conv_3"] == pytest.approx(1 + added / pooled)
    weights = [sum(row.weights for row in layers("vgg16", p) if row.parameters)
        for p in ("as designed", "strided-conv")]  # fmt: skip
    assert v["weights"] == weights[1] - weights[0]
    for network, size in (("lenet5", 32), ("alexnet2012", 512), ("resnet101", 512)):
        left, designed = (total(network, p, size)["macs"] for p in ("stride", "as designed"))
        found = margin("stride-in-the-convolution", network=network, size=size)
        assert found == pytest.approx(1 - left / designed)
        assert found > 0
    # AlexNet on 96 × 96, by hand: maps of 22, 10, 4 and 1, or with strides of 11, 6 and 3.
    weights = [363 * 96, 1200 * 256, 9 * 256 * 384, 9 * 192 * 384, 9 * 192 * 256]
    pooled, strided = (
        sum(w * side**2 for w, side in zip(weights, sides, strict=True))
        + 256 * last**2 * 4096 + 4096 * 5096
        for sides, last in (((22, 10, 4, 4, 4), 1), ((11, 6, 6, 6, 3), 3))
    )  # fmt: skip
    case = {"network": "alexnet2012", "size": 96}
    assert values("stride-in-the-convolution")["small"] == pytest.approx(strided / pooled)
    assert margin("stride-in-the-convolution", **case) == pytest.approx(1 - strided / pooled)
    assert says("stride-in-the-convolution", **case) is Answer.NO


def test_convolution_weights_unchanged() -> None:
    v = values("convolution-weights-unchanged")
    assert v["with"] == sum(row.weights for row in convolutions())
    assert v["without"] == sum(row.weights for row in convolutions("removed"))
    resnets = [name for name in NETWORKS if name.startswith("resnet")]
    same = [total(name)["parameters"] == total(name, "removed")["parameters"] for name in resnets]
    assert (v["resnets"], v["resnets_same"]) == (len(same), sum(same))
    assert v["set_with"] == v["set_without"] == v["with"]
    for network, size in (("lenet5", 32), ("alexnet", 320)):
        case = {"network": network, "size": size}
        assert says("convolution-weights-unchanged", **case) is Answer.NO


def test_first_dense_layer_grows() -> None:
    v = values("first-dense-layer-grows")
    assert (v["with"], v["without"]) == (layer("fc6").weights, layer("fc6", "removed").weights)
    assert v["ratio"] == v["without"] / v["with"]
    assert v["share"] == pytest.approx(v["with"] / total("vgg16")["parameters"], rel=1e-14)
    assert v["megabytes"] == pytest.approx(v["without"] * 4e-6)
    assert v["resnet50"] == 2048 * 1000
    v = values("first-dense-layer-grows", network="lenet5", size=32)
    assert (v["set_with"], v["set_without"]) == (120 * 84, 120 * 20**2 * 84)
    for network, same in (("alexnet", True), ("resnet34", True), ("vgg11", False)):
        learnt = [total(network, p)["parameters"] for p in ("as designed", "removed")]
        assert (learnt[0] == learnt[1]) == same
        fewer = Answer.NO if same else Answer.YES
        assert says("first-dense-layer-grows", network=network) == fewer


def test_activation_memory() -> None:
    v = values("activation-memory")
    for name, pooling in (("with", "as designed"), ("without", "removed")):
        assert v[name] == sum(row.values for row in layers("vgg16", pooling))
        assert v[name] == total("vgg16", pooling)["activations"]
    assert v["ratio"] == pytest.approx(v["without"] / v["with"], rel=1e-14)
    assert v["megabytes"] == pytest.approx(v["with"] * 4e-6)
    assert v["megabytes_without"] == pytest.approx(v["without"] * 4e-6)
    places = sum(row.values for row in layers("vgg16") if row.name.startswith("pool"))
    assert v["indices"] == pytest.approx(places * 8e-6)
    ratio = v["megabytes_without"] / (v["megabytes"] + v["indices"])
    assert v["ratio_indices"] == pytest.approx(ratio)


STEM = [(7, 2)], [(3, 2)]


def resnet50(pooled: bool) -> list[list[tuple[int, int]]]:
    strided = [
        [(3, 1 if stage == 0 else 2)] + [(3, 1)] * (n - 1) for stage, n in enumerate((3, 4, 6, 3))
    ]
    return [*STEM[: 1 + pooled], *strided]


def test_receptive_field_with_pools() -> None:
    """The published ones are compared in tests/networks/test_published.py too."""
    v = values("receptive-field-with-pools")
    assert v["vgg16_with"] == widths(VGG16)[0] == 212  # Araujo, Norris & Sim 2019
    assert v["vgg16_without"] == widths([stage[:-1] for stage in VGG16])[0]
    assert v["resnet50_with"] == widths(resnet50(pooled=True))[0]
    assert v["resnet50_without"] == widths(resnet50(pooled=False))[0]
    assert v["published"] == 483  # Araujo, Norris & Sim 2019
    assert v["picture"] == 224


def test_layers_to_match_receptive_field() -> None:
    v = values("layers-to-match-receptive-field")
    assert v["field"] == widths(VGG16)[0]
    sevens = next(n for n in itertools.count() if widths([[(7, 1)] * n])[0] >= v["field"])
    assert v["larger"] == sevens
    assert v["layers"] == len(convolutions())
    enough = next(n for n in itertools.count() if widths([[(3, 1)] * n])[0] >= v["field"])
    assert v["without"] == enough


def test_pool_does_not_double_the_field() -> None:
    v = values("pool-does-not-double-the-field")
    for n in (1, 5):
        before = [*VGG16[: n - 1], VGG16[n - 1][:-1]]
        assert (v[f"before_{n}"], v[f"jump_before_{n}"]) == widths(before)
        assert (v[f"after_{n}"], v[f"jump_after_{n}"]) == widths(VGG16[:n])
    for convs, pooling, kernel in ((0, 3, 3), (1, 1, 3), (3, 2, 5), (4, 5, 1)):
        case = {"convolutions": convs, "pooling": pooling, "kernel": kernel}
        stages = [[(kernel, 1)] * convs + [(2, 2)]] * pooling
        v = values("pool-does-not-double-the-field", **case)
        found = (v["before"], v["after"])
        assert found == (widths([*stages[1:], stages[0][:-1]])[0], widths(stages)[0])
        doubles = Answer.YES if found[1] == 2 * found[0] else Answer.NO
        assert says("pool-does-not-double-the-field", **case) == doubles


def test_published_counts_differ() -> None:
    """What fvcore says of its own parts, and which parts of it are ours."""
    v = values("published-counts-differ")
    by_counter = COUNTERS["counters"]
    fvcore = by_counter["resnet50"]["fvcore"]
    assert v["fvcore"] == fvcore["macs"] == sum(fvcore["parts"].values())
    assert v["normalisation"] == fvcore["parts"]["batch_norm"]
    assert v["collapse"] == fvcore["parts"]["adaptive_avg_pool2d"]
    assert v["ours"] == fvcore["parts"]["conv"] + fvcore["parts"]["linear"]
    assert v["published"] == total("resnet50_2015")["macs"] < v["ours"]
    assert by_counter["resnet50"]["torch"]["macs"] == v["ours"]
    # What torchinfo finds more on VGG-16 are the biases, one for each value; by hand.
    learnt = [row for row in layers("vgg16") if row.parameters]
    v = values("published-counts-differ", counter="torchinfo", network="vgg16")
    assert v["difference"] == by_counter["vgg16"]["torchinfo"]["macs"] - total("vgg16")["macs"]
    assert v["difference"] == v["explained"] == sum(row.values for row in learnt)


def test_count_predicts_time() -> None:
    """Pair by pair, from the record."""
    v = values("count-predicts-time")
    pairs = [(a, b) for a in TIMES["rows"] for b in TIMES["rows"] if a["macs"] < b["macs"]]
    wrong = [(a, b) for a, b in pairs if a["ms"] >= b["ms"]]
    assert (v["pairs"], v["all_wrong"]) == (len(pairs), len(wrong))
    assert v["share_wrong"] == pytest.approx(len(wrong) / len(pairs))
    ratios = sorted(b["macs"] / a["macs"] for a, b in wrong)
    assert v["misled"] == pytest.approx(ratios[-1])
    [(less, more)] = [(a, b) for a, b in wrong if b["macs"] / a["macs"] == ratios[-1]]
    assert (more["network"], more["pooling"], more["size"]) == ("resnet18", "stride", 224)
    assert (less["network"], less["pooling"], less["size"]) == ("resnet50", "stride", 64)
    assert v["misled_time"] == pytest.approx(more["ms"] / less["ms"])
    paces = [row["ms"] / row["macs"] for row in TIMES["rows"]]
    assert v["spread"] == pytest.approx(max(paces) / min(paces))
    for factor in (1.5, 3.0, 5.0, 10.0):
        misled = sum(ratio >= factor for ratio in ratios)
        assert values("count-predicts-time", factor=factor)["wrong"] == misled
        expected = Answer.NO if misled else Answer.YES
        assert says("count-predicts-time", factor=factor) == expected


def test_rulings_rest_on_claims_that_agree() -> None:
    [ruling] = RULINGS
    assert ruling.examines == "T6" in THREAD
    resting = {sweep.verdict(claim(id)) for id in ruling.rests_on}
    assert ruling.verdict == Verdict.ON_CONDITION
    assert {Verdict.HOLDS, Verdict.ON_CONDITION, Verdict.FAILS} == resting


@pytest.mark.parametrize("module", ["claims", "model", "counters", "measured"])
def test_numbers_do_not_depend_on_drawings(module: str) -> None:
    """Model → claims and figures: what is on the left does not know what is on the right."""
    source = Path(model.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{name.name}" for node in imported for name in node.names}
    assert names
    assert not any(name.startswith("explainers.cost.figures") for name in names)
