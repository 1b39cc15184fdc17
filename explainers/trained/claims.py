"""Does pooling matter in a trained network? The claims, and what the chapter says of the thread's.

A case is an arm beside the one that it is compared with. Its margin is the difference over half the
width of its interval, which is corrected for all cases of the question: beyond 1, either way, the
case is decided, and within it is open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from explainers import ranges
from explainers.claim import (
    Judged,
    Ruling,
    Value,
    Values,
    Verdict,
    claim,
    count,
    points,
    share,
)
from explainers.kinds import Choice
from explainers.ranges import Range
from explainers.records import Formula
from explainers.trained import comparisons, costs
from explainers.trained.arms import LONGER, NETWORKS, Arm
from explainers.trained.comparisons import EQUAL_MACS, Found
from explainers.trained.digits import CANVAS, MOVES, TESTED
from explainers.trained.layers import READOUTS
from explainers.trained.measured import LARGER

AS_WELL = 1.0  # percentage points: who loses less does as well
_DECIDED = 1.0  # half-widths of the interval from which on a case is decided
_FAR, _TINY = 1e3, 1e-6  # at most so many, where an interval has next to no width

MACS = "multiply–accumulates"
MOVED, NOISE = 2, 20  # pixels and per cent of black, in statements
FEW, MIDDLE, MANY = ranges.TRAINED_ON.values


def _one_of(asked: Range, meaning: str = "") -> Any:
    return Choice(asked.values, meaning or asked.what)


Pooling = Annotated[str, _one_of(ranges.TRAINED_POOLINGS, "pooling behind each convolution")]
Readout = Annotated[str, _one_of(ranges.TRAINED_READOUTS, "what follows the last maps")]
Border = Annotated[str, _one_of(ranges.BORDERS)]
Training = Annotated[str, _one_of(ranges.TRAININGS)]
Size = Annotated[int, _one_of(ranges.TRAINED_ON)]

ARMS = {
    "pooling": ranges.TRAINED_POOLINGS,
    "readout": ranges.TRAINED_READOUTS,
    "border": ranges.BORDERS,
    "training": ranges.TRAININGS,
    "size": ranges.TRAINED_ON,
}


# ---- What a case says ----


def _trained(question: str) -> Callable[..., bool]:
    """Which cases have networks."""
    return lambda **case: tuple(case.values()) in comparisons.found(question)


def _margin(wanted: int, least: float = 0.0) -> Callable[[Values], float]:
    """How far the difference is on the wanted side of so many points, in half-widths."""

    def margin(values: Values) -> float:
        beyond = wanted * values["difference"].value + least
        reach = values["high"].value - values["difference"].value
        return max(-_FAR, min(beyond / max(reach, _TINY), _FAR))

    return margin


def _case(found: Found, first: str, second: str) -> Values:
    """The numbers of a case, and how often its question is answered which way."""
    return {
        "first": share(found.first, first),
        "second": share(found.second, second),
        "difference": points(found.difference.value, "mean difference over seeds"),
        "low": points(found.difference.low, "lower end of its corrected interval"),
        "high": points(found.difference.high, "upper end of its corrected interval"),
        "seeds": count(found.seeds, "networks of each arm, with a seed each"),
        "cases": count(found.cases, "cases that the intervals are corrected for"),
    }


def _counted(question: str) -> Values:
    signs = [found.sign for found in comparisons.found(question).values()]
    return {
        "more": count(signs.count(1), "cases in which the first is higher"),
        "fewer": count(signs.count(-1), "cases in which it is lower"),
        "undecided": count(signs.count(0), "cases in which the interval holds 0"),
    }


def _mean(arm: Arm, measure: str, meaning: str) -> Value:
    """Mean of an arm's networks."""
    return share(comparisons.numbers(arm, measure).mean(), meaning)


def _with_and_without(
    measure: str, meaning: str, readouts: tuple[str, ...], **arm: Any
) -> dict[str, Value]:
    """Means of the networks with max pooling and without, for some readouts."""
    return {
        f"{readout}_{name}": _mean(
            Arm(network, readout, **arm), measure, f"{meaning}, {said} pooling, readout {readout}"
        )
        for readout in readouts
        for name, network, said in (("with", "max", "max"), ("without", "none", "no"))
    }


DIFFERENCE = Formula(
    r"\bar{d} = \frac{1}{n} \sum_{s=1}^{n} (a_s - b_s)",
    "a and b the two numbers that are compared, of networks with the same seed s and so the same "
    "pictures; n the number of seeds, and d their mean difference",
)
ACCURACY = "share of test digits that are told right"


# ---- Accuracy ----


