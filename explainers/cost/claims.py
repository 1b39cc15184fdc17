"""The chapter's claims, and its verdict on what the thread says."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from explainers.cost import model
from explainers.cost.counters import compared
from explainers.cost.model import Count, count
from explainers.cost.networks import NETWORKS
from explainers.records import Claim, Ruling, Value, Values, Verdict

SIZE = 224  # the usual picture, which these networks were designed for
BUDGET = 10  # layers


def macs(value: int, meaning: str) -> Value:
    """Multiplications with the additions that follow them."""
    return Value(value, "multiply–accumulates", meaning)


def number(value: int, meaning: str, unit: str = "count") -> Value:
    """An exact count."""
    return Value(int(value), unit, meaning)


def times(value: int, other: int, meaning: str) -> Value:
    """How many times as large."""
    return Value(float(Fraction(value, other)), "times", meaning)


def share(value: float | Fraction, meaning: str) -> Value:
    """A part of a whole."""
    return Value(float(value), "share", meaning)


def vgg16(pooling: str = "as designed") -> Count:
    """VGG-16 at the usual size."""
    return count("vgg16", SIZE, pooling=pooling)


def of_kind(counted: Count, kind: str) -> list[model.LayerCount]:
    """The layers of a kind."""
    return [layer for layer in counted.layers if layer.kind == kind]


def vgg16_multiplications() -> Values:
    """Totals of VGG-16, and its parameters."""
    whole = vgg16()
    return {
        "macs": macs(whole.macs, "in all layers"),
        "convolutions": macs(
            sum(layer.work.macs for layer in of_kind(whole, "Conv2d")), "in its convolutions"
        ),
        "dense": macs(
            sum(layer.work.macs for layer in of_kind(whole, "Linear")), "in its dense layers"
        ),
        "parameters": number(whole.parameters, "weights and biases", "parameters"),
        "billions": Value(whole.macs / 10**9, "10⁹ multiply–accumulates", "in all layers"),
    }


def vgg16_without_pooling() -> Values:
    """The same network with its five poolings removed."""
    pooled, bare = vgg16(), vgg16("removed")
    convolutions = {
        name: sum(layer.work.macs for layer in of_kind(counted, "Conv2d"))
        for name, counted in (("with", pooled), ("without", bare))
    }
    return {
        "with": macs(pooled.macs, "as designed"),
        "without": macs(bare.macs, "with its five poolings removed"),
        "ratio": times(bare.macs, pooled.macs, "without, over as designed"),
        "convolutions_ratio": times(
            convolutions["without"], convolutions["with"], "the same for its convolutions alone"
        ),
        "without_billions": Value(bare.macs / 10**9, "10⁹ multiply–accumulates", "without"),
    }


def resnet50_without_stem_pool() -> Values:
    """A network with one pooling early on: removing that one."""
    pooled, bare = count("resnet50", SIZE), count("resnet50", SIZE, pooling="removed")
    fixed = pooled.layer("conv1").work.macs + pooled.layer("fc").work.macs
    return {
        "with": macs(pooled.macs, "as designed"),
        "without": macs(bare.macs, "with its one max pooling removed"),
        "ratio": times(bare.macs, pooled.macs, "without, over as designed"),
        "fixed": macs(fixed, "of them before the pooling, and after the map is collapsed"),
    }


def billions_with_few_layers() -> Values:
    """After how many layers a billion is reached."""
    largest = 64
    small = count("vgg16", largest)
    return {
        "vgg16": number(model.billions_after("vgg16", SIZE) or 0, "VGG-16", "layers"),
        "resnet50": number(model.billions_after("resnet50", SIZE) or 0, "ResNet-50", "layers"),
        "of_resnet50": number(
            sum(layer.work.macs > 0 for layer in count("resnet50", SIZE).layers),
            "layers with weights in ResNet-50",
            "layers",
        ),
        "alexnet2012": macs(count("alexnet2012").macs, "AlexNet of 2012, all layers"),
        "lenet5": macs(count("lenet5").macs, "LeNet-5, all layers"),
        "conv1_2": macs(vgg16().layer("conv1_2").work.macs, "VGG-16, its second layer alone"),
        "small_size": number(largest, "height and width of a small picture", "pixels"),
        "small": macs(small.macs, "VGG-16 on the small picture, dense layers made to fit"),
        "small_after": number(
            model.billions_after("vgg16", largest) or 0, "VGG-16, the small picture", "layers"
        ),
    }


def pooling_itself_is_cheap() -> Values:
    """What the poolings compute themselves."""
    whole = vgg16()
    return {
        "comparisons": number(whole.work.comparisons, "in five poolings", "comparisons"),
        "share": share(
            Fraction(whole.work.comparisons, whole.macs), "comparisons over multiply–accumulates"
        ),
        "convolution": times(
            vgg16("strided-conv").macs - whole.macs,
            whole.work.comparisons,
            "multiply–accumulates of convolutions in their place, over the comparisons",
        ),
    }


def six_equal_layers() -> Values:
    """Layers that cost as much as the second."""
    layers = of_kind(vgg16(), "Conv2d")
    cost = layers[1].work.macs
    return {
        "equal": number(sum(layer.work.macs == cost for layer in layers), "as much", "layers"),
        "macs": macs(cost, "each"),
        "half": number(sum(2 * layer.work.macs == cost for layer in layers), "half as much"),
        "quarter": number(sum(4 * layer.work.macs == cost for layer in layers), "a quarter of it"),
        "share": share(Fraction(cost, vgg16().macs), "of the whole network, each"),
    }


def where_the_compute_is() -> Values:
    """Shares of early and late blocks."""
    whole = vgg16()
    blocks = whole.block_shares()
    held = {
        block: sum(layer.activations for layer in whole.layers if layer.name[4:5] == block[-1])
        for block in ("conv1", "conv2")
    }
    early = sum(sum(layer.work[3:]) for layer in of_kind(whole, "Conv2d")[:4])
    dense = sum(sum(layer.work[3:]) for layer in of_kind(whole, "Linear"))
    return {
        **{
            name: share(part, f"of the multiply–accumulates, {name}")
            for name, part in blocks.items()
        },
        "first_two": share(blocks["conv1"] + blocks["conv2"], "blocks 1 and 2"),
        "middle": share(blocks["conv3"] + blocks["conv4"], "blocks 3 and 4"),
        "held": share(Fraction(sum(held.values()), whole.activations), "activations, blocks 1, 2"),
        "early_parameters": share(Fraction(early, whole.parameters), "parameters, blocks 1 and 2"),
        "dense_parameters": share(Fraction(dense, whole.parameters), "parameters, dense layers"),
    }


def same_budget_depth() -> Values:
    """How many layers the budget of ten buys."""
    channels = 64
    budget = BUDGET * vgg16().layer("conv1_2").work.macs

    def bought(poolings: int, widen: int = 1) -> int:
        return model.depth_within(
            budget, SIZE, channels, pool_every=1, poolings=poolings, widen=widen
        )

    return {
        "budget": number(bought(0), "without pooling", "layers"),
        "one": number(bought(1), "one pooling, after the first layer", "layers"),
        "two": number(bought(2), "two poolings, after the first and the second", "layers"),
        "doubled": number(bought(1, widen=2), "one pooling, channels doubled there", "layers"),
        "doubled_twice": number(bought(2, widen=2), "two, channels doubled at each", "layers"),
    }


def stride_in_the_convolution() -> Values:
    """Pooling against striding."""
    pooled = vgg16().macs
    return {
        "stride": times(vgg16("stride").macs, pooled, "the convolution before strides instead"),
        "strided_conv": times(
            vgg16("strided-conv").macs, pooled, "a convolution stands in each pooling's place"
        ),
        "weights": number(
            vgg16("strided-conv").work.weights - vgg16().work.weights,
            "more, with convolutions in place of the poolings",
            "weights",
        ),
        "mean": times(vgg16("mean").macs, pooled, "mean pooling instead"),
    }


def convolution_weights_unchanged() -> Values:
    """Weights with and without pooling."""
    weights = {
        name: sum(layer.work.weights for layer in of_kind(vgg16(pooling), "Conv2d"))
        for name, pooling in (("with", "as designed"), ("without", "removed"))
    }
    nets = [name for name in NETWORKS if name.startswith("resnet")]
    same = sum(count(n).parameters == count(n, pooling="removed").parameters for n in nets)
    return {
        **{
            name: number(n, f"in convolutions, {name} pools", "weights")
            for name, n in weights.items()
        },
        "resnets": number(len(nets), "ResNets counted", "networks"),
        "resnets_same": number(same, "of them with as many parameters without their pool"),
    }


def first_dense_layer_grows() -> Values:
    """Weights of the first dense layer."""
    pooled, bare = (
        vgg16(pooling).layer("fc6").work.weights for pooling in ("as designed", "removed")
    )
    return {
        "with": number(pooled, "with five poolings", "weights"),
        "without": number(bare, "without", "weights"),
        "ratio": times(bare, pooled, "without, over with"),
        "share": share(Fraction(pooled, vgg16().parameters), "of all parameters, as designed"),
    }


def activation_memory() -> Values:
    """Values that the layers hand on."""
    pooled, bare = vgg16(), vgg16("removed")
    return {
        "with": number(pooled.activations, "as designed", "values"),
        "without": number(bare.activations, "without pools", "values"),
        "ratio": times(bare.activations, pooled.activations, "without, over as designed"),
        "megabytes": Value(4 * pooled.activations / 10**6, "MB", "as designed, four bytes a value"),
        "megabytes_without": Value(4 * bare.activations / 10**6, "MB", "without"),
    }


def pixels(value: int | None, meaning: str) -> Value:
    """A length in pixels of the picture."""
    assert value is not None
    return Value(value, "pixels", meaning)


def receptive_field_with_pools() -> Values:
    """What a value of the last map looks at."""
    fields = {
        f"{name}_{what}": pixels(model.receptive_field(name, pooling).size, f"{name}, {text}")
        for name in ("vgg16", "resnet50")
        for what, pooling, text in (
            ("with", "as designed", "with pools"),
            ("without", "removed", "without"),
        )
    }
    return fields | {
        "alexnet": pixels(model.receptive_field("alexnet2012").size, "AlexNet, with pools"),
        "resnet101": pixels(
            model.receptive_field("resnet101_2015").size, "ResNet-101 as published, with its pool"
        ),
        "picture": pixels(SIZE, "side of the picture"),
    }


def layers_to_match_receptive_field() -> Values:
    """How deep a network without pools must be."""
    field = model.receptive_field("vgg16").size
    assert field is not None
    return {
        "field": pixels(field, "VGG-16's receptive field, with pools"),
        "layers": number(len(of_kind(vgg16(), "Conv2d")), "convolutions of VGG-16", "layers"),
        "without": number(model.layers_to_reach(field), "convolutions of 3 × 3, no pool", "layers"),
        "kernel": pixels(field, "side of one kernel that would do the same"),
    }


def pool_does_not_double_the_field() -> Values:
    """Field and jump before and after each pooling of VGG-16."""
    layers = vgg16().layers
    pools = [i for i, layer in enumerate(layers) if layer.kind == "MaxPool2d"]
    found: dict[str, Value] = {}
    for n, i in enumerate(pools, start=1):
        before, after = layers[i - 1].field, layers[i].field
        found |= {
            f"before_{n}": pixels(before.size, f"field before pool{n}"),
            f"after_{n}": pixels(after.size, f"field after pool{n}"),
            f"jump_before_{n}": pixels(before.jump, f"jump before pool{n}"),
            f"jump_after_{n}": pixels(after.jump, f"jump after pool{n}"),
        }
    return found


def _fields_follow(v: Mapping[str, Any]) -> bool:
    """Each pooling adds one old jump to the field, and doubles the jump."""
    return all(
        v[f"after_{n}"] == v[f"before_{n}"] + v[f"jump_before_{n}"] < 2 * v[f"before_{n}"]
        and v[f"jump_after_{n}"] == 2 * v[f"jump_before_{n}"]
        for n in range(1, 6)
    )


def published_counts_differ() -> Values:
    """Our counts against other counters'."""
    rows = {(row.network, row.counter): row for row in compared()}
    resnet50 = rows["resnet50", "fvcore"]
    exact = [row for row in rows.values() if sum(row.causes.values()) == row.difference]
    return {
        "compared": number(len(rows), "networks times counters"),
        "explained": number(len(exact), "whose difference from ours is explained exactly"),
        "torch_equal": number(
            sum(row.difference == 0 for (_, by), row in rows.items() if by == "torch"),
            "networks for which PyTorch's own counter agrees with ours exactly",
            "networks",
        ),
        "networks": number(len(NETWORKS), "networks counted", "networks"),
        "ours": macs(resnet50.ours, "ResNet-50, ours"),
        "fvcore": macs(resnet50.macs, "ResNet-50, fvcore"),
        "normalisation": number(
            resnet50.causes["batch normalisation"], "of them for batch normalisation", "operations"
        ),
        "collapse": number(
            resnet50.causes["adaptive pooling"], "of them for global pooling", "operations"
        ),
        "published": macs(count("resnet50_2015").macs, "ResNet-50 as published"),
    }


