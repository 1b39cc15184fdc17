"""Files of ONNX, made by the library's own helper, and what its reference implementation finds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from explainers.networks.graph_count import GraphCount
from explainers.networks.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Layer,
    Linear,
    MaxPool2d,
    Pool2d,
    Residual,
)
from explainers.networks.network import Network
from explainers.networks.onnx_count import count_onnx

Sides = Sequence[int | str]
OPSET = 21


def node(op: str, inputs: str, outputs: str, name: str = "", **settings: Any) -> Any:
    """One operator; names of tensors are separated by spaces."""
    return helper.make_node(op, inputs.split(), outputs.split(), name=name, **settings)


def model(
    nodes: Iterable[Any],
    inputs: Mapping[str, Sides],
    outputs: str,
    weights: Mapping[str, Sequence[int] | Any] = {},
    whole: Iterable[str] = (),
    opset: int = OPSET,
) -> Any:
    """A model: its weights are given as shapes, or as arrays."""
    kinds = {name: TensorProto.INT64 if name in whole else TensorProto.FLOAT for name in inputs}
    graph = helper.make_graph(
        list(nodes),
        "made",
        [helper.make_tensor_value_info(name, kinds[name], s) for name, s in inputs.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in outputs.split()],
        [_tensor(name, value) for name, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


def _tensor(name: str, value: Any) -> Any:
    """Ones of a shape, or an array; of what is large no more than its shape."""
    if isinstance(value, np.ndarray):
        return onnx.numpy_helper.from_array(value, name)
    if math.prod(value) > 10**5:
        return TensorProto(name=name, dims=value, data_type=TensorProto.FLOAT)
    return onnx.numpy_helper.from_array(np.ones(value, np.float32), name)


def saved(folder: Path, made: Any, name: str = "net.onnx") -> Path:
    """The model as a file."""
    onnx.save(made, folder / name)
    return folder / name


def counted(folder: Path, made: Any, **asked: Any) -> GraphCount:
    """The model, counted by us out of its file."""
    return count_onnx(saved(folder, made), **asked)


def ran(made: Any, **inputs: Any) -> Any:
    """What the library's reference implementation gives."""
    return ReferenceEvaluator(made).run(None, inputs)[0]


def ones(*sides: int) -> Any:
    """An array of ones."""
    return np.ones(sides, np.float32)


# A network of layers as a graph


def of_network(network: Network) -> Any:
    """The same network as an ONNX model, each layer an operator of its name."""
    made = _Maker(network.channels)
    made.add(network.layers)
    side = network.input_size
    inputs = {"x": ("batch", network.channels, side, side)}
    return model(made.nodes, inputs, made.tensor, made.weights)


class _Maker:
    """Operators that are put behind one another."""

    def __init__(self, channels: int) -> None:
        self.channels, self.tensor, self.flat = channels, "x", False
        self.nodes: list[Any] = []
        self.weights: dict[str, Any] = {}

    def put(
        self, op: str, name: str, weights: Sequence[Sequence[int]] = (), **settings: Any
    ) -> None:
        names = [f"{name}.w{i}" for i in range(len(weights))]
        self.weights.update(zip(names, weights, strict=True))
        inputs = " ".join([self.tensor, *names])
        self.nodes.append(node(op, inputs, f"{name}.out", name, **settings))
        self.tensor = f"{name}.out"

    def add(self, layers: Iterable[Layer]) -> None:
        for layer in layers:
            self.one(layer)

    def one(self, layer: Layer) -> None:
        match layer:
            case Conv2d():
                kernel = (
                    layer.out_channels,
                    self.channels // layer.groups,
                    *[layer.kernel_size] * 2,
                )
                self.put(
                    "Conv",
                    layer.name,
                    [kernel, *[[layer.out_channels]] * layer.bias],
                    strides=[layer.stride] * 2,
                    pads=[layer.padding] * 4,
                    dilations=[layer.dilation] * 2,
                    group=layer.groups,
                )
                self.channels = layer.out_channels
                if layer.norm:
                    statistics = [[self.channels]] * 4
                    self.put("BatchNormalization", f"{layer.name}.norm", statistics)
                self.put("Relu", f"{layer.name}.relu")
            case Pool2d():
                self.put(
                    "MaxPool" if isinstance(layer, MaxPool2d) else "AveragePool",
                    layer.name,
                    kernel_shape=[layer.kernel_size] * 2,
                    strides=[layer.step] * 2,
                    pads=[layer.padding] * 4,
                    ceil_mode=int(layer.ceil_mode),
                )
                assert not (isinstance(layer, AvgPool2d) and layer.affine)
            case AdaptiveAvgPool2d(1):
                self.put("GlobalAveragePool", layer.name)
            case Linear():
                self.dense(layer)
            case Residual():
                self.block(layer)
            case _:
                raise TypeError(layer)

    def dense(self, layer: Linear) -> None:
        if not self.flat:
            self.put("Flatten", f"{layer.name}.flat")
            sides = onnx.shape_inference.infer_shapes(
                model(self.nodes, {"x": (1, 3, 224, 224)}, self.tensor, self.weights)
            )
            shape = sides.graph.output[0].type.tensor_type.shape
            self.channels, self.flat = shape.dim[1].dim_value, True
        weights = [[layer.out_features, self.channels], *[[layer.out_features]] * layer.bias]
        self.put("Gemm", layer.name, weights, transB=1)
        self.channels = layer.out_features

    def block(self, layer: Residual) -> None:
        start, channels = self.tensor, self.channels
        self.add(layer.body)
        body, wide = self.tensor, self.channels
        self.tensor, self.channels = start, channels
        self.add(layer.shortcut)
        self.nodes.append(
            node("Add", f"{body} {self.tensor}", f"{layer.name}.out", f"{layer.name}.add")
        )
        self.tensor, self.channels = f"{layer.name}.out", wide
