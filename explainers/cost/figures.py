"""The chapter's figures."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explainers.cost import measured, model
from explainers.cost.counters import COUNTERS, compared
from explainers.drawing import labels, style
from explainers.drawing.rendering import Drawing
from explainers.kinds import Choice, Whole
from explainers.networks.count import Count, count
from explainers.networks.known import NETWORKS
from explainers.networks.own import Own, read_own
from explainers.networks.table import Counted, blocks_of
from explainers.records import figure
from explainers.wording import how_many, in_digits, in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Size = Annotated[int, Whole(32, 1024, "height and width of the picture")]

# Which colour a network's poolings have, how its line is drawn, and what it is called.
LOOKS = {
    "as designed": ("max", style.SOLID, "with its pools"),
    "removed": ("single", style.DASHED, "without pools"),
    "stride": ("known", style.DOTTED, "strides instead"),
}


_SCALES = {"billion": 1e9, "million": 1e6}


def by_name(counted: Count, quantity: str) -> dict[str, int]:
    """One quantity of each layer with weights, by the layer's name."""
    return {
        layer.name: layer.activations if quantity == "activations" else layer.work.macs
        for layer in counted.layers
        if layer.work.weights
    }


@figure(
    title="Without its pools VGG-16 computes far more",
    caption="Multiply–accumulates of each layer of VGG-16 for a picture of {size} × {size}; the "
    "areas are the sums. Without the five poolings its convolutions need {convolved:.0f} times as "
    "many; all layers together {ratio:.1f} times, {removed:words} instead of {designed:words}, "
    "if the first dense layer takes the whole map. The poolings themselves make {pools:words} "
    "comparisons: too few to be seen here.",
    alt="Two areas over sixteen layers, one hardly to be seen below the other. With pools the "
    "convolutions after the first one need between {lowest:words} and {highest:words} "
    "multiply–accumulates each, all layers together {designed:words}. Without pools the "
    "convolutions climb to {peak:words}, and all layers together need {removed:words}, "
    "{ratio:.1f} times as many. The poolings make {pools:words} comparisons.",
)
def vgg16_layer_by_layer(size: Size = 224) -> Drawing:
    """Draw multiply–accumulates by layer, as areas."""
    counts = {what: count("vgg16", size, pooling=what) for what in ("as designed", "removed")}
    canvas, axes = style.canvas(height=3.9)
    columns = _areas(axes, counts, "macs", "billion")
    names, layers = list(columns["layer"]), counts["as designed"].layers
    axes.set(ylabel="billion multiply–accumulates a layer")
    compared = {
        before.name: pool.work.comparisons
        for before, pool in pairwise(layers)
        if pool.work.comparisons
    }
    convolutions = [i for i, name in enumerate(names) if name.startswith("conv")][1:]
    after = {what: [columns[what][i] for i in convolutions] for what in counts}
    return Drawing(
        canvas,
        columns | {"comparisons of the pool after it": [compared.get(n, 0) for n in names]},
        _totals(counts, "macs")
        | {
            "pools": counts["as designed"].work.comparisons,
            "lowest": min(after["as designed"]),
            "highest": max(after["as designed"]),
            "peak": max(after["removed"]),
            "convolved": _convolved(counts["removed"]) / _convolved(counts["as designed"]),
        },
    )


def _convolved(counted: Count) -> int:
    return sum(layer.work.macs for layer in counted.layers if layer.kind == "Conv2d")


