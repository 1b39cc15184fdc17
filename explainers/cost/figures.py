"""The chapter's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explainers import style
from explainers.cost import forward, model
from explainers.cost.counters import COUNTERS, compared
from explainers.cost.model import Count, count
from explainers.cost.networks import NETWORKS
from explainers.records import Number, figure
from explainers.rendering import Drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Size = Annotated[int, Number(32, 1024, "height and width of the picture", whole=True)]

# Which colour a network's poolings have, how its line is drawn, and what it is called.
LOOKS = {
    "as designed": ("max", style.SOLID, "with its pools"),
    "removed": ("single", style.DASHED, "without"),
    "stride": ("known", style.DOTTED, "strides instead"),
}


def by_name(counted: Count, quantity: str) -> dict[str, int]:
    """One quantity of each layer with weights, by the layer's name."""
    return {
        layer.name: layer.activations if quantity == "activations" else layer.work.macs
        for layer in counted.layers
        if layer.work.weights
    }


@figure(
    title="VGG-16 layer by layer, with and without its pools",
    caption="Multiply–accumulates of each layer of VGG-16 for a picture of {size} × {size}, on a "
    "logarithmic scale. Without the five poolings its convolutions need {convolved:.0f} times as "
    "many; all layers together {ratio:.1f} times, {removed_billions:,.1f} billion instead of "
    "{designed_billions:,.1f}, if the first dense layer takes the whole map. Crosses: what the "
    "poolings compare themselves.",
    alt="Two lines over sixteen layers. With pools the convolutions after the first one need "
    "between {lowest:.2g} and {highest:.2g} multiply–accumulates each, all layers together "
    "{designed:.3g}. Without pools the convolutions climb to {peak:.3g}, and all layers together "
    "need {removed:.3g}, {ratio:.1f} times as many. The poolings make {pools:.2g} comparisons.",
)
def vgg16_layer_by_layer(size: Size = 224) -> Drawing:
    """Draw multiply–accumulates by layer on a logarithmic scale."""
    counts = {what: count("vgg16", size, pooling=what) for what in ("as designed", "removed")}
    canvas, axes = style.canvas(height=3.9)
    columns = _lines(axes, counts, "macs")
    names, pools = list(columns["layer"]), counts["as designed"].layers
    at = [(i, layer.work.comparisons) for i, layer in _between(pools)]
    axes.plot(*zip(*at, strict=True), "x", color=style.colour("max"), markersize=5)
    style.direct_label(axes, at[-1][0], at[-1][1], "pools", "max")
    axes.set(ylabel="multiply–accumulates")
    compared = {names[int(i)]: work for i, work in at}
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


def _between(layers: Sequence[model.LayerCount]) -> list[tuple[float, model.LayerCount]]:
    """The poolings, each at the place between the layers with weights around it."""
    found, weighted = [], 0
    for layer in layers:
        if layer.work.weights:
            weighted += 1
        else:
            found.append((weighted - 0.5, layer))
    return found


def _lines(axes: Axes, counts: Mapping[str, Count], quantity: str) -> dict[str, list[Any]]:
    """Draw a line for each way of pooling, over the layers with weights."""
    values = {what: by_name(counted, quantity) for what, counted in counts.items()}
    names = list(values["as designed"])
    for what, numbers in values.items():
        role, line, text = LOOKS[what]
        heights = list(numbers.values())
        look: dict[str, Any] = {"color": style.colour(role), "linestyle": line, "markersize": 4}
        axes.plot(range(len(names)), heights, "o", **look)
        above = what == "removed"
        at = 7 if above else 6
        shift = 1.25 if above else 0.5
        vertical = "bottom" if above else "top"
        style.direct_label(axes, at, heights[at] * shift, text, role, ha="center", va=vertical)
    axes.set_yscale("log")
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.margins(x=0.03, y=0.1)
    return {"layer": names, **{what: list(numbers.values()) for what, numbers in values.items()}}


def _totals(counts: Mapping[str, Count], quantity: str) -> dict[str, Any]:
    designed, removed = (getattr(counts[what], quantity) for what in ("as designed", "removed"))
    return {
        "designed": designed,
        "designed_millions": designed / 1e6,
        "designed_billions": designed / 1e9,
        "removed": removed,
        "removed_millions": removed / 1e6,
        "removed_billions": removed / 1e9,
        "ratio": removed / designed,
    }


