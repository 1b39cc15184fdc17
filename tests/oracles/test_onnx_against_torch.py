"""Real modules, written to ONNX by PyTorch's own exporters: counted as PyTorch counts them."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from explainers.networks.graph_count import GraphCount
from explainers.networks.onnx_count import count_onnx


class Block(nn.Module):  # type: ignore[misc]
    """Two convolutions, and what came in."""

    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, out, 3, stride, 1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
            nn.Conv2d(out, out, 3, 1, 1, bias=False),
            nn.BatchNorm2d(out),
        )
        self.around = (
            nn.Conv2d(channels, out, 1, stride, bias=False) if stride > 1 else nn.Identity()
        )

    def forward(self, input: Any) -> Any:
        """Go both ways, and add."""
        return functional.relu(self.body(input) + self.around(input))


def residual() -> Any:
    """A small residual network."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 7, 2, 3),
        nn.MaxPool2d(3, 2, 1),
        Block(8, 8, 1),
        Block(8, 16, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, 10),
    )


class Transformer(nn.Module):  # type: ignore[misc]
    """Patches, a token of the class, a block of attention, a head."""

    def __init__(self, wide: int = 32, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.patch = nn.Conv2d(3, wide, 8, 8)
        self.token = nn.Parameter(torch.zeros(1, 1, wide))
        self.place = nn.Parameter(torch.zeros(1, 17, wide))
        self.norm1, self.norm2 = nn.LayerNorm(wide), nn.LayerNorm(wide)
        self.asked, self.told = nn.Linear(wide, 3 * wide), nn.Linear(wide, wide)
        self.dense = nn.Sequential(nn.Linear(wide, 64), nn.GELU(), nn.Linear(64, wide))
        self.head = nn.Linear(wide, 10)

    def attend(self, input: Any) -> Any:
        """Each token looks at all."""
        batch, tokens, wide = input.shape
        parts = self.asked(input).reshape(batch, tokens, 3, self.heads, wide // self.heads)
        found = functional.scaled_dot_product_attention(*parts.permute(2, 0, 3, 1, 4).unbind(0))
        return self.told(found.transpose(1, 2).reshape(batch, tokens, wide))

    def forward(self, input: Any) -> Any:
        """Classify."""
        tokens = self.patch(input).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(tokens.shape[0], -1, -1), tokens], 1) + self.place
        tokens = tokens + self.attend(self.norm1(tokens))
        tokens = tokens + self.dense(self.norm2(tokens))
        return self.head(tokens[:, 0])


class UNet(nn.Module):  # type: ignore[misc]
    """Down, up again, and joined; rectangular kernels, padding *same*, an Lp pooling."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = nn.Conv2d(3, 8, 3, padding="same")
        self.pool, self.other = nn.MaxPool2d(2), nn.LPPool2d(2, 2)
        self.deep = nn.Conv2d(8, 16, (3, 5), padding=(1, 2))
        self.up = nn.ConvTranspose2d(16, 8, 2, 2)
        self.join, self.last = nn.Conv2d(16, 8, 3, padding=1), nn.Conv2d(8, 2, 1)

    def forward(self, input: Any) -> Any:
        """Segment."""
        wide = functional.relu(self.wide(input))
        deep = functional.relu(self.deep(self.pool(wide)))
        again = functional.interpolate(self.other(deep), scale_factor=2, mode="bilinear")
        joined = torch.cat([wide, self.up(deep + again)], 1)
        return self.last(functional.relu(self.join(joined)))


def sound() -> Any:
    """One dimension."""
    return nn.Sequential(
        nn.Conv1d(2, 6, 5, 2, 2), nn.GELU(), nn.AvgPool1d(2), nn.Conv1d(6, 4, 3, dilation=2)
    )


def volume() -> Any:
    """Three dimensions."""
    return nn.Sequential(
        nn.Conv3d(1, 4, 3, padding=1), nn.MaxPool3d(2), nn.ConvTranspose3d(4, 2, 2, 2)
    )


NETWORKS = {
    "residual": (residual, (1, 3, 64, 64)),
    "transformer": (Transformer, (1, 3, 32, 32)),
    "unet": (UNet, (1, 3, 32, 32)),
    "sound": (sound, (1, 2, 64)),
    "volume": (volume, (1, 1, 8, 8, 8)),
}


def built(name: str) -> tuple[Any, Any]:
    """A network whose numbers all differ, so that no exporter takes two for one; and a picture."""
    torch.manual_seed(0)
    make, shape = NETWORKS[name]
    module = make().eval()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn_like(parameter))
    return module, torch.zeros(shape)


def exported(module: Any, picture: Any, newer: bool, folder: Path) -> GraphCount:
    """The module, written by one of PyTorch's two exporters, and counted."""
    file = folder / "net.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, (picture,), str(file), dynamo=newer, training=torch.onnx.TrainingMode.EVAL
        )
    return count_onnx(file)


@pytest.mark.parametrize("newer", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_module_in_a_file_multiplies_as_pytorch_counts(
    name: str, newer: bool, tmp_path: Path
) -> None:
    """PyTorch's counter sees attention where it is computed plainly."""
    module, picture = built(name)
    ours = exported(module, picture, newer, tmp_path)
    with torch.no_grad(), FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        module(picture)
    assert ours.macs == counter.get_total_flops() // 2
    assert not ours.uncounted


@pytest.mark.parametrize("newer", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_module_in_a_file_has_as_many_parameters(name: str, newer: bool, tmp_path: Path) -> None:
    """Exporters put batch normalisation into the convolution before: a bias for two parameters."""
    module, picture = built(name)
    ours = exported(module, picture, newer, tmp_path)
    norms = sum(m.num_features for m in module.modules() if isinstance(m, nn.BatchNorm2d))
    theirs = sum(parameter.numel() for parameter in module.parameters())
    assert ours.parameters == theirs - norms


@pytest.mark.parametrize("name", ["residual", "unet"])
def test_what_comes_out_of_modules_is_what_is_held(name: str, tmp_path: Path) -> None:
    """Of convolutions and poolings, by hooks."""
    module, picture = built(name)
    ours = exported(module, picture, False, tmp_path)
    found: list[int] = []
    kinds = (nn.Conv2d, nn.ConvTranspose2d, nn.MaxPool2d, nn.AdaptiveAvgPool2d, nn.Linear)
    for part in module.modules():
        if isinstance(part, kinds):
            part.register_forward_hook(lambda _, __, output: found.append(math.prod(output.shape)))
    with torch.no_grad():
        module(picture)
    kept = ("Conv", "ConvTranspose", "MaxPool", "GlobalAveragePool", "Gemm")
    assert sum(found) == sum(row.activations for row in ours.layers if row.kind in kept)