def _areas(
    axes: Axes, counts: Mapping[str, Count], quantity: str, unit: str
) -> dict[str, list[Any]]:
    """Draw an area for each way of pooling, over the layers with weights."""
    values = {what: by_name(counted, quantity) for what, counted in counts.items()}
    names = list(values["as designed"])
    places = np.arange(len(names))
    for what, line in (("removed", 0.94), ("as designed", 0.76)):
        role, _, text = LOOKS[what]
        heights = np.array(list(values[what].values())) / _SCALES[unit]
        look: dict[str, Any] = {"color": style.colour(role), "width": 1.0, "linewidth": 0}
        axes.bar(places, heights, alpha=0.3 if what == "removed" else 1, **look)
        if what == "removed":  # also seen where the other one is as high
            axes.stairs(heights, np.arange(len(names) + 1) - 0.5, color=look["color"])
        said = f"{text}\n{in_words(getattr(counts[what], quantity))} in all"
        shown: dict[str, Any] = {"fontsize": 9, "fontweight": "bold", "va": "top"}
        axes.text(0.03, line, said, color=style.colour(role), transform=axes.transAxes, **shown)
    # The layers before the first pooling have nothing above them: there is room for the words.
    blocks = [name.partition("_")[0] if name.startswith("conv") else "dense" for name in names]
    starts = [places[blocks.index(block)] - 0.5 for block in dict.fromkeys(blocks)]
    middles = [places[np.array(blocks) == block].mean() for block in dict.fromkeys(blocks)]
    axes.set_xticks(middles, [*dict.fromkeys(blocks)])
    axes.grid(axis="x", visible=False)
    axes.set_xticks(starts[1:], minor=True)
    axes.grid(axis="x", which="minor")
    axes.tick_params(which="minor", length=0)
    axes.set_xlim(-0.5, len(names) - 0.5)
    axes.margins(y=0.08)
    return {"layer": names, **{what: list(numbers.values()) for what, numbers in values.items()}}


def _totals(counts: Mapping[str, Count], quantity: str) -> dict[str, Any]:
    designed, removed = (getattr(counts[what], quantity) for what in ("as designed", "removed"))
    return {
        "designed": designed,
        "removed": removed,
        "ratio": removed / designed,
    }


@figure(
    title="The middle blocks need the most multiply–accumulates",
    caption="Share of the multiply–accumulates by block, from the picture to the answer, at "
    "{size} × {size}. In VGG-16 the first two blocks have {early:.0%} of them, and the dense "
    "layers {dense:.1%}.",
    alt="Two bar charts of shares by block. In VGG-16: {vgg}. In ResNet-50: {resnet}. The first "
    "two blocks of VGG-16 have {early:.1%} of the multiply–accumulates.",
)
def compute_by_block(size: Size = 224) -> Drawing:
    """Draw each block's share, for VGG-16 and ResNet-50."""
    canvas, panels = style.canvas(2, height=3.1, sharex=True)
    shares = {
        network: {block: float(part) for block, part in count(network, size).block_shares().items()}
        for network in ("vgg16", "resnet50")
    }
    for axes, (network, parts) in zip(panels, shares.items(), strict=True):
        places = range(len(parts))
        axes.barh(places, list(parts.values()), color=style.colour("max"), height=0.62)
        for place, part in zip(places, parts.values(), strict=True):
            style.direct_label(axes, part, place, in_digits(part, ".1%"), "max")
        axes.set(title={"vgg16": "VGG-16", "resnet50": "ResNet-50"}[network])
        axes.set_xlabel("share of multiply–accumulates")
        axes.set_yticks(places, list(parts))
        axes.invert_yaxis()
        axes.margins(x=0.22)
        axes.grid(axis="y", visible=False)
        style.percent_axis(axes.xaxis)
    texts = {
        name: ", ".join(
            f"{block} {in_digits(part, '.1%')}" for block, part in shares[network].items()
        )
        for name, network in (("vgg", "vgg16"), ("resnet", "resnet50"))
    }
    return Drawing(
        canvas,
        {
            "network": [network for network, parts in shares.items() for _ in parts],
            "block": [block for parts in shares.values() for block in parts],
            "share": [part for parts in shares.values() for part in parts.values()],
        },
        {
            "early": shares["vgg16"]["conv1"] + shares["vgg16"]["conv2"],
            "dense": shares["vgg16"]["dense"],
            **texts,
        },
    )