@figure(
    title="Where the compute is",
    caption="Share of the multiply–accumulates by block, from the picture to the answer, at "
    "{size} × {size}. In VGG-16 the first two blocks have {early:.1%} of them and {early_held:.1%} "
    "of the activations; the dense layers have {dense:.1%}, with {dense_weights:.1%} of the "
    "parameters.",
    alt="Two bar charts of shares by block. In VGG-16: {vgg}. In ResNet-50: {resnet}. The first "
    "two blocks of VGG-16 have {early:.1%} of the multiply–accumulates.",
)
def compute_by_block(size: Size = 224) -> Drawing:
    """Draw each block's share, for VGG-16 and ResNet-50."""
    canvas, panels = style.canvas(2, height=2.9, sharex=True)
    shares = {
        network: {block: float(part) for block, part in count(network, size).block_shares().items()}
        for network in ("vgg16", "resnet50")
    }
    for axes, (network, parts) in zip(panels, shares.items(), strict=True):
        places = range(len(parts))
        axes.barh(places, list(parts.values()), color=style.colour("max"), height=0.62)
        for place, part in zip(places, parts.values(), strict=True):
            style.direct_label(axes, part, place, f"{part:.1%}", "max")
        axes.set(title={"vgg16": "VGG-16", "resnet50": "ResNet-50"}[network])
        axes.set_yticks(places, list(parts))
        axes.invert_yaxis()
        axes.margins(x=0.22)
        axes.grid(axis="y", visible=False)
        style.percent_axis(axes.xaxis)
    vgg16 = count("vgg16", size)
    dense = [layer.work for layer in vgg16.layers if layer.kind == "Linear"]
    early = [layer.activations for layer in vgg16.layers if layer.name[4:5] in ("1", "2")]
    texts = {
        name: ", ".join(f"{block} {part:.1%}" for block, part in shares[network].items())
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
            "early_held": sum(early) / vgg16.activations,
            "dense": shares["vgg16"]["dense"],
            "dense_weights": sum(sum(work[3:]) for work in dense) / vgg16.parameters,
            **texts,
        },
    )