@claim(
    question="Does pooling raise a network's accuracy?",
    examines="T7",
    kind=Judged(
        asked=ARMS,
        together=_trained("accuracy"),
        margin=_margin(1),
        least=_DECIDED,
        domain=lambda pooling, readout, **_: pooling != "mean" and readout == "mean",
        condition="it takes a max, and the network ends in a global mean.",
        otherwise="In networks that flatten their maps or end in a global max it depends on which "
        "pooling it is, and on how many pictures there are to learn from.",
    ),
    says="Pooling raises a network's accuracy.",
    statement="Networks of two convolutions that end in a global mean, trained on {many:,} "
    "handwritten digits, tell {first:.1%} of {tested} unseen ones right with max pooling behind "
    "each convolution, and {second:.1%} without; of those that they were trained on {known:.1%} "
    "and {known_none:.1%}. If they flatten their maps it is {many_max:.1%} "
    "and {many_none:.1%}, and {many_mean:.1%} with mean pooling; trained on {few} digits "
    "{few_max:.1%}, {few_none:.1%} and {few_mean:.1%} (means of {seeds} networks each). Of {cases} "
    "comparisons of a pooling with none, {more} show a higher accuracy, {fewer} a lower one, and "
    "{undecided} neither.",
    answer="Pooling raised the accuracy of small digit networks that end in a global mean, if it "
    "was a max pooling: {first:.1%} of unseen digits were told right with it, and {second:.1%} "
    "without. In networks that flatten their maps max pooling made little difference, "
    "{many_max:.1%} against {many_none:.1%}, and mean pooling lowered it to {many_mean:.1%}. These "
    "are means over networks with different seeds, all trained on the same digits.",
    formula=DIFFERENCE,
    prints=("first", "second", "many_max", "many_none", "many_mean"),
    figure="gains-by-arm",
    code=comparisons.found,
    sources=("boureau-2010", "zhang-2019", "digits"),
)
def pooling_raises_accuracy(
    pooling: Pooling = "max",
    readout: Readout = "mean",
    border: Border = "circular",
    training: Training = "still",
    size: Size = MANY,
) -> Values:
    """Accuracy with a pooling and without, and how often which is higher."""
    found = comparisons.case("accuracy", (pooling, readout, border, training, size))
    return {
        **_case(found, f"{ACCURACY}, with the pooling", "without"),
        **_counted("accuracy"),
        **{
            f"{name}_{network}": _mean(
                Arm(network, size=number), "accuracy", f"{ACCURACY}, {network}, of {number} digits"
            )
            for name, number in (("few", FEW), ("many", MANY))
            for network in ("none", "mean", "max", "blurred")
        },
        **{
            name: _mean(Arm(own, "mean"), "training accuracy", f"training digits told right, {own}")
            for name, own in (("known", "max"), ("known_none", "none"))
        },
        "few": count(FEW, "digits to train on"),
        "many": count(MANY, "digits to train on"),
        "tested": count(TESTED, "digits to test"),
    }


@claim(
    question="Does max pooling raise accuracy at equal multiplications?",
    examines="T6",
    kind=Judged(
        asked={"readout": ranges.TRAINED_READOUTS},
        margin=_margin(1),
        least=_DECIDED,
    ),
    says="At equal multiplications a network with max pooling is more accurate than one without.",
    statement="Max pooling lets the second convolution look at a quarter of the places. Without "
    "it, a network that multiplies as often ({macs_without:,} against {macs_with:,} times) has "
    "room for {channels} and {more_channels} channels instead of 8 and 16. If it ends in a global "
    "max it tells {second:.1%} of the test digits right, and the one with max pooling "
    "{first:.1%}: {difference:.1f} points more ({low:.1f} to {high:.1f}; {seeds} networks each). "
    "If both flatten their maps, it is {flat_second:.1%} and {flat_first:.1%}: {flat_low:.2f} to "
    "{flat_high:.2f} points more.",
    answer="For the same number of multiplications, max pooling left more accuracy in small digit "
    "networks that end in a global max: {first:.1%} with it, and {second:.1%} without pooling and "
    "with fewer channels. Pooling makes the maps behind it smaller, so each channel costs less. "
    "In networks that flatten their maps the difference was small: {flat_first:.1%} and "
    "{flat_second:.1%}. These are means over networks with different seeds.",
    formula=DIFFERENCE,
    prints=("first", "second", "flat_first", "flat_second"),
    figure="strided-instead",
    code=costs.cost,
    sources=("digits",),
)
def max_pooling_at_equal_multiplications(readout: Readout = "max") -> Values:
    """Max pooling, and no pooling with so many channels that it multiplies as often."""
    rival = EQUAL_MACS[readout]
    found = comparisons.case("equal macs", (readout,))
    flat = comparisons.case("equal macs", ("flatten",))
    return {
        **_case(found, f"{ACCURACY}, with max pooling", "without, and with fewer channels"),
        "flat_first": share(flat.first, f"{ACCURACY}, with max pooling, maps flattened"),
        "flat_second": share(flat.second, f"{ACCURACY}, fewer channels, maps flattened"),
        "flat_low": points(flat.difference.low, "lower end of its interval, maps flattened"),
        "flat_high": points(flat.difference.high, "upper end"),
        "macs_with": count(costs.cost("max", readout).macs, MACS, MACS),
        "macs_without": count(costs.cost(rival, readout).macs, MACS, MACS),
        "channels": count(NETWORKS[rival][0].channels, "first channels without pooling"),
        "more_channels": count(NETWORKS[rival][1].channels, "second ones"),
    }


# ---- Overfitting ----


