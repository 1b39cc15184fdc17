"""The site's search finds, among its first three hits, what readers look for in their own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from explainers.catalogue import CHAPTERS
from tests.site.reading import file_of
from tests.site.searching import address, hits

# What readers type, and the page that is right: the part of it, where one part answers.
RIGHT = {
    # What it is for
    "why pooling": "index",
    "what is pooling": "index",
    "purpose of pooling": "index",
    "pooling layer": "index#three-jobs",
    "when to use max pooling": "index",
    "downsample": "index#three-jobs",
    "is pooling necessary": "cost#removed",
    "do we need pooling": "cost",
    "remove pooling": "cost#removed",
    "replace pooling": "cost",
    "alternatives to pooling": "cost",
    "resize": "discarded#why-convolve",
    # Noise and detection
    "noise": "detection",
    "robustness": "detection#intuition",
    "robustness to noise": "detection",
    "petal": "detection",
    "false alarm": "detection#or",
    "false positive": "detection#or",
    "threshold": "detection#noise",
    "majority vote": "detection#voting",
    "ROC": "detection#max-or-mean",
    "AUC": "detection#max-or-mean",
    "recall": "glossary#hit-rate",
    "max pooling vs average pooling": "detection#max-or-mean",
    "why max pooling instead of average pooling": "detection",
    "average pooling": "detection#max-or-mean",
    "mean pooling": "detection#max-or-mean",
    # Moves
    "translation invariance": "invariance#words",
    "local translation invariance": "invariance#words",
    "shift invariance": "invariance",
    "invariant to small translations": "invariance",
    "equivariance": "invariance#equivariance",
    "invariance vs equivariance": "invariance#words",
    "translation equivariance": "invariance#words",
    "one pixel shift": "invariance#quoted-example",
    "3x3": "invariance",
    "downsampling": "invariance#subsampling",
    "subsampling": "invariance#subsampling",
    "subsample": "glossary#subsample",
    "aliasing": "invariance#blur",
    "anti-aliasing": "invariance#blur",
    "antialiasing": "invariance#blur",
    "blur pool": "invariance#blur",
    "BlurPool": "invariance#blur",
    "low-pass filter": "invariance#blur",
    "Nyquist": "invariance#blur",
    "adversarial": "invariance#blur",
    "augmentation": "trained#augmentation",
    # Cost
    "FLOPs": "cost#billions",
    "GFLOPs": "cost#billions",
    "MACs": "cost#billions",
    "multiplications": "cost",
    "computational cost": "cost#savings",
    "speed": "cost#time",
    "inference time": "alternatives",
    "memory": "cost#memory",
    "activations": "cost#memory",
    "parameters": "cost#parameters",
    "weights": "cost#parameters",
    "fully connected": "cost#parameters",
    "flatten": "glossary#flatten",
    "overfitting": "cost#overfitting",
    "receptive field": "cost#receptive-field",
    "effective receptive field": "cost#receptive-field",
    "stride": "cost",
    "stride vs pooling": "cost",
    "why use pooling instead of stride": "trained#stride",
    "strided convolution": "cost#stride-2",
    "down-sampling": "cost#stride",
    "down sampling": "cost#stride",
    "all convolutional net": "cost",
    "AlexNet": "cost",
    "LeNet": "cost",
    "VGG": "cost",
    "VGG16": "cost",
    "ResNet": "cost",
    "transformer": "cost#today",
    "ViT": "cost#today",
    "PoolFormer": "cost#today",
    "ConvNeXt": "cost#today",
    # What is lost
    "dimensionality reduction": "discarded#values",
    "output size": "discarded#output-size",
    "output shape": "discarded#output-size",
    "ceil_mode": "discarded#output-size",
    "information loss": "discarded#max-or-mean",
    "spatial information": "discarded",
    "position": "discarded#position",
    "location": "discarded#position",
    "segmentation": "discarded#position",
    "Atari": "discarded#position",
    "gradient": "discarded#gradient",
    "backpropagation": "discarded#gradient",
    "backprop": "discarded#gradient",
    "argmax": "discarded#gradient",
    "ties": "discarded#ties",
    "is max pooling differentiable": "discarded",
    "autoencoder": "discarded#rebuilding",
    "upsampling": "discarded#rebuilding",
    "ReLU": "discarded#rectifier",
    "relu before or after pooling": "discarded#rectifier",
    "padding": "discarded#padding",
    "feature map": "invariance#equivariance",
    # Arrangement
    "Hinton": "mirages#overlap",
    "overlapping pooling": "mirages#overlap",
    "coarse coding": "mirages#overlap",
    "capsule": "mirages#bad",
    "capsules": "mirages#bad",
    "BagNet": "mirages#bad",
    "jigsaw": "mirages#photograph",
    "shuffle": "mirages#photograph",
    "face": "mirages#exchanged",
    "Picasso problem": "mirages#exchanged",
    "scrambled": "mirages#accepted",
    "GAP": "mirages#global",
    "global average pooling": "mirages#global",
    "global max pooling": "mirages#global",
    # Sizes, borders and the order of layers
    "multiple of 16": "sizes",
    "negative dimension size": "sizes",
    "adaptive pooling": "sizes#adaptive",
    "SAME padding": "sizes#frameworks",
    "count_include_pad": "sizes#divisor",
    "max unpooling": "sizes#unpooling",
    "small objects": "sizes#small",
    "how many pooling layers": "sizes#how-many",
    "CIFAR": "sizes#cifar",
    "3D": "sizes#axes",
    "batch norm": "sizes#norm",
    "dropout": "sizes#dropout",
    "pad tokens": "sizes#pad-tokens",
    "NaN": "sizes#nan",
    "int8": "sizes#int8",
    "quantization": "sizes#int8",
    "float16": "sizes#half",
    # What to take instead
    "GeM": "alternatives#gem",
    "min pooling": "alternatives#min",
    "stochastic pooling": "alternatives#stochastic",
    "class token": "alternatives#class-token",
    "point clouds": "alternatives#sets",
    "soft-argmax": "alternatives#soft-argmax",
    "medical": "alternatives#segmentation",
    "time series": "alternatives#time",
    "rotation invariant": "alternatives#rotation",
    "maxout": "alternatives#channels",
    "RoI": "alternatives#regions",
    "generator": "alternatives#generators",
    "slower": "alternatives#clock",
}
CHAPTER_PAGES = {"", *(address(chapter.id) for chapter in CHAPTERS)}


@pytest.mark.parametrize(("words", "place"), RIGHT.items())
def test_the_right_place_is_among_the_first_three(search: Page, words: str, place: str) -> None:
    page, _, anchor = place.partition("#")
    shown = {hit.page: hit.sections for hit in hits(search, words)[:3]}
    assert address(page) in shown
    assert not anchor or anchor in shown[address(page)]


@pytest.mark.parametrize("words", RIGHT)
def test_chapters_stand_above_notebooks_and_reference(search: Page, words: str) -> None:
    found = [hit.page for hit in hits(search, words)]
    chapters = [place for place, page in enumerate(found) if page in CHAPTER_PAGES]
    below = [i for i, page in enumerate(found) if page.startswith(("notebooks/", "reference/"))]
    assert not below or max(chapters) < min(below), str(found)


def test_a_notebook_is_found_by_its_title_as_it_reads(search: Page) -> None:
    [notebook] = [hit for hit in hits(search, "scrambling") if hit.page.startswith("notebooks/")]
    assert notebook.titles == ("Objects that are not there: the numbers", "Scrambling")


@pytest.mark.parametrize(
    ("typed", "written"),
    [("3x3", "3 × 3"), ("3×3", "3 × 3"), ("2x2", "2 × 2"), ("2X2", "2 × 2"), ("2×2", "2 × 2")],
)
def test_sizes_are_found_however_they_are_typed(
    search: Page, site: Path, typed: str, written: str
) -> None:
    for words in ("", " window"):
        found = hits(search, typed + words)
        assert found == hits(search, written + words)
        pages = [file_of(site, hit.page) for hit in found[:3]]
        assert any(written in page.read_text(encoding="utf-8") for page in pages)