@figure(
    title="Where a network computes, block by block",
    caption="Multiply–accumulates of each block of {name}, for an input of {input}: {macs:words} "
    "in all. {without} In all it has {parameters:words} parameters.",
    alt="Bars of multiply–accumulates, one for each of {blocks:d} blocks of {name}. The largest is "
    "{largest}, with {share:.0%} of {macs:words}; {parameters:words} parameters. {without}",
)
def network_by_block(
    which: Annotated[str, Choice(tuple(NETWORKS), "a known network")] = "resnet18",
    *,
    network: Own | None = None,
) -> Drawing:
    """Draw the multiply–accumulates of a network's blocks, with its pools and without."""
    own = network or read_own(which)
    designed, removed = _by_block(own.designed), _by_block(own.removed or own.designed)
    names = _largest(designed)
    after = [removed.get(name, 0) for name in names]
    canvas, axes = style.canvas(height=0.9 + 0.34 * len(names))
    places = np.arange(len(names))
    unit, word = _unit(max([*designed.values(), *after]))
    look: dict[str, Any] = {"height": 0.7, "linewidth": 0, "color": style.colour("max")}
    heights = [designed[name] for name in names]
    if after != heights:
        pale = look | {"color": style.colour("single"), "alpha": 0.3}
        axes.barh(places, np.array(after) / unit, label="without its pools", **pale)
        axes.barh(places, np.array(heights) / unit, label="as it is", **look)
        style.key_above(axes, 2)
        for text, role in zip(axes.get_legend().get_texts(), ("single", "max"), strict=True):
            text.set_color(style.colour(role))  # and not as pale as the bars
    else:
        axes.barh(places, np.array(heights) / unit, **look)
    axes.set_yticks(places, [name if len(name) < 18 else f"{name[:16]}…" for name in names])
    axes.invert_yaxis()
    axes.set(xlabel=f"{word}multiply–accumulates")
    axes.grid(axis="y", visible=False)
    most = max(designed, key=designed.__getitem__)
    total = own.designed.macs
    return Drawing(
        canvas,
        {
            "block": names,
            "as it is": heights,
            **({"without its pools": after} if own.removed else {}),
        },
        {
            "name": own.designed.network,
            "input": _input_of(own.designed),
            "macs": total,
            "parameters": own.designed.parameters,
            "blocks": len(names),
            "largest": most,
            "share": designed[most] / total if total else 0.0,
            "without": _without(own),
        },
        title="" if network is None else f"Where {own.designed.network} computes, block by block",
    )


_MOST_BLOCKS = 14


def _by_block(counted: Counted) -> dict[str, int]:
    """The multiply–accumulates of each block that has some."""
    return {row["name"]: row["macs"] for row in blocks_of(counted) if row["macs"]} or {"none": 0}


def _largest(blocks: dict[str, int]) -> list[str]:
    """The blocks with the most multiply–accumulates, in the network's order."""
    most = sorted(blocks, key=blocks.__getitem__, reverse=True)[:_MOST_BLOCKS]
    return [name for name in blocks if name in most]


def _unit(largest: int) -> tuple[float, str]:
    return next(
        ((size, f"{word} ") for word, size in _SCALES.items() if largest >= size), (1.0, "")
    )


def _input_of(counted: Counted) -> str:
    if isinstance(counted, Count):
        return str(counted.input)
    return ", ".join(" × ".join(map(str, sides)) for sides in counted.inputs.values())


def _without(own: Own) -> str:
    """What becomes of a network without its pools, in a sentence."""
    if own.removed is None:
        return f"Without its pools it cannot be: {own.reason.rpartition('poolings: ')[2]}."
    if own.removed.macs == own.designed.macs:
        return "It needs as many without its pools."
    return f"Without its pools it would be {in_words(own.removed.macs)}."