@claim(
    question="Does pooling reduce overfitting?",
    examines="krizhevsky-2012",
    kind=Judged(
        asked=ARMS,
        together=_trained("gap"),
        margin=_margin(-1),
        least=_DECIDED,
        domain=lambda pooling, readout, **_: pooling == "blurred" and readout == "max",
        condition="it is max pooling with a blur before the subsampling, and the network ends in "
        "a global max.",
        otherwise="Of the other networks, some have a narrower gap with pooling and some a wider "
        "one; for most the difference is too small to tell.",
    ),
    says="Pooling narrows the gap between a network's accuracy in training and in the test.",
    statement="Trained on {few} digits, networks that end in a global max are {second:.1%} of the "
    "digits worse on unseen ones without pooling, and {first:.1%} with max pooling that blurs "
    "before it subsamples. If they flatten their maps it is {gap_none:.1%} without pooling, "
    "{gap_max:.1%} with 2 × 2 max pooling, {gap_overlap:.1%} if its windows overlap, "
    "{gap_blurred:.1%} with the blur, and {gap_mean:.1%} with mean pooling (means of {seeds} "
    "networks each). Of {cases} comparisons of a pooling with none, {fewer} show a narrower gap, "
    "{more} a wider one, and {undecided} neither.",
    answer="Pooling narrowed the gap between training and test if it was max pooling with a blur "
    "before the subsampling, and the network ended in a global max: {first:.1%} with it and "
    "{second:.1%} without, after training on {few} digits. With flattened maps and plain max "
    "pooling it was {gap_max:.1%}, and {gap_none:.1%} without. Poolings have no weights to overfit "
    "with, but in the convolutions they save none either.",
    formula=Formula(
        r"g = \frac{r}{m} - \frac{t}{k}",
        "r right answers of m training pictures, t of k test pictures, and g the gap",
    ),
    prints=("first", "second", "gap_none", "gap_max"),
    figure="gaps-by-size",
    code=comparisons.found,
    sources=("krizhevsky-2012", "digits"),
)
def pooling_reduces_overfitting(
    pooling: Pooling = "blurred",
    readout: Readout = "max",
    border: Border = "circular",
    training: Training = "still",
    size: Size = FEW,
) -> Values:
    """The gap between training and test, with a pooling and without."""
    found = comparisons.case("gap", (pooling, readout, border, training, size))
    return {
        **_case(found, "gap between training and test, with the pooling", "without"),
        **_counted("gap"),
        "few": count(FEW, "digits to train on"),
        **{
            f"gap_{network}": _mean(Arm(network, size=FEW), "gap", f"gap, {network}")
            for network in ("none", "max", "overlap", "blurred", "mean")
        },
        **{
            f"test_{network}": _mean(Arm(network, size=FEW), "accuracy", f"{ACCURACY}, {network}")
            for network in ("none", "max")
        },
    }


@claim(
    question="Is pooling a kind of dropout: does it work against overfitting as dropout does?",
    examines="krizhevsky-2012",
    kind=Judged(
        asked={"pooling": ranges.TRAINED_POOLINGS, "size": ranges.TRAINED_ON},
        margin=_margin(-1),
        least=_DECIDED,
        domain=lambda pooling, size: pooling == "dense" and size < MANY,
        condition="it takes the max at each place and leaves none out, and there are at most "
        f"{MIDDLE} pictures to learn from.",
        otherwise="With mean pooling it is wider than with dropout; for the others it is too close "
        "to tell.",
    ),
    says="Pooling narrows the gap between training and test more than dropout does.",
    statement="Trained on {few} digits, networks that flatten their maps are {gap_none:.1%} of the "
    "digits worse on unseen ones without pooling, {gap_dropout:.1%} with dropout of half of what "
    "the last layer reads, drawn anew for each step, {gap_max:.1%} with max pooling, and "
    "{gap_dense:.1%} with a max at each place and no subsampling; trained on {many:,}, "
    "{many_none:.1%}, {many_dropout:.1%}, {many_max:.1%} and {many_dense:.1%} (means of {seeds} "
    "networks each). Of {cases} comparisons of a pooling with dropout, {fewer} show a narrower gap "
    "with the pooling, {more} a wider one, and {undecided} neither.",
    answer="Pooling narrowed the gap between training and test more than dropout only if it was a "
    "max at each place without subsampling: {gap_dense:.1%} against {gap_dropout:.1%}, in small "
    "networks trained on {few} digits. Without either it was {gap_none:.1%}, and with plain max "
    "pooling {gap_max:.1%}. The two are different things: dropout silences values at random, and "
    "in training alone. A pooling treats the same picture alike each time.",
    formula=Formula(
        r"g = \frac{r}{m} - \frac{t}{k}",
        "r right answers of m training pictures, t of k test pictures, and g the gap",
    ),
    prints=("gap_none", "gap_dropout", "gap_max", "gap_dense"),
    figure="gaps-by-size",
    code=comparisons.found,
    sources=("krizhevsky-2012", "digits"),
)
def pooling_a_kind_of_dropout(pooling: Pooling = "max", size: Size = FEW) -> Values:
    """The gap between training and test, with a pooling, and with dropout in its place."""
    found = comparisons.case("dropout", (pooling, size))
    return {
        **_case(found, "gap between training and test, with the pooling", "with dropout"),
        **_counted("dropout"),
        **{
            f"{name}_{own}": _mean(Arm(own, size=number), "gap", f"gap, {own}, {number} digits")
            for own in ("none", "max", "dense")
            for name, number in (("gap", FEW), ("many", MANY))
        },
        **{
            f"{name}_dropout": share(
                comparisons.numbers(Arm("none", size=number), "gap", dropped=True).mean(),
                f"gap, dropout, {number} digits",
            )
            for name, number in (("gap", FEW), ("many", MANY))
        },
        "few": count(FEW, "digits to train on"),
        "many": count(MANY, "digits to train on"),
    }


