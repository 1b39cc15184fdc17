"""Does pooling save multiplications? The claims on what networks cost, and their verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Annotated

from explainers import ranges
from explainers.claim import Earlier, Fact, Judged, Ruling, Value, Values, Verdict, claim
from explainers.claim import count as whole
from explainers.claim import share as part
from explainers.claim import times as ratio
from explainers.cost import measured, model
from explainers.cost.counters import COUNTERS, compared
from explainers.kinds import Choice, Number, Whole
from explainers.networks.count import PIXEL, Count, Field, LayerCount, count, receptive_field
from explainers.networks.known import NETWORKS, NetworkName
from explainers.networks.layers import Conv2d, Layer, LayerError, MaxPool2d
from explainers.networks.network import Network
from explainers.records import Formula

SIZE = 224  # the usual picture, which these networks were designed for
LENET_SIZE = 32
FEW = 3  # layers that are still very few
BILLION = 10**9

Size = Annotated[int, Whole(32, 1024, "side of the picture, in pixels")]
Side = Annotated[int, Whole(2, 1024, "side of the map before the pooling")]
Channels = Annotated[int, Whole(1, 4096, "channels that come in")]
Kernel = Annotated[int, Whole(1, 31, "side of the kernel")]
Poolings = Annotated[int, Whole(1, 5, "poolings")]

NUMBER = Earlier(
    "0.1.0",
    Verdict.HOLDS,
    "A question of how many or how much has a number for an answer, and no verdict.",
)


@cache
def counted(network: str, size: int, pooling: str = "as designed") -> Count:
    """A known network at a size."""
    return count(network, size, pooling=pooling)


def makes_sense(network: str, size: int, **_: object) -> bool:
    """Whether people give the network such pictures: it fits; and LeNet-5 reads digits of 32."""
    try:
        counted(network, size)
    except LayerError:
        return False
    return network != "lenet5" or size == LENET_SIZE


ON_NETWORKS = {"network": ranges.NETWORKS, "size": ranges.PICTURES}


def vgg16(pooling: str = "as designed") -> Count:
    """VGG-16 at the usual size."""
    return counted("vgg16", SIZE, pooling)


def of_kind(table: Count, kind: str) -> list[LayerCount]:
    """The layers of a kind."""
    return [layer for layer in table.layers if layer.kind == kind]


def work_of(table: Count, kind: str) -> int:
    """The multiply–accumulates of all layers of a kind."""
    return sum(layer.work.macs for layer in of_kind(table, kind))


def macs(value: int, meaning: str) -> Value:
    """Multiplications with the additions that follow them."""
    return Value(value, "multiply–accumulates", meaning)


def weights(value: int, meaning: str) -> Value:
    """Weights, exactly counted."""
    return Value(value, "weights", meaning)


def layers(value: int, meaning: str) -> Value:
    """Layers with weights."""
    return Value(value, "layers", meaning)


def times(value: int, other: int, meaning: str) -> Value:
    """How many times as large."""
    return ratio(float(Fraction(value, other)), meaning)


def pixels(value: int | None, meaning: str) -> Value:
    """A length in pixels of the picture."""
    assert value is not None
    return Value(value, "pixels", meaning)


@claim(
    question="How many multiplications does VGG-16 need?",
    examines="T6",
    kind=Fact(
        "a multiplication with the addition that follows it is one; biases, activation functions "
        "and poolings are not counted.",
        "Counted as two operations (FLOPs) it is twice as many: the statement gives both.",
    ),
    says="VGG-16 multiplies more than ten billion times for one picture.",
    statement="VGG-16 multiplies {macs:,} times for one picture of {size} × {size}: "
    "{convolutions:,} in its convolutions and {dense:,} in its dense layers. Multiplications and "
    "additions counted apart are {operations:,} operations. It has {parameters:,} parameters.",
    answer="VGG-16 needs {macs:words} multiplications for one input of {size} × {size}, if each is "
    "counted together with the addition that follows it. Nearly all of them are in its "
    "convolutions: the three dense layers take only {dense:words}. Some people count "
    "multiplications and additions apart, and then the same network needs {operations:words} "
    "operations, or FLOPs.",
    formula=Formula(
        r"N = \sum_{\text{convolutions}} k^2\,C\,D\,H\,W + \sum_{\text{dense layers}} I\,J",
        "N multiplications; kernels of k × k, C input and D output channels and output maps of "
        "H × W in each convolution; I inputs and J units in each dense layer",
    ),
    prints=("macs", "dense", "operations"),
    figure="vgg16-layer-by-layer",
    code=count,
    sources=("thread", "simonyan-2015"),
    earlier=(NUMBER,),
)
def vgg16_multiplications(size: Size = SIZE) -> Values:
    """Totals of VGG-16, and its parameters."""
    table = counted("vgg16", size)
    return {
        "size": pixels(size, "side of the picture"),
        "macs": macs(table.macs, "in all layers"),
        "convolutions": macs(work_of(table, "Conv2d"), "in its convolutions"),
        "dense": macs(work_of(table, "Linear"), "in its dense layers"),
        "operations": Value(2 * table.macs, "operations", "multiplications and additions apart"),
        "parameters": whole(table.parameters, "weights and biases"),
        "billions": ratio(table.macs / BILLION, "its multiply–accumulates, over a billion"),
    }


@claim(
    question="Does pooling save multiplications?",
    examines="T6",
    kind=Judged(
        asked=ON_NETWORKS,
        together=makes_sense,
        margin=lambda v: v["set"].value - 1,
    ),
    says="A network with its down-sampling poolings multiplies less than the same network without "
    "them.",
    statement="For one picture of 224 × 224, VGG-16 multiplies {with:,} times with its "
    "poolings and {without:,} times without, all else as it is: {ratio:.1f} times as often; "
    "ResNet-50, which has one max pooling, {resnet50:.2f} times. Without poolings the maps are "
    "finer, and nothing says that they are as useful.",
    answer="Pooling saves many multiplications: without its five pooling layers, VGG-16 would need "
    "{ratio:.1f} times as many for an input of 224 × 224, with its first dense layer enlarged "
    "to fit. That is {without:words} instead of {with:words}; for its convolutions alone the "
    "factor is nearly fifty. Each pooling leaves a quarter of the positions, so every convolution "
    "after it has a quarter of the work. Fewer or later poolings save less; here, a stride of 2 "
    "in the convolution before, instead of each pooling, would save more.",
    formula=Formula(
        r"k^2\,C\,D\,\frac{H}{2}\,\frac{W}{2} = \frac{1}{4}\,k^2\,C\,D\,H\,W",
        "kernels of k × k, C input and D output channels, and output maps of H × W without the "
        "2 × 2 pooling before the convolution",
    ),
    prints=("ratio", "without", "with"),
    figure="networks-compared",
    code=count,
    sources=("thread",),
)
def pooling_saves_multiplications(network: NetworkName = "vgg16", size: Size = SIZE) -> Values:
    """A network with its poolings, and without."""

    def totals(network: str, size: int) -> tuple[int, int]:
        return counted(network, size, "removed").macs, counted(network, size).macs

    bare, pooled = totals("vgg16", SIZE)
    return {
        "with": macs(pooled, "VGG-16 as designed"),
        "without": macs(bare, "with its poolings removed"),
        "ratio": times(bare, pooled, "without, over as designed"),
        "resnet50": times(*totals("resnet50", SIZE), "the same for ResNet-50"),
        "set": times(*totals(network, size), "the same for the network and the picture set"),
    }


@claim(
    question="How many multiplications does pooling save in VGG-16?",
    examines="T6",
    kind=Fact(
        "all else stays as it is; the convolutions alone, since no one would build the dense layer "
        "that the whole map would then need.",
        "With that dense layer the ratio is larger: the statement gives both.",
    ),
    says="Without its poolings, the convolutions of VGG-16 would multiply many times as often.",
    statement="Without its five poolings, all else as it is, VGG-16's convolutions would multiply "
    "{convolutions:,} times for one picture of {size} × {size}, {convolutions_ratio:.1f} times as "
    "often. With a first dense layer on the whole map, of {dense:,} weights, it would be "
    "{without:,} in all, {ratio:.1f} times as often.",
    answer="Without its five pooling layers, the convolutions of VGG-16 would need "
    "{convolutions_ratio:.0f} times as many multiplications for an input of {size} × {size}, "
    "if all else stayed as it is. They would all work at full resolution, which takes "
    "{convolutions:words} multiplications. I leave the dense layers out of this, since nobody "
    "would build them for such a map: the first one alone would have {dense:words} weights.",
    formula=Formula(
        r"\frac{N_{\text{without}}}{N_{\text{with}}}, \quad N = \sum_{\text{convolutions}} "
        r"k^2\,C\,D\,H\,W",
        "N multiplications without the poolings and with them; kernels of k × k, C input and D "
        "output channels and output maps of H × W in each convolution",
    ),
    prints=("convolutions_ratio", "convolutions", "dense"),
    figure="vgg16-layer-by-layer",
    code=count,
    sources=("thread",),
    earlier=(NUMBER,),
)
def vgg16_without_pooling(size: Size = SIZE) -> Values:
    """The same network with its five poolings removed."""
    pooled, bare = (counted("vgg16", size, p) for p in ("as designed", "removed"))
    before, after = (work_of(table, "Conv2d") for table in (pooled, bare))
    return {
        "size": pixels(size, "side of the picture"),
        "with": macs(pooled.macs, "as designed"),
        "without": macs(bare.macs, "with its five poolings removed"),
        "ratio": times(bare.macs, pooled.macs, "without, over as designed"),
        "convolutions": macs(after, "in its convolutions, without poolings"),
        "convolutions_ratio": times(after, before, "the ratio for its convolutions alone"),
        "dense": weights(bare.layer("fc6").work.weights, "of the first dense layer, without"),
        "without_billions": ratio(bare.macs / BILLION, "without, over a billion"),
        "convolutions_billions": ratio(after / BILLION, "of the convolutions, over a billion"),
    }


@claim(
    question="What does the one pooling of a ResNet save?",
    examines="T6",
    kind=Fact(
        "multiply–accumulates of ResNet-50 as torchvision ships it.",
        "As published it strides elsewhere, which changes the ratio little: the statement gives "
        "both.",
    ),
    says="Without its one max pooling, ResNet-50 would multiply nearly four times as often.",
    statement="ResNet-50 has one max pooling, after its first convolution. Without it, it "
    "would multiply {without:,} times instead of {with:,}: {ratio:.3f} times as often "
    "({published:.3f} times in the published variant), nearly the four that everything after the "
    "pooling costs.",
    answer="Without its one max pooling, right after the first convolution, ResNet-50 would need "
    "{ratio:.1f} times as many multiplications for an input of {size} × {size}. That is "
    "{without:words} instead of {with:words}. The pooling has stride 2, so it leaves a quarter of "
    "the positions to every later convolution. Only the first convolution and the dense layer at "
    "the end cost the same either way, so the factor is nearly four.",
    formula=Formula(
        r"N_{\text{without}} = F + 4\,(N_{\text{with}} - F)",
        "N multiplications without the max pooling and with it, F of them in the first convolution "
        "and in the dense layer",
    ),
    prints=("ratio", "without", "with"),
    figure="networks-compared",
    code=count,
    sources=("he-2016",),
    earlier=(NUMBER,),
)
def resnet50_without_stem_pool(size: Size = SIZE) -> Values:
    """A network with one pooling early on: removing that one."""
    pooled, bare = (counted("resnet50", size, p).macs for p in ("as designed", "removed"))
    published = [counted("resnet50_2015", size, p).macs for p in ("as designed", "removed")]
    return {
        "size": pixels(size, "side of the picture"),
        "with": macs(pooled, "as designed"),
        "without": macs(bare, "with its one max pooling removed"),
        "ratio": times(bare, pooled, "without, over as designed"),
        "published": times(published[1], published[0], "the ratio for the published variant"),
    }


@claim(
    question="Do multiplications run into billions after very few layers?",
    examines="T6",
    kind=Judged(
        asked=ON_NETWORKS,
        together=makes_sense,
        margin=lambda v: v["within"].value - 1,
        domain=lambda network, size: network.startswith("vgg") and size >= SIZE,
        condition="the network is a VGG and the picture at least {usual} × {usual}.",
        otherwise="A VGG's layers are wide at full resolution. Other networks take more layers "
        "for it, or larger pictures.",
    ),
    says="A network has multiplied a billion times within its first three layers.",
    statement="On pictures of {usual} × {usual} VGG-16 passes a billion with its layer {vgg16}, "
    "which alone multiplies {conv1_2:,} times; ResNet-50 with layer {resnet50} of {of_resnet50}. "
    "On pictures of {small_size} × {small_size}, VGG-16 takes {small_after} layers. On the "
    "pictures that they were designed for, the AlexNet of 2012 multiplies {alexnet2012:,} times "
    "in all, and LeNet-5 {lenet5:,} times.",
    answer="VGG-16 passes a billion multiplications within its first {vgg16} layers if the "
    "input has at least {usual} × {usual} pixels, because these layers have many channels and "
    "work at full resolution. For an input of {small_size} × {small_size} it takes "
    "{small_after} layers to get there. And the AlexNet of 2012, at the size it was designed "
    "for, never does: all its layers together make {alexnet2012:words} multiplications.",
    formula=Formula(
        r"\sum_{l=1}^{n-1} k_l^2\,C_l\,D_l\,H_l\,W_l < 10^9 \le \sum_{l=1}^{n} "
        r"k_l^2\,C_l\,D_l\,H_l\,W_l",
        "n convolutions until a billion; kernels of k × k, C input and D output channels and "
        "output maps of H × W in convolution l",
    ),
    prints=("vgg16", "small_after", "alexnet2012"),
    figure="vgg16-layer-by-layer",
    code=model.billions_after,
    sources=("thread",),
)
def billions_with_few_layers(network: NetworkName = "vgg16", size: Size = SIZE) -> Values:
    """After how many layers a billion is reached."""
    small = 64
    done = [layer.work.macs for layer in counted(network, size).layers if layer.work.macs]
    return {
        "usual": pixels(SIZE, "side of the usual picture"),
        "within": ratio(
            sum(done[:FEW]) / BILLION, "multiplications of the first three layers, over a billion"
        ),
        "vgg16": layers(model.billions_after("vgg16", SIZE) or 0, "VGG-16"),
        "resnet50": layers(model.billions_after("resnet50", SIZE) or 0, "ResNet-50"),
        "of_resnet50": layers(
            sum(layer.work.macs > 0 for layer in counted("resnet50", SIZE).layers),
            "layers with weights in ResNet-50",
        ),
        "alexnet2012": macs(count("alexnet2012").macs, "AlexNet of 2012, all layers"),
        "lenet5": macs(count("lenet5").macs, "LeNet-5, all layers"),
        "conv1_2": macs(vgg16().layer("conv1_2").work.macs, "VGG-16, its second layer alone"),
        "small_size": pixels(small, "side of a small picture"),
        "small_after": layers(
            model.billions_after("vgg16", small) or 0, "VGG-16, the small picture"
        ),
    }


@claim(
    question="What does pooling itself cost?",
    examines="T6",
    kind=Fact(
        "comparisons, against the multiply–accumulates of the whole network.",
        "By the clock it is more, since memory has to be read: the statement gives a measured "
        "difference.",
    ),
    says="Pooling itself makes few comparisons against the multiplications of the network.",
    statement="The five poolings of VGG-16 make {comparisons:,} comparisons: {share:.2%} of "
    "its multiply–accumulates. Convolutions in their place would multiply {convolution:.0f} "
    "times as often as they compare. By the clock it is more: in the recorded passes ResNet-18, "
    "whose one max pooling makes {resnet18:.2%} as many comparisons as multiplications, took "
    "{clock:.0%} less time with mean pooling in its place.",
    answer="By count, pooling itself is nearly free: for an input of 224 × 224, the five "
    "max-pooling layers of VGG-16 make only {share:.2%} as many comparisons as the network makes "
    "multiplications. If 2 × 2 convolutions with stride 2 took their place, these would make "
    "{convolution:.0f} multiplications for each of those comparisons. By the clock, "
    "pooling costs more than its count suggests, since it reads and writes whole maps and "
    "computes little with each value.",
    formula=Formula(
        r"(k^2-1)\,C\,H\,W \text{ comparisons}, \quad k^2\,C^2\,H\,W \text{ multiplications}",
        "max pooling over windows of k × k, C channels and output maps of H × W, and a convolution "
        "in its place with kernels of k × k",
    ),
    prints=("share", "convolution"),
    figure="vgg16-layer-by-layer",
    code=count,
    earlier=(NUMBER,),
)
def pooling_itself_is_cheap() -> Values:
    """What the poolings compute themselves."""
    table = vgg16()
    comparisons = table.work.comparisons
    times_taken = {
        run.pooling: run.milliseconds
        for run in measured.runs()
        if (run.network, run.size) == ("resnet18", SIZE)
    }
    resnet18 = counted("resnet18", SIZE)
    return {
        "comparisons": Value(comparisons, "operations", "comparisons in five poolings"),
        "share": part(comparisons / table.macs, "comparisons over multiply–accumulates"),
        "convolution": times(
            vgg16("strided-conv").macs - table.macs,
            comparisons,
            "multiply–accumulates of convolutions in their place, over the comparisons",
        ),
        "resnet18": part(resnet18.work.comparisons / resnet18.macs, "the same share in ResNet-18"),
        "clock": part(
            1 - times_taken["mean"] / times_taken["as designed"],
            "less recorded time of ResNet-18, with mean for max pooling",
        ),
    }


@claim(
    question="Do so many layers of VGG-16 cost the same because of the poolings between them?",
    examines="T6",
    kind=Judged(
        asked={
            "side": ranges.LAYER_SIDES,
            "channels": ranges.WIDTHS,
            "kernel": ranges.KERNELS,
        },
        margin=lambda v: v["before"].value == v["after"].value,
        domain=lambda side, **_: side % 2 == 0,
        condition="the sides of the map are even, and convolutions are padded to keep the size.",
        otherwise="Of odd ones a pooling drops the last row and column, and the layer behind it "
        "costs less.",
    ),
    says="Behind a 2 × 2 pooling, a layer with twice the channels in and twice the channels out "
    "costs exactly as much as a layer with the same kernel in front of the pooling.",
    statement="Of the layers of VGG-16, {equal} multiply exactly {macs:,} times each, "
    "{share:.1%} of the whole: a pooling quarters the places, and doubling the channels, in "
    "and out, quadruples the weights. {half} more cost half of that, and {quarter} a quarter.",
    answer="Of the convolutions of VGG-16, {equal} need exactly the same number of "
    "multiplications, since a 2 × 2 pooling quarters the positions if the map has even sides, "
    "while doubling the channels, in and out, quadruples the weights. Another {half} come "
    "right after a pooling and cost half as much, because they still take in the old number "
    "of channels. The {quarter} in the last block cost a quarter, as there the channels are "
    "not doubled again.",
    formula=Formula(
        r"k^2 \cdot 2C \cdot 2D \cdot \frac{H}{2} \cdot \frac{W}{2} = k^2\,C\,D\,H\,W",
        "kernels of k × k, and, for the convolution before the 2 × 2 pooling, C input and D output "
        "channels and maps of H × W",
    ),
    prints=("equal", "half", "quarter"),
    figure="six-equal-layers",
    code=count,
    sources=("simonyan-2015",),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.HOLDS,
            "The reason is judged now, for maps of any size: of odd sides a pooling drops a row "
            "and a column.",
        ),
    ),
)
def six_equal_layers(side: Side = 224, channels: Channels = 64, kernel: Kernel = 3) -> Values:
    """A layer before a pooling, and one behind it; and those of VGG-16 that cost the same."""
    pair = Network(
        "pair",
        (
            Conv2d(channels, kernel, padding=kernel // 2, name="before"),
            MaxPool2d(2),
            Conv2d(2 * channels, kernel, padding=kernel // 2, name="widens"),
            Conv2d(2 * channels, kernel, padding=kernel // 2, name="after"),
        ),
        channels=channels,
    )
    before, after = (count(pair, side).layer(n).work.macs for n in ("before", "after"))
    convolutions = of_kind(vgg16(), "Conv2d")
    cost = convolutions[1].work.macs
    return {
        "before": macs(before, "the layer before the pooling"),
        "after": macs(after, "the layer with twice the channels, behind it"),
        "equal": layers(sum(x.work.macs == cost for x in convolutions), "of VGG-16, as much"),
        "macs": macs(cost, "each of these"),
        "half": layers(sum(2 * x.work.macs == cost for x in convolutions), "half as much"),
        "quarter": layers(sum(4 * x.work.macs == cost for x in convolutions), "a quarter of it"),
        "share": part(cost / vgg16().macs, "of the whole network, each"),
    }


PARTS = {"quarter": 4, "third": 3, "half": 2}


@claim(
    question="Is most of the compute in the early layers?",
    examines="T6",
    kind=Judged(
        asked={"early": ranges.EARLY, **ON_NETWORKS},
        together=makes_sense,
        margin=lambda v: v["early"].value - 0.5,
        domain=lambda network, early, **_: early == "half" and network.startswith("vgg"),
        condition="the first half of the layers is called early, and the network is a VGG.",
        otherwise="In the first half of a ResNet it is about half, and in a first quarter or "
        "third less.",
    ),
    says="Most of a network's multiplications are in its early layers.",
    statement="In VGG-16 the first two blocks, a quarter of the layers, have {first_two:.1%} of "
    "the multiply–accumulates, blocks three and four {middle:.1%}; the first half of the layers "
    "has {vgg16_half:.1%}, in ResNet-50 {resnet50_half:.1%}. What is early are the activations: "
    "blocks one and two hand on {held:.1%} of them. And what is late are the parameters: the "
    "dense layers have {dense_parameters:.1%}.",
    answer="Whether most of a CNN's compute is early, where pooling could save it, depends: "
    "the first half of VGG-16's sixteen layers with weights makes {vgg16_half:.0%} of its "
    "multiplications for an input of 224 × 224, but the first quarter only {first_two:.0%}. "
    "In ResNet-50 even the first half makes only about half of all multiplications. What "
    "does come early is the activation memory: the first two blocks of VGG-16 produce "
    "{held:.0%} of all the values that its layers compute. Most of VGG-16's parameters come "
    "late, in the dense layers.",
    formula=Formula(
        r"k^2\,C\,D\,H\,W \text{ multiplications}, \quad D\,H\,W \text{ activations}",
        "kernels of k × k, C input and D output channels and output maps of H × W in a convolution",
    ),
    prints=("vgg16_half", "first_two", "held"),
    figure="compute-by-block",
    code=count,
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.FAILS,
            "Only the first two blocks of VGG-16 counted as early. The first half of its layers "
            "has most of the compute.",
        ),
    ),
)
def where_the_compute_is(
    early: Annotated[str, Choice(tuple(PARTS), "which part of the layers is called early")] = (
        "quarter"
    ),
    network: NetworkName = "vgg16",
    size: Size = SIZE,
) -> Values:
    """Shares of early and late layers."""
    table = vgg16()
    blocks = table.block_shares()
    held = sum(layer.activations for layer in table.layers if layer.name[4:5] in ("1", "2"))
    dense = sum(sum(layer.work[3:]) for layer in of_kind(table, "Linear"))
    return {
        "early": part(_share_of_first(counted(network, size), PARTS[early]), f"the first {early}"),
        "first_two": part(blocks["conv1"] + blocks["conv2"], "of VGG-16, blocks 1 and 2"),
        "middle": part(blocks["conv3"] + blocks["conv4"], "of VGG-16, blocks 3 and 4"),
        "vgg16_half": part(_share_of_first(table, 2), "of VGG-16, the first half of the layers"),
        "resnet50_half": part(
            _share_of_first(counted("resnet50", SIZE), 2), "of ResNet-50, the first half"
        ),
        "held": part(Fraction(held, table.activations), "activations, blocks 1 and 2 of VGG-16"),
        "dense_parameters": part(
            Fraction(dense, table.parameters), "parameters of VGG-16, dense layers"
        ),
    }


def _share_of_first(table: Count, parts: int) -> Fraction:
    """The share of the first so-manieth of the layers with weights; what is left over is late."""
    work = [layer.work.macs for layer in table.layers if layer.work.weights]
    return Fraction(sum(work[: len(work) // parts]), table.macs)


@claim(
    question="Can a network be much deeper at the same cost, once pooled?",
    examines="T6",
    kind=Judged(
        asked={
            "poolings": ranges.DEPTHS,
            "widen": ranges.WIDENED,
            "budget": ranges.BUDGETS,
            "pool_every": ranges.POOL_EVERY,
        },
        margin=lambda v: v["depth"].value - 2 * v["budget"].value,
        least=0.5,
        domain=lambda widen, budget, pool_every, **_: widen == 1 and 3 * pool_every < 2 * budget,
        condition="the channels stay as many, and the first pooling comes early enough (after "
        "fewer than two thirds of the layers that the budget pays for without one).",
        otherwise="VGG-16, for one, doubles its channels at its first poolings instead.",
    ),
    says="For the multiplications of a network without pooling, a pooled one can have more than "
    "twice as many layers.",
    statement="At fixed width, the multiplications of {budget} layers buy {one} with one 2 × "
    "2 pooling after the first layer, and {two} with two. If each pooling doubles the "
    "channels, they buy {doubled} with one, {doubled_twice} with two and {doubled_most} with five: "
    "only the layer behind each pooling is cheaper, by half.",
    answer="If the number of channels stays the same, a single 2 × 2 pooling after the first "
    "layer lets a stack of equal convolutions have {one} layers for the multiplications of "
    "{budget}. Each layer after it works on a quarter of the positions, so four of them cost "
    "what one costs without it. But if the channels double at every pooling, the same budget "
    "pays for {doubled} layers with one pooling, and for only {doubled_most} with one after "
    "each of the first five layers.",
    formula=Formula(
        r"\sum_{l=1}^{L} \frac{C_l\,D_l}{4^{m_l}} \le B",
        "L layers for the multiplications of B without pooling; layer l comes after m poolings of "
        "2 × 2 and has C times the input and D times the output channels of the first layer",
    ),
    prints=("one", "doubled", "doubled_most"),
    figure="budget-depth",
    code=model.depth_within,
    sources=("thread",),
)
def same_budget_depth(
    poolings: Poolings = 1,
    widen: Annotated[int, Whole(1, 4, "times the channels behind each pooling")] = 1,
    budget: Annotated[int, Whole(1, 1000, "layers that the budget pays without pooling")] = 10,
    pool_every: Annotated[int, Whole(1, 100, "layers before each pooling")] = 1,
) -> Values:
    """How many layers a budget buys."""
    channels = 64
    purse = budget * vgg16().layer("conv1_2").work.macs

    def bought(number: int, widen: int = 1, pool_every: int = 1) -> int:
        settings = {"pool_every": pool_every, "poolings": number, "widen": widen}
        return model.depth_within(purse, SIZE, channels, **settings)

    return {
        "budget": layers(budget, "without pooling"),
        "depth": layers(bought(poolings, widen, pool_every), "with the poolings set"),
        "one": layers(bought(1), "one pooling, after the first layer"),
        "two": layers(bought(2), "two poolings, after the first and the second"),
        "doubled": layers(bought(1, widen=2), "one pooling, channels doubled there"),
        "doubled_twice": layers(bought(2, widen=2), "two, channels doubled at each"),
        "doubled_most": layers(bought(5, widen=2), "five, channels doubled at each"),
    }


@claim(
    question="Does a stride save as much as pooling?",
    examines="T6",
    kind=Judged(
        asked=ON_NETWORKS,
        together=makes_sense,
        margin=lambda v: 1 - v["kept"].value,
        domain=lambda size, **_: size >= 128,
        condition="the picture is at least 128 × 128.",
        otherwise="A stride can leave a row and a column more than the pooling does: of an odd "
        "map, or where the pooling's windows overlap without padding. On small maps that can cost "
        "more than it saves.",
    ),
    says="A stride in the convolution before each pooling, instead of the pooling, leaves a "
    "network fewer multiplications than the pooling does.",
    statement="If in VGG-16 the convolution before each pooling strides instead, {stride:.2f} "
    "of the multiplications are left: a stride does not compute what a pooling would drop. If "
    "a convolution of 2 × 2 takes each pooling's place, the network multiplies "
    "{strided_conv:.2f} times as often as with the poolings, with {weights:,} more weights; of "
    "3 × 3, {strided_conv_3:.2f} times, with {weights_3:,} more. In the AlexNet of 2012 on "
    "96 × 96, with strides instead of poolings, it is {small:.2f} times.",
    answer="If each pooling of VGG-16 is replaced by a stride of 2 in the convolution before it, "
    "{stride:.0%} of the multiplications are left for an input of 224 × 224, since these "
    "convolutions then compute only a quarter of their values. If each is replaced by a 2 × 2 "
    "convolution with stride 2, it takes {strided_conv:.2f} times as many multiplications as "
    "with the poolings. On small inputs strides can even cost more than poolings, as in the "
    "AlexNet of 2012 on 96 × 96, where they leave larger maps.",
    formula=Formula(
        r"k^2\,C\,D \cdot \frac{H}{2} \cdot \frac{W}{2} \text{ with a stride of 2}, \qquad "
        r"2^2\,D^2 \cdot \frac{H}{2} \cdot \frac{W}{2} \text{ more with a convolution}",
        "a convolution before each pooling that has kernels of k × k, C input and D output "
        "channels and, with a stride of 1, output maps of H × W",
    ),
    prints=("stride", "strided_conv"),
    figure="networks-compared",
    code=count,
    sources=("springenberg-2015",),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.HOLDS,
            "It was tried on VGG-16 alone. On small pictures a stride can leave larger maps than "
            "the pooling, and in AlexNet more multiplications.",
        ),
    ),
)
def stride_in_the_convolution(network: NetworkName = "vgg16", size: Size = SIZE) -> Values:
    """Pooling against striding."""
    designed = vgg16()
    larger = [
        (3 * 3 * d * d, layer.shape.height * layer.shape.width)
        for layer in of_kind(designed, "MaxPool2d")
        for d in [layer.shape.channels]
    ]
    return {
        "kept": times(
            counted(network, size, "stride").macs,
            counted(network, size).macs,
            "of the network set, with strides instead of poolings",
        ),
        "stride": times(
            vgg16("stride").macs, designed.macs, "VGG-16, the convolution before strides instead"
        ),
        "strided_conv": times(
            vgg16("strided-conv").macs, designed.macs, "a 2 × 2 convolution in each pooling's place"
        ),
        "small": times(
            counted("alexnet2012", 96, "stride").macs,
            counted("alexnet2012", 96).macs,
            "the AlexNet of 2012 on a small picture, with strides instead",
        ),
        "weights": weights(
            vgg16("strided-conv").work.weights - designed.work.weights,
            "more, with 2 × 2 convolutions in place of the poolings",
        ),
        "strided_conv_3": times(
            designed.macs + sum(kernel * places for kernel, places in larger),
            designed.macs,
            "a 3 × 3 convolution in each pooling's place",
        ),
        "weights_3": weights(
            sum(kernel for kernel, _ in larger), "more, with 3 × 3 convolutions there"
        ),
    }


@claim(
    question="Does pooling save weights of the convolutions?",
    examines="T6",
    kind=Judged(
        asked=ON_NETWORKS,
        together=makes_sense,
        margin=lambda v: v["set_with"].value < v["set_without"].value,
    ),
    says="A network with its poolings has fewer weights in its convolutions than without them.",
    statement="The convolutions of VGG-16 have {with:,} weights with pools, and {without:,} "
    "without: a kernel has its size wherever it slides. {resnets_same} of {resnets} ResNets "
    "have exactly as many parameters without their pool.",
    answer="Pooling does not save a single weight of the convolutions: those of VGG-16 have "
    "{with:words} weights with its five max-pooling layers, and the same {without:words} without "
    "them. A kernel slides over the map, so its size does not depend on the size of the map. "
    "What pooling can shrink is a dense layer that sees the whole map, because each of its units "
    "has a weight for every value of the map.",
    formula=Formula(
        r"\sum_{\text{convolutions}} k^2\,C\,D",
        "kernels of k × k, C input and D output channels in each convolution, whatever the size of "
        "its maps",
    ),
    prints=("with", "without"),
    figure="first-dense-layer",
    code=count,
)
def convolution_weights_unchanged(network: NetworkName = "vgg16", size: Size = SIZE) -> Values:
    """Weights with and without pooling."""
    found = {
        f"{start}{name}": sum(
            layer.work.weights for layer in of_kind(counted(of, side, p), "Conv2d")
        )
        for start, of, side in (("", "vgg16", SIZE), ("set_", network, size))
        for name, p in (("with", "as designed"), ("without", "removed"))
    }
    nets = [name for name in NETWORKS if name.startswith("resnet")]
    same = [
        counted(name, SIZE).parameters == counted(name, SIZE, "removed").parameters for name in nets
    ]
    return {
        **{
            name: weights(n, f"in convolutions, {name.removeprefix('set_')} pools")
            for name, n in found.items()
        },
        "resnets": whole(len(nets), "ResNets counted"),
        "resnets_same": whole(sum(same), "of them with as many parameters without their pool"),
    }


@claim(
    question="Does pooling save weights of the first dense layer?",
    examines="T6",
    kind=Judged(
        asked=ON_NETWORKS,
        together=makes_sense,
        margin=lambda v: v["set_with"].value < v["set_without"].value,
        domain=lambda network, **_: (
            network in ("lenet5", "alexnet2012") or network.startswith("vgg")
        ),
        condition="that layer sees the map itself, as in LeNet-5, in the AlexNet of 2012 and in "
        "VGG.",
        otherwise="Behind a global or adaptive pooling it has as many weights either way.",
    ),
    says="A network with its poolings has fewer weights in its first dense layer than without "
    "them.",
    statement="In VGG-16 the first dense layer has {with:,} weights with five poolings, "
    "{share:.1%} of all parameters, and would have {without:,} without, {ratio:,.0f} times as "
    "many: at four bytes each {megabytes:,.0f} MB. That of ResNet-50, behind a global "
    "pooling, has {resnet50:,} either way.",
    answer="Pooling saves weights of the first dense layer if that layer sees the whole map: in "
    "VGG-16 as published, for an input of 224 × 224, it would have {ratio:,.0f} times as many "
    "without the five poolings. As it is, it has {with:words} weights, {share:.0%} of all "
    "parameters. Each 2 × 2 pooling quarters them, since there is one for each pair of a map "
    "value and a unit. Where an average pooling to a fixed size comes first, as in ResNets "
    "or torchvision's VGG-16, earlier poolings save none.",
    formula=Formula(
        r"D \cdot \frac{H}{2^n} \cdot \frac{W}{2^n} \cdot J",
        "n poolings of 2 × 2, a last map with D channels that would have H × W positions without "
        "them, and J units in the first dense layer",
    ),
    prints=("ratio", "with", "share"),
    figure="first-dense-layer",
    code=count,
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.HOLDS,
            "The question was where pooling saves weights, which named the condition. Asked of all "
            "networks, it saves none behind a global or adaptive pooling.",
        ),
    ),
)
def first_dense_layer_grows(network: NetworkName = "vgg16", size: Size = SIZE) -> Values:
    """Weights of the first dense layer."""

    def both(network: str, size: int) -> list[int]:
        tables = (counted(network, size, p) for p in ("as designed", "removed"))
        return [of_kind(table, "Linear")[0].work.weights for table in tables]

    pooled, bare = both("vgg16", SIZE)
    own = both(network, size)
    return {
        "with": weights(pooled, "of VGG-16, with its poolings"),
        "without": weights(bare, "without"),
        "ratio": times(bare, pooled, "without, over with"),
        "share": part(Fraction(pooled, vgg16().parameters), "of all parameters, as designed"),
        "megabytes": Value(4 * bare / 10**6, "MB", "without, four bytes a weight"),
        "resnet50": weights(both("resnet50", SIZE)[0], "of ResNet-50"),
        "set_with": weights(own[0], "of the network set, with its poolings"),
        "set_without": weights(own[1], "of the network set, without"),
    }


@claim(
    question="How much memory does pooling save?",
    examines="T6",
    kind=Fact(
        "the values that all layers hand on for one picture, at four bytes each; weights apart.",
        "PyTorch also keeps the place (eight bytes) of each value that a max pooling hands on: the "
        "statement gives both.",
    ),
    says="Without its poolings, the layers of VGG-16 would hand on many times as many values.",
    statement="VGG-16 hands on {with:,} values for one picture of {size} × {size}, "
    "{megabytes:.0f} MB at four bytes each; without pools {without:,}, {ratio:.1f} times as many: "
    "{megabytes_without:.0f} MB. With the places that PyTorch keeps for its max poolings, "
    "{indices:.0f} MB, it is {ratio_indices:.1f} times as much. Weights are not counted in.",
    answer="Without its five pooling layers, VGG-16 would compute {ratio:.0f} times as many "
    "activations for an input of {size} × {size}: {megabytes_without:.0f} MB instead of "
    "{megabytes:.0f} MB, at four bytes each. Training normally keeps them for the backward pass. "
    "In PyTorch, which also keeps the index of each maximum, another {indices:.0f} MB, it would be "
    "{ratio_indices:.1f} times as much. Weights come on top: without poolings those of the first "
    "dense layer alone, if it saw the whole map, would grow a thousandfold.",
    formula=Formula(
        r"\sum_{\text{convolutions, poolings}} D\,H\,W + \sum_{\text{dense layers}} J",
        "D output channels and output maps of H × W in each convolution and pooling, and J units "
        "in each dense layer",
    ),
    prints=("ratio", "megabytes_without", "megabytes", "indices", "ratio_indices"),
    figure="activations-held",
    code=count,
    earlier=(NUMBER,),
)
def activation_memory(size: Size = SIZE) -> Values:
    """Values that the layers hand on."""
    pooled, bare = (counted("vgg16", size, p) for p in ("as designed", "removed"))
    places = 8 * sum(layer.activations for layer in of_kind(pooled, "MaxPool2d"))
    return {
        "size": pixels(size, "side of the picture"),
        "with": whole(pooled.activations, "values, as designed"),
        "without": whole(bare.activations, "values, without pools"),
        "ratio": times(bare.activations, pooled.activations, "without, over as designed"),
        "megabytes": Value(4 * pooled.activations / 10**6, "MB", "as designed, four bytes a value"),
        "megabytes_without": Value(4 * bare.activations / 10**6, "MB", "without"),
        "indices": Value(places / 10**6, "MB", "places of the maxima, eight bytes each"),
        "ratio_indices": times(
            4 * bare.activations,
            4 * pooled.activations + places,
            "without, over as designed with the places of the maxima",
        ),
    }


@claim(
    question="How far does a unit see, with pools and without?",
    examines="T6",
    kind=Fact(
        "the pixels that can change a value of the last map, however little: what they weigh "
        "falls off towards the edge. ResNet-50 as torchvision ships it.",
        "The published ResNet-50 sees farther: the statement gives both.",
    ),
    says="A value of the last map can depend on many more pixels with pools than without.",
    statement="A value of VGG-16's last map depends on {vgg16_with} pixels a side with pools, "
    "of {picture}, and on {vgg16_without} without. ResNet-50, which also strides, goes from "
    "{resnet50_without} without its pool to {resnet50_with}; the published variant sees "
    "{published}. These are all pixels that can change the value; most of its weight comes from "
    "fewer.",
    answer="The receptive field of a value in the last feature map of VGG-16 is {vgg16_with} "
    "pixels a side with its five poolings, and would be only {vgg16_without} without them. "
    "The reason is that after each pooling, every 3 × 3 convolution adds twice as many pixels. In "
    "torchvision's ResNet-50, which also has strides, taking away the one max pooling brings "
    "it from {resnet50_with} down to {resnet50_without} pixels. This is the theoretical field, "
    "all pixels that can have any effect; the effective one is smaller (Luo et al., 2016).",
    formula=Formula(
        r"r = 1 + \sum_{l=1}^{L} (k_l - 1) \prod_{i=1}^{l-1} s_i",
        "a receptive field of r pixels a side after L convolutions and poolings, of which layer l "
        "has kernels or windows of k × k and each layer i before it the stride s",
    ),
    prints=("vgg16_with", "vgg16_without", "resnet50_with", "resnet50_without"),
    figure="field-against-depth",
    code=receptive_field,
    sources=("araujo-2019", "luo-2016"),
    earlier=(NUMBER,),
)
def receptive_field_with_pools() -> Values:
    """What a value of the last map looks at."""
    fields = {
        f"{name}_{what}": pixels(receptive_field(name, pooling).size, f"{name}, {text}")
        for name in ("vgg16", "resnet50")
        for what, pooling, text in (
            ("with", "as designed", "with pools"),
            ("without", "removed", "without"),
        )
    }
    return fields | {
        "published": pixels(
            receptive_field("resnet50_2015").size, "ResNet-50 as published, with its pool"
        ),
        "picture": pixels(SIZE, "side of the picture"),
    }


@claim(
    question="How many layers would replace the pools, to see as far?",
    examines="T6",
    kind=Fact(
        "convolutions of stride 1, one after the other, all of one size, against the receptive "
        "field that VGG-16 has by law.",
        "With larger kernels it takes fewer: the statement gives both.",
    ),
    says="Without pooling or stride it takes many more convolutions to see as far.",
    statement="To look at {field} pixels a side, VGG-16 needs {layers} convolutions and five "
    "poolings. Without pooling or stride it takes {without} convolutions of 3 × 3, or "
    "{larger} of 7 × 7.",
    answer="Without pooling, stride or dilation, it takes {without} convolutions of 3 × 3 to see "
    "as far as VGG-16 does with {layers} of them and five poolings: {field} pixels a side. "
    "The reason is that each such convolution adds just two pixels to the receptive field, "
    "while after every 2 × 2 pooling it adds twice as many as before. With kernels of 7 × 7 "
    "you would still need {larger}.",
    formula=Formula(
        r"n = \left\lceil \frac{r - 1}{k - 1} \right\rceil",
        "n convolutions of k × k, all with stride 1, for a receptive field of r pixels a side",
    ),
    prints=("without", "layers", "field", "larger"),
    figure="field-against-depth",
    code=model.layers_to_reach,
    earlier=(NUMBER,),
)
def layers_to_match_receptive_field(
    kernel: Annotated[int, Whole(2, 31, "side of the kernels without pools")] = 3,
) -> Values:
    """How deep a network without pools must be."""
    field = receptive_field("vgg16").size
    assert field is not None
    return {
        "field": pixels(field, "VGG-16's receptive field, with pools"),
        "layers": layers(len(of_kind(vgg16(), "Conv2d")), "convolutions of VGG-16"),
        "without": layers(model.layers_to_reach(field, kernel), "convolutions, no pool"),
        "larger": layers(model.layers_to_reach(field, 7), "convolutions of 7 × 7, no pool"),
    }


@claim(
    question="Does a 2 × 2 pooling double the receptive field?",
    examines="T6",
    kind=Judged(
        asked={
            "convolutions": ranges.CONVOLUTIONS,
            "pooling": ranges.DEPTHS,
            "kernel": ranges.KERNELS,
        },
        margin=lambda v: v["after"].value == 2 * v["before"].value,
        domain=lambda convolutions, kernel, **_: convolutions == 0 or kernel == 1,
        condition="field and jump are equal before it, as on the picture itself, on poolings side "
        "by side, or on 1 × 1 convolutions of stride 1.",
        otherwise="Behind a convolution that is wider than its stride, the field is more than the "
        "jump, and a pooling adds one jump.",
    ),
    says="A 2 × 2 pooling doubles the receptive field.",
    statement="It adds one jump: VGG-16's first pooling takes the field from {before_1} to "
    "{after_1} pixels, its last from {before_5} to {after_5}. What doubles is the jump, from "
    "{jump_before_1} to {jump_after_1} and from {jump_before_5} to {jump_after_5}, and with "
    "it what each later layer adds.",
    answer="A 2 × 2 pooling with stride 2 doubles the receptive field only if the fields of "
    "neighbouring values lie edge to edge before it: the last one of VGG-16 takes it from "
    "{before_5} to {after_5} pixels a side. After 3 × 3 convolutions with stride 1 these fields "
    "overlap, and the pooling adds only the distance from one to the next. What it doubles is that "
    "distance, here from {jump_before_5} to {jump_after_5} pixels, and with it whatever any "
    "convolution after it would add to the field.",
    formula=Formula(
        r"r' = r + (k - 1)\,j, \qquad j' = s\,j",
        "receptive fields of r pixels a side that lie j pixels apart before a pooling over windows "
        "of k × k with stride s, and r′ pixels a side that lie j′ apart after it",
    ),
    prints=("before_5", "after_5", "jump_before_5", "jump_after_5"),
    figure="field-against-depth",
    code=receptive_field,
    sources=("araujo-2019",),
    earlier=(
        Earlier(
            "0.1.0",
            Verdict.FAILS,
            "It was asked of VGG-16 alone. On the picture itself, or on other poolings, the field "
            "equals the jump, and a pooling doubles both.",
        ),
    ),
)
def pool_does_not_double_the_field(
    convolutions: Annotated[int, Whole(0, 10, "convolutions before each pooling")] = 2,
    pooling: Annotated[int, Whole(1, 5, "which of the poolings")] = 1,
    kernel: Kernel = 3,
) -> Values:
    """Field and jump before and after each pooling of VGG-16, and of a network of one's own."""
    found: dict[str, Value] = {}
    steps = _steps_of_field(vgg16().layers)
    for n in (1, 5):
        before, after = steps[n - 1]
        found |= {
            f"before_{n}": pixels(before.size, f"field before pool{n} of VGG-16"),
            f"after_{n}": pixels(after.size, f"field after pool{n}"),
            f"jump_before_{n}": pixels(before.jump, f"jump before pool{n}"),
            f"jump_after_{n}": pixels(after.jump, f"jump after pool{n}"),
        }
    stage: tuple[Layer, ...] = (
        *[Conv2d(1, kernel, padding=kernel // 2)] * convolutions,
        MaxPool2d(2),
    )
    own = count(Network("own", stage * pooling, input_size=SIZE))
    before, after = _steps_of_field(own.layers)[pooling - 1]
    return found | {
        "before": pixels(before.size, "field before the pooling set"),
        "after": pixels(after.size, "field after it"),
    }


def _steps_of_field(rows: Sequence[LayerCount]) -> list[tuple[Field, Field]]:
    """Field and jump before each pooling, and after it."""
    fields = [PIXEL, *(row.field for row in rows)]
    return [
        (before, row.field)
        for before, row in zip(fields, rows, strict=False)
        if row.kind == "MaxPool2d"
    ]


@claim(
    question="Do published multiplication counts differ because they count different things?",
    examines="he-2016",
    kind=Judged(
        asked={"counter": ranges.COUNTERS, "network": ranges.NETWORKS},
        margin=lambda v: v["explained"].value == v["difference"].value,
    ),
    says="What a counter finds on a convolutional network beyond the multiplications by learnt "
    "weights is, to the last operation, what else it counts: biases, batch normalisation, "
    "activation functions or poolings.",
    statement="They count different things, and different networks. For ResNet-50 fvcore "
    "finds {fvcore:,} where we find {ours:,}: {normalisation:,} more for batch normalisation "
    "and {collapse:,} for the global pooling. And ResNet-50 as published needs "
    "{published:,}, because it strides elsewhere than torchvision's.",
    answer="Published counts of multiplications differ because tools count different things: for "
    "ResNet-50 on 224 × 224, fvcore reports {fvcore:words} where the convolutions and the dense "
    "layer make {ours:words}. The rest, to the last operation, is what fvcore adds for batch "
    "normalisation and for the global average pooling. The networks differ as well: ResNet-50 as "
    "first published needs {published:words}, because its blocks stride in another convolution "
    "than torchvision's. And FLOPs are often twice as many, as additions are counted apart.",
    formula=Formula(
        r"N_{\text{fvcore}} = N + \sum_{\text{batch norms}} 2\,C\,H\,W + "
        r"\sum_{\text{global pooling}} C\,H\,W",
        "N multiplications in the convolutions and the dense layer, and C channels of H × W in the "
        "input of each batch normalisation and of the global pooling",
    ),
    prints=("ours", "fvcore", "published"),
    figure="counters-compared",
    code=compared,
    sources=("he-2016",),
)
def published_counts_differ(
    counter: Annotated[str, Choice(tuple(COUNTERS), "counter")] = "fvcore",
    network: NetworkName = "resnet50",
) -> Values:
    """Our counts against other counters'."""
    rows = {(row.network, row.counter): row for row in compared()}
    resnet50, chosen = rows["resnet50", "fvcore"], rows[network, counter]
    return {
        "difference": Value(chosen.difference, "operations", "more by the counter set"),
        "explained": Value(sum(chosen.causes.values()), "operations", "of them explained"),
        "ours": macs(resnet50.ours, "ResNet-50, ours"),
        "fvcore": Value(resnet50.macs, "operations", "ResNet-50, fvcore"),
        "normalisation": Value(
            resnet50.causes["batch normalisation"], "operations", "for batch normalisation"
        ),
        "collapse": Value(resnet50.causes["adaptive pooling"], "operations", "for global pooling"),
        "published": macs(counted("resnet50_2015", SIZE).macs, "ResNet-50 as published"),
    }


@claim(
    question="Is the network that multiplies less the faster one?",
    examines="T6",
    kind=Judged(
        asked={"factor": ranges.COUNT_RATIOS},
        margin=lambda v: v["wrong"].value == 0,
        domain=lambda factor: factor >= 10,
        condition="the other one multiplies at least ten times as often.",
    ),
    says="Of two recorded forward passes, the one with fewer multiplications took less time.",
    statement="Of {pairs:,} pairs of forward passes recorded on one core, the one with fewer "
    "multiplications took longer in {all_wrong} ({share_wrong:.0%}). The largest difference that "
    "misled was {misled:.1f} times the count. Per multiplication, the slowest pass took "
    "{spread:.1f} times as long as the fastest.",
    answer="Of any two forward passes in a series timed on one CPU core, the one with fewer "
    "multiplications was faster if the other had at least ten times as many, but a factor of "
    "{misled:.1f} could still mislead. A ResNet-18 on 224 × 224 made that many "
    "times the multiplications of a ResNet-50 on 64 × 64, both with strides instead of "
    "pooling, and took {misled_time:.0%} of its time. Per multiplication, the slowest pass "
    "took {spread:.1f} times as long as the fastest.",
    formula=Formula(
        r"t_1 < t_2 \quad \text{if} \quad 10\,N_1 \le N_2",
        "N multiplications and the time t of any two of the recorded forward passes",
    ),
    prints=("misled", "misled_time", "spread"),
    figure="time-against-count",
    code=measured.runs,
)
def count_predicts_time(
    factor: Annotated[float, Number(1, 1e5, "times as many multiplications, at least")] = 10.0,
) -> Values:
    """All pairs of recorded passes: the count's order against the clock's."""
    runs = sorted(measured.runs(), key=lambda run: run.macs)
    pairs = [(a, b) for a, b in combinations(runs, 2) if a.macs < b.macs]
    wrong = [(a, b) for a, b in pairs if a.milliseconds >= b.milliseconds]
    less, more = max(wrong, key=lambda pair: pair[1].macs / pair[0].macs)
    per_mac = [run.milliseconds / run.macs for run in runs]
    return {
        "wrong": whole(
            sum(b.macs >= factor * a.macs for a, b in wrong),
            "pairs in the wrong order that differ by the factor set or more",
        ),
        "pairs": whole(len(pairs), "pairs whose counts differ"),
        "all_wrong": whole(len(wrong), "of them in the wrong order"),
        "share_wrong": part(len(wrong) / len(pairs), "of them in the wrong order"),
        "misled": times(more.macs, less.macs, "the largest ratio of counts in the wrong order"),
        "misled_time": ratio(more.milliseconds / less.milliseconds, "the ratio of their times"),
        "spread": ratio(max(per_mac) / min(per_mac), "slowest over fastest, per multiplication"),
    }


CLAIMS = (
    vgg16_multiplications,
    billions_with_few_layers,
    pooling_saves_multiplications,
    vgg16_without_pooling,
    resnet50_without_stem_pool,
    pooling_itself_is_cheap,
    same_budget_depth,
    six_equal_layers,
    where_the_compute_is,
    convolution_weights_unchanged,
    first_dense_layer_grows,
    activation_memory,
    pool_does_not_double_the_field,
    receptive_field_with_pools,
    layers_to_match_receptive_field,
    stride_in_the_convolution,
    published_counts_differ,
    count_predicts_time,
)

RULINGS = (
    Ruling(
        "T6",
        Verdict.ON_CONDITION,
        "it saves multiplications and activations, and weights of a first dense layer that sees "
        "the map; of a convolution it saves none. Networks get much deeper by it if their "
        "channels stay as many; VGG-16, for one, doubles them at its first poolings. Billions "
        "after very few layers are true of VGG on large pictures.",
        (
            "billions-with-few-layers",
            "pooling-saves-multiplications",
            "same-budget-depth",
            "convolution-weights-unchanged",
            "first-dense-layer-grows",
        ),
    ),
)