@figure(
    title="Why six layers of VGG-16 cost exactly the same",
    caption="Each convolution of VGG-16 against conv1_2, at {size} × {size}. A pooling quarters "
    "the places; channels doubled twice over, in and out, quadruple the weights. Places times "
    "weights are the multiply–accumulates: {equal:d} layers have {billions:,.2f} billion each.",
    alt="Three lines over the thirteen convolutions, on a logarithmic scale. Places fall to "
    "{places:.4f} of those of conv1_2 while weights rise to {weights:.0f} times as many. Their "
    "product is the same, {macs:,}, for {equal:d} layers.",
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
        style.direct_label(axes, len(layers) - 1, numbers[-1], name, role)
    axes.set_yscale("log", base=4)
    axes.set(ylabel="times conv1_2")
    axes.set_xticks(range(len(layers)), [layer.name for layer in layers], rotation=90)
    axes.margins(x=0.03)
    return Drawing(
        canvas,
        {"layer": [layer.name for layer in layers], **columns, "multiply–accumulates": macs},
        {
            "equal": macs.count(first.work.macs),
            "macs": first.work.macs,
            "billions": first.work.macs / 1e9,
            "places": columns["places"][-1],
            "weights": columns["weights"][-1],
        },
    )


@figure(
    title="Receptive field against depth",
    caption="VGG-16, with its pools and without. A pooling itself adds little: the first one takes "
    "the field from {before:d} to {after:d} pixels. It doubles the *jump*, and so what every "
    "later layer adds. At the end a value looks at {with_pools:d} pixels a side with pools, and "
    "at {without:d} without.",
    alt="Left, the receptive field over thirteen convolutions: without pools it grows by "
    "{step:d} pixels a layer to {without:d}; with pools ever faster, to {with_pools:d}. Right, the "
    "jump: 1 without pools, doubled by each pooling to {jump:d} with them.",
)
def field_against_depth() -> Drawing:
    """Draw receptive field and jump, layer by layer."""
    fields = {
        what: [layer for layer in count("vgg16", pooling=what).layers if layer.kind != "Linear"]
        for what in ("as designed", "removed")
    }
    pooled, bare = fields["as designed"], fields["removed"]
    canvas, panels = style.canvas(2, height=3.3)
    depth = {layer.name: i for i, layer in enumerate(bare, start=1)}
    table: dict[str, list[Any]] = {"layer": [layer.name for layer in pooled]}
    for axes, part in zip(panels, ("size", "jump"), strict=True):
        for what, layers in fields.items():
            role, line, text = LOOKS[what]
            x = [
                depth.get(layer.name, 0.5 + _convolutions(layers, i))
                for i, layer in enumerate(layers)
            ]
            y = [getattr(layer.field, part) for layer in layers]
            axes.plot(x, y, color=style.colour(role), linestyle=line)
            style.direct_label(axes, x[-4], y[-4], text, role, ha="right", va="bottom")
        axes.set_xlabel("convolutions")
        table[part] = [getattr(layer.field, part) for layer in pooled]
    kept = {layer.name: layer.field.size for layer in bare}
    table["size without pools"] = [kept.get(name, "") for name in table["layer"]]
    panels[0].set(title="Receptive field, pixels", ylim=(0, None))
    panels[1].set(title="Jump, pixels")
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


def _convolutions(layers: Sequence[model.LayerCount], end: int) -> int:
    return sum(layer.kind == "Conv2d" for layer in layers[:end])


@figure(
    title="Activations held",
    caption="Values that each layer of VGG-16 hands on, at {size} × {size}. Together "
    "{designed_millions:,.1f} million with pools (the poolings' own among them) and "
    "{removed_millions:,.1f} million without, {ratio:.1f} times as many. "
    "Training holds all of them, and for each value of a max pooling the place it came from.",
    alt="Two lines over sixteen layers on a logarithmic scale. With pools they fall block by "
    "block and add up to {designed:.3g} values; without pools they rise with the channels, and "
    "add up to {removed:.3g}, {ratio:.1f} times as many.",
)
def activations_held(size: Size = 224) -> Drawing:
    """Draw the activations by layer on a logarithmic scale."""
    counts = {what: count("vgg16", size, pooling=what) for what in ("as designed", "removed")}
    canvas, axes = style.canvas(height=3.6)
    columns = _lines(axes, counts, "activations")
    axes.set(ylabel="activations")
    return Drawing(canvas, columns, _totals(counts, "activations"))


@figure(
    title="The first dense layer",
    caption="Weights between the last map of VGG-16 and its first dense layer, if only the first "
    "so many of its poolings are kept, at {size} × {size}. All {pools:d}: {fewest_millions:,.1f} "
    "million. None: {most_billions:,.1f} billion. All convolutions together have "
    "{convolutions_millions:,.1f} million.",
    alt="Bars on a logarithmic scale, falling with each pooling kept: from {most:.3g} weights with "
    "none to {fewest:.3g} with all {pools:d}. Beside them a bar for the {convolutions:.3g} weights "
    "of all convolutions.",
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
        axes.bar(place, weight, color=style.colour(role), width=0.6)
        style.direct_label(axes, place, weight, _short(weight), role, ha="center", va="bottom")
    axes.set_yscale("log")
    axes.set(xlabel="poolings kept", ylabel="weights", ylim=(min(bars) / 4, max(bars) * 4))
    axes.set_xticks(range(len(bars)), [*map(str, range(len(weights))), "all convolutions"])
    axes.grid(axis="x", visible=False)
    return Drawing(
        canvas,
        {"poolings kept": list(range(len(weights))), "weights": weights},
        {
            "fewest": weights[-1],
            "most": weights[0],
            "pools": len(pools),
            "convolutions": convolutions,
            "fewest_millions": weights[-1] / 1e6,
            "most_billions": weights[0] / 1e9,
            "convolutions_millions": convolutions / 1e6,
        },
    )


def _short(number: float) -> str:
    """A large number in millions or billions."""
    for scale, name in ((10**12, "T"), (10**9, "G"), (10**6, "M")):
        if number >= scale:
            return f"{number / scale:.3g} {name}"
    return f"{number:,}"


@figure(
    title="What a budget buys",
    caption="Layers of 3 × 3 that the multiply–accumulates of {layers:d} layers buy, {channels:d} "
    "channels at {size} × {size}, if a 2 × 2 pooling follows the first, second, … layer. At fixed "
    "width one pooling makes {one:d} layers of them and {most:d} make {fixed:,}. If the channels "
    "double behind each pooling, {most:d} make {doubled:d}: the layer behind each costs half, as "
    "half as many channels come in, and all others as much as before.",
    alt="Depth against the number of poolings, on a logarithmic scale. At fixed width it grows "
    "from {layers:d} layers to {one:d} with one pooling and {fixed:,} with {most:d}. With channels "
    "doubled at each pooling it is {doubled:d} with {most:d}.",
)
def budget_depth(
    layers: Annotated[int, Number(2, 100, "layers that the budget pays unpooled", whole=True)] = 10,
    channels: Annotated[int, Number(1, 1024, "channels of the first layer", whole=True)] = 64,
    size: Annotated[int, Number(32, 1024, "height and width of its map", whole=True)] = 224,
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
        axes.plot(poolings, numbers, "o", color=style.colour(role), linestyle=line, markersize=5)
        for x, depth in zip(poolings, numbers, strict=True):
            if x and role == "max":
                style.direct_label(axes, x, depth, f"{depth:,}", role, ha="right", va="bottom")
        style.direct_label(axes, 3, numbers[3] / 1.15, name, role, va="top")
    axes.set_yscale("log")
    axes.set(xlabel="poolings", ylabel="layers for the same budget", xticks=list(poolings))
    axes.margins(x=0.06, y=0.14)
    return Drawing(
        canvas,
        {"poolings": list(poolings), **depths},
        {
            "one": depths["fixed width"][1],
            "fixed": depths["fixed width"][-1],
            "most": poolings[-1],
            "doubled": depths["channels doubled"][-1],
        },
    )


@figure(
    title="The networks compared",
    caption="Multiply–accumulates of known networks for the pictures that they were designed for: "
    "as designed, with the pooling layers removed, and with the convolution before each pooling "
    "striding instead of it. Removing the pools costs VGG-16 a factor of {vgg16:.1f}, and "
    "ResNet-50, which has one, {resnet50:.2f}.",
    alt="A dot plot on a logarithmic scale, one row a network. As designed they range from "
    "{least:.2g} to {largest:.2g} multiply–accumulates. Without pools LeNet-5 takes {lenet5:.1f} "
    "times as many, VGG-16 {vgg16:.1f} times, ResNet-50 {resnet50:.2f} times. With strides instead "
    "VGG-16 takes {strides:.2f} times as many as designed.",
)
def networks_compared() -> Drawing:
    """Draw the totals of all networks, with and without pools."""
    shown = ("as designed", "removed", "stride")
    totals = {what: [count(name, pooling=what).macs for name in NETWORKS] for what in shown}
    canvas, axes = style.canvas(height=4.2)
    marks = {"as designed": "o", "removed": "s", "stride": "D"}
    rows = range(len(NETWORKS))
    for row in rows:
        ends = [totals[what][row] for what in shown]
        axes.plot([min(ends), max(ends)], [row, row], color=style.colour("grid"), linewidth=1.5)
    for what, numbers in totals.items():
        role, _, text = LOOKS[what]
        look = {"color": style.colour(role), "linestyle": "", "markersize": 5.5}
        axes.plot(numbers, rows, marks[what], label=text, **look)
    axes.set_xscale("log")
    axes.set(xlabel="multiply–accumulates")
    axes.set_yticks(list(rows), NETWORKS)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    style.coloured_legend(canvas, loc="outside upper center", ncols=3)
    ratio = {
        name: removed / designed
        for name, removed, designed in zip(
            NETWORKS, totals["removed"], totals["as designed"], strict=True
        )
    }
    at = NETWORKS.index("vgg16")
    return Drawing(
        canvas,
        {"network": list(NETWORKS), **totals},
        {
            "least": min(totals["as designed"]),
            "largest": max(totals["as designed"]),
            **{name: ratio[name] for name in ("lenet5", "vgg16", "resnet50")},
            "strides": totals["stride"][at] / totals["as designed"][at],
        },
    )


# How the counters' marks look.
MARKS = {
    "torch": ("ink", "o"),
    "fvcore": ("single", "s"),
    "torchinfo": ("mean", "^"),
    "thop": ("known", "D"),
    "ptflops": ("max", "v"),
}


@figure(
    title="Ours against other counters",
    caption="How many more operations {counters:d} other counters find than we do, for each "
    "of these convolutional networks as designed, in per cent of ours. The largest lead is "
    "{most:.1%}. Each difference is explained to the last operation by what the counter counts "
    "besides.",
    alt="A dot plot, one row a network, one mark for each of {counters:d} counters. {equal:d} of "
    "{all:d} marks lie at 0%. The farthest to the right lies at {most:.1%}.",
)
def counters_compared() -> Drawing:
    """Draw the differences between the counters."""
    found = compared()
    canvas, axes = style.canvas(height=4.2)
    counts: dict[str, list[int]] = {}
    for counter, (role, mark) in MARKS.items():
        rows = [row for row in found if row.counter == counter]
        leads = [row.difference / row.ours for row in rows]
        name = COUNTERS[counter].name
        look = {"color": style.colour(role), "linestyle": "", "markersize": 5.5}
        axes.plot(leads, range(len(rows)), mark, label=name, **look)
        counts[name] = [row.macs for row in rows]
    axes.set(xlabel="more than ours")
    axes.set_xscale("symlog", linthresh=0.001)
    axes.set_xticks([0, 0.001, 0.01, 0.1])
    style.percent_axis(axes.xaxis)
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.1%}")
    axes.set_yticks(range(len(NETWORKS)), NETWORKS)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    style.coloured_legend(canvas, loc="outside upper center", ncols=3)
    ours = [row.ours for row in found if row.counter == "torch"]
    return Drawing(
        canvas,
        {"network": list(NETWORKS), "ours": ours, **counts},
        {
            "counters": len(MARKS),
            "most": max(row.difference / row.ours for row in found),
            "equal": sum(row.difference == 0 for row in found),
            "all": len(found),
        },
    )


@figure(
    title="Time against the count",
    caption="Processor time of a forward pass in PyTorch, against the multiply–accumulates: "
    "{networks:d} networks without their dense layers, pictures of {smallest:d} to {largest:d} "
    "pixels a side, one core of an {cpu}, {date}. Their logarithms correlate at {correlation:.3f}; "
    "ten times the count takes {tenfold:.1f} times as long. Yet per multiplication one pass takes "
    "up to {spread:.1f} times as long as another. At {size:d} × {size:d}, VGG-16 without "
    "pools counts {count_ratio:.0f} times as many, and takes {time_ratio:.0f} times as long.",
    alt="A scatter plot on logarithmic scales, {points:d} points around one straight line from "
    "{fastest:.2g} to {slowest:.2g} milliseconds. Networks with pools, with strides and without "
    "pools lie around the same line.",
)
def time_against_count() -> Drawing:
    """Draw the recorded times of forward passes against the counts."""
    runs, record = forward.measured(), forward.recorded()
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
    axes.set(xscale="log", yscale="log", xlabel="multiply–accumulates", ylabel="milliseconds")
    style.coloured_legend(axes, loc="upper left")
    columns = {
        name: [getattr(run, name) for run in runs] for name in ("network", "pooling", "size")
    }
    size = max(columns["size"])
    saved = forward.saved("vgg16", size)
    return Drawing(
        canvas,
        columns | {"multiply–accumulates": [run.macs for run in runs], "milliseconds": ms},
        {
            "networks": len(set(columns["network"])),
            "smallest": min(columns["size"]),
            "largest": max(columns["size"]),
            "cpu": record["machine"]["cpu"],
            "date": record["date"],
            "correlation": forward.log_correlation(runs),
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
    six_equal_layers,
    networks_compared,
    budget_depth,
    first_dense_layer,
    activations_held,
    field_against_depth,
    counters_compared,
    time_against_count,
)
