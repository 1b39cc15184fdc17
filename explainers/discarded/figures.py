"""The chapter's figures."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explainers import flower
from explainers.checks import Floats, Ints
from explainers.discarded import counts, measured, model, pictures
from explainers.discarded.gradients import gradient_share, winners
from explainers.drawing import style
from explainers.drawing.rendering import Drawing
from explainers.kinds import Number, Whole
from explainers.maps import busy_maps, smooth_maps
from explainers.operators import avg_pool2d, max_pool2d
from explainers.pictures import Picture
from explainers.records import figure
from explainers.wording import every, how_many, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Maps = Annotated[int, Whole(2, 500, "random maps")]
Draws = Annotated[int, Whole(8, 5000, "features to fit, and as many to test")]
Seed = Annotated[int, Whole(0, 2**31, "seed of the random numbers")]
Doublings = Annotated[int, Whole(1, 3, "the window's side is 2 to this power")]

# Which colour a summary of a window has, how its line is drawn, and what it is called.
LOOKS: dict[str, tuple[str, Any, str]] = {
    "mean": ("mean", style.DASHED, "mean"),
    "median": ("known", style.DOTTED, "median"),
    "subsample": ("single", style.SOLID, "every second value"),
    "max": ("max", style.SOLID, "max"),
}
CROP = (slice(78, 366), slice(162, 450))  # the flower's disc: 288 × 288 pixels
MOVED = (slice(78, 366), slice(162, 451))  # and a column that a move brings into sight


@figure(
    title="Each window's largest value goes on and gets the gradient",
    caption="One random map of 8 × 8, twice. Outlined: the largest value of each window. Of 2 × 2 "
    "windows {won:d} of {places:d} values go on, and receive all of the gradient. Windows of 3 × 3 "
    "with stride 2, padded by 1, overlap, and a value may win several: it says how many. Of "
    "{outputs:d} windows {distinct:d} different values go on. Dashed: the windows of a value that "
    "wins most, {most:d}.",
    alt="Two grids of 8 by 8 numbers. In the first one, one number in each window of 2 by 2 is "
    "outlined, {won:d} of {places:d}. In the second one those that win a window of 3 by 3 are "
    "outlined: {distinct:d} win {outputs:d} windows, one of them {most:d}; these windows are "
    "drawn.",
)
def winners_in_one_map(seed: Seed = 147) -> Drawing:
    """Draw a map with the winners of its windows, side by side and overlapping."""
    values = smooth_maps(1, 8, 0.6, seed)[0]
    beside, overlapping = winners(values, 2), winners(values, 3, 2, 1)
    canvas, (left, right) = style.canvas(2, height=3.85)
    for axes, won in ((left, beside), (right, overlapping)):
        _cells(axes, values, won > 0, [*map(_with_wins, values, won)])
    edges: dict[str, Any] = {"color": style.colour("single"), "linewidth": 1.6, "clip_on": False}
    left.hlines(range(0, 9, 2), 0, 8, **edges)
    left.vlines(range(0, 9, 2), 0, 8, **edges)
    for top, start in _windows_of(values, overlapping):
        x, y = np.clip([start, start + 3], 0, 8), np.clip([top, top + 3], 0, 8)
        right.plot(x[[0, 1, 1, 0, 0]], y[[0, 0, 1, 1, 0]], linestyle=style.DASHED, **edges)
    for axes, name, won in ((left, "2 × 2", beside), (right, "3 × 3, stride 2", overlapping)):
        axes.set_title(f"{name}: {how_many(int((won > 0).sum()), 'winner')}")
    rows, columns = np.indices(values.shape)
    return Drawing(
        canvas,
        {
            "row": rows.ravel(),
            "column": columns.ravel(),
            "value": values.ravel(),
            "wins_2x2": beside.ravel(),
            "wins_3x3": overlapping.ravel(),
        },
        {
            "won": int((beside > 0).sum()),
            "places": values.size,
            "outputs": int(overlapping.sum()),
            "distinct": int((overlapping > 0).sum()),
            "most": int(overlapping.max()),
        },
    )


def _with_wins(values: Floats, won: Ints) -> list[str]:
    """Write each value, and below it how many windows it wins, if several."""
    return [
        f"{value:.1f}".replace("-", "−") + (f"\nin {wins}" if wins > 1 else "")
        for value, wins in zip(values.round(1) + 0.0, won, strict=True)  # no −0.0
    ]


def _windows_of(values: Floats, won: Ints) -> list[tuple[int, int]]:
    """Return the corners of the windows that the most frequent winner wins; 3 × 3, stride 2."""
    row, column = np.unravel_index(won.argmax(), won.shape)
    top = values[row, column]
    return [
        (r, c)
        for r, c in product(range(-1, len(values) - 1, 2), repeat=2)
        if r <= row < r + 3
        and c <= column < c + 3
        and values[max(r, 0) : r + 3, max(c, 0) : c + 3].max() == top
    ]


@figure(
    title="Two pictures, one pooled image",
    caption="{subject}; another "
    "picture, {differ:.0%} of its values different; and what max pooling over {window:d} × "
    "{window:d} makes of both, the same to the last bit. The number of pictures of "
    "256 grey values, as large as this one, that it makes this of has "
    "{alike:,d} digits.",
    alt="Three grey pictures of {short}. The first is {first}. The second is darker and "
    "full of noise: {differ:.0%} of its values differ, by {distance:.2f} standard deviations "
    "(RMS). The third is the max-pooled image of both, windows of {window:d} by {window:d}: "
    "{values:,d} values.",
)
def one_pooled_image(
    doublings: Doublings = 2, seed: Seed = 0, *, picture: Picture | None = None
) -> Drawing:
    """Draw a picture, another one with the same max-pooled image, and that image."""
    window, seen = 2**doublings, picture or _dahlia()
    photo = np.rint(measured.cut(seen.grey[CROP] if picture is None else seen.grey, window) * 255)
    other = _another(photo, window, seed)
    image, image_of_other = max_pool2d(photo, window), max_pool2d(other, window)
    canvas, panels = style.canvas(3, height=2.75)
    first = "the photograph" if picture is None else "the picture"
    titles = (first, "another picture", f"max-pooled {window} × {window}, both")
    for axes, title, picture in zip(panels, titles, (photo, other, image), strict=True):
        axes.imshow(picture, cmap="gray", vmin=0, vmax=255)
        axes.set_title(title)
        style.picture_axes(axes)
    rows, columns = np.indices(image.shape)
    return Drawing(
        canvas,
        {
            "row": rows.ravel(),
            "column": columns.ravel(),
            "max_of_photograph": image.ravel(),
            "max_of_other": image_of_other.ravel(),
        },
        {
            "window": window,
            "differ": float((other != photo).mean()),
            "distance": float(np.sqrt(((other - photo) ** 2).mean()) / photo.std()),
            "alike": counts.digits(counts.maps_with_one_image(image, window)),
            "values": image.size,
            "subject": seen.subject,
            "short": seen.short,
            "first": first,
        },
    )


@figure(
    title="The max tells much where detectors fire rarely, else little",
    caption="Information that is kept of a window of {window:d} × {window:d} detectors which fire "
    "independently, against how often they do; the mean is kept exactly. Where they fire at "
    "{often} of the places the max keeps {max_rare:.2f} bits, the mean {mean_rare:.2f}, {some} "
    "{subsample_rare:.2f}. Where they fire more often than {cross:.1%}, the max keeps less than "
    "{some}.",
    alt="Bits kept against the firing rate, three humps. At {often} the max keeps "
    "{max_rare:.2f} bits, the mean {mean_rare:.2f}, and {some} {subsample_rare:.2f}. The max falls "
    "below {some} at {cross:.1%}; at 50% it keeps {max_half:.2f}, the mean {mean_half:.2f}.",
)
def kept_bits(
    window: Annotated[int, Whole(2, 4, "side of the window")] = 2,
    rare: Annotated[float, Number(0.01, 0.2, "the firing rate named in the caption")] = 0.05,
) -> Drawing:
    """Draw the information kept of a window of detectors against their firing rate."""
    rates = np.linspace(0, 1, 201)
    kept = {name: counts.kept_bits_binary(name, window, rates) for name in model.SUMMARIES}
    canvas, axes = style.canvas(height=3.3)
    for name in ("mean", "max", "subsample"):
        (role, line, _), label = LOOKS[name], _label(name, window)
        axes.plot(rates, kept[name], color=style.colour(role), linestyle=line, label=label)
    axes.set(xlabel="share of the detectors that fire", ylabel="bits kept of a window")
    top = max(bits.max() for bits in kept.values())
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.04 * top, 1.06 * top))
    style.percent_axis(axes.xaxis)
    style.coloured_legend(canvas, handles=axes.lines, loc="outside upper center", ncols=3)
    cross = _first_crossing(rates, kept["subsample"] - kept["max"])
    axes.axvline(cross, color=style.colour("muted"), linestyle=style.DOTTED, linewidth=1)
    said: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "va": "bottom", "fontsize": 9}
    axes.text(cross, 1, f"from {cross:.1%}, max below {every(window)}", **said)
    numbers = {f"{name}_half": bits[100] for name, bits in kept.items()}
    for name in kept:
        numbers[f"{name}_rare"] = float(counts.kept_bits_binary(name, window, rare))
    return Drawing(
        canvas,
        {"rate": rates, **kept},
        numbers | {"cross": cross, "often": percent(rare), "some": every(window)},
    )


def _label(name: str, window: int) -> str:
    """What a summary of a window is called."""
    return every(window) if name == "subsample" else LOOKS[name][2]


def _first_crossing(x: Floats, rising: Floats) -> float:
    """Where a function first goes from below 0 to above, linear between its points."""
    at = int(np.argmax((rising[:-1] < 0) & (rising[1:] >= 0)))
    part = -rising[at] / (rising[at + 1] - rising[at])
    return float(x[at] + part * (x[at + 1] - x[at]))


@figure(
    title="More channels keep more of a window's places",
    caption="Places kept: those of a window that some channel's max comes from; with {counted} "
    "{two:.0%} of a 2 × 2 window's, {three:.0%} of a 3 × 3 window's, {four:.0%} of a 4 × 4 "
    "window's. One of two peaks is lost if they are in the same window. Of one channel and one "
    "pixel apart, in {lost:.0%} of the placements for 2 × 2; of two channels, never.",
    alt="Places kept: rising curves of the share of places kept against channels, from 1 to 256. "
    "With {counted}: {two:.0%} for 2 by 2, {three:.0%} for 3 by 3, {four:.0%} for 4 by 4. Peaks "
    "lost: lines falling with the distance of two peaks, {lost:.0%} at one pixel for 2 by 2, 0% "
    "from the window's width on; a flat line at 0% for two channels.",
)
def survivors_by_channel(
    channels: Annotated[int, Whole(1, 256, "channels named in the caption")] = 8,
) -> Drawing:
    """Draw the places that several channels keep, and the peaks that one channel loses."""
    windows, numbers = (2, 3, 4), 2 ** np.arange(9)
    canvas, (left, right) = style.canvas(2, height=3.5)
    table: dict[str, Any] = {"channels": numbers, "apart": np.arange(9)}
    for window, line in zip(windows, (style.SOLID, style.DASHED, style.DOTTED), strict=True):
        shown = {"color": style.colour("max"), "linestyle": line, "label": f"{window} × {window}"}
        share = [_places_kept(window, int(c)) for c in numbers]
        lost = [float(model.share_a_window(window, dx=int(d))) for d in np.arange(9)]
        left.plot(numbers, share, **shown)
        right.plot(np.arange(window + 1), lost[: window + 1], **shown)
        table |= {f"kept_{window}": share, f"lost_{window}": lost}
    blue = style.colour("single")
    above: dict[str, Any] = {"clip_on": False, "zorder": 3}  # above the axis
    right.plot((0, 5), (0, 0), color=blue, linewidth=4, label="two channels: none lost", **above)
    style.coloured_legend(canvas, handles=right.lines, loc="outside upper center", ncols=2)
    left.set(title="Places kept", xlabel="channels", xscale="log", xlim=(1, 350), ylim=(0, 1.02))
    left.set_xticks([1, 4, 16, 64, 256], ["1", "4", "16", "64", "256"])
    left.set_xticks([], minor=True)
    right.set(title="One of two peaks lost, share of placements", xlabel="apart, pixels")
    right.set(xlim=(0, 5), ylim=(0, 1.02))
    for axes in (left, right):
        style.percent_axis(axes.yaxis)
    names = zip(("two", "three", "four"), windows, strict=True)
    return Drawing(
        canvas,
        table,
        {n: _places_kept(k, channels) for n, k in names}
        | {"lost": table["lost_2"][1], "counted": _independent(channels)},
    )


def _independent(channels: int) -> str:
    return how_many(channels, "channel" if channels == 1 else "independent channel")


def _places_kept(window: int, channels: int) -> float:
    """Share of a window's places that some channel's max comes from."""
    return float(model.distinct_survivors(window**2, channels) / window**2)


@figure(
    title="Wider windows pass gradient to fewer values",
    caption="Share of the values of a busy map that receive gradient through max pooling, by "
    "window and stride. Lines: the law; dots: {maps:d} random maps. With stride 2, windows of "
    "2 × 2 reach {beside:.0%}, windows of 3 × 3 {overlap:.1%} and of 4 × 4 {four:.1%}.",
    alt="Three falling lines against the window's side, for strides 1, 2 and 3, with dots along "
    "them. With stride 2, {beside:.1%} of the values receive gradient from windows of 1 and 2, "
    "{overlap:.1%} from 3, {four:.1%} from 4. With stride 1, {dense:.1%} from windows of 2.",
)
def gradient_shares(maps: Maps = 20, seed: Seed = 0) -> Drawing:
    """Draw the share of values that receive gradient, by window and stride."""
    kernels = np.arange(1, 9)
    canvas, axes = style.canvas(height=3.4)
    table: dict[str, Any] = {"kernel_size": kernels}
    for stride, shade in ((1, 0.5), (2, 1.0), (3, 0.7)):
        inside = kernels <= 4 * stride
        law = [float(gradient_share(int(k), stride)) for k in kernels[inside]]
        found = [_reached(int(k), stride, maps, seed) for k in kernels[inside]]
        shown = {"color": style.colour("max"), "alpha": shade}
        axes.plot(kernels[inside], law, **shown)
        axes.plot(kernels[inside], found, "o", markersize=4, **shown)
        style.direct_label(axes, 1, law[0], f"stride {stride}: {law[0]:.0%}", "max", va="bottom")
        missing = [None] * int((~inside).sum())
        table |= {f"law_{stride}": [*law, *missing], f"found_{stride}": [*found, *missing]}
    axes.set(xlabel="side of the window", ylabel="values that receive gradient", ylim=(0, 1.08))
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.set(xlim=(0.8, 8.2), xticks=kernels)
    style.percent_axis(axes.yaxis)
    return Drawing(
        canvas,
        table,
        {
            "beside": table["law_2"][1],
            "overlap": table["law_2"][2],
            "four": table["law_2"][3],
            "dense": table["law_1"][1],
        },
    )


def _reached(kernel: int, stride: int, maps: int, seed: int) -> float:
    """Share of the values of random maps that win a window, away from the border."""
    won = winners(busy_maps(maps, 32 * stride, seed=seed), kernel, stride) > 0
    inside = slice(6 * stride, -8 * stride)
    return float(won[:, inside, inside].mean())


@figure(
    title="Rebuilt from maxima, the dahlia errs most and is too bright",
    caption="{subject}, rebuilt "
    "from one value for each window of {window:d} × {window:d}, copied over the window{shown}. "
    "Errors of the whole picture (RMS, in its standard deviations): mean {mean:.2f}, "
    "median {median:.2f}, {some} {subsample:.2f}, max {max:.2f}. On average the max is "
    "too bright by {bias:.2f}; full colour in the bars: the error but for that.",
    alt="Five grey pictures of {short} and a bar chart. First as it is; rebuilt from the mean, "
    "error {mean:.2f}; from the median, {median:.2f}; from one fixed value of each window, "
    "{subsample:.2f}; from the max, {max:.2f}, and brighter by {bias:.2f}. The bars show these "
    "errors.",
)
def rebuilt_dahlia(doublings: Doublings = 2, *, picture: Picture | None = None) -> Drawing:
    """Draw the dahlia, or another picture, rebuilt from means, medians, fixed values and maxima."""
    window, seen = 2**doublings, picture or _dahlia()
    photo = measured.cut(seen.grey, window)
    errors = {name: measured.rebuilt(photo, name, window) for name in LOOKS}
    canvas, grid = style.canvas(3, 2, height=5.3)
    panels = list(grid.ravel())
    looks = {"the photograph" if picture is None else "the picture": photo} | {
        _label(name, window): measured.rebuild(photo, name, window) for name in errors
    }
    for axes, (title, each) in zip(panels, looks.items(), strict=False):
        axes.imshow(each[CROP] if picture is None else each, cmap="gray", vmin=0, vmax=1)
        axes.set_title(title)
        style.picture_axes(axes)
    _error_bars(panels[-1], errors, window)
    return Drawing(
        canvas,
        {
            "kept": list(errors),
            "rms": [e.rms for e in errors.values()],
            "bias": [e.bias for e in errors.values()],
            "rest": [e.rest for e in errors.values()],
            "absolute": [e.absolute for e in errors.values()],
        },
        {name: e.rms for name, e in errors.items()}
        | {"window": window, "some": every(window), "bias": errors["max"].bias}
        | {"subject": seen.subject, "short": seen.short}
        | {"shown": "; its middle is shown" if picture is None else ""},
        title="" if picture is None else "One picture, rebuilt from a value for each window",
    )


# How what is kept of a picture is drawn, and what it is called.
KEPT: dict[str, tuple[str, str]] = {
    "max": ("max", "max"),
    "mean": ("mean", "mean"),
    "stride": ("single", "{every}"),
    "blur": ("known", "blurred, {every}"),
}


@figure(
    title="One picture, pooled in four ways",
    caption="{subject}, and what is left of it if of each {window:d} × {window:d} window the "
    "largest value is kept, the mean, or {some}, as it is or of the picture blurred over {taps:d} "
    "pixels. Error: of the picture rebuilt by copying each value over its window (RMS, in standard "
    "deviations): {max_error:.2f}, {mean_error:.2f}, {stride_error:.2f} and {blur_error:.2f}. "
    "Pale: by how much the pooled picture changes if the picture moves by one pixel, "
    "{max_change:.2f}, {mean_change:.2f}, {stride_change:.2f} and {blur_change:.2f}; the picture "
    "itself changes by {plain:.2f}.",
    alt="Five grey pictures of {short} and a bar chart: as it is, max-pooled over {window:d} by "
    "{window:d}, mean-pooled, one value of each window, and one of each after a blur. Errors: "
    "{max_error:.2f}, {mean_error:.2f}, {stride_error:.2f}, {blur_error:.2f}. A move by one pixel "
    "changes {max_change:.2f}, {mean_change:.2f}, {stride_change:.2f} and {blur_change:.2f}; of "
    "the values {max_same:.1%}, {mean_same:.1%}, {stride_same:.1%} and {blur_same:.1%} stay.",
)
def picture_pooled(doublings: Doublings = 2, *, picture: Picture | None = None) -> Drawing:
    """Draw a picture pooled in four ways, its errors, and what a move changes."""
    window, seen = 2**doublings, picture or _dahlia()
    shown = seen.grey[MOVED] if picture is None else seen.grey
    found = {name: pictures.kept(shown, name, window) for name in KEPT}
    canvas, grid = style.canvas(3, 2, height=5.3)
    panels = list(grid.ravel())
    looks = {"the picture": measured.cut(shown[:, :-1], window)} | {
        _kept_name(n, window): k.pooled for n, k in found.items()
    }
    for axes, (title, each) in zip(panels, looks.items(), strict=False):
        axes.imshow(each, cmap="gray", vmin=0, vmax=1)
        axes.set_title(title)
        style.picture_axes(axes)
    _kept_bars(panels[-1], found, window)
    return Drawing(
        canvas,
        {
            "kept": list(found),
            "error": [kept.error for kept in found.values()],
            "change": [kept.change for kept in found.values()],
            "same": [kept.same for kept in found.values()],
        },
        {f"{name}_error": kept.error for name, kept in found.items()}
        | {f"{name}_change": kept.change for name, kept in found.items()}
        | {f"{name}_same": kept.same for name, kept in found.items()}
        | {"plain": pictures.change(shown[:, :-1], shown[:, 1:]), "taps": pictures.taps(window)}
        | {"window": window, "some": every(window), "subject": seen.subject, "short": seen.short},
    )


def _kept_name(name: str, window: int) -> str:
    return KEPT[name][1].format(every=every(window))


def _kept_bars(axes: Axes, found: dict[str, pictures.Kept], window: int) -> None:
    """Draw what each loses, and pale below it what a move changes."""
    for row, (name, kept) in enumerate(found.items()):
        role = KEPT[name][0]
        tint: dict[str, Any] = {"color": style.colour(role), "height": 0.2, "linewidth": 0}
        axes.barh(row, kept.error, **tint)
        axes.barh(row + 0.22, kept.change, alpha=0.4, **tint)
        said = f"{_kept_name(name, window).partition(',')[0].removesuffix(' value')}: "
        said += f"{kept.error:.2f}, moved {kept.change:.2f}"
        style.direct_label(axes, 0, row - 0.13, said, role, va="bottom")
    axes.set(title="error, and change (pale)", ylim=(len(found) - 0.5, -0.75), yticks=[])
    axes.set(box_aspect=1)
    axes.set_xlim(0, 1.15 * max(max(kept.error, kept.change) for kept in found.values()))
    axes.locator_params(axis="x", nbins=4)
    axes.set_xticks(axes.get_xticks()[1:-1])
    axes.grid(visible=False)


def _error_bars(axes: Axes, errors: dict[str, measured.Rebuilt], window: int) -> None:
    """Draw the errors, and what is left of them once the brightness is right."""
    for row, (name, error) in enumerate(errors.items()):
        role = LOOKS[name][0]
        tint: dict[str, Any] = {"color": style.colour(role), "height": 0.36, "linewidth": 0}
        axes.barh(row, error.rms, alpha=0.4, **tint)
        axes.barh(row, error.rest, **tint)
        said = f"{_label(name, window)} {error.rms:.2f}"
        said += " (pale: too bright)" if name == "max" else ""
        style.direct_label(axes, 0, row - 0.2, said, role, va="bottom")
    axes.set(title="error of each (RMS)", ylim=(len(errors) - 0.6, -0.75), yticks=[], box_aspect=1)
    axes.set_xlim(0, 1.15 * max(error.rms for error in errors.values()))
    axes.locator_params(axis="x", nbins=4)
    axes.set_xticks(axes.get_xticks()[1:-1])  # without 0, whose label would reach further left
    axes.grid(visible=False)


@figure(
    title="Smooth pictures are easy to rebuild",
    caption="RMS error of random pictures rebuilt from 2 × 2 windows by copying, against how fast "
    "the amplitudes of their waves fall with frequency: 0 is white noise; {maps:d} random "
    "pictures. A window keeps its mean, its median, every second value, or its max; rings: the law "
    "for noise. From maxima {max_0:.2f} falls to {max_last:.2f}, from "
    "means {mean_0:.2f} to {mean_last:.2f}.",
    alt="Four falling curves. For white noise the error is {mean_0:.2f} from means, {median_0:.2f} "
    "from medians, {subsample_0:.2f} from every second value and {max_0:.2f} from maxima; for "
    "the smoothest pictures {mean_last:.2f}, {median_last:.2f}, {subsample_last:.2f} and "
    "{max_last:.2f}. Rings for noise lie on the curves.",
)
def rebuilt_by_spectrum(maps: Maps = 20, seed: Seed = 0) -> Drawing:
    """Draw the error of rebuilt random pictures against their smoothness."""
    exponents = np.linspace(0, 3, 7)
    loss = measured.loss_by_spectrum(exponents.tolist(), list(LOOKS), maps=maps, seed=seed)
    canvas, axes = style.canvas(height=3.3)
    for name, errors in zip(LOOKS, loss.value, strict=True):
        role, line, label = LOOKS[name]
        axes.plot(exponents, errors, color=style.colour(role), linestyle=line, label=label)
        if name in model.SUMMARIES:
            ring: dict[str, Any] = {"markersize": 9, "fillstyle": "none", "clip_on": False}
            axes.plot(0, model.noise_loss(name, 4).rms, "o", color=style.colour(role), **ring)
    lines = [line for line in axes.lines if len(line.get_xdata()) > 1]
    axes.set(xlabel="fall of the amplitudes, exponent\n← noise                    smooth →")
    axes.set(ylabel="error (RMS)", ylim=(0, 1.6))
    axes.set_xlim(-0.06, exponents[-1])
    style.coloured_legend(canvas, handles=lines, loc="outside upper center", ncols=2)
    values = dict(zip(LOOKS, loss.value, strict=True))
    return Drawing(
        canvas,
        {"exponent": exponents, **values},
        {f"{name}_0": errors[0] for name, errors in values.items()}
        | {f"{name}_last": errors[-1] for name, errors in values.items()},
    )


POOLINGS: dict[str, dict[str, Any]] = {
    "2 × 2, side by side": {"kernel_size": 2},
    "3 × 3, stride 2": {"kernel_size": 3, "stride": 2},
    "one window, 8 × 8": {"kernel_size": 8, "cells": 1},
}
SHOWN = 120


@figure(
    title="One global max does not tell the place",
    caption="Place of a feature of known height ({shape}) along one axis, and what a "
    "linear read-out of 5 × 5 max-pooled values around it says; last, of one global max. "
    "Error: {beside:.2f} pixels from windows side by side, where guessing the middle errs by "
    "{beside_chance:.2f}; {overlap:.2f} from overlapping ones; {whole:.2f} from the global max, "
    "guessing {whole_chance:.2f}. Lines: a perfect reading.",
    alt="Three panels of dots, the place read against the true place, with a diagonal. Windows "
    "side by side err by {beside:.2f} pixels ({beside_chance:.2f} is chance), overlapping windows "
    "by {overlap:.2f}; one global window by {whole:.2f} ({whole_chance:.2f} is chance).",
)
def decoded_position(
    width: Annotated[
        float, Number(0, 4, "σ of the feature, in pixels; 0: one pixel")
    ] = measured.WIDTH,
    draws: Draws = measured.SAMPLES,
    seed: Seed = 0,
) -> Drawing:
    """Draw places read from pooled maps against the true ones."""
    found = {
        name: measured.decode_position(**pooling, width=width, samples=draws, seed=seed)
        for name, pooling in POOLINGS.items()
    }
    canvas, panels = style.canvas(3, height=3.1)
    for axes, (name, each) in zip(panels, found.items(), strict=True):
        side = 8 if "one" in name else 2
        axes.plot((0, side), (0, side), color=style.colour("muted"), linewidth=1)
        dots: dict[str, Any] = {"markersize": 3.5, "alpha": 0.6, "markeredgewidth": 0}
        axes.plot(*_dots(each), "o", color=style.colour("max"), **dots)
        axes.set(title=f"{name}\nerror {each.error.value:.2f} pixels", aspect="equal")
        axes.set(xlabel="true place, pixels", ylabel="place read from pooled values")
        axes.set_xlim(-0.15 * side, 1.15 * side)
        axes.set_ylim(*_reach(each.read[:SHOWN, 0], side))
        axes.set_xticks(np.linspace(0, side, 3))
        axes.set_yticks(np.linspace(0, side, 3))
    pairs = [
        (name, *pair) for name, each in found.items() for pair in zip(*_dots(each), strict=True)
    ]
    names = zip(("beside", "overlap", "whole"), found.values(), strict=True)
    errors = {name: (each.error.value, each.chance) for name, each in names}
    return Drawing(
        canvas,
        dict(zip(("windows", "true", "read"), zip(*pairs, strict=True), strict=True)),
        {name: error for name, (error, _) in errors.items()}
        | {"shape": f"σ {how_many(width, 'pixel')}" if width else "a single pixel"}
        | {f"{name}_chance": chance for name, (_, chance) in errors.items()},
    )


def _reach(read: Floats, side: int) -> tuple[float, float]:
    """An axis on which all readings have a place, and some more than their cell."""
    return min(-0.15 * side, 1.05 * read.min()), max(1.15 * side, 1.05 * read.max())


def _dots(found: measured.Decoded) -> tuple[Floats, Floats]:
    return found.true[:SHOWN, 0], found.read[:SHOWN, 0]


@figure(
    title="How well the place can be read, by window and feature",
    caption="Error of a linear read-out of a feature's place in its cell (as wide as the stride) "
    "from 5 × 5 max-pooled values, as a share of the error of guessing the middle; apart: "
    "a single pixel. Windows of 2 × 2 side by side: {beside_0:.0%} for a pixel, "
    "{beside_1:.0%} for a feature of σ = 1; of 8 × 8: {wide_1:.0%} for that feature. Windows of "
    "3 × 3 that overlap: {overlap_0:.0%} for a single pixel.",
    alt="Error relative to guessing against the feature's width, four lines. A single pixel: "
    "{beside_0:.0%} for 2 by 2, {overlap_0:.0%} for 3 by 3 with stride 2. At one pixel "
    "{beside_1:.0%} and {overlap_1:.0%}; windows of 8 by 8 are at {wide_1:.0%} there and at "
    "{wide_last:.0%} at {last:g} pixels. One global window is at {whole_1:.0%} and "
    "{whole_last:.0%}.",
)
def place_error(draws: Draws = measured.SAMPLES, seed: Seed = 0) -> Drawing:
    """Draw the error of reading the place, against the width of the feature."""
    widths = (0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4)
    looks: dict[str, tuple[str, str, Any, dict[str, Any]]] = {
        "beside": ("2 × 2", "max", style.SOLID, {"kernel_size": 2}),
        "overlap": ("3 × 3, stride 2", "known", style.DASHED, {"kernel_size": 3, "stride": 2}),
        "wide": ("8 × 8", "single", style.SOLID, {"kernel_size": 8}),
        "whole": ("one window, 8 × 8", "ink", style.DOTTED, {"kernel_size": 8, "cells": 1}),
    }
    canvas, axes = style.canvas(height=3.5)
    table: dict[str, Any] = {"width": widths}
    for name, (label, role, line, pooling) in looks.items():
        decoded = [
            measured.decode_position(**pooling, width=width, samples=draws, seed=seed)
            for width in widths
        ]
        table[name] = [each.error.value / each.chance for each in decoded]
        shown = {"color": style.colour(role), "linestyle": line, "label": label}
        axes.plot(widths[1:], table[name][1:], marker="o", markersize=3.5, **shown)
    # A single pixel is another kind of feature: no line leads to it, it has a place of its own.
    handles = list(axes.lines)
    for lane, (name, (_, role, _, _)) in enumerate(looks.items()):
        axes.plot(0.3 * lane - 1.3, table[name][0], "o", markersize=6, color=style.colour(role))
    axes.axvline(-0.1, color=style.colour("muted"), linewidth=0.8)
    axes.set(xlabel="σ of the feature, pixels", ylabel="error, % of guessing the middle")
    axes.set_xlim(-1.6, widths[-1] + 0.1)
    axes.set_ylim(-0.03, max(1.15, *(1.08 * max(table[name]) for name in looks)))
    axes.set_xticks([-0.85, 0.25, *range(1, 5)], ["one pixel", "¼", *"1234"])
    style.percent_axis(axes.yaxis)
    style.coloured_legend(canvas, handles=handles, loc="outside upper center", ncols=2)
    at = {"0": 0, "1": widths.index(1), "last": -1}
    return Drawing(
        canvas,
        table,
        {f"{name}_{key}": table[name][i] for name in looks for key, i in at.items()}
        | {"last": widths[-1]},
    )


@figure(
    title="The rectifier may come before or after a max, not a mean",
    caption="A map of 4 × 4, clipped at zero and pooled over 2 × 2, in either order. Outlined: "
    "values that differ; with the max {max_differ:d} of 4, with the mean {mean_differ:d} of 4.",
    alt="A 4 by 4 map of numbers from {low:d} to {high:d}, below it the map clipped at zero, and "
    "four pooled maps of 2 by 2. Clipped then max, above max then clipped; of 4 values that "
    "differ: {max_differ:d}. Clipped then mean, above mean then clipped: {mean_differ:d}.",
)
def rectifier_and_pooling(seed: Seed = 6) -> Drawing:
    """Draw a small map clipped and pooled in both orders."""
    values = np.random.default_rng(seed).integers(-9, 10, (4, 4)).astype(float)
    clipped = np.maximum(values, 0)
    orders = {
        "clip, max": max_pool2d(clipped, 2),
        "max, clip": np.maximum(max_pool2d(values, 2), 0),
        "clip, mean": avg_pool2d(clipped, 2),
        "mean, clip": np.maximum(avg_pool2d(values, 2), 0),
    }
    first, second, third, fourth = orders.values()
    differ = {"clip, max": first != second, "clip, mean": third != fourth}
    differ |= {"max, clip": differ["clip, max"], "mean, clip": differ["clip, mean"]}
    canvas, grid = style.canvas(3, 2, height=5.2)
    none, plain = np.zeros((4, 4), bool), {"the map": values, "clipped at zero": clipped}
    # A column is read by itself on a narrow page: the two orders are below each other.
    for axes, (name, shown) in zip(grid[:, 0], plain.items(), strict=True):
        _cells(axes, shown, none, _numbers(shown), (-9, 9))
        axes.set_title(name)
    for axes, (name, pooled) in zip(grid[:, 1:].T.ravel(), orders.items(), strict=True):
        _cells(axes, pooled, differ[name], _numbers(pooled), (-9, 9))
        axes.set_title(name.replace(",", ", then"))
    for axes, name in zip(grid[1, 1:], ("max, clip", "mean, clip"), strict=True):
        some = int(differ[name].sum())
        said = f"{some} of 4 values differ" if some else "the same in both orders"
        axes.set_xlabel(said, color=style.colour("ink"))
    grid[1, 0].set_xlabel(" ")
    return Drawing(
        canvas,
        {"window": range(4)} | {name: pooled.ravel() for name, pooled in orders.items()},
        {
            "max_differ": int(differ["clip, max"].sum()),
            "mean_differ": int(differ["clip, mean"].sum()),
            "low": int(values.min()),
            "high": int(values.max()),
        },
    )


@figure(
    title="Padding with −∞ never wins; zeros do",
    caption="A map of {size:d} × {size:d} negative values, max-pooled over 3 × 3 windows with "
    "stride 2 and padding 1. Padded with −∞, as max pooling itself does, all maxima are values of "
    "the map. With a layer of zeros around it, {invented:d} of {windows:d} are a 0 that was not "
    "there (outlined).",
    alt="A grid of {size:d} by {size:d} negative numbers, from {low:d} to {high:d}, and two grids "
    "of its {windows:d} maxima. Padded with minus infinity, all are negative. Padded with zeros, "
    "{invented:d} of them are 0, outlined.",
)
def padding_a_negative_map(
    size: Annotated[int, Whole(3, 8, "height and width of the map")] = 6,
    seed: Seed = 0,
) -> Drawing:
    """Draw a negative map, max-pooled with padding that never wins and with zeros."""
    values = -np.random.default_rng(seed).integers(1, 10, (size, size)).astype(float)
    never = max_pool2d(values, 3, 2, 1)
    zeros = max_pool2d(np.pad(values, 1), 3, 2)
    canvas, panels = style.canvas(3, height=2.9)
    panes = (
        ("the map", values, np.zeros(values.shape, bool)),
        ("padded with −∞", never, zeros != zeros),
        ("padded with zeros", zeros, zeros != never),
    )
    for axes, (title, shown, outlined) in zip(panels, panes, strict=True):
        _cells(axes, shown, outlined, _numbers(shown), (-9, 0))
        axes.set_title(title)
    return Drawing(
        canvas,
        {"window": range(never.size), "never_wins": never.ravel(), "zeros": zeros.ravel()},
        {
            "invented": int((zeros != never).sum()),
            "windows": never.size,
            "low": int(values.min()),
            "high": int(values.max()),
        },
    )


FIGURES = (
    winners_in_one_map,
    survivors_by_channel,
    one_pooled_image,
    kept_bits,
    gradient_shares,
    rebuilt_dahlia,
    picture_pooled,
    rebuilt_by_spectrum,
    decoded_position,
    place_error,
    rectifier_and_pooling,
    padding_a_negative_map,
)


def _dahlia() -> Picture:
    """The picture that figures show that could show any."""
    subject = "The blue channel of the dahlia (photograph: vultilion, CC BY 2.0, adapted)"
    return Picture(subject, "the flower", flower.grey())


def _another(picture: Floats, window: int, seed: int) -> Floats:
    """Keep each window's max, move it to a random place, and draw the rest at random below it."""
    rng, height = np.random.default_rng(seed), picture.shape[0] // window
    tops = max_pool2d(picture, window).reshape(-1, 1)
    blocks = np.floor(rng.random((tops.size, window**2)) * (tops + 1))
    np.put_along_axis(blocks, rng.integers(window**2, size=tops.shape), tops, axis=1)
    tiled: Floats = blocks.reshape(height, -1, window, window).swapaxes(1, 2)
    return tiled.reshape(picture.shape)