@figure(
    title="Weights grow as places fall: many layers cost the same",
    caption="Each convolution of VGG-16 against conv1_2, at {size} × {size}. A pooling quarters "
    "the places{rounded}; channels doubled twice over, in and out, quadruple the weights. Places "
    "times weights are the multiply–accumulates: {macs:words} for {equal:d} of the {all:d}.",
    alt="Three lines over the thirteen convolutions, on a logarithmic scale. Places fall to "
    "{places:.4f} of those of conv1_2 while weights rise to {weights:.0f} times as many. Their "
    "product is {macs:,} for {equal:d} of them.",
)
def six_equal_layers(size: Size = 224) -> Drawing:
    """Draw places, weights and their product, relative to conv1_2."""
    layers = [layer for layer in count("vgg16", size).layers if layer.kind == "Conv2d"]
    first = layers[1]
    places = [layer.shape.height * layer.shape.width for layer in layers]
    weights = [layer.work.weights for layer in layers]
    macs = [layer.work.macs for layer in layers]
    columns = {
        "places": [n / places[1] for n in places],
        "weights": [n / weights[1] for n in weights],
        "product": [n / macs[1] for n in macs],
    }
    canvas, axes = style.canvas(height=3.6)
    looks = {"places": ("single", style.DASHED), "weights": ("mean", style.DASHED)}
    for name, numbers in columns.items():
        role, line = looks.get(name, ("max", style.SOLID))
        axes.plot(numbers, "o", color=style.colour(role), linestyle=line, markersize=4)
        said = "product\n= cost" if name == "product" else name
        style.direct_label(axes, len(layers) - 1, numbers[-1], said, role)
    axes.set_yscale("log", base=4)
    axes.set_yticks(
        [4.0**n for n in range(-4, 4)],
        [f"1/{4**n}" for n in (4, 3, 2, 1)] + list("1") + ["4", "16", "64"],
    )
    axes.set(ylabel="times as many as conv1_2", xlabel="convolutions of VGG-16")
    axes.minorticks_off()
    axes.set_xticks(range(len(layers)), [layer.name for layer in layers], rotation=90)
    axes.margins(x=0.03)
    return Drawing(
        canvas,
        {"layer": [layer.name for layer in layers], **columns, "multiply–accumulates": macs},
        {
            "equal": macs.count(first.work.macs),
            "macs": first.work.macs,
            "all": len(layers),
            "rounded": _rounded(size),
            "places": columns["places"][-1],
            "weights": columns["weights"][-1],
        },
    )


def _rounded(size: int) -> str:
    """What to say of four poolings, one after the other, where they do not halve all sides."""
    return " (odd sides are rounded down)" if size % 2**4 else ""


@figure(
    title="Pools double the jump, and so what each later layer adds",
    caption="VGG-16, with its pools (rings) and without. A pooling itself adds little: the first "
    "one takes the field from {before:d} to {after:d} pixels. It doubles the *jump*, the step "
    "between what neighbouring values look at, and so what every later layer adds. At the end a "
    "value looks at {with_pools:d} pixels a side with pools, and at {without:d} without.",
    alt="First panel, the receptive field over thirteen convolutions: without pools it grows by "
    "{step:d} pixels a layer to {without:d}; with pools ever faster, to {with_pools:d}. Second "
    "panel, the jump: 1 without pools, doubled by each pooling to {jump:d} with them.",
)
def field_against_depth() -> Drawing:
    """Draw receptive field and jump, layer by layer."""
    fields = {
        what: [layer for layer in count("vgg16", pooling=what).layers if layer.kind != "Linear"]
        for what in ("as designed", "removed")
    }
    pooled, bare = fields["as designed"], fields["removed"]
    canvas, panels = style.canvas(2, height=3.3)
    depth = {layer.name: i for i, layer in enumerate(pooled, start=1)}
    pools = [depth[layer.name] - 1 for layer in pooled if layer.kind != "Conv2d"]
    table: dict[str, list[Any]] = {"layer": [layer.name for layer in pooled]}
    for axes, part in zip(panels, ("size", "jump"), strict=True):
        for what, layers in fields.items():
            role, line, text = LOOKS[what]
            x = [depth[layer.name] for layer in layers]
            y = [getattr(layer.field, part) for layer in layers]
            look: dict[str, Any] = {"color": style.colour(role), "linestyle": line}
            axes.plot(x, y, **look)
            if layers is pooled:
                rings = {"fillstyle": "none", "markersize": 7, "markevery": pools, "linestyle": ""}
                axes.plot(x, y, "o", **(look | rings))
            at = -4 if layers is pooled else -1
            style.direct_label(axes, x[at], y[at], text, role, ha="right", va="bottom")
            style.direct_label(axes, x[-1], y[-1], f" {y[-1]}", role)
        axes.set(xlabel="layers (rings: pools)", xlim=(0.5, 1.15 * len(pooled)))
        axes.set_xticks(range(3, len(pooled) + 1, 3))
        table[part] = [getattr(layer.field, part) for layer in pooled]
    kept = {layer.name: layer.field.size for layer in bare}
    table["size without pools"] = [kept.get(name, "") for name in table["layer"]]
    panels[0].set(title="Receptive field, pixels", ylim=(0, None))
    panels[1].set(title="Jump between neighbours, pixels")
    panels[1].set_yscale("log", base=2)
    panels[1].set_yticks([1, 2, 4, 8, 16, 32], ["1", "2", "4", "8", "16", "32"])
    sizes = {layer.name: layer.field.size for layer in pooled}
    grown = [layer.field.size or 0 for layer in bare]
    return Drawing(
        canvas,
        table,
        {
            "before": sizes["conv1_2"],
            "after": sizes["pool1"],
            "with_pools": pooled[-1].field.size,
            "without": bare[-1].field.size,
            "step": grown[1] - grown[0],
            "jump": pooled[-1].field.jump,
        },
    )


