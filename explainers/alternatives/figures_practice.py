"""The chapter's figures on use: time, regions, what is rebuilt, gradients, today's networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explainers.alternatives import rebuilding, regions, timed, today, traffic
from explainers.drawing import labels, style
from explainers.drawing.rendering import Drawing
from explainers.intervals import Interval
from explainers.kinds import Choice, Number, Whole
from explainers.maps import smooth_maps
from explainers.records import figure
from explainers.wording import how_many

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMES = {
    "alexnet": "AlexNet",
    "vgg11": "VGG-11",
    "vgg16": "VGG-16",
    "resnet18": "ResNet-18",
    "resnet50": "ResNet-50",
}
MARKS = {"operations": "o", "bytes": "s", "time, channels last": "^", "time, channels first": "D"}
ROLES = {
    "operations": "muted",
    "bytes": "mean",
    "time, channels last": "single",
    "time, channels first": "max",
}
KEPT_ROLES = {
    "mean": "mean",
    "max": "max",
    "max and indices": "known",
    "every second value": "single",
}
KEPT_MARKS = {"mean": "s", "max": "D", "max and indices": "o", "every second value": "^"}
WAY_ROLES = {
    "max": "max",
    "mean": "mean",
    "stride": "single",
    "merge": "muted",
    "attention": "known",
}

Size = Annotated[int, Choice(timed.SIZES, "height and width of the picture")]


# ---- Time, not operations ----


@figure(
    title="What poolings take of a network: little of the operations, more of the bytes and time",
    caption="Share of the poolings, before the dense layers, at {size} × {size}, on a logarithmic "
    "scale. In VGG-16: of the operations {operations:.3%}, of the bytes that its layers move "
    "{bytes:.1%}, of the recorded time {last:.1%} if maps lie pixel by pixel (channels last), and "
    "{first:.1%} if they lie channel by channel (channels first). PyTorch on one core, {rounds:d} "
    "rounds; bars: half of the rounds.",
    alt="Four marks for each of five networks. For VGG-16 the poolings have {operations:.3%} of "
    "the operations, {bytes:.1%} of the bytes, {last:.1%} of the time with channels last and "
    "{first:.1%} with channels first. For ResNet-50 it is {resnet_operations:.3%}, "
    "{resnet_bytes:.1%}, {resnet_last:.1%} and {resnet_first:.1%}.",
)
def time_beside_operations(size: Size = 224) -> Drawing:
    """Draw the shares of operations, bytes and time, network by network."""
    shares = {network: _shares(network, size) for network in timed.TIMED}
    canvas, axes = style.canvas(height=3.7)
    places = np.arange(len(shares))[::-1]
    for name, mark in MARKS.items():
        colour = style.colour(ROLES[name])
        found = [each[name] for each in shares.values()]
        values = np.array([each.value for each in found])
        aside = [
            [each.value - each.low for each in found],
            [each.high - each.value for each in found],
        ]
        axes.errorbar(values, places, xerr=aside, fmt=mark, color=colour, label=name, markersize=5)
    axes.set_xscale("log")
    axes.set_xticks([1e-4, 1e-3, 1e-2, 1e-1], ["0.01%", "0.1%", "1%", "10%"])
    axes.minorticks_off()
    axes.set_yticks(places, [NAMES[network] for network in shares])
    axes.set(xlabel="share of the poolings", xlim=(1e-4, 0.6), ylim=(-0.5, len(shares) - 0.5))
    _key_of_marks(axes, MARKS, ROLES)
    vgg, resnet = shares["vgg16"], shares["resnet50"]
    columns = {
        f"{name}{end}": [getattr(each[name], part) for each in shares.values()]
        for name in MARKS
        for end, part in (("", "value"), ("_low", "low"), ("_high", "high"))
        if not end or name.startswith("time")
    }
    shorts = dict(zip(("operations", "bytes", "last", "first"), MARKS, strict=True))
    return Drawing(
        canvas,
        {"network": list(shares), **columns},
        {
            "rounds": timed.recorded()["rounds"],
            **{short: vgg[name].value for short, name in shorts.items()},
            **{f"resnet_{short}": resnet[name].value for short, name in shorts.items()},
        },
    )


def _shares(network: str, size: int) -> Mapping[str, Interval[float]]:
    counted = traffic.pools_share(network, size)
    made, moved = float(counted.operations), float(counted.moved)
    first, last = (timed.inside(network, layout, size).share for layout in timed.LAYOUTS)
    shares = (Interval(made, made, made), Interval(moved, moved, moved), last, first)
    return dict(zip(MARKS, shares, strict=True))


def _key_of_marks(axes: Axes, marks: Mapping[str, str], roles: Mapping[str, str]) -> None:
    """Name marks above a panel, two in a row."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker=mark, linestyle="", color=style.colour(roles[name]), label=name)
        for name, mark in marks.items()
    ]
    key = {"handles": handles, "ncols": 2, "loc": "lower left", "bbox_to_anchor": (0, 1)}
    for text, handle in zip(axes.legend(**key).get_texts(), handles, strict=True):
        text.set_color(handle.get_color())
        text.set_fontweight("bold")


