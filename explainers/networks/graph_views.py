"""What a value of a map sees of the picture, through a graph: along each axis, and to its joins."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, NamedTuple

from explainers.kinds import Whole, checked
from explainers.networks.graph import Step
from explainers.networks.graph_rules import ACTIVATIONS, ADAPTIVE, GLOBAL, POOLS, windows
from explainers.networks.layers import Reach


class View(NamedTuple):
    """What a value sees along one axis of the picture: `size` pixels, the first one from `start`.

    `jump` pixels lie from one value's view to its neighbour's; None if they do not lie evenly.
    Pixels below 0 are the padding.
    """

    size: int = 1
    jump: int | None = 1
    start: int = 0

    @property
    def centre(self) -> Fraction:
        """The pixel in the middle of what the first value sees.

        >>> View(7, 2, -3).centre
        Fraction(0, 1)
        """
        return self.start + Fraction(self.size - 1, 2)

    def through(self, reach: Reach) -> View:
        """What a value sees that looks at `extent` of these; LostError if that cannot be said."""
        if self.jump is None:
            if reach.extent > 1:
                raise LostError
            return self
        step = None if reach.step is None else self.jump * reach.step
        size = self.size + (reach.extent - 1) * self.jump
        return View(size, step, self.start - reach.before * self.jump)

    def together(self, other: View) -> View:
        """What a value sees that looks at one here and at one there."""
        if self.jump != other.jump:
            raise LostError
        start = min(self.start, other.start)
        end = max(self.start + self.size, other.start + other.size)
        return View(end - start, self.jump, start)


class LostError(ValueError):
    """What a value sees cannot be said in a size and a jump."""


class Seen(NamedTuple):
    """What the values of a tensor see.

    Attributes
    ----------
    axes
        A view for each axis of the tensor that lies along one of the picture; None for others.
    past
        Views along axes of the picture that the tensor has no more, such as behind a flattening.
    """

    axes: tuple[View | None, ...]
    past: tuple[View, ...] = ()

    @property
    def views(self) -> tuple[View, ...]:
        """A view for each axis of the picture."""
        return tuple(view for view in self.axes if view is not None) or self.past


LOST = Seen(())


@checked
def pixels(rank: Annotated[int, Whole(0)]) -> Seen:
    """What the values of an input see, if it is a picture: axes of pictures and channels first."""
    return Seen((None, None, *[View()] * (rank - 2))) if rank > 2 else LOST


def looked(step: Step, seen: Mapping[str, Seen]) -> Seen:
    """What a value sees that an operator hands on, if its inputs have seen that."""
    maps = [i for i, name in enumerate(step.node.inputs) if seen.get(name, LOST).views]
    rule = _RULES.get(step.node.op)
    several = rule in (_joined, _concat)
    if rule is None or not maps or (_blind(step, maps) if several else maps[0] != 0):
        return LOST
    try:
        return rule(step, [seen[step.node.inputs[i]] for i in maps])
    except (LostError, LookupError, ValueError):
        return LOST


def _blind(step: Step, maps: Sequence[int]) -> bool:
    """Whether an input is a map of which it cannot be said what its values see."""
    others = (i for i, held in enumerate(step.held) if not held and i not in maps)
    return any(math.prod(step.graph.shapes.get(step.node.inputs[i], (2,))) > 1 for i in others)


_Rule = Callable[[Step, Sequence[Seen]], Seen]


def _same(step: Step, maps: Sequence[Seen]) -> Seen:
    """Each value looks at that in its place."""
    return maps[0]


def _slid(step: Step, maps: Sequence[Seen]) -> Seen:
    """Windows that slide."""
    reaches = (
        Reach((window.kernel - 1) * window.dilation + 1, window.stride, window.before)
        for window in windows(step)
    )
    return _spatial(maps[0], reaches)


def _covered(step: Step, maps: Sequence[Seen]) -> Seen:
    """Windows that cover the map as they can, whatever its size."""
    pairs = zip(step.input(0)[2:], step.output()[2:], strict=True)
    return _spatial(maps[0], (_evenly(size, count) for size, count in pairs))


def _evenly(size: int, count: int) -> Reach:
    """The largest of so many windows: in lowest terms s / m, it has ⌈(s − 1) / m⌉ + 1 values."""
    shared = math.gcd(size, count)
    largest = -(-(size // shared - 1) // (count // shared)) + 1
    return Reach(largest, None if size % count else size // count)


def _spatial(seen: Seen, reaches: Iterable[Reach]) -> Seen:
    """Look along the axes behind those of pictures and channels."""
    if any(seen.axes[:2]):
        raise LostError
    axes = zip(seen.axes[2:], reaches, strict=True)
    return Seen((None, None, *(_through(view, reach) for view, reach in axes)))


def _through(view: View | None, reach: Reach) -> View:
    if view is None:
        raise LostError
    return view.through(reach)


def _joined(step: Step, maps: Sequence[Seen]) -> Seen:
    """Each value looks at those in its place in all maps; what the file holds looks at nothing."""
    axes = maps[0].axes
    for other in maps[1:]:
        pairs = zip(axes, other.axes, strict=True)
        axes = tuple(_both(a, b) for a, b in pairs)
    if len(axes) != len(step.output()):
        raise LostError
    return Seen(axes, maps[0].past)


def _both(one: View | None, other: View | None) -> View | None:
    if one is None or other is None:
        if one is not other:
            raise LostError
        return None
    return one.together(other)


def _concat(step: Step, maps: Sequence[Seen]) -> Seen:
    """Maps behind one another along an axis that is not of the picture."""
    axis = step.setting("axis", 1) % len(step.output())
    if len(maps) < len(step.node.inputs) or maps[0].axes[axis] is not None:
        raise LostError
    return _joined(step, maps)


def _padded(step: Step, maps: Sequence[Seen]) -> Seen:
    """A map that begins so many values before."""
    pads, axes = step.numbers("pads", 1), maps[0].axes
    if len(pads) != 2 * len(axes):
        raise LostError
    pairs = zip(axes, pads[: len(axes)], strict=True)
    return Seen(tuple(view and view.through(Reach(1, 1, pad)) for view, pad in pairs))


def _transposed(step: Step, maps: Sequence[Seen]) -> Seen:
    axes = maps[0].axes
    order = step.setting("perm", range(len(axes) - 1, -1, -1))
    return Seen(tuple(axes[axis] for axis in order), maps[0].past)


def _flattened(step: Step, maps: Sequence[Seen]) -> Seen:
    """All of a picture in one row: each value behind it may look at all."""
    shape, made, seen = step.input(0), step.output(), maps[0]
    if made == shape or not any(seen.axes):
        return seen._replace(axes=(None,) * len(made))
    at = [i for i, view in enumerate(seen.axes) if view is not None]
    if len(made) != 2 and any(shape[i] > 1 for i in at):
        raise LostError
    return _collapsed(step, seen, at)


def _reduced(step: Step, maps: Sequence[Seen]) -> Seen:
    """A sum over all of the picture, and over nothing else; or over nothing of it."""
    shape, seen = step.input(0), maps[0]
    at = [i for i, view in enumerate(seen.axes) if view is not None]
    if step.values * math.prod(shape[i] for i in at) != math.prod(shape):
        raise LostError
    return _collapsed(step, seen, at)


def _collapsed(step: Step, seen: Seen, at: Sequence[int]) -> Seen:
    """What is left of axes of the picture that are no more."""
    shape = step.input(0)
    past = tuple(_through(seen.axes[i], Reach(shape[i], None)) for i in at)
    return Seen((None,) * len(step.output()), past)


def _mixed(step: Step, maps: Sequence[Seen]) -> Seen:
    """Values along the last axis look at one another."""
    seen = maps[0]
    if len(maps) > 1 or (seen.axes and seen.axes[-1] is not None):
        raise LostError
    return seen


def _parted(step: Step, maps: Sequence[Seen]) -> Seen:
    """A part of the channels; of the picture there must be all."""
    seen = maps[0]
    if any(v and a != b for v, a, b in zip(seen.axes, step.input(0), step.output(), strict=True)):
        raise LostError
    return seen


_RULES: dict[str, _Rule] = {
    **dict.fromkeys(ACTIVATIONS - {"Softmax", "LogSoftmax"}, _same),
    **dict.fromkeys(("BatchNormalization", "PRelu"), _same),
    **dict.fromkeys({"Conv"} | POOLS, _slid),
    **dict.fromkeys(GLOBAL | ADAPTIVE, _covered),
    **dict.fromkeys(("Add", "Sub", "Sum", "Mul", "Div", "Max", "Min"), _joined),
    "Concat": _concat,
    "Pad": _padded,
    "Transpose": _transposed,
    **dict.fromkeys(("Flatten", "Reshape", "Squeeze"), _flattened),
    **dict.fromkeys(("ReduceMean", "ReduceSum", "ReduceMax"), _reduced),
    **dict.fromkeys(("Gemm", "MatMul", "Softmax", "LogSoftmax"), _mixed),
    **dict.fromkeys(("LayerNormalization", "RMSNormalization"), _mixed),
    **dict.fromkeys(("Split", "Slice"), _parted),
}