@figure(
    title="Without its pools VGG-16 holds far more activations",
    caption="Values that each layer of VGG-16 hands on, at {size} × {size}. Together "
    "{designed:words} with pools (the poolings' own among them) and "
    "{removed:words} without, {ratio:.1f} times as many. "
    "Training holds all of them, and for each value of a max pooling the place it came from.",
    alt="Two areas over sixteen layers. With pools the values of a layer fall block by "
    "block and add up to {designed:words} values; without pools they rise with the channels, and "
    "add up to {removed:words}, {ratio:.1f} times as many.",
)
def activations_held(size: Size = 224) -> Drawing:
    """Draw the activations by layer, as areas."""
    counts = {what: count("vgg16", size, pooling=what) for what in ("as designed", "removed")}
    canvas, axes = style.canvas(height=3.6)
    columns = _areas(axes, counts, "activations", "million")
    axes.set(ylabel="million activations a layer")
    return Drawing(canvas, columns, _totals(counts, "activations"))


@figure(
    title="Each pool kept shrinks the first dense layer",
    caption="Weights between the last map of VGG-16 and its first dense layer, if only the first "
    "so many of its poolings are kept, at {size} × {size}. All {pools:d}: {fewest:words}. None: "
    "{most:words}. All convolutions together have {convolutions:words}.",
    alt="Bars, falling with each pooling kept: from {most:words} weights with none to "
    "{fewest:words} with all {pools:d}. Beside them a bar for the {convolutions:words} weights of "
    "all convolutions.",
)
def first_dense_layer(size: Size = 224) -> Drawing:
    """Draw the weights of the first dense layer against the poolings kept."""
    counted = count("vgg16", size)
    channels = counted.layer("pool5").shape.channels
    pools = [layer for layer in counted.layers if layer.kind == "MaxPool2d"]
    areas = [size**2, *(layer.shape.height * layer.shape.width for layer in pools)]
    features = counted.layer("fc6").shape.channels
    weights = [channels * area * features for area in areas]
    convolutions = sum(layer.work.weights for layer in counted.layers if layer.kind == "Conv2d")
    canvas, axes = style.canvas(height=3.1)
    bars = [*weights, convolutions]
    for place, weight in enumerate(bars):
        role = "max" if place < len(weights) else "single"
        axes.barh(place, weight / 1e9, color=style.colour(role), height=0.62)
        style.direct_label(axes, weight / 1e9, place, in_words(weight), role)
    names = ["no pool kept", "1 pool kept", *(f"{n} pools kept" for n in range(2, len(weights)))]
    axes.set_yticks(range(len(bars)), [*names, "all convolutions"])
    axes.invert_yaxis()
    axes.set(xlabel="billion weights", xlim=(0, 1.35 * weights[0] / 1e9))
    axes.grid(axis="y", visible=False)
    return Drawing(
        canvas,
        {"poolings kept": list(range(len(weights))), "weights": weights},
        {
            "fewest": weights[-1],
            "most": weights[0],
            "pools": len(pools),
            "convolutions": convolutions,
        },
    )