@claim(
    question="Does max pooling leave weights of a network without gradient?",
    examines="T7",
    kind=Judged(
        asked={**ARMS, "layer": ranges.TRAINED_LAYERS},
        together=_trained("reached"),
        margin=_margin(1, AS_WELL),
        least=_DECIDED,
        domain=lambda layer, **_: layer == "first",
        condition="it is the first layer, whose weights are used at each place.",
        otherwise="The last layer of a network that flattens its maps has weights for each place, "
        "and some go without; with some max poolings more of them do, with others fewer.",
    ),
    says="With pooling, training reaches as many of a layer's weights as without.",
    statement="With max pooling the gradient of one picture comes back to {positions_max:.0%} of "
    "the first convolution's values, and to {positions_none:.0%} without pooling, in trained "
    "networks that flatten their maps. But all places share their weights: over the whole "
    "training it came to {reached_max:.1%} of the first layer's weights with max pooling, and to "
    "{reached_none:.1%} without; in the last layer to {last_max:.1%} and {last_none:.1%} (means of "
    "{seeds} networks each, trained on {many:,} digits).",
    answer="If a layer uses its weights at each place, as a first convolution does, max pooling "
    "leaves hardly any without gradient: in small digit networks {reached_max:.1%} of them were "
    "reached in training, and {reached_none:.1%} without pooling. The gradient of one picture "
    "comes back to {positions_max:.0%} of that convolution's values with max pooling, and to "
    "{positions_none:.0%} without. Mean pooling hands some gradient to each value it averages.",
    formula=Formula(
        r"\frac{1}{n} \, \#\{i : \partial L / \partial x_i \ne 0\}",
        "L the loss, and x the n values of a convolution, or the n weights of a layer, counted "
        "by i",
    ),
    prints=("positions_max", "positions_none", "reached_max", "reached_none"),
    figure="reached-by-gradient",
    code=comparisons.found,
    sources=("digits",),
)
def pooled_network_trains_all_weights(
    pooling: Pooling = "max",
    readout: Readout = "flatten",
    border: Border = "circular",
    training: Training = "still",
    size: Size = MANY,
    layer: Annotated[str, _one_of(ranges.TRAINED_LAYERS)] = "first",
) -> Values:
    """Which weights the gradient reached in training, and which values it comes back to."""
    found = comparisons.case("reached", (pooling, readout, border, training, size, layer))
    shares = {
        "positions": ("first positions reached", "values of the first convolution with gradient"),
        "reached": ("first weights reached", "weights of the first layer with gradient"),
        "last": ("last weights reached", "weights of the last layer with gradient"),
    }
    return {
        **_case(found, "weights that gradient came to, with the pooling", "without"),
        **{
            f"{name}_{network}": _mean(Arm(network), measure, f"{meaning}, {network}")
            for name, (measure, meaning) in shares.items()
            for network in ("max", "none")
        },
        "many": count(MANY, "digits to train on"),
    }


# ---- Moves and noise ----

STILL = {name: asked for name, asked in ARMS.items() if name != "training"}