@figure(
    title="A pooling computes little with each byte that it moves",
    caption="Operations for each byte that a layer of VGG-16 has to read or write, in float32, at "
    "{size} × {size}, on a logarithmic scale. Convolutions make {least:.1f} to {most:.0f}, "
    "poolings {pool:.2f}, dense layers {dense:.2f}, since they use each weight once.",
    alt="Marks for {rows:d} layers. Poolings lie at {pool:.2f} operations a byte, dense layers at "
    "{dense:.2f}, convolutions between {least:.1f} and {most:.0f}.",
)
def operations_a_byte(
    size: Annotated[int, Whole(32, 1024, "height and width of the picture")] = 224,
) -> Drawing:
    """Draw the operations a byte of each layer of VGG-16."""
    rows = traffic.traffic("vgg16", size)
    made = [float(row.intensity) for row in rows]
    marks = {"convolution": "o", "pool": "D", "dense": "s"}
    roles = {"convolution": "single", "pool": "max", "dense": "muted"}
    canvas, axes = style.canvas(height=3.6)
    for kind, mark in marks.items():
        at = [i for i, row in enumerate(rows) if row.kind == kind]
        axes.plot(at, [made[i] for i in at], mark, color=style.colour(roles[kind]), markersize=5)
    axes.set_yscale("log")
    axes.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    axes.minorticks_off()
    axes.set_xticks(range(len(rows)), [row.name for row in rows], rotation=90)
    axes.set(ylabel="operations a byte", ylim=(0.05, 2 * max(made)))
    _key_of_marks(axes, marks, roles)
    of = {
        kind: [n for n, row in zip(made, rows, strict=True) if row.kind == kind] for kind in marks
    }
    return Drawing(
        canvas,
        {"layer": [row.name for row in rows], "kind": [row.kind for row in rows], "a byte": made},
        {
            "rows": len(rows),
            "least": min(of["convolution"]),
            "most": max(of["convolution"]),
            "pool": max(of["pool"]),
            "dense": max(of["dense"]),
        },
    )


# ---- Regions ----