@figure(
    title="At fixed width, each pool buys many more layers",
    caption="Layers of 3 × 3 that the multiply–accumulates of {layers:d} layers buy, {wide} "
    "at {size} × {size}, if a 2 × 2 pooling follows the first, second, … layer. At fixed "
    "width one pooling makes {one:d} layers of them and {most:d} make {fixed:,}. If the channels "
    "double behind each pooling, {most:d} make {doubled:d}: the layer behind each costs half, as "
    "half as many channels come in, and all others as much as before{rounded}.",
    alt="Depth against the number of poolings, on a logarithmic scale. At fixed width it grows "
    "from {layers:d} layers to {one:d} with one pooling and {fixed:,} with {most:d}. With channels "
    "doubled at each pooling it is {doubled:d} with {most:d}.",
)
def budget_depth(
    layers: Annotated[int, Whole(3, 100, "layers that the budget pays unpooled")] = 10,
    channels: Annotated[int, Whole(1, 1024, "channels of the first layer")] = 64,
    size: Annotated[int, Whole(32, 1024, "height and width of its map")] = 224,
) -> Drawing:
    """Draw the depth that a fixed budget buys against the number of poolings."""
    budget = layers * 9 * channels**2 * size**2
    poolings = range(5)
    depths = {
        name: [
            model.depth_within(budget, size, channels, pool_every=1, poolings=n, widen=widen)
            for n in poolings
        ]
        for name, widen in (("fixed width", 1), ("channels doubled", 2))
    }
    canvas, axes = style.canvas(height=3.1)
    for (name, numbers), role in zip(depths.items(), ("max", "mean"), strict=True):
        line = style.SOLID if role == "max" else style.DASHED
        look = {"color": style.colour(role), "linestyle": line, "label": name}
        axes.plot(poolings, numbers, marker="o", markersize=5, **look)
    for x, depth in list(enumerate(depths["fixed width"]))[1:]:
        style.direct_label(axes, x, depth, f"{depth:,}", "max", ha="right", va="bottom")
    last = depths["channels doubled"][-1]
    style.direct_label(axes, poolings[-1], last, f"{last:,}", "mean", ha="right", va="bottom")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set(xlabel="poolings", ylabel="layers for the same budget", xticks=list(poolings))
    axes.margins(x=0.06, y=0.14)
    labels.name_curves(canvas)
    return Drawing(
        canvas,
        {"poolings": list(poolings), **depths},
        {
            "wide": how_many(channels, "channel"),
            "rounded": _rounded(size),
            "one": depths["fixed width"][1],
            "fixed": depths["fixed width"][-1],
            "most": poolings[-1],
            "doubled": depths["channels doubled"][-1],
        },
    )


# What can be compared, and how one calls it.
FAMILIES = {"all": "", "alexnet": "AlexNet", "vgg": "VGG", "resnet": "ResNet"}