@claim(
    question="Does pooling make a network robust to moves?",
    examines="T2",
    kind=Judged(
        asked={**STILL, "move": ranges.MOVES},
        together=_trained("moves"),
        margin=_margin(-1),
        least=_DECIDED,
        domain=lambda readout, size, move, **_: (
            readout == "flatten" and move <= MOVED and size > FEW
        ),
        condition=f"the network flattens its maps and had {MIDDLE} pictures or more to learn from, "
        "and the move is of one or two pixels.",
        otherwise="With fewer pictures or larger moves the difference is often too small to tell. "
        "Before a global pooling, a subsampling makes the loss larger or leaves it as it is.",
    ),
    says="A network trained at one place loses less of its accuracy by a move if it has pooling.",
    statement="Trained on {many:,} digits at one place and asked about others that lie {moved} "
    "pixels further, a network that flattens its maps tells {flatten_with:.1%} right with max "
    "pooling, and {flatten_without:.1%} without; where they were trained, {there_with:.1%} and "
    "{there_without:.1%}. If each map's max is taken at the end, one pixel further, it is "
    "{one_with:.1%} with max pooling and {one_without:.1%} without (means of {seeds} networks "
    "each). Of {cases} comparisons of a "
    "pooling with none, {fewer} show a smaller loss, {more} a larger one, and {undecided} neither.",
    answer="Max pooling makes a network more robust to small moves only if what follows depends on "
    "the place: with flattened maps, {flatten_with:.0%} of digits moved by {moved} pixels were "
    "told right with max pooling, and {flatten_without:.0%} without. Neither is good. A network "
    "that ends in a global max, with borders that wrap round and no pooling before it, loses "
    "nothing by any move; with max pooling before it that is true of every second pixel alone.",
    formula=Formula(
        r"c_d = a_0 - a_d",
        "a the accuracy on digits moved by 0 or d pixels, and c what is lost",
    ),
    prints=("flatten_with", "flatten_without"),
    figure="moving-comb",
    code=comparisons.found,
    sources=("thread", "kauderer-abrams-2017", "digits"),
)
def pooled_network_robust_to_moves(
    pooling: Pooling = "max",
    readout: Readout = "flatten",
    border: Border = "circular",
    size: Size = MANY,
    move: Annotated[int, Choice(ranges.MOVES.values, ranges.MOVES.what)] = 2,
) -> Values:
    """What is lost by a move, with a pooling and without."""
    found = comparisons.case("moves", (pooling, readout, border, size, move))
    measure = f"accuracy, moved by {MOVED}"
    there = _with_and_without("accuracy", f"{ACCURACY}, not moved", ("flatten",))
    return {
        **_case(found, "accuracy lost by the move, with the pooling", "without"),
        **_counted("moves"),
        **_with_and_without(measure, f"{ACCURACY}, moved", ("flatten", "max")),
        **{
            f"one_{name}": _mean(Arm(own, "max"), "accuracy, moved by 1", f"{own}, one pixel")
            for name, own in (("with", "max"), ("without", "none"))
        },
        "there_with": there["flatten_with"],
        "there_without": there["flatten_without"],
        "moved": count(MOVED, "how far they are moved", "pixels"),
        "many": count(MANY, "digits to train on"),
    }


@claim(
    question="Does pooling make a network's answers change less often with a move by one pixel?",
    examines="azulay-2019",
    kind=Judged(
        asked=ARMS,
        together=_trained("changed"),
        margin=_margin(-1),
        least=_DECIDED,
        domain=lambda readout, training, size, **_: (
            readout == "flatten" and training == "still" and size > FEW
        ),
        condition=f"the network flattens its maps, and was trained on {MIDDLE} pictures or more "
        "at one place.",
        otherwise="Before a global pooling the subsampling makes them change more often. After "
        "training on moved pictures, or on few, it goes either way or is too close to tell.",
    ),
    says="With pooling, a move by one pixel changes a network's answer less often.",
    statement="Trained on {many:,} digits at one place, networks that flatten their maps answer "
    "otherwise for {flatten_with:.0%} of digits that lie one pixel further if they have max "
    "pooling, and for {flatten_without:.0%} if they have none. If they take each map's max, for "
    "{max_with:.0%} with max pooling, and for {max_without:.0%} without (means of {seeds} networks "
    "each, circular borders). Of {cases} comparisons of a pooling with none, {fewer} show fewer "
    "changes, {more} more, and {undecided} neither.",
    answer="Max pooling changes fewer answers with a move by one pixel only if what follows "
    "depends on the place: with flattened maps, {flatten_with:.0%} of the answers change, against "
    "{flatten_without:.0%} without pooling. A network that takes each map's max at the end, and "
    "has no subsampling and a circular border, gives the same answers after the move. With max "
    "pooling before it {max_with:.0%} change, as the subsampling looks at other pixels.",
    formula=Formula(
        r"c = \mathbb{P}(y_1 \ne y_0)",
        "y the answer to a digit that is moved by 0 or 1 pixels, and c how often it changes",
    ),
    prints=("flatten_with", "flatten_without", "max_with"),
    figure="moving-comb",
    code=comparisons.found,
    sources=("azulay-2019", "digits"),
)
def one_pixel_changes_answers(
    pooling: Pooling = "max",
    readout: Readout = "flatten",
    border: Border = "circular",
    training: Training = "still",
    size: Size = MANY,
) -> Values:
    """How often an answer changes with one pixel, with a pooling and without."""
    found = comparisons.case("changed", (pooling, readout, border, training, size))
    measure = "changed by the first pixel"
    return {
        **_case(found, "answers that change with a pixel, with the pooling", "without"),
        **_counted("changed"),
        **_with_and_without(measure, "answers that change", ("flatten", "max")),
        "many": count(MANY, "digits to train on"),
    }