@figure(
    title="RoI pooling looks beside the parts of a region",
    caption="A region of {side:d} pixels in {parts_said}, on a map with one value for every "
    "{stride:d} pixels (light lines). Upper bars: each part. Lower bars: the pixels that RoI "
    "pooling looks at for it, of rounded ends and whole cells. The middle is {first:.1f} pixels "
    "off for the first part and {last:.1f} for the last. RoI alignment looks at the middle of each "
    "part.",
    alt="Bars in pairs, one pair for each part, {parts_said} in all. A part is {part:.1f} pixels "
    "long. What RoI pooling looks at for it is {looked:.0f} pixels long on average; its middle "
    "lies {first:.1f} pixels off for the first part and {last:.1f} for the last.",
)
def regions_off(
    place: Annotated[int, Whole(0, 200, "where the region begins, in pixels")] = 20,
    side: Annotated[int, Whole(8, 400, "side of the region, in pixels")] = 100,
    parts: Annotated[int, Whole(1, 14, "parts along the axis")] = 7,
    stride: Annotated[int, Whole(4, 32, "pixels for each value of the map")] = 16,
) -> Drawing:
    """Draw the parts of a region, and what is looked at for each."""
    seen = regions.rounded(place, side, parts=parts, stride=stride)
    start, end = seen.start * stride, seen.end * stride
    part = np.arange(parts)
    own, length = place + part * side / parts, side / parts
    canvas, axes = style.canvas(height=1.3 + 0.33 * parts)
    axes.barh(part - 0.17, np.full(parts, length), 0.3, own, color=style.colour("mean"))
    axes.barh(part + 0.17, end - start, 0.3, start, color=style.colour("max"))
    edge = int(max(end.max(), place + side))
    axes.set_xticks(np.arange(0, edge + stride, stride), minor=True)
    axes.grid(True, axis="x", which="minor")
    axes.grid(visible=False, axis="y")
    axes.tick_params(which="minor", length=0)
    axes.set_yticks(part, [str(i + 1) for i in part])
    axes.set(ylabel="part", xlabel="pixels of the picture", xlim=(0, edge + stride / 2))
    axes.invert_yaxis()
    marks = {"the part": "s", "looked at": "s"}
    _key_of_marks(axes, marks, {"the part": "mean", "looked at": "max"})
    off = regions.misplaced(place, side, parts=parts, stride=stride)
    return Drawing(
        canvas,
        {
            "part": part + 1,
            "from": own,
            "to": own + length,
            "looked_from": start,
            "looked_to": end,
            "off": off,
        },
        {
            "parts_said": how_many(parts, "part"),
            "part": length,
            "looked": float((end - start).mean()),
            "first": float(off[0]),
            "last": float(off[-1]),
        },
    )


# ---- Rebuilt ----


@figure(
    title="What is rebuilt from means, maxima, and maxima with their indices",
    caption="Error of the best linear read-out of what was kept of windows of {window:d} × "
    "{window:d}, in standard deviations of the picture; {pictures:d} random pictures, half of them "
    "to fit it. Independent values: {noise_indices:.2f} from maxima with indices, {noise_mean:.2f} "
    "from means. Smooth pictures: {smooth_indices:.2f} and {smooth_mean:.2f}.",
    alt="Four marks for each of four kinds of picture. Waves as in nature: means "
    "{natural_mean:.2f}, maxima {natural_max:.2f}, with indices {natural_indices:.2f}. Smooth: "
    "{smooth_mean:.2f}, {smooth_max:.2f}, {smooth_indices:.2f}. Independent values: "
    "{noise_mean:.2f}, {noise_max:.2f}, {noise_indices:.2f}.",
)
def rebuilt_with_indices(
    window: Annotated[int, Choice((2, 4), "height and width of the windows")] = 2,
    pictures: Annotated[int, Whole(20, 200, "random pictures")] = 60,
) -> Drawing:
    """Draw the errors of what is rebuilt, by kind of picture."""
    names = {
        "natural": "waves as in nature",
        "smooth": "smooth",
        "noise": "independent values",
        "rectified": "these, rectified",
    }
    found = {
        kept: [rebuilding.rebuilt(kept, window, picture=p, maps=pictures) for p in names]
        for kept in rebuilding.KEPT
    }
    canvas, axes = style.canvas(height=3.2)
    places = np.arange(len(names))[::-1]
    for kept, errors in found.items():
        look: dict[str, Any] = {"color": style.colour(KEPT_ROLES[kept]), "markersize": 6}
        axes.plot([each.value for each in errors], places, KEPT_MARKS[kept], **look)
    axes.set_yticks(places, list(names.values()))
    axes.set(xlim=(0, 1.05), ylim=(-0.5, len(names) - 0.5))
    axes.set_xlabel("error, in standard deviations")
    _key_of_marks(axes, KEPT_MARKS, KEPT_ROLES)
    shorts = {"mean": "mean", "max": "max", "indices": "max and indices"}
    kinds = {kind: i for i, kind in enumerate(names)}
    return Drawing(
        canvas,
        {
            "picture": list(names),
            **{
                f"{kept}{end}": [each[i] for each in errors]
                for kept, errors in found.items()
                for i, end in enumerate(("", "_low", "_high"))
            },
        },
        {
            f"{kind}_{short}": found[kept][i].value
            for kind, i in kinds.items()
            for short, kept in shorts.items()
        },
    )


