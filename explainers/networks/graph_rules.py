"""What the operators of a graph multiply, compare and add, and which of them count nothing.

The conventions are those of `explainers.networks.layers`, and for what networks of layers lack:

- A matrix product multiplies, also of two maps, as in attention.
- *Products* are those of two maps value by value, as in a gate; a factor that is learnt is a
  weight, and multiplies no map.
- A convolution that is transposed multiplies each value that comes in by each weight of a kernel.
- Normalisations and activation functions count nothing but their parameters; nor does
  interpolation, whose weights are not learnt.
- What only moves values counts nothing. Joining, padding, repeating and resizing hand on maps of
  their own, which are held; a view of a map, such as its transposition, is none.
- A weight that several operators share is a parameter once. A single number that is added or
  multiplied is taken for a constant.
- An operator that is not known, or whose shapes are not, is not counted, and said: the totals are
  then the least that the network takes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from explainers.networks.graph import Step


class Load(NamedTuple):
    """What one operator does and holds, for one input; see `explainers.networks.layers.Work`.

    `products` are those of two maps, value by value.
    """

    macs: int = 0
    products: int = 0
    comparisons: int = 0
    additions: int = 0
    weights: int = 0
    biases: int = 0
    norms: int = 0


def _conv(step: Step) -> Load:
    """Each value is one multiply–accumulate for each weight of its kernel."""
    kernel = math.prod(step.input(1)[1:])
    return Load(step.values * kernel, weights=step.learnt(1), biases=step.learnt(2))


def _conv_transpose(step: Step) -> Load:
    """Each value that comes in meets each weight of its kernels."""
    kernel = math.prod(step.input(1)[1:])
    macs = math.prod(step.input(0)) * kernel
    return Load(macs, weights=step.learnt(1), biases=step.learnt(2))


def _gemm(step: Step) -> Load:
    """A product of two matrices, and a bias."""
    inner = step.input(0)[0 if step.setting("transA", 0) else 1]
    return Load(step.values * inner, weights=step.learnt(0) + step.learnt(1), biases=step.learnt(2))


def _matmul(step: Step) -> Load:
    inner = step.input(0)[-1]
    return Load(step.values * inner, weights=step.learnt(0) + step.learnt(1))


def _einsum(step: Step) -> Load:
    """A sum over all that is not handed on, of products of two factors."""
    terms = str(step.setting("equation", "")).replace(" ", "").partition("->")[0].split(",")
    if len(terms) != 2 or not all(term.isalpha() for term in terms):
        raise KeyError(terms)
    pairs = zip(terms, (step.input(0), step.input(1)), strict=True)
    sides = {sign: side for term, shape in pairs for sign, side in zip(term, shape, strict=True)}
    return Load(math.prod(sides.values()), weights=step.learnt(0) + step.learnt(1))


def _attention(step: Step) -> Load:
    """Queries with keys, and what is found with values: one head after another."""
    query, key, value = (step.input(i) for i in range(3))
    if len(query) != 4:
        heads = step.setting("q_num_heads", 1)
        query = (query[0], heads, query[1], query[2] // heads)
        rest = step.setting("kv_num_heads", heads)
        key, value = ((s[0], rest, s[1], s[2] // rest) for s in (key, value))
    pairs = query[0] * query[1] * query[2] * key[2]
    return Load(pairs * (query[3] + value[3]))


def _recurrent(step: Step) -> Load:
    """Each step in time multiplies by all weights."""
    batch = step.input(0)[1 - step.setting("layout", 0)]
    times = step.input(0)[step.setting("layout", 0)]
    kernel = math.prod(step.input(1)) + math.prod(step.input(2))
    weights = step.learnt(1) + step.learnt(2)
    return Load(batch * times * kernel, weights=weights, biases=step.learnt(3))


def _pool(step: Step) -> int:
    """Values in all windows but the first of each: only the last windows may lack some."""
    shape = step.output()
    axes = zip(step.input(0)[2:], shape[2:], windows(step), strict=True)
    met = math.prod(
        windows * kernel - _lacking(size, windows, kernel, stride, dilation, before + after)
        for size, windows, (kernel, stride, dilation, before, after) in axes
    )
    return math.prod(shape[:2]) * met - step.values


def _lacking(size: int, windows: int, kernel: int, stride: int, dilation: int, padding: int) -> int:
    """How many places of the last window lie beyond the map and its padding."""
    beyond = (windows - 1) * stride + (kernel - 1) * dilation + 1 - (size + padding)
    return min(max(-(-beyond // dilation), 0), kernel - 1)


class Window(NamedTuple):
    """How windows lie along one axis."""

    kernel: int
    stride: int
    dilation: int
    before: int
    after: int


def windows(step: Step) -> list[Window]:
    """How the windows of a convolution or a pooling lie, along each axis."""
    size = step.input(0)[2:]
    kernel = tuple(step.setting("kernel_shape", ())) or step.input(1)[2:]
    ones = (1,) * len(size)
    strides = tuple(step.setting("strides", ())) or ones
    dilations = tuple(step.setting("dilations", ())) or ones
    pads = tuple(step.setting("pads", ())) or (0,) * 2 * len(size)
    before, after = pads[: len(size)], pads[len(size) :]
    if (same := step.setting("auto_pad", "NOTSET")) in ("SAME_UPPER", "SAME_LOWER"):
        need = [
            max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
            for n, k, s, d in zip(size, kernel, strides, dilations, strict=True)
        ]
        less, more = tuple(n // 2 for n in need), tuple(n - n // 2 for n in need)
        before, after = (less, more) if same == "SAME_UPPER" else (more, less)
    return [Window(*axis) for axis in zip(kernel, strides, dilations, before, after, strict=True)]


def _adaptive(step: Step) -> int:
    """Values in all windows but the first of each, of windows that cover a map as they can."""
    pairs = list(zip(step.input(0)[2:], step.output()[2:], strict=True))
    met = math.prod(size + out - math.gcd(size, out) for size, out in pairs)
    return math.prod(step.output()[:2]) * met - step.values


def _reduced(step: Step) -> int:
    """Values that come in, without the first of each that is handed on."""
    return math.prod(step.input(0)) - step.values


def _sum(step: Step) -> Load:
    """One addition for each value and map beyond the first; what is learnt is a bias."""
    learnt = [i for i, held in enumerate(step.held) if held]
    maps = len(step.node.inputs) - len(learnt)
    return Load(
        additions=max(maps - 1, 0) * step.values if not _constant(step) else 0,
        biases=sum(map(step.summand, learnt)),
    )


def _product(step: Step) -> Load:
    """One product for each value of two maps; a factor that is learnt is a weight."""
    learnt = [i for i, held in enumerate(step.held) if held]
    return Load(
        products=step.values if not learnt and not _constant(step) else 0,
        weights=sum(map(step.summand, learnt)),
    )


def _constant(step: Step) -> bool:
    """Whether one of two is a number that the file holds or computes, and no map."""
    return any(not math.prod(step.input(i)) > 1 for i in range(len(step.node.inputs)))


def _compared(step: Step) -> Load:
    return Load(comparisons=_reduced(step))


def _added(step: Step) -> Load:
    return Load(additions=_reduced(step))


def _held_in_it(step: Step) -> Load:
    """What is learnt and only moved, such as the token of a class that is put before others."""
    scaled = step.node.op in ("Resize", "Upsample")  # what follows the map says how large it gets
    return Load(weights=sum(map(step.summand, range(1 if scaled else len(step.held)))))


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split())


ACTIVATIONS = _named(
    "Relu LeakyRelu Elu Selu Celu Sigmoid HardSigmoid Tanh HardSwish Swish Softplus Softsign Gelu "
    "Mish Erf ThresholdedRelu Shrink Clip Softmax LogSoftmax Exp Log Sqrt Reciprocal Pow Neg Abs "
    "Dropout Identity Cast CastLike Sin Cos Floor Ceil Round Sign LRN Where"
)
"""Functions of one value, or of values beside it: they count nothing, and work in place."""
VIEWS = _named(
    "Reshape Flatten Transpose Squeeze Unsqueeze Slice Split Shape Size Constant ConstantOfShape "
    "Range EyeLike Equal Not And Or Xor Less Greater LessOrEqual GreaterOrEqual Trilu IsNaN IsInf "
    "NonZero OneHot CumSum Mod GatherElements GatherND ScatterElements ScatterND"
)
"""What looks at the same values otherwise, or finds places, sides and masks: it counts nothing."""
MOVES = _named("Concat Pad Resize Upsample Tile Expand DepthToSpace SpaceToDepth")
POOLS = frozenset(("MaxPool", "AveragePool", "LpPool"))
GLOBAL = frozenset(("GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool"))
ADAPTIVE = frozenset(("AdaptiveMaxPool", "AdaptiveAveragePool"))
BY_THE_LARGEST = frozenset(("MaxPool", "GlobalMaxPool", "AdaptiveMaxPool"))
NORMALISATIONS = frozenset(
    f"{over}Normalization" for over in ("Batch", "Instance", "Layer", "Group", "RMS")
)

RULES: dict[str, Callable[[Step], Load]] = {
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Einsum": _einsum,
    "Attention": _attention,
    **dict.fromkeys(("LSTM", "GRU", "RNN"), _recurrent),
    "MaxPool": lambda step: Load(comparisons=_pool(step)),
    **dict.fromkeys(("AveragePool", "LpPool"), lambda step: Load(additions=_pool(step))),
    "AdaptiveMaxPool": lambda step: Load(comparisons=_adaptive(step)),
    "AdaptiveAveragePool": lambda step: Load(additions=_adaptive(step)),
    **dict.fromkeys(("GlobalMaxPool", "ReduceMax", "ReduceMin", "ArgMax", "ArgMin"), _compared),
    **dict.fromkeys(("GlobalAveragePool", "GlobalLpPool", "ReduceMean", "ReduceSum"), _added),
    **dict.fromkeys(("ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"), _added),
    **dict.fromkeys(("Add", "Sub", "Sum"), _sum),
    **dict.fromkeys(("Mul", "Div"), _product),
    **dict.fromkeys(("Max", "Min"), lambda step: Load(comparisons=_sum(step).additions)),
    **dict.fromkeys(NORMALISATIONS, lambda step: Load(norms=step.learnt(1) + step.learnt(2))),
    "PRelu": lambda step: Load(weights=step.learnt(1)),
    "Gather": lambda step: Load(weights=step.learnt(0)),
    **dict.fromkeys(ACTIVATIONS | MOVES | VIEWS, _held_in_it),
}
"""What each operator that is known does."""
_HELD = POOLS | GLOBAL | ADAPTIVE | MOVES | {op for op in RULES if op.startswith("Reduce")}
_HELD |= {"Conv", "ConvTranspose", "Gemm", "MatMul", "Einsum", "Attention", "LSTM", "GRU", "RNN"}


def held(step: Step) -> int:
    """How many values an operator hands on that are held: none if it works in place, or looks."""
    table = step.node.op == "Gather" and step.held[0] != ""
    return step.values if table or step.node.op in _HELD else 0
