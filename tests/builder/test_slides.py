"""A lecturer's slides: from an environment that has nothing but the wheel, in three commands."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from PIL import Image

from explainers.artefacts import package
from explainers.artefacts.job import Job
from explainers.edition import Edition
from tests.builder.projects import ROOT
from tests.networks.onnx_models import model, node, saved

EDITION = Edition("0.1.0", "2021-03-04", "0123456789ab", "https://host.example/")


def environment(folder: Path) -> Path:
    """A bare one. What the package needs comes from ours, where a reader's pip would fetch it."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    where = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    ours = [path for path in sys.path if path.endswith("site-packages")]
    Path(where, "ours.pth").write_text("\n".join(ours), encoding="utf-8")
    return folder / "bin"


@pytest.mark.slow
def test_a_slide_of_an_own_network_and_an_own_picture_takes_three_commands(tmp_path: Path) -> None:
    for name, content in package.make(Job("", "", ROOT, EDITION)).items():
        wheel = tmp_path / Path(name).name
        wheel.write_bytes(content)
    nodes = [
        node("Conv", "x w", "a", "first/Conv", pads=[1, 1, 1, 1]),
        node("MaxPool", "a", "y", "first/Pool", kernel_shape=[2, 2], strides=[2, 2]),
    ]
    saved(tmp_path, model(nodes, {"x": (1, 3, 64, 64)}, "y", {"w": (8, 3, 3, 3)}), "mine.onnx")
    Image.linear_gradient("L").save(tmp_path / "mine.jpg")
    commands = environment(tmp_path / "bare")
    clean = {name: each for name, each in os.environ.items() if name != "PYTHONPATH"}

    def run(*command: str | Path) -> None:
        done = subprocess.run(
            command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    draw = (commands / "explainers", "figures", "draw")
    run(commands / "python", "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    run(*draw, "network-by-block", "--network", "mine.onnx", "--for", "slides", "-o", "net.png")
    run(*draw, "picture-pooled", "--picture", "mine.jpg", "--for", "slides", "-o", "mine.png")
    for slide in ("net.png", "mine.png"):
        with Image.open(tmp_path / slide) as picture:
            assert picture.size == (1920, 1080)