@claim(
    question="Does pooling make a network robust to noise that it was not trained on?",
    examines="T3",
    kind=Judged(
        asked={**ARMS, "noise": ranges.TRAINED_NOISES},
        together=_trained("noise"),
        margin=_margin(-1),
        least=_DECIDED,
    ),
    says="Noise that it was not trained on costs a network less accuracy if it has pooling.",
    statement="Trained on {many:,} digits without noise, and asked with normal noise of "
    "{noise_shown:.0%} of black (its standard deviation) on each pixel, networks that flatten "
    "their maps tell {flatten_with:.1%} right with max pooling and {flatten_without:.1%} without; "
    "those that take each map's max {max_with:.1%} and {max_without:.1%}, and those that take its "
    "mean {mean_with:.1%} and {mean_without:.1%} (means of {seeds} networks each). Of {cases} "
    "comparisons of a pooling with none, {fewer} show a smaller loss by noise, {more} a larger "
    "one, and {undecided} neither.",
    answer="Max pooling made small digit networks that end in a global max less robust to noise: "
    "of noisy digits, {max_with:.0%} were told right with it and {max_without:.0%} without. With "
    "flattened maps it was {flatten_with:.0%} and {flatten_without:.0%}, too close to tell. The "
    "noise was a fifth of black, on each pixel, and no network was trained on any. In none of the "
    "comparisons of a pooling with none was the loss clearly smaller with it.",
    formula=Formula(
        r"c = a_0 - a_\sigma",
        "a the accuracy without noise or with noise of standard deviation σ, and c what is lost",
    ),
    prints=("max_with", "max_without", "flatten_with", "flatten_without"),
    figure="noise-by-readout",
    code=comparisons.found,
    sources=("thread", "digits"),
)
def pooled_network_robust_to_noise(
    pooling: Pooling = "max",
    readout: Readout = "max",
    border: Border = "circular",
    training: Training = "still",
    size: Size = MANY,
    noise: Annotated[int, _one_of(ranges.TRAINED_NOISES)] = NOISE,
) -> Values:
    """What noise costs, with a pooling and without."""
    found = comparisons.case("noise", (pooling, readout, border, training, size, noise))
    measure = f"accuracy, noise {NOISE / 100}"
    return {
        **_case(found, "accuracy lost by the noise, with the pooling", "without"),
        **_counted("noise"),
        **_with_and_without(measure, f"{ACCURACY}, noisy", READOUTS),
        "noise_shown": share(NOISE / 100, "standard deviation of the noise, in parts of black"),
        "many": count(MANY, "digits to train on"),
    }


# ---- Sizes, strides, augmentation ----


@claim(
    question="Does a network with a global pooling at its end take pictures of any size?",
    examines="goodfellow-2016",
    kind=Judged(
        asked={
            "network": ranges.TRAINED_NETWORKS,
            "readout": ranges.without(ranges.TRAINED_READOUTS, "flatten"),
            **{name: ARMS[name] for name in ("border", "training", "size")},
        },
        together=_trained("canvas"),
        margin=_margin(-1, AS_WELL),
        least=_DECIDED,
    ),
    says="A network with a global pooling at its end is about as good on a larger canvas.",
    statement="Trained on a canvas of {side} × {side} and asked about the same digits on one of "
    "{larger} × {larger}, networks with max pooling tell {max_large:.1%} right if they end in a "
    "global max ({max_small:.1%} on their own canvas), and {mean_large:.1%} if they end in a "
    "global mean ({mean_small:.1%}); without pooling before it {none_large:.1%} "
    "({none_small:.1%}; means of {seeds} networks each). Of {cases} kinds of network, {kept} lose "
    "at most a point; for the others it is too close to tell, and the most that one lost is "
    "{worst:.1f} points. One that flattens its maps has no answer.",
    answer="A network that ends in a global pooling takes pictures of any size, and in small digit "
    "networks it was as good on a larger canvas with a global max: {max_large:.1%} after max "
    "pooling, and {max_small:.1%} on their own canvas. With a global mean some lost accuracy: "
    "without pooling before it, it was {none_large:.1%} and {none_small:.1%}. The canvas grew, and "
    "the digits on it stayed as they were: a mean over more empty places is smaller.",
    formula=Formula(
        r"\frac{1}{N} \sum_{i} x_i",
        "x the values of a map, numbered by i, and N how many they are: on a larger map, more of "
        "them are those of an empty place",
    ),
    prints=("max_large", "max_small", "none_large", "none_small"),
    figure="larger-canvas",
    code=comparisons.found,
    sources=("goodfellow-2016", "digits"),
)
def global_pooling_takes_any_size(
    network: Annotated[
        str, _one_of(ranges.TRAINED_NETWORKS, "what follows each convolution")
    ] = "max",
    readout: Annotated[str, Choice(("mean", "max"), "global pooling")] = "max",
    border: Border = "circular",
    training: Training = "still",
    size: Size = MANY,
) -> Values:
    """Accuracy on a larger canvas than the one that was trained on."""
    found = comparisons.case("canvas", (network, readout, border, training, size))
    arms = {"max": Arm("max", "max"), "mean": Arm("max", "mean"), "none": Arm("none", "mean")}
    sizes = {"small": "accuracy", "large": "accuracy, larger canvas"}
    return {
        **_case(found, "accuracy lost on the larger canvas", "none"),
        **{
            f"{name}_{where}": _mean(arm, measure, f"{ACCURACY}, {where} canvas, {arm.id}")
            for name, arm in arms.items()
            for where, measure in sizes.items()
        },
        "kept": count(
            sum(100 * f.difference.high < AS_WELL for f in comparisons.found("canvas").values()),
            "cases that lose at most a point",
        ),
        "worst": points(
            max(f.difference.value for f in comparisons.found("canvas").values()),
            "largest mean loss of a case",
        ),
        "side": count(CANVAS, "side of the canvas that is trained on", "pixels"),
        "larger": count(LARGER, "side of the larger one", "pixels"),
    }