MODEL = "explainers.cost.model"
TESTS = "tests/cost/test_cost_claims.py"


CLAIMS = (
    Claim(
        id="vgg16-multiplications",
        question="How many multiplications does VGG-16 need?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="VGG-16 multiplies {macs:,} times for one picture of 224 × 224: "
        "{convolutions:,} in its convolutions and {dense:,} in its dense layers. It has "
        "{parameters:,} parameters.",
        answer="VGG-16 needs {macs:,} multiply–accumulates, each a multiplication with the "
        "addition that follows it, for one picture of 224 × 224. Its convolutions take "
        "{convolutions:,} of them and its dense layers {dense:,}, with {parameters:,} parameters "
        "in all.",
        formula=r"N = \sum_{\text{convolutions}} k^2\,C\,D\,H\,W + \sum_{\text{dense layers}} I\,J",
        prints=("macs", "convolutions", "dense", "parameters"),
        values=vgg16_multiplications,
        bears_out=lambda v: v["macs"] == v["convolutions"] + v["dense"] > 10**9,
        figure="vgg16-layer-by-layer",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_vgg16_multiplications",
        sources=("thread", "simonyan-2015"),
    ),
    Claim(
        id="vgg16-without-pooling",
        question="How many multiplications does pooling save in VGG-16?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="Without its five poolings, all else as it is, VGG-16 would multiply "
        "{without:,} times, {ratio:.1f} times as often; its convolutions alone "
        "{convolutions_ratio:.1f} times.",
        answer="Without its five poolings VGG-16 would need {without:,} multiplications for one "
        "picture of 224 × 224, {ratio:.1f} times as many as with them, if all else stayed as it "
        "is. Its convolutions alone would need {convolutions_ratio:.1f} times as many, because "
        "each would work on the full 224 × 224 map, and the rest is the first dense layer, which "
        "would see all of that map.",
        formula=r"\frac{N_{\text{without}}}{N_{\text{with}}}, \quad N = "
        r"\sum_{\text{convolutions}} k^2\,C\,D\,H\,W + \sum_{\text{dense layers}} I\,J",
        prints=("without", "ratio", "convolutions_ratio"),
        values=vgg16_without_pooling,
        bears_out=lambda v: v["without"] > 10 * v["with"],
        figure="vgg16-layer-by-layer",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_vgg16_without_pooling",
        sources=("thread",),
    ),
    Claim(
        id="resnet50-without-stem-pool",
        question="What does the one pooling of a ResNet save?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="ResNet-50 has one max pooling, after its first convolution. Without it, it "
        "would multiply {without:,} times instead of {with:,}: {ratio:.2f} times as often, nearly "
        "the four that everything after the pooling costs.",
        answer="Without its one max pooling, after the first convolution, ResNet-50 would need "
        "{without:,} multiplications for one picture of 224 × 224 instead of {with:,}, "
        "{ratio:.2f} times as many. It is nearly four times because the pooling leaves a quarter "
        "of the positions to every later convolution, and only the first convolution and the "
        "dense layer at the end cost the same either way.",
        formula=r"N_{\text{without}} = N_{\text{first, last}} + 4\,(N_{\text{with}} - "
        r"N_{\text{first, last}})",
        prints=("without", "with", "ratio"),
        values=resnet50_without_stem_pool,
        bears_out=lambda v: v["without"] - v["fixed"] == 4 * (v["with"] - v["fixed"]) > 0,
        figure="networks-compared",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_resnet50_without_stem_pool",
        sources=("he-2016",),
    ),
    Claim(
        id="billions-with-few-layers",
        question="Do multiplications run into billions after very few layers?",
        examines="T6",
        verdict=Verdict.ON_CONDITION,
        statement="VGG-16 passes a billion with its layer {vgg16}, which alone multiplies "
        "{conv1_2:,} times; ResNet-50 with layer {resnet50} of {of_resnet50}. AlexNet never does "
        "({alexnet2012:,} in all), nor LeNet-5 ({lenet5:,}). On pictures of {small_size} × "
        "{small_size}, VGG-16 takes {small_after} layers.",
        answer="VGG-16 passes a billion multiplications within its first {vgg16} layers on a "
        "picture of 224 × 224, but only because these layers are wide and work at full "
        "resolution. On a picture of {small_size} × {small_size} it takes {small_after} layers, "
        "and the AlexNet of 2012 never gets there, with {alexnet2012:,} multiplications in all.",
        formula=r"\sum_{l=1}^{n-1} k_l^2\,C_l\,D_l\,H_l\,W_l < 10^9 \le \sum_{l=1}^{n} "
        r"k_l^2\,C_l\,D_l\,H_l\,W_l",
        prints=("vgg16", "small_after", "alexnet2012"),
        values=billions_with_few_layers,
        condition="wide layers at full resolution: it is true of VGG-16 at 224 × 224.",
        bears_out=lambda v: v["vgg16"] <= 3 < v["resnet50"] and v["alexnet2012"] < 10**9,
        figure="vgg16-layer-by-layer",
        code=f"{MODEL}.billions_after",
        test=f"{TESTS}::test_billions_with_few_layers",
        sources=("thread",),
    ),
    Claim(
        id="pooling-itself-is-cheap",
        question="What does pooling itself cost?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="The five poolings of VGG-16 make {comparisons:,} comparisons: {share:.2%} of "
        "its multiply–accumulates. Convolutions in their place would multiply {convolution:.0f} "
        "times as often as they compare.",
        answer="The five max poolings of VGG-16 make {comparisons:,} comparisons for one picture "
        "of 224 × 224, which is {share:.2%} of the number of multiplications in the network. "
        "Convolutions of 2 × 2 with stride 2 in their place, with as many channels out as in, "
        "would multiply {convolution:.0f} times as often as the poolings compare.",
        formula=r"(k^2-1)\,C\,H\,W \text{ comparisons}, \quad k^2\,C^2\,H\,W \text{ "
        r"multiplications instead}",
        prints=("comparisons", "share", "convolution"),
        values=pooling_itself_is_cheap,
        bears_out=lambda v: 0 < v["share"] < 0.001,
        figure="vgg16-layer-by-layer",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_pooling_itself_is_cheap",
    ),
    Claim(
        id="six-equal-layers",
        question="Why do so many layers of VGG-16 cost the same?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="Of the layers of VGG-16, {equal} multiply exactly {macs:,} times each, "
        "{share:.1%} of the whole: a pooling quarters the places, and doubling the channels, in "
        "and out, quadruples the weights. {half} more cost half of that, and {quarter} a quarter.",
        answer="Of the 13 convolutions of VGG-16, {equal} need exactly {macs:,} multiplications "
        "each for a picture of 224 × 224, {half} need half as many and {quarter} a quarter. The "
        "reason is that a 2 × 2 pooling quarters the positions, while doubling the channels, both "
        "in and out, quadruples the weights.",
        formula=r"k^2 \cdot 2C \cdot 2D \cdot \frac{H}{2} \cdot \frac{W}{2} = k^2\,C\,D\,H\,W",
        prints=("equal", "macs", "half", "quarter"),
        values=six_equal_layers,
        bears_out=lambda v: v["equal"] == 6,
        figure="six-equal-layers",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_six_equal_layers",
        sources=("simonyan-2015",),
    ),
    Claim(
        id="where-the-compute-is",
        question="Is most of the compute in the early layers?",
        examines="T6",
        verdict=Verdict.FAILS,
        statement="In VGG-16 the first two blocks have {first_two:.1%} of the "
        "multiply–accumulates, blocks three and four {middle:.1%}. What is early are the "
        "activations: {held:.1%} of them. And what is late are the parameters: the dense layers "
        "have {dense_parameters:.1%}.",
        answer="Most of the compute of VGG-16 is not in its early layers: for a picture of 224 × "
        "224, its first two blocks of convolutions, up to the second pooling, have "
        "{first_two:.1%} of the multiplications, and blocks three and four {middle:.1%}. What is "
        "early are the activations, the values that the layers hand on: the first two blocks have "
        "{held:.1%} of them.",
        formula=r"k^2\,C\,D\,H\,W \text{ multiplications}, \quad D\,H\,W \text{ activations}",
        prints=("first_two", "middle", "held"),
        values=where_the_compute_is,
        bears_out=lambda v: v["first_two"] < 0.5 < v["middle"] and v["held"] > 0.5,
        figure="compute-by-block",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_where_the_compute_is",
    ),
    Claim(
        id="same-budget-depth",
        question="How much deeper can a network be at the same cost, once pooled?",
        examines="T6",
        verdict=Verdict.ON_CONDITION,
        statement="At fixed width, the multiplications of {budget} layers buy {one} with one 2 × "
        "2 pooling after the first layer, and {two} with two. If each pooling doubles the "
        "channels, as in VGG and ResNet, they buy {doubled} and {doubled_twice}: not one layer "
        "more.",
        answer="If the number of channels stays the same, the multiplications of {budget} equal "
        "convolution layers pay for {one} layers with one 2 × 2 pooling after the first layer, "
        "and for {two} with a second one after the second layer. If each pooling doubles the "
        "channels instead, as in VGG and ResNet, they pay for {doubled} with one pooling and "
        "{doubled_twice} with two, so not for one layer more.",
        formula=r"\sum_{l=1}^{p} (q^2/4)^{l-1} + (L-p)\,(q^2/4)^p \le B, \quad p \text{ "
        r"poolings, each makes the channels } q \text{ times as many}",
        prints=("one", "two", "doubled", "doubled_twice"),
        values=same_budget_depth,
        condition="the width stays the same; networks spend the saving on channels instead.",
        bears_out=lambda v: v["one"] > 3 * v["budget"] and v["doubled"] == v["budget"],
        figure="budget-depth",
        code=f"{MODEL}.depth_within",
        test=f"{TESTS}::test_same_budget_depth",
        sources=("thread",),
    ),
    Claim(
        id="stride-in-the-convolution",
        question="Does a stride save as much as pooling?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="If in VGG-16 the convolution before each pooling strides instead, {stride:.2f} "
        "of the multiplications are left: a stride does not compute what a pooling would drop. If "
        "a convolution of 2 × 2 takes each pooling's place, it is {strided_conv:.2f}, with "
        "{weights:,} more weights.",
        answer="If in VGG-16 the convolution before each 2 × 2 pooling has stride 2 instead, "
        "{stride:.2f} of the multiplications are left, because a stride does not compute what the "
        "pooling would drop. If a convolution of 2 × 2 with stride 2 takes the place of each "
        "pooling, they become {strided_conv:.2f} times as many, and the network has {weights:,} "
        "more weights.",
        formula=r"\frac{1}{4}\,k^2\,C\,D\,H\,W \text{ with a stride of 2}, \qquad 2^2\,D^2 "
        r"\cdot \frac{H}{2} \cdot \frac{W}{2} \text{ more with a convolution}",
        prints=("stride", "strided_conv", "weights"),
        values=stride_in_the_convolution,
        bears_out=lambda v: v["stride"] < 1 < v["strided_conv"],
        figure="networks-compared",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_stride_in_the_convolution",
        sources=("springenberg-2015",),
    ),
    Claim(
        id="convolution-weights-unchanged",
        question="Does pooling reduce the number of weights?",
        examines="T6",
        verdict=Verdict.FAILS,
        statement="The convolutions of VGG-16 have {with:,} weights with pools, and {without:,} "
        "without: a kernel has its size wherever it slides. {resnets_same} of {resnets} ResNets "
        "have exactly as many parameters without their pool.",
        answer="Pooling saves no weight of any convolution: those of VGG-16 have {with:,} weights "
        "with its five max poolings and {without:,} without. A kernel has the same size wherever "
        "it slides, so pooling can save weights only in a dense layer that sees the whole map.",
        formula=r"\sum_{\text{convolutions}} k^2\,C\,D \quad \text{does not depend on } H, W",
        prints=("with", "without"),
        values=convolution_weights_unchanged,
        bears_out=lambda v: v["with"] == v["without"] > 0 and v["resnets"] == v["resnets_same"],
        figure="first-dense-layer",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_convolution_weights_unchanged",
    ),
    Claim(
        id="first-dense-layer-grows",
        question="Where does pooling save weights after all?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="In the first dense layer, if it sees the map itself: in VGG-16 it has {with:,} "
        "weights with five poolings, {share:.1%} of all parameters, and would have {without:,} "
        "without, {ratio:,.0f} times as many.",
        answer="The first dense layer of VGG-16 has {with:,} weights for pictures of 224 × 224, "
        "{share:.1%} of all parameters, and without the five poolings it would have {without:,}, "
        "{ratio:,.0f} times as many. Pooling saves them because this layer has a weight for each "
        "value of the last map and each unit, which it would not have behind a global pooling.",
        formula=r"D \cdot \frac{H}{2^n} \cdot \frac{W}{2^n} \cdot J \quad \text{with } n \text{ "
        r"poolings}",
        prints=("with", "share", "without", "ratio"),
        values=first_dense_layer_grows,
        bears_out=lambda v: v["ratio"] == 4**5,
        figure="first-dense-layer",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_first_dense_layer_grows",
    ),
    Claim(
        id="activation-memory",
        question="How much memory does pooling save?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="VGG-16 hands on {with:,} values for one picture, {megabytes:.0f} MB at four "
        "bytes each; without pools {without:,}, {ratio:.1f} times as many: "
        "{megabytes_without:.0f} MB.",
        answer="For one picture of 224 × 224 the layers of VGG-16 hand on {with:,} values, which "
        "is {megabytes:.0f} MB at four bytes each. Without its five poolings, all else unchanged, "
        "they would be {without:,} values, {ratio:.1f} times as many, or {megabytes_without:.0f} "
        "MB.",
        formula=r"\text{values} = \sum_{\text{convolutions, poolings}} D\,H\,W + "
        r"\sum_{\text{dense layers}} J",
        prints=("with", "megabytes", "without", "ratio", "megabytes_without"),
        values=activation_memory,
        bears_out=lambda v: v["ratio"] > 4,
        figure="activations-held",
        code=f"{MODEL}.count",
        test=f"{TESTS}::test_activation_memory",
    ),
    Claim(
        id="receptive-field-with-pools",
        question="How far does a unit see, with pools and without?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="A value of VGG-16's last map looks at {vgg16_with} pixels a side with pools, "
        "nearly the whole picture, and at {vgg16_without} without. ResNet-50, which also strides, "
        "goes from {resnet50_without} without its pool to {resnet50_with}.",
        answer="The receptive field of a value in the last feature map of VGG-16 is {vgg16_with} "
        "pixels a side with the five poolings, and {vgg16_without} without them. In ResNet-50, "
        "whose convolutions also have strides, it is {resnet50_with} pixels with the one max "
        "pooling and {resnet50_without} without it.",
        formula=r"r = 1 + \sum_{l=1}^{L} (k_l - 1) \prod_{i=1}^{l-1} s_i",
        prints=("vgg16_with", "vgg16_without", "resnet50_without", "resnet50_with"),
        values=receptive_field_with_pools,
        bears_out=lambda v: v["vgg16_with"] > 4 * v["vgg16_without"],
        figure="field-against-depth",
        code=f"{MODEL}.receptive_field",
        test=f"{TESTS}::test_receptive_field_with_pools",
        sources=("araujo-2019",),
    ),
    Claim(
        id="layers-to-match-receptive-field",
        question="How many layers would replace the pools, to see as far?",
        examines="T6",
        verdict=Verdict.HOLDS,
        statement="To look at {field} pixels a side, VGG-16 needs {layers} convolutions and five "
        "poolings. Without pooling or stride it takes {without} convolutions of 3 × 3.",
        answer="Without pooling or stride, it takes {without} convolutions of 3 × 3 until a value "
        "has a receptive field of at least {field} pixels a side. VGG-16 gets there with {layers} "
        "such convolutions and five poolings of 2 × 2.",
        formula=r"n = \left\lceil \frac{r - 1}{k - 1} \right\rceil, \quad r = 1 + "
        r"\sum_{l=1}^{L} (k_l - 1) \prod_{i=1}^{l-1} s_i",
        prints=("field", "layers", "without"),
        values=layers_to_match_receptive_field,
        bears_out=lambda v: v["without"] > 5 * v["layers"],
        figure="field-against-depth",
        code=f"{MODEL}.layers_to_reach",
        test=f"{TESTS}::test_layers_to_match_receptive_field",
    ),
    Claim(
        id="pool-does-not-double-the-field",
        question="Does a 2 × 2 pooling double the receptive field?",
        examines="T6",
        verdict=Verdict.FAILS,
        statement="It adds one jump: VGG-16's first pooling takes the field from {before_1} to "
        "{after_1} pixels, its last from {before_5} to {after_5}. What doubles is the jump, from "
        "{jump_before_1} to {jump_after_1} and from {jump_before_5} to {jump_after_5}, and with "
        "it what each later layer adds.",
        answer="A 2 × 2 pooling does not double the receptive field: the first one of VGG-16 "
        "takes it from {before_1} to {after_1} pixels a side, and the last one from {before_5} to "
        "{after_5}. What doubles is the jump, the distance in pixels between the fields of "
        "neighbouring values, from {jump_before_1} to {jump_after_1} and from {jump_before_5} to "
        "{jump_after_5}, and with it what each later layer adds to the field.",
        formula=r"r' = r + (k - 1)\,j, \qquad j' = s\,j",
        prints=(
            "before_1",
            "jump_before_1",
            "after_1",
            "jump_after_1",
            "before_5",
            "jump_before_5",
            "after_5",
            "jump_after_5",
        ),
        values=pool_does_not_double_the_field,
        bears_out=_fields_follow,
        figure="field-against-depth",
        code=f"{MODEL}.receptive_field",
        test=f"{TESTS}::test_pool_does_not_double_the_field",
        sources=("araujo-2019",),
    ),
    Claim(
        id="published-counts-differ",
        question="Why do published multiplication counts differ?",
        examines="he-2016",
        verdict=Verdict.HOLDS,
        statement="They count different things, and different networks. For ResNet-50 fvcore "
        "finds {fvcore:,} where we find {ours:,}: {normalisation:,} more for batch normalisation "
        "and {collapse:,} for the global pooling. And ResNet-50 as published needs "
        "{published:,}, because it strides elsewhere than the one that libraries ship. All "
        "{explained} of {compared} differences are explained exactly.",
        answer="Published counts differ because they count different things: for ResNet-50 fvcore "
        "finds {fvcore:,} where its convolutions and dense layer need {ours:,} "
        "multiply–accumulates, since it adds {normalisation:,} for batch normalisation and "
        "{collapse:,} for the global pooling. They also count different networks: ResNet-50 as "
        "first published needs {published:,}, because its blocks stride in another convolution "
        "than those that libraries ship.",
        formula=r"N_{\text{fvcore}} = N + \sum_{\text{normalised}} 2\,D\,H\,W + "
        r"\sum_{\text{global pooling}} C\,H\,W",
        prints=("ours", "normalisation", "collapse", "fvcore", "published"),
        values=published_counts_differ,
        bears_out=lambda v: v["explained"] == v["compared"] > 0 < v["fvcore"] - v["ours"],
        figure="counters-compared",
        code="explainers.cost.counters.compared",
        test=f"{TESTS}::test_published_counts_differ",
        sources=("he-2016",),
    ),
)

RULINGS = (
    Ruling(
        examines="T6",
        verdict=Verdict.ON_CONDITION,
        condition="it saves multiplications, activations and the first dense layer's weights, but "
        "no convolution weight; networks get deeper by it only at fixed width, and real ones "
        "spend the saving on channels.",
        rests_on=(
            "billions-with-few-layers",
            "vgg16-without-pooling",
            "same-budget-depth",
            "six-equal-layers",
            "convolution-weights-unchanged",
        ),
    ),
)
