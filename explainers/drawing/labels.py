"""Names of curves: beside the curve where there is room for all of them, or in a key above.

Where there is room depends on the data: a figure is drawn with other numbers than its own, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from explainers.checks import Floats
from explainers.drawing import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D

Box: TypeAlias = Floats  # left, bottom, right, top, in dots

# In dots: how far a name stands from its curve, from all else, and how much nearer to its own.
_GAP, _CLEAR, _NEARER = 6.0, 4.0, 5.0
_STEP = 2.0  # dots between the points of a curve that are looked at
_PLACES = 60  # along a curve
_KEY = 327.0  # points: what a phone is wide
_SIDES = np.array([(x, y) for x in (0, 1, -1) for y in (1, -1, 0) if (x, y) != (0, 0)])


def name_curves(canvas: Figure) -> None:
    """Name the labelled lines of all panels; in a key above them if one finds no place.

    A name has its line's colour. It touches no line, stands in its panel and nearest to its own.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    if (layout := canvas.get_layout_engine()) is not None:
        layout.execute(canvas)
    renderer = FigureCanvasAgg(canvas).get_renderer()  # type: ignore[no-untyped-call]
    named: list[Any] = []
    for axes in canvas.axes:
        curves = {line: _looked_at(line) for line in axes.lines}
        frame = np.array(axes.get_window_extent().extents)
        taken = [np.array(text.get_window_extent(renderer).extents) for text in axes.texts]
        for line in _labelled(axes):
            named.append(_text(axes, line))
            box = named[-1].get_window_extent(renderer)
            others = [points for other, points in curves.items() if other is not line]
            size = np.array([box.width, box.height])
            found = _place(curves[line], others, size, frame, taken)
            if found is None:
                for text in named:
                    text.remove()
                return key_above(canvas)
            named[-1].set_position(axes.transAxes.inverted().transform(found[:2] + size / 2))
            taken.append(found)
    # Nothing sticks out that did not before: all stays where it is.
    canvas.set_layout_engine("none")
    return None


def key_above(canvas: Figure, **options: Any) -> None:
    """A key of all panels' labelled lines and areas, in as many columns as a phone has room for."""
    entries = [axes.get_legend_handles_labels() for axes in canvas.axes]
    handles = {name: mark for marks, names in entries for mark, name in zip(marks, names)}  # noqa: B905
    _key(canvas, handles, _KEY, {"loc": "outside upper center"} | options)


def key_each(canvas: Figure) -> None:
    """A key for each panel, between its title and its lines: a phone shows one panel at a time."""
    if (layout := canvas.get_layout_engine()) is not None:
        layout.execute(canvas)
    scale = 72 / canvas.dpi
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0, "borderpad": 0.3}
    for axes in canvas.axes:
        handles = {str(line.get_label()): line for line in _labelled(axes)}
        key = _key(axes, handles, axes.get_window_extent().width * scale, place)
        height = key.get_window_extent().height * scale
        axes.set_title(axes.get_title(loc="left"), pad=height + _GAP)


def _key(owner: Any, handles: dict[str, Any], room: float, options: dict[str, Any]) -> Legend:
    """Add a key in as many columns as there is room for, in points."""
    look: dict[str, Any] = {"columnspacing": 1.4, "handletextpad": 0.6} | options
    look |= {"handles": list(handles.values()), "labels": list(handles)}
    for columns in range(len(handles), 1, -1):
        key = style.coloured_legend(owner, ncols=columns, **look)
        if key.get_window_extent().width * 72 / key.figure.dpi <= room:
            return key
        key.remove()
    return style.coloured_legend(owner, ncols=1, **look)


def _labelled(axes: Axes) -> list[Line2D]:
    return [line for line in axes.lines if not str(line.get_label()).startswith("_")]


def _text(axes: Axes, line: Line2D) -> Any:
    look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "fontweight": "bold"}
    name, at = str(line.get_label()), axes.transAxes
    return axes.text(0.5, 0.5, name, color=line.get_color(), transform=at, **look)


def _looked_at(line: Line2D) -> Floats:
    """Points on a line as it is drawn, close to each other."""
    points: Floats = np.asarray(line.get_transform().transform(line.get_xydata()), float)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 2:
        return points
    along = np.concatenate([[0.0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
    at = np.linspace(0, along[-1], max(2, int(along[-1] / _STEP)))
    return np.column_stack([np.interp(at, along, side) for side in points.T])


def _place(
    own: Floats, others: list[Floats], size: Floats, frame: Box, taken: list[Box]
) -> Box | None:
    """The freest box for a name beside its curve; none if there is no free one."""
    starts = own[np.linspace(len(own) - 1, 0, _PLACES).astype(int)] if len(own) else own
    middles = (starts[:, None] + _SIDES * (size / 2 + _GAP)).reshape(-1, 2)
    boxes = np.column_stack([middles - size / 2, middles + size / 2])
    inside = (boxes[:, :2] >= frame[:2] + _CLEAR) & (boxes[:, 2:] <= frame[2:] - _CLEAR)
    boxes = boxes[inside.all(axis=1)]
    near = _distance(boxes, own)
    far = np.min([np.full(len(boxes), 30.0), *(_distance(boxes, each) for each in others)], axis=0)
    apart = [_between(boxes, box) > _CLEAR for box in taken]
    free = np.all([near > _CLEAR, far > near + _NEARER, *apart], axis=0)
    if not free.any():
        return None
    best: Box = boxes[free][np.argmax(far[free] - near[free])]
    return best


def _distance(boxes: Floats, points: Floats) -> Floats:
    """How far the nearest of some points is from each box."""
    if not len(points):
        return np.full(len(boxes), np.inf)
    apart = np.maximum(boxes[:, None, :2] - points, points - boxes[:, None, 2:])
    nearest: Floats = np.hypot(*np.maximum(apart, 0).transpose(2, 0, 1)).min(axis=1)
    return nearest


def _between(boxes: Floats, box: Box) -> Floats:
    """How far each box is from one box, on the axis on which they are further apart."""
    apart: Floats = np.maximum(boxes[:, :2] - box[2:], box[:2] - boxes[:, 2:]).max(axis=1)
    return apart