@claim(
    question="Does a network with a global pooling at its end overlook that parts are exchanged?",
    examines="sabour-2017",
    kind=Judged(
        asked={
            "network": ranges.TRAINED_NETWORKS,
            "readout": ranges.without(ranges.TRAINED_READOUTS, "flatten"),
            **{name: ARMS[name] for name in ("border", "training", "size")},
        },
        together=_trained("apart"),
        margin=_margin(1, -50),
        least=_DECIDED,
    ),
    says="A network that ends in a global pooling gives most answers as before when the parts of "
    "its picture are exchanged.",
    statement="With the four quarters of each digit exchanged, networks that take each map's max "
    "answer as before for {first:.0%} of the digits with max pooling behind each convolution, "
    "{none_max:.0%} with nothing and {stride_max:.0%} with every second value; those that take "
    "each map's mean for {max_mean:.0%}, {none_mean:.0%} and {stride_mean:.0%}; those that flatten "
    "their maps, without pooling, for {none_flatten:.0%}, which is what guessing among ten digits "
    "comes to (means of {seeds} networks each, trained on {many:,} digits).",
    answer="Small digit networks did notice: with the quarters of a digit exchanged, {first:.0%} "
    "of the answers stayed as they were with max pooling and a global max at the end, and "
    "{none_max:.0%} with the global max alone. A network that flattens its maps came to "
    "{none_flatten:.0%}, about what guessing gives. A global pooling forgets where a part was "
    "found, but new edges arise where quarters meet, and strokes are cut.",
    formula=Formula(
        r"k = \mathbb{P}(y' = y)",
        "y the answer to a digit, y′ that to the digit with its quarters exchanged, and k how "
        "often they are the same",
    ),
    prints=("first", "none_max", "none_flatten"),
    figure="parts-exchanged",
    code=comparisons.found,
    sources=("sabour-2017", "digits"),
)
def exchanged_parts_noticed(
    network: Annotated[
        str, _one_of(ranges.TRAINED_NETWORKS, "what follows each convolution")
    ] = "max",
    readout: Annotated[str, Choice(("mean", "max"), "global pooling")] = "max",
    border: Border = "circular",
    training: Training = "still",
    size: Size = MANY,
) -> Values:
    """Answers that stay when the quarters of each digit are exchanged."""
    found = comparisons.case("apart", (network, readout, border, training, size))
    shown = [(n, r) for n in ("max", "none", "stride") for r in ("max", "mean")]
    return {
        **_case(found, "answers that stay", "none"),
        **{
            f"{own}_{end}": _mean(Arm(own, end), "kept, taken apart", f"answers, {own}, {end}")
            for own, end in [*shown, ("none", "flatten")]
        },
        "many": count(MANY, "digits to train on"),
    }


@claim(
    question="Do strided convolutions do as well as max pooling?",
    examines="springenberg-2015",
    kind=Judged(
        asked={
            "instead": ranges.TRAINED_STRIDES,
            **{name: asked for name, asked in ARMS.items() if name != "pooling"},
        },
        together=_trained("strided"),
        margin=_margin(1, AS_WELL),
        least=_DECIDED,
        domain=lambda instead, **_: instead in ("learned", "wide", "broad"),
        condition="they cost about as much as the pooled network or more: with more channels, or "
        "with a further convolution in place of each pooling.",
        otherwise="Where the same convolutions take larger steps, or there are as few weights as "
        "with max pooling, accuracy is lost or it is too close to tell.",
    ),
    says="With strided convolutions a network is as accurate as with max pooling.",
    statement="In networks that flatten their maps, trained on {many:,} digits at one place, max "
    "pooling comes to {pooled:.1%}; the same convolutions with a stride of 2 to {stride:.1%}, "
    "with as many multiplications as the pooled network, and so more channels, to {broad:.1%}; a "
    "further convolution in place of each pooling, with a stride, to {learned:.1%}, and with as "
    "many weights as the pooled network to {thrifty:.1%} (means of {seeds} networks each). As well "
    "means here that the whole interval lies above a loss of {as_well:.0f} percentage point.",
    answer="Strided convolutions did as well as max pooling where they cost about as much or more: "
    "in small digit networks with flattened maps, {learned:.1%} with a further strided convolution "
    "in place of each pooling, and {pooled:.1%} with max pooling. If the same convolutions only "
    "take larger steps it was {stride:.1%}. With as many channels, a further convolution adds "
    "weights, depth and multiplications, so that is more than an exchange.",
    formula=DIFFERENCE,
    prints=("learned", "pooled", "stride"),
    figure="strided-instead",
    code=comparisons.found,
    sources=("springenberg-2015", "digits"),
)
def strided_convolutions_do_as_well(
    instead: Annotated[str, _one_of(ranges.TRAINED_STRIDES, "in place of the pooling")] = "learned",
    readout: Readout = "flatten",
    border: Border = "circular",
    training: Training = "still",
    size: Size = MANY,
) -> Values:
    """Accuracy with strided convolutions in place of max pooling."""
    found = comparisons.case("strided", (instead, readout, border, training, size))
    networks = {
        "pooled": "max",
        **{name: name for name in ("stride", "broad", "learned", "thrifty")},
    }
    return {
        **_case(found, f"{ACCURACY}, strided", "with max pooling"),
        **{
            name: _mean(Arm(own), "accuracy", f"{ACCURACY}, {own}")
            for name, own in networks.items()
        },
        "many": count(MANY, "digits to train on"),
        "as_well": points(AS_WELL / 100, "that may be lost"),
    }