@figure(
    title="Without pools all need more, VGG far more than ResNet",
    caption="Multiply–accumulates of known networks, for the pictures that they were designed for, "
    "as multiples of what they need as designed: with the pooling layers removed, and with the "
    "convolution before each pooling striding instead of it. Full colour: removing the pools costs "
    "{most_name} a factor of {most:.1f}, and {other_name} {other:.1f}.",
    alt="Two panels of bars, one row a network. As designed they need between {least:words} and "
    "{largest:words} multiply–accumulates. Pools removed: {listed}. Strides instead: "
    "{most_name} takes {strides:.2f} times as many.",
)
def networks_compared(
    which: Annotated[str, Choice(tuple(FAMILIES), "which networks")] = "all",
) -> Drawing:
    """Draw what removing or replacing the pools costs networks."""
    names = [name for name in NETWORKS if which == "all" or name.startswith(which)]
    shown = ("as designed", "removed", "stride")
    totals = {what: [count(name, pooling=what).macs for name in names] for what in shown}
    ratio = dict(zip(names, np.divide(totals["removed"], totals["as designed"]), strict=True))
    said = ("lenet5", "vgg16", "resnet50") if which == "all" else _ends(ratio)
    canvas, panels = style.canvas(2, height=4.2 if which == "all" else 2.8)
    titles = {"removed": ("Pools removed", 1), "stride": ("Strides instead of pools", 2)}
    for axes, (what, (title, digits)) in zip(panels, titles.items(), strict=True):
        role = LOOKS[what][0]
        times = np.array(totals[what]) / np.array(totals["as designed"])
        for row, (name, factor) in enumerate(zip(names, times, strict=True)):
            opacity = 1.0 if name in said[-2:] else 0.5
            axes.barh(row, factor, color=style.colour(role), alpha=opacity, height=0.62)
            style.direct_label(axes, factor, row, f"× {factor:.{digits}f}", role)
        axes.set(title=title, xlim=(0, 1.3 * times.max()))
        axes.set_xlabel("multiply–accumulates, times as designed")
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
    most, other = said[-2:]
    at = names.index(most)
    return Drawing(
        canvas,
        {"network": names, **totals},
        {
            "least": min(totals["as designed"]),
            "largest": max(totals["as designed"]),
            "most": ratio[most],
            "most_name": _called(most),
            "other": ratio[other],
            "other_name": _called(other) + (", which has one," if which == "all" else ""),
            "listed": _listed({name: ratio[name] for name in said}),
            "strides": totals["stride"][at] / totals["as designed"][at],
            **ratio,
        },
        title="" if which == "all" else f"What removing its pools costs {FAMILIES[which]}",
    )


def _ends(ratio: dict[str, float]) -> tuple[str, str]:
    """The networks with the largest and the smallest ratio."""
    return max(ratio, key=lambda name: ratio[name]), min(ratio, key=lambda name: ratio[name])


def _listed(ratio: dict[str, float]) -> str:
    """How many times as many each network takes."""
    said = [f"{_called(name)} {times:.{1 if times > 10 else 2}f}" for name, times in ratio.items()]
    (first, number), *others = (words.rsplit(" ", 1) for words in said)
    return f"{first} takes {number} times as many" + "".join(
        f", {name} {times} times" for name, times in others
    )


def _called(name: str) -> str:
    """A network as one calls it.

    >>> _called("lenet5"), _called("resnet50_2015"), _called("alexnet")
    ('LeNet-5', 'the original ResNet-50', 'AlexNet')
    """
    stem, _, year = name.replace("2012", "_2012").partition("_")
    family = stem.rstrip("0123456789")
    called = {"lenet": "LeNet", **FAMILIES}[family]
    number = stem.removeprefix(family)
    return ("the original " if year else "") + called + (f"-{number}" if number else "")


# How the counters are named above their columns.
HEADS = {
    "torch": "PyTorch",
    "fvcore": "fvcore",
    "torchinfo": "torchinfo",
    "thop": "THOP",
    "ptflops": "ptflops",
}


@figure(
    title="Other counters find as many operations, or some more",
    caption="How many more operations {counters:d} other counters find than we do, for each "
    "of these convolutional networks as designed, in per cent of ours. The largest lead is "
    "{most:.1%}. Each difference is explained to the last operation by what the counter counts "
    "besides.",
    alt="A table of numbers, one row a network, one column for each of {counters:d} counters. "
    "{equal:d} of {all:d} numbers are 0. The largest is {most:.1%}.",
)
def counters_compared() -> Drawing:
    """Draw the differences between the counters."""
    found = compared()
    canvas, axes = style.canvas(height=4.2)
    counts: dict[str, list[int]] = {}
    for column, (counter, head) in enumerate(HEADS.items()):
        rows = [row for row in found if row.counter == counter]
        for place, row in enumerate(rows):
            look = _lead_look(row.difference)
            axes.text(column + 0.4, place, _lead(row.difference / row.ours), **look)
        axes.text(column + 0.4, -1, head, ha="right", va="center_baseline", fontsize=9)
        counts[COUNTERS[counter].name] = [row.macs for row in rows]
    axes.set(xlim=(-0.6, len(HEADS) - 0.5), ylim=(len(NETWORKS) - 0.5, -1.5))
    axes.set_xticks([])
    axes.set_yticks(range(len(NETWORKS)), NETWORKS)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    ours = [row.ours for row in found if row.counter == "torch"]
    return Drawing(
        canvas,
        {"network": list(NETWORKS), "ours": ours, **counts},
        {
            "counters": len(HEADS),
            "most": max(row.difference / row.ours for row in found),
            "equal": sum(row.difference == 0 for row in found),
            "all": len(found),
        },
    )


