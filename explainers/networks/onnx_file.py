"""An ONNX file as it is read: its operators and their shapes, as the package `onnx` infers them."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from explainers.checks import refuse, shown
from explainers.kinds import Whole
from explainers.lookup import did_you_mean
from explainers.networks.graph import Graph, Node, Sides
from explainers.networks.layers import LARGEST_SIDE, MOST_CHANNELS, LayerError

MOST_BYTES = 2**31 - 1
"""Of a file: what protobuf, which it is written in, can read."""
MOST_OPERATORS = 100_000
_SHORT = 64  # values of a tensor that may say sides, paddings or scales
_PASSES = 20  # of inferring shapes that depend on values that depend on shapes


class OnnxFile:
    """A file as it is read, its functions written out and its weights left out.

    Attributes
    ----------
    nodes
        Its operators, each with a name.
    weights
        Shapes of its tensors of real numbers, by their names.
    shapes
        Of all tensors, as far as they are known, once `infer` has run.
    """

    def __init__(self, path: Path) -> None:
        self._onnx = _library()
        self._model = _loaded(self._onnx, path)
        self.weights: dict[str, Sides] = {}
        self.shapes: dict[str, Sides] = {}
        self._types: dict[str, int] = {}  # of elements, by the library's numbers
        self._long: dict[str, int] = {}  # tensors that are left out, and their types
        self._short: dict[str, Any] = {}  # values of those that are not
        self._found: dict[str, Any] = {}  # values that follow from shapes
        self._leave_out()
        if self._model.functions:
            self._model = self._onnx.inliner.inline_local_functions(self._model)
            self._leave_out()
        self.nodes = self._model.graph.node
        self._inside = {*self._long, *self._short}
        _name(self.nodes)

    def _leave_out(self) -> None:
        """Leave out of the model the values of what is long: its shape is enough."""
        graph = self._model.graph
        kept = [tensor for tensor in graph.initializer if self._keeps(tensor.name, tensor)]
        nodes = [
            node
            for node in graph.node
            if all(self._keeps(node.output[0], held) for held in _constants(node))
        ]
        for field, content in (("initializer", kept), ("node", nodes)):
            if len(content) < len(getattr(graph, field)):
                graph.ClearField(field)
                getattr(graph, field).extend(content)

    def _keeps(self, name: str, tensor: Any) -> bool:
        """Note a tensor of the file; whether its values are kept."""
        sides, kind = tuple(tensor.dims), tensor.data_type
        if kind not in _WHOLE:
            self.weights[name] = sides
        if math.prod(sides) > _SHORT or tensor.external_data:
            self._long[name], self.shapes[name] = kind, sides
            return False
        self._short[name] = self._onnx.numpy_helper.to_array(tensor)
        return True

    def widen(self, weight: str, sides: Sides) -> None:
        """Give a weight other sides."""
        self.weights[weight] = self.shapes[weight] = sides
        self._long[weight] = self._long.get(weight, 1)
        self._short.pop(weight, None)

    @property
    def inputs(self) -> list[Any]:
        """What comes from outside."""
        return [each for each in self._model.graph.input if each.name not in self._inside]

    def place(self, size: Sides | None, channels: int | None, sides: Mapping[str, int]) -> None:
        """Set the sides of what comes in.

        Parameters
        ----------
        size, channels
            Of the picture: of the first input that has sides behind its channels.
        sides
            Those that the file leaves open, by their names.
        """
        shapes = {each.name: each.type.tensor_type.shape for each in self.inputs}
        _refuse_unknown(sides, {d.dim_param for shape in shapes.values() for d in shape.dim})
        picture = next((shape for shape in shapes.values() if len(shape.dim) > 2), None)
        if picture is not None:
            _set_picture(picture, size, channels)
        elif size is not None or channels is not None:
            raise LayerError("none of its inputs is a picture, with channels and sides to be set")
        for name, shape in shapes.items():
            for axis, side in enumerate(shape.dim):
                _set_side(side, axis, name, sides)

    def infer(self) -> None:
        """Have the library infer all shapes anew, and the values that they depend on."""
        self._found = {}
        for _ in range(_PASSES):
            self._infer()
            whole = all(name in self.shapes for node in self.nodes for name in node.output if name)
            if whole or not self._fold():
                return

    def _infer(self) -> None:
        onnx, lean = self._onnx, self._onnx.ModelProto()
        lean.CopyFrom(self._model)
        long = [
            onnx.helper.make_tensor_value_info(name, kind, self.shapes[name])
            for name, kind in self._long.items()
        ]
        known = self._short | self._found
        short = [onnx.numpy_helper.from_array(value, name) for name, value in known.items()]
        nodes = [node for node in lean.graph.node if not known.keys() & set(node.output)]
        contents = {"input": [*self.inputs, *long], "initializer": short, "node": nodes}
        for field, content in ({"value_info": ()} | contents).items():
            copied = list(content)
            lean.graph.ClearField(field)
            getattr(lean.graph, field).extend(copied)
        for output in lean.graph.output:
            output.type.tensor_type.ClearField("shape")
        try:
            found = onnx.shape_inference.infer_shapes(lean, data_prop=True).graph
        except Exception as error:  # the library's own
            raise LayerError(f"its shapes cannot be inferred: {error}") from None
        typed = [*found.value_info, *found.output, *self.inputs, *long]
        self.shapes = {name: value.shape for name, value in known.items()} | dict(_sides(typed))
        self._types = {tensor.name: tensor.data_type for tensor in short}
        self._types |= {each.name: each.type.tensor_type.elem_type for each in typed}

    def _fold(self) -> bool:
        """Compute short values that follow from shapes; whether there was one."""
        before = len(self._found)
        known = dict(self._short)
        for node in self.nodes:
            if node.output[0] in self._found:
                continue
            value = None
            if node.op_type == "Shape" and node.input[0] in self.shapes:
                value = _shape_of(node, self.shapes[node.input[0]])
            elif node.op_type in _ON_SIDES and known.keys() >= set(filter(None, node.input)):
                value = self._run(node, known)
            if value is not None and value.size <= _SHORT:
                self._found[node.output[0]] = known[node.output[0]] = value
        return len(self._found) > before

    def _run(self, node: Any, known: Mapping[str, Any]) -> Any:
        """What one operator makes of values; None if that cannot be said."""
        from onnx.reference import ReferenceEvaluator

        helper = self._onnx.helper
        given = {name: known[name] for name in node.input if name}
        kinds = [
            helper.make_tensor_value_info(
                name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape
            )
            for name, value in given.items()
        ]
        asked = helper.make_empty_tensor_value_info(node.output[0])
        one = helper.make_model(
            helper.make_graph([node], "one", kinds, [asked]),
            opset_imports=self._model.opset_import,
            ir_version=self._model.ir_version,
        )
        try:
            return np.asarray(ReferenceEvaluator(one).run(None, given)[0])
        except Exception:  # whatever it is: then its shape is not known
            return None

    def graph(self, name: str) -> Graph:
        """Say in plain terms what was read."""
        whole = [name for name, kind in self._types.items() if kind in _WHOLE]
        numbers = {n: v for n, v in (self._short | self._found).items() if v.dtype.kind in "iu"}
        return Graph(
            name,
            tuple(each.name for each in self.inputs),
            tuple(map(self._node, self.nodes)),
            self.shapes,
            frozenset(self.weights),
            frozenset(whole),
            {name: tuple(map(int, value.ravel())) for name, value in numbers.items()},
        )

    def _node(self, node: Any) -> Node:
        op = node.op_type if node.domain in OWN else f"{node.domain}.{node.op_type}"
        read = self._onnx.helper.get_attribute_value
        settings = {a.name: _plain(read(a)) for a in node.attribute if a.type in _SETTINGS}
        return Node(node.name, op, tuple(node.input), tuple(node.output), settings)


OWN = ("", "ai.onnx")
"""Where ONNX's own operators are from; others may mean something else by the same name."""
_WHOLE = frozenset((2, 3, 4, 5, 6, 7, 9, 12, 13, 21, 22))  # int8 to uint64, truths, int4
_SETTINGS = frozenset((1, 2, 3, 6, 7, 8))  # attributes that are numbers, texts, or lists of them
_ON_SIDES = frozenset(
    (
        *("Add", "Sub", "Mul", "Div", "Mod", "Floor", "Ceil", "Cast", "Concat", "Gather", "Slice"),
        *("Squeeze", "Unsqueeze", "Reshape", "Where", "Equal", "ConstantOfShape", "Range"),
        *("Identity", "ReduceProd", "Min", "Max", "Neg", "Transpose", "Expand", "Sqrt"),
    )
)