# ---- The gradient ----


@figure(
    title="Where a gradient arrives that comes back through a halving",
    caption="Each square is a value of the map, {size:d} × {size:d} of it: the fuller, the more of "
    "an even gradient reaches it. Mean: all alike. Max and blurred max: {max:.0%} and "
    "{blurred:.0%} of the values, by the map. Every second value: the same quarter each time. "
    "Convolutions of stride 2, all weights alike: chequered for kernels of 3 × 3, even for 4 × 4. "
    "The map is smooth over {length_said}.",
    alt="Six grids of {size:d} × {size:d} squares. For the mean and for kernels of 4 × 4 all are "
    "alike. For kernels of 3 × 3 they repeat in cells, with weights of 1, 2, 2 and 4. For every "
    "second value one square in four is filled. For the max {max:.0%} of the squares are filled, "
    "at irregular places, and for the blurred max {blurred:.0%}.",
)
def gradient_by_place(
    length: Annotated[float, Number(0, 2, "correlation length of the map, in pixels")] = 1.0,
) -> Drawing:
    """Draw the gradient that reaches each value of a map, for six ways to halve it."""
    size = 12
    given = smooth_maps(1, size, length, 3)
    upstream = np.ones((1, size // 2, size // 2))
    names = {
        "mean": "mean",
        "max": "max",
        "blurred max": "blurred max",
        "every second value": "every second value",
        "convolution 3": "kernels of 3 × 3",
        "convolution 4": "kernels of 4 × 4",
    }
    roles = {"mean": "mean", "max": "max", "blurred max": "max"}
    found = {down: rebuilding.passed_back(down, given, upstream)[0] for down in names}
    canvas, grid = style.canvas(3, 2, height=5.0)
    for axes, (down, gradient) in zip(grid.ravel(), found.items(), strict=True):
        _squares(axes, gradient / gradient.max(), style.colour(roles.get(down, "single")))
        axes.set_title(names[down])
    row, column = np.indices((size, size)).reshape(2, -1)
    return Drawing(
        canvas,
        {"row": row, "column": column, **{d: g.ravel() for d, g in found.items()}},
        {
            "size": size,
            "length_said": how_many(length, "pixel"),
            "max": float((found["max"] != 0).mean()),
            "blurred": float((found["blurred max"] != 0).mean()),
        },
    )


def _squares(axes: Axes, shades: Any, colour: str) -> None:
    """Fill squares, the more the darker; those without any stay empty."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    places = [(i, j) for (i, j), shade in np.ndenumerate(shades) if shade > 0]
    boxes = [Rectangle((j + 0.06, i + 0.06), 0.88, 0.88) for i, j in places]
    alpha = [0.15 + 0.85 * float(shades[place]) for place in places]
    axes.add_collection(PatchCollection(boxes, facecolor=colour, alpha=alpha, linewidth=0))
    side = len(shades)
    axes.set(xlim=(0, side), ylim=(side, 0), aspect="equal")
    style.picture_axes(axes)


# ---- The place ----


@figure(
    title="A place by spatial softmax, beside what is read behind a pool",
    caption="Error of a feature's place, in pixels, by how wide the feature is; 0 is a single "
    "pixel. Noise {noise:.0%} of its height. The soft-argmax reads the whole map at its best "
    "temperature; the others are the best linear read-outs of the pooled map, and with a skip "
    "connection of the map itself. A single pixel: {soft:.2f} by soft-argmax, {max:.2f} behind a "
    "max. 2 pixels wide: {soft_wide:.2f}, {max_wide:.2f}.",
    alt="Five curves over the width of a feature, from 0 to 3 pixels. For a single pixel the error "
    "is {soft:.2f} of a pixel by soft-argmax, {max:.2f} behind a max, {mean:.2f} behind a mean. "
    "For 2 pixels it is {soft_wide:.2f}, {max_wide:.2f} and {mean_wide:.2f}.",
)
def place_beside_pools(
    noise: Annotated[float, Number(0.01, 0.3, "noise, as a share of the feature's height")] = 0.1,
) -> Drawing:
    """Draw errors of the place against the width of the feature."""
    widths = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
    reads = {
        pool: [rebuilding.read_place(pool, width=w, noise=noise, samples=1000) for w in widths]
        for pool in ("max", "mean", "strided convolution")
    }
    curves: dict[str, list[float]] = {
        "soft-argmax": [each.soft.value for each in reads["max"]],
        **{
            f"behind {pool}": [each.pooled.value for each in found] for pool, found in reads.items()
        },
        "skip connection": [each.skip.value for each in reads["max"]],
    }
    looks = (
        ("known", style.SOLID),
        ("max", style.SOLID),
        ("mean", style.DASHED),
        ("single", style.DASHED),
        ("muted", style.DOTTED),
    )
    canvas, axes = style.canvas(height=3.8)
    for (name, errors), (role, line) in zip(curves.items(), looks, strict=True):
        axes.plot(widths, errors, color=style.colour(role), linestyle=line, label=name)
    axes.set(xlabel="width of the feature, pixels", ylabel="error of the place, pixels")
    axes.set_ylim(0, None)
    labels.key_above(canvas)
    two = widths.index(2.0)
    shorts = {"soft": "soft-argmax", "max": "behind max", "mean": "behind mean"}
    return Drawing(
        canvas,
        {"width": list(widths), **curves},
        {
            **{short: curves[name][0] for short, name in shorts.items()},
            **{f"{short}_wide": curves[name][two] for short, name in shorts.items()},
        },
    )


# ---- Today ----


@figure(
    title="Where today's networks pool, stride, merge and attend",
    caption="How places become fewer in {networks:d} networks: in the first step from the picture "
    "or signal, between stages, inside blocks, and at the end. Between stages {max:d} take a max, "
    "{stride:d} a stride and {merge:d} merge; at the end {mean:d} take a mean and {attention:d} "
    "attention. Each cell was read in code or a paper, the last time on {verified}.",
    alt="A table of {networks:d} networks with four columns of coloured words. Between stages: "
    "stride {stride:d} times, max {max:d} times, merge {merge_said}. At the end: mean {mean:d} "
    "times, attention {attention:d} times, max {max_said}.",
)
def networks_today() -> Drawing:
    """Draw a word for each step of each network."""
    rows = today.NETWORKS
    canvas, axes = style.canvas(height=0.9 + 0.27 * len(rows))
    heads = ("first", "between", "inside", "end")
    for i, network in enumerate(rows):
        for j, way in enumerate(network.ways):
            _cell(axes, j, i, way)
    axes.set_yticks(range(len(rows)), [network.name for network in rows])
    axes.set_xticks(range(len(heads)), heads)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set(xlim=(-0.5, len(heads) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return Drawing(
        canvas,
        {
            "network": [f"{network.name} ({network.year})" for network in rows],
            "for": [network.task for network in rows],
            "first step": [network.first.how for network in rows],
            "between stages": [network.between.how for network in rows],
            "inside blocks": [network.within.how for network in rows],
            "at the end": [network.last.how for network in rows],
            "read in": [network.read for network in rows],
        },
        {
            "networks": len(rows),
            "verified": today.VERIFIED,
            **{way: today.counted("between", way) for way in ("max", "stride", "merge")},
            **{way: today.counted("last", way) for way in ("mean", "attention")},
            "merge_said": how_many(today.counted("between", "merge"), "time"),
            "max_said": how_many(today.counted("last", "max"), "time"),
        },
    )


def _cell(axes: Axes, column: int, row: int, way: str) -> None:
    from matplotlib.patches import Rectangle

    if way == "none":
        axes.text(column, row, "–", color=style.colour("muted"), ha="center", va="center")
        return
    role = WAY_ROLES[way]
    box = Rectangle((column - 0.47, row - 0.42), 0.94, 0.84, color=style.colour(role), linewidth=0)
    axes.add_patch(box)
    look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "fontweight": "bold"}
    axes.text(column, row, way, color=style.on_fill(role), **look)


FIGURES: Sequence[Any] = (
    time_beside_operations,
    operations_a_byte,
    regions_off,
    rebuilt_with_indices,
    gradient_by_place,
    place_beside_pools,
    networks_today,
)