def _lead(share: float) -> str:
    return "0" if not share else f"{share:.1%}" if share >= 0.0005 else "< 0.1%"


def _lead_look(difference: int) -> dict[str, Any]:
    role, weight = ("max", "bold") if difference else ("muted", "normal")
    shown = {"ha": "right", "va": "center_baseline", "fontsize": 9}
    return {"color": style.colour(role), "fontweight": weight, **shown}


@figure(
    title="Time follows the count, roughly",
    caption="Processor time of a forward pass in PyTorch, against the multiply–accumulates: "
    "{networks:d} networks without their dense layers, pictures of {smallest:d} to {largest:d} "
    "pixels a side, one core of an {cpu}, {date}. Their logarithms correlate at {correlation:.3f}; "
    "ten times the count takes {tenfold:.1f} times as long. Yet per multiplication one pass takes "
    "up to {spread:.1f} times as long as another. At {size:d} × {size:d}, VGG-16 without "
    "pools counts {count_ratio:.0f} times as many, and takes {time_ratio:.0f} times as long.",
    alt="A scatter plot on logarithmic scales, {points:d} points around one straight line from "
    "{fastest:words} to {slowest:words} milliseconds. Networks with pools, with strides and "
    "without pools lie around the same line.",
)
def time_against_count() -> Drawing:
    """Draw the recorded times of forward passes against the counts."""
    runs, record = measured.runs(), measured.recorded()
    macs = np.array([run.macs for run in runs], float)
    ms = np.array([run.milliseconds for run in runs])
    canvas, axes = style.canvas(height=3.8)
    looks = {"as designed": "o", "mean": "^", "stride": "D", "removed": "s"}
    for what, mark in looks.items():
        chosen = [run.pooling == what for run in runs]
        role, _, text = LOOKS.get(what, ("mean", "", "mean pools"))
        look = {"color": style.colour(role), "linestyle": "", "markersize": 5.5, "alpha": 0.85}
        axes.plot(macs[chosen], ms[chosen], mark, label=text, **look)
    slope, height = np.polyfit(np.log10(macs), np.log10(ms), 1)
    ends = np.array([macs.min(), macs.max()])
    axes.plot(ends, 10**height * ends**slope, color=style.colour("muted"), linewidth=1)
    said = f"the line: 10 times the count,\n{10**slope:.1f} times the time"
    axes.text(0.97, 0.3, said, transform=axes.transAxes, ha="right", fontsize=9)
    axes.set(xscale="log", yscale="log", xlabel="million multiply–accumulates")
    axes.set_ylabel("milliseconds")
    axes.xaxis.set_major_formatter(lambda macs, _: f"{macs / 1e6:,.0f}")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    labels.key_above(canvas)
    columns = {
        name: [getattr(run, name) for run in runs] for name in ("network", "pooling", "size")
    }
    size = max(columns["size"])
    saved = measured.saved("vgg16", size)
    return Drawing(
        canvas,
        columns | {"multiply–accumulates": [run.macs for run in runs], "milliseconds": ms},
        {
            "networks": len(set(columns["network"])),
            "smallest": min(columns["size"]),
            "largest": max(columns["size"]),
            "cpu": record["machine"]["cpu"],
            "date": record["date"],
            "correlation": measured.log_correlation(runs),
            "tenfold": float(10**slope),
            "spread": float((ms / macs).max() / (ms / macs).min()),
            "size": size,
            "count_ratio": saved.macs,
            "time_ratio": saved.time,
            "points": len(runs),
            "fastest": float(ms.min()),
            "slowest": float(ms.max()),
        },
    )


FIGURES = (
    vgg16_layer_by_layer,
    compute_by_block,
    network_by_block,
    six_equal_layers,
    networks_compared,
    budget_depth,
    first_dense_layer,
    activations_held,
    field_against_depth,
    counters_compared,
    time_against_count,
)