def _cells(
    axes: Axes,
    values: Floats,
    outlined: Any,
    text: list[list[str]],
    scale: tuple[float, float] | None = None,
) -> None:
    """Draw an array as cells, the darker the larger, some outlined, with text on them."""
    from matplotlib.patches import Rectangle

    height, width = values.shape
    low, high = scale or (values.min(), values.max())
    span = (high - low) or 1.0
    for (row, column), value in np.ndenumerate(values):
        # No darker than the words on it, in ink, allow.
        place, depth = (column + 0.04, row + 0.04), 0.05 + 0.27 * float((value - low) / span)
        fill: dict[str, Any] = {"facecolor": style.colour("ink"), "alpha": depth}
        axes.add_patch(Rectangle(place, 0.92, 0.92, linewidth=0, **fill))
        if outlined[row, column]:
            edge: dict[str, Any] = {"edgecolor": style.colour("max"), "linewidth": 2, "zorder": 3}
            axes.add_patch(Rectangle(place, 0.92, 0.92, fill=False, **edge))
        centre: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
        axes.text(column + 0.5, row + 0.5, text[row][column], **centre)
    style.picture_axes(axes)
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")


def _numbers(values: Floats) -> list[list[str]]:
    return [[f"{value:g}".replace("-", "−") for value in row] for row in values]
