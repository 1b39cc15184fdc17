"""What the figures show: their data, from PyTorch's record and by routes of their own."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy import stats

from explainers.cost import figures
from explainers.drawing.rendering import Drawing
from explainers.networks.known import NETWORKS
from tests.cost.reference import COUNTERS, TIMES, VGG16, widths
from tests.drawing import column, drawn
from tests.networks.reference import Row, convolutions, layer, layers, total


def weighted(pooling: str) -> list[str]:
    return [row.name for row in layers("vgg16", pooling) if row.parameters]


@pytest.mark.parametrize(
    ("figure", "quantity"),
    [(figures.vgg16_layer_by_layer, "macs"), (figures.activations_held, "values")],
)
def test_layer_by_layer_figures_show_what_pytorch_counted(figure: object, quantity: str) -> None:
    drawing = drawn(figure)  # type: ignore[arg-type]
    assert list(column(drawing, "layer")) == weighted("as designed")
    for pooling in ("as designed", "removed"):
        counted = [getattr(row, quantity) for row in layers("vgg16", pooling) if row.parameters]
        assert list(column(drawing, pooling)) == counted
    name = "activations" if quantity == "values" else quantity
    designed, removed = (total("vgg16", p)[name] for p in ("as designed", "removed"))
    assert drawing.values["designed"] == designed
    assert drawing.values["removed"] == removed
    assert drawing.values["ratio"] == removed / designed


def test_vgg16_layer_by_layer_shows_the_pools_comparisons() -> None:
    drawing = drawn(figures.vgg16_layer_by_layer)
    compared = column(drawing, "comparisons of the pool after it")
    pools = [row for row in layers("vgg16") if row.name.startswith("pool")]
    after = {row.name: 3 * pool.values for row, pool in zip(last_of_blocks(), pools, strict=True)}
    assert [after.get(name, 0) for name in column(drawing, "layer")] == list(compared)
    assert drawing.values["pools"] == sum(compared)
    later = [row.macs for row in convolutions()][1:]
    assert (drawing.values["lowest"], drawing.values["highest"]) == (min(later), max(later))
    assert drawing.values["peak"] == max(row.macs for row in convolutions("removed"))


def last_of_blocks() -> list[Row]:
    rows = layers("vgg16")
    return [before for before, row in itertools.pairwise(rows) if row.name.startswith("pool")]


def test_compute_by_block_adds_up_the_layers() -> None:
    drawing = drawn(figures.compute_by_block)
    starts = {"vgg16": {"dense": "fc"}, "resnet50": {"dense": "fc"}}
    shown = zip(*(column(drawing, c) for c in ("network", "block", "share")), strict=True)
    sums = dict.fromkeys(starts, 0.0)
    for network, block, part in shown:
        start = starts[network].get(block, block)
        macs = sum(row.macs for row in layers(network) if row.name.startswith(start))
        assert part == pytest.approx(macs / total(network)["macs"])
        sums[network] += part
    assert sums == pytest.approx({"vgg16": 1, "resnet50": 1})
    assert drawing.values["early"] == pytest.approx(0.125 + 0.179, abs=0.001)


def test_six_equal_layers_shows_places_times_weights() -> None:
    drawing = drawn(figures.six_equal_layers)
    second = layer("conv1_2")
    for i, row in enumerate(convolutions()):
        places = row.height * row.width / (second.height * second.width)
        assert column(drawing, "places")[i] == places
        assert column(drawing, "weights")[i] == row.weights / second.weights
        assert column(drawing, "product")[i] == pytest.approx(row.macs / second.macs)
        assert column(drawing, "product")[i] == pytest.approx(places * row.weights / second.weights)
    assert drawing.values["equal"] == 6
    assert drawing.values["macs"] == second.macs


def test_networks_compared_are_pytorchs_totals() -> None:
    drawing = drawn(figures.networks_compared)
    sizes = {"lenet5": 32, "alexnet2012": 227}
    assert list(column(drawing, "network")) == list(NETWORKS)
    for pooling in ("as designed", "removed", "stride"):
        shown = [total(name, pooling, sizes.get(name, 224))["macs"] for name in NETWORKS]
        assert list(column(drawing, pooling)) == shown
    for name in ("lenet5", "vgg16", "resnet50"):
        pooled, bare = (
            total(name, p, sizes.get(name, 224))["macs"] for p in ("as designed", "removed")
        )
        assert drawing.values[name] == bare / pooled
    strides = total("vgg16", "stride")["macs"] / total("vgg16")["macs"]
    assert drawing.values["strides"] == strides


@pytest.mark.parametrize("which", ["alexnet", "vgg", "resnet"])
def test_networks_compared_of_one_family(which: str) -> None:
    every = drawn(figures.networks_compared)
    drawing = drawn(figures.networks_compared, which=which)
    rows = [row for row, name in enumerate(NETWORKS) if name.startswith(which)]
    for name in ("network", "as designed", "removed", "stride"):
        assert list(column(drawing, name)) == [column(every, name)[row] for row in rows]
    ratio = {NETWORKS[row]: every.values[NETWORKS[row]] for row in rows}
    assert (drawing.values["most"], drawing.values["other"]) == (
        max(ratio.values()), min(ratio.values()),
    )  # fmt: skip
    full = [bar.get_y() + bar.get_height() / 2 for bar in bars(drawing) if bar.get_alpha() == 1]
    ends = [list(ratio).index(end(ratio, key=ratio.get)) for end in (max, min)]  # type: ignore
    assert sorted(map(round, full)) == sorted(ends)
    assert "LeNet" not in drawing.caption + drawing.alt + drawing.title


def bars(drawing: Drawing) -> list[Any]:
    return list(drawing.canvas.axes[0].patches)


@pytest.mark.parametrize(("layers", "channels", "size"), [(10, 64, 224), (7, 16, 128)])
def test_budget_depth_is_a_geometric_law(layers: int, channels: int, size: int) -> None:
    """With a pooling after each first layer, the rest of the budget goes 4ⁿ times as far.

    If each pooling doubles the channels, the layer behind it costs half, and all others the same.
    """
    drawing = drawn(figures.budget_depth, layers=layers, channels=channels, size=size)
    for n in range(5):
        spent = sum(4.0**-i for i in range(n))
        assert column(drawing, "fixed width")[n] == n + int((layers - spent) * 4**n)
        assert column(drawing, "channels doubled")[n] == layers + n // 2
    assert drawing.values["fixed"] == column(drawing, "fixed width")[-1]
    assert drawing.values["one"] == 4 * layers - 3


def test_first_dense_layer_quarters_with_each_pooling() -> None:
    drawing = drawn(figures.first_dense_layer)
    weights = column(drawing, "weights")
    assert [weights[0], weights[5]] == [layer("fc6", "removed").weights, layer("fc6").weights]
    assert [a // b for a, b in itertools.pairwise(weights)] == [4] * 5
    assert drawing.values["convolutions"] == sum(row.weights for row in convolutions())
    odd = column(drawn(figures.first_dense_layer, size=45), "weights")
    assert [w // (512 * 4096) for w in odd] == [45**2, 22**2, 11**2, 5**2, 2**2, 1]


def test_counters_compared_shows_what_they_said() -> None:
    drawing = drawn(figures.counters_compared)
    names = {"torch": "PyTorch's flop counter", "thop": "THOP"}
    leads = []
    for counter in ("torch", "fvcore", "torchinfo", "thop", "ptflops"):
        shown = column(drawing, names.get(counter, counter))
        said = [COUNTERS["counters"][network][counter]["macs"] for network in NETWORKS]
        assert list(shown) == said
        leads += [macs / ours - 1 for macs, ours in zip(said, column(drawing, "ours"), strict=True)]
    assert drawing.values["most"] == pytest.approx(max(leads))
    assert drawing.values["equal"] == sum(lead == 0 for lead in leads) >= len(NETWORKS)
    assert drawing.values["all"] == len(leads)


def test_time_against_count_shows_the_record() -> None:
    drawing = drawn(figures.time_against_count)
    assert list(column(drawing, "milliseconds")) == [row["ms"] for row in TIMES["rows"]]
    macs, ms = (np.log(column(drawing, name)) for name in ("multiply–accumulates", "milliseconds"))
    fit = stats.linregress(macs, ms)
    assert drawing.values["correlation"] == pytest.approx(fit.rvalue)
    assert drawing.values["tenfold"] == pytest.approx(10**fit.slope)
    # The count means something: it predicts the time well enough to compare networks.
    assert fit.rvalue > 0.95
    rows = {
        row["pooling"]: row
        for row in TIMES["rows"]
        if row["network"] == "vgg16" and row["size"] == drawing.values["size"]
    }
    for name, key in (("count_ratio", "macs"), ("time_ratio", "ms")):
        ratio = rows["removed"][key] / rows["as designed"][key]
        assert drawing.values[name] == pytest.approx(ratio)


def test_field_against_depth_shows_the_published_sum() -> None:
    drawing = drawn(figures.field_against_depth)
    windows = [[window] for stage in VGG16 for window in stage]
    expected = [widths(windows[: i + 1]) for i in range(len(windows))]
    assert list(column(drawing, "size")) == [size for size, _ in expected]
    assert list(column(drawing, "jump")) == [jump for _, jump in expected]
    bare = [size for size in column(drawing, "size without pools") if size != ""]
    assert [int(size) for size in bare] == [1 + 2 * n for n in range(1, 14)]
    shown = {"before": 5, "after": 6, "with_pools": 212, "without": 27, "step": 2, "jump": 32}
    assert drawing.values == shown


@pytest.mark.parametrize(("size", "whole"), [(224, True), (1024, True), (200, False), (33, False)])
def test_places_are_said_to_be_quartered_if_they_are(size: int, whole: bool) -> None:
    equal, depth = (drawn(f, size=size) for f in (figures.six_equal_layers, figures.budget_depth))
    places = column(equal, "places")
    assert (set(places[:-1] / places[1:]) == {1.0, 4.0}) == whole
    for drawing in (equal, depth):
        assert ("odd sides are rounded down" in drawing.caption) != whole
    alike = (column(equal, "product") == 1).sum()
    assert f"for {alike} of the {len(places)}." in equal.caption


def test_what_the_first_dense_layer_weighs_is_said_in_words() -> None:
    largest = drawn(figures.first_dense_layer, size=1024)
    assert "All 5: 2.15 billion. None: 2.2 trillion." in largest.caption
    small = drawn(figures.activations_held, size=32)
    assert "Together 317,000 with pools" in small.caption


def test_a_budget_has_one_channel_or_several() -> None:
    assert "layers buy, one channel at" in drawn(figures.budget_depth, channels=1).caption
    assert "layers buy, 2 channels at" in drawn(figures.budget_depth, channels=2).caption