def _library() -> Any:
    try:
        import onnx
        import onnx.inliner
    except ImportError:
        raise LayerError(
            "to read an ONNX file, the package onnx is needed: pip install onnx"
        ) from None
    return onnx


def _loaded(onnx: Any, path: Path) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LayerError(f"the file must be of at most {MOST_BYTES:,} bytes")
        model = onnx.load(path, load_external_data=False)
    except OSError as error:
        raise LayerError((error.strerror or str(error)).lower()) from None
    except LayerError:
        raise
    except Exception:  # protobuf's own, of what it cannot read
        raise LayerError("this is no ONNX file") from None
    if not model.graph.node or not model.ir_version:
        raise LayerError("this is no ONNX file, or an empty one")
    if len(model.graph.node) > MOST_OPERATORS:
        raise LayerError(
            f"operators must be at most {MOST_OPERATORS:,}; got {len(model.graph.node):,}"
        )
    return model


def _constants(node: Any) -> list[Any]:
    """The tensor that an operator holds, if it is a constant."""
    return [a.t for a in node.attribute if node.op_type == "Constant" and a.name == "value"]


def _name(nodes: Iterable[Any]) -> None:
    """Give a name to operators without one, and to those of PyTorch that of their module."""
    given = Counter(node.name for node in nodes)
    met: Counter[str] = Counter()
    for node in nodes:
        scope = _scope(node)
        if scope is None and node.name:
            continue
        named = f"{scope}/{node.op_type}" if scope else node.op_type
        while True:
            met[named] += 1
            node.name = named if met[named] == 1 else f"{named}_{met[named] - 1}"
            if not given[node.name]:
                break
    for node in nodes:
        if not node.name.isprintable() or len(node.name) > 200:
            raise LayerError(f"there must be no operator with the name {shown(node.name)}")