@claim(
    question="Does training on moved pictures do more than pooling, where a network flattens its "
    "maps?",
    examines="kauderer-abrams-2017",
    kind=Judged(
        asked={"pooling": ranges.TRAINED_POOLINGS, "size": ranges.TRAINED_ON},
        together=_trained("moved training"),
        margin=_margin(1),
        least=_DECIDED,
    ),
    says="In a network that flattens its maps, training on moved pictures does more for accuracy "
    "on them than pooling before that does.",
    statement="Of digits moved by 0 to {moves} pixels, networks that flatten their maps tell "
    "{plain:.1%} right without pooling if they were trained on {many:,} digits at one place, "
    "{second:.1%} with max pooling, and {first:.1%} without pooling but trained on moved digits: "
    "{difference:.0f} points more than pooling ({low:.0f} to {high:.0f}; {seeds} networks each; "
    "{longer} times as many steps on moved digits). With both it is {both:.1%}.",
    answer="Training on moved pictures did far more than pooling, if a network flattens its maps: "
    "of moved digits {first:.0%} were told right after such training without any pooling, and "
    "{second:.0%} with max pooling after training at one place. Without either it was "
    "{plain:.0%}, and with both {both:.0%}. It helps for the moves that it was trained on, and "
    "takes longer to train. The digits were moved by up to half the width of the "
    "canvas.",
    formula=DIFFERENCE,
    prints=("plain", "first", "second", "both"),
    figure="moved-training",
    code=comparisons.found,
    sources=("kauderer-abrams-2017", "digits"),
)
def moved_training_does_more(pooling: Pooling = "max", size: Size = MANY) -> Values:
    """Training on moved pictures without pooling, and pooling without such training."""
    found = comparisons.case("moved training", (pooling, size))
    measure, meaning = "accuracy, mean over moves", f"{ACCURACY}, mean over 9 places"
    return {
        **_case(found, f"{meaning}, trained on moved ones", "with pooling, trained at one place"),
        "plain": _mean(Arm("none", size=size), measure, f"{meaning}, with neither"),
        "both": _mean(Arm(pooling, moved=True, size=size), measure, f"{meaning}, with both"),
        "moves": count(MOVES - 1, "pixels of the largest move", "pixels"),
        "longer": count(LONGER, "times as many steps on moved digits"),
        "many": count(size, "digits to train on"),
    }


CLAIMS = (
    pooling_raises_accuracy,
    max_pooling_at_equal_multiplications,
    strided_convolutions_do_as_well,
    pooling_reduces_overfitting,
    pooling_a_kind_of_dropout,
    pooled_network_trains_all_weights,
    pooled_network_robust_to_moves,
    one_pixel_changes_answers,
    moved_training_does_more,
    pooled_network_robust_to_noise,
    global_pooling_takes_any_size,
    exchanged_parts_noticed,
)

RULINGS = (
    Ruling(
        "T2",
        Verdict.ON_CONDITION,
        "small moves cost a network that flattens its maps less with a pooling, unless it had few "
        "pictures to learn from. What ends in a global pooling needs no help: there "
        "a subsampling does harm, or changes nothing.",
        ("pooled-network-robust-to-moves", "one-pixel-changes-answers"),
        part="trained networks, and small moves",
    ),
    Ruling(
        "T3",
        Verdict.FAILS,
        "in small digit networks, noise that they were not trained on costs more accuracy with "
        "many poolings that take a max; for the others, and for the mean, it is mostly too close "
        "to tell. With no pooling it clearly costs less.",
        ("pooled-network-robust-to-noise",),
        part="trained networks, and noise",
    ),
    Ruling(
        "T6",
        Verdict.HOLDS,
        "at as many multiplications and steps of training, small digit networks are more accurate "
        "with max pooling and more channels: by much if they end in a global pooling, by little if "
        "they flatten their maps. That is wider: deeper ones were not tried.",
        ("max-pooling-at-equal-multiplications",),
        part="what the saving buys",
    ),
    Ruling(
        "T7",
        Verdict.ON_CONDITION,
        "after as many steps of training, small digit networks that end in a global mean are more "
        "accurate with a pooling that takes a max. Elsewhere it depends on the pooling, and on how "
        "many pictures there are.",
        ("pooling-raises-accuracy",),
        part="whether it helps a network",
    ),
)