def _scope(node: Any) -> str | None:
    """The module of PyTorch that an operator stands in, if the file says it."""
    for entry in node.metadata_props:
        if entry.key == "pkg.torch.onnx.name_scopes" and len(entry.value) < 10_000:
            try:
                scopes = ast.literal_eval(entry.value)
            except (ValueError, SyntaxError):
                return None
            return str(scopes[-2]) if isinstance(scopes, list) and len(scopes) > 1 else None
    return None


def _shape_of(node: Any, sides: Sides) -> Any:
    part = {a.name: a.i for a in node.attribute}
    return np.array(sides[part.get("start", 0) : part.get("end", len(sides))], np.int64)


def _sides(entries: Iterable[Any]) -> Iterator[tuple[str, Sides]]:
    """The shapes that are known whole."""
    for each in entries:
        kind = each.type.tensor_type
        if kind.HasField("shape") and all(d.HasField("dim_value") for d in kind.shape.dim):
            yield each.name, tuple(side.dim_value for side in kind.shape.dim)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, int | float | str) else tuple(value)


def _refuse_unknown(sides: Iterable[str], named: set[str]) -> None:
    named.discard("")
    for name in sides:
        if name not in named:
            near = did_you_mean(name, named) or f"; there is {', '.join(sorted(named)) or 'none'}"
            raise LayerError(f"there is no open side {shown(name)}{near}")


def _set_picture(shape: Any, size: Sides | None, channels: int | None) -> None:
    if channels is not None:
        shape.dim[1].dim_value = Whole(1, MOST_CHANNELS).check("channels", channels)
    if size is None:
        return
    behind = len(shape.dim) - 2
    sides = size * behind if len(size) == 1 else size
    if len(sides) != behind:
        said = "one whole number" if behind == 1 else f"one whole number, or {behind}"
        refuse("size", "x".join(map(str, size)), f"{said}, as the picture has sides")
    for side, number in zip(shape.dim[2:], sides, strict=True):
        side.dim_value = Whole(1, LARGEST_SIDE).check("size", number)


def _set_side(side: Any, axis: int, name: str, sides: Mapping[str, int]) -> None:
    """Set a side that the file leaves open, and look at the others."""
    if not side.dim_value:
        if axis and side.dim_param not in sides:
            raise LayerError(
                f"side {axis + 1} of {name} is open: set it with --size or --channels, or by its "
                f"name, --side {side.dim_param or 'NAME'}=N"
            )
        side.dim_value = sides.get(side.dim_param, 1)
    most = MOST_CHANNELS if axis == 1 else LARGEST_SIDE
    Whole(1, most).check(f"side {axis + 1} of {shown(name)}", side.dim_value)
