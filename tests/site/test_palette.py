"""The colours of figures and words: legible, the same in both places, and told apart by all."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from explainers.drawing.style import PALETTE, Theme
from tests.colours import contrast, encoded, linear

SHEET = Path(__file__).parents[2] / "docs" / "assets" / "site.css"
ROLES = ("max", "mean", "single", "known")
WRITTEN = ("ink", "muted", *ROLES)
THEMES: tuple[Theme, ...] = ("light", "dark")
SCHEMES = {"light": "default", "dark": "slate"}
# Machado, Oliveira and Fernandes 2009, doi 10.1109/TVCG.2009.113, severity 1.0; on linear RGB.
DEFICIENCIES = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", THEMES)
def test_words_are_legible_on_the_page(theme: Theme) -> None:
    palette = PALETTE[theme]
    low = {role: contrast(palette[role], palette["page"]) for role in WRITTEN}
    assert {role: ratio for role, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_style_sheet_has_the_colours_of_the_figures(theme: Theme) -> None:
    selector = rf'\[data-md-color-scheme="{SCHEMES[theme]}"\] \{{(.*?)\}}'
    rules = re.findall(selector, SHEET.read_text(encoding="utf-8"), re.DOTALL)
    assert dict(re.findall(r"--plot-(\w+): (#\w+);", rules[0])) == PALETTE[theme]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", ["typical", *DEFICIENCIES])
def test_roles_are_told_apart(theme: Theme, eyes: str) -> None:
    """Differences by CIEDE2000; one of 1 is just seen side by side, we ask for more than 10."""
    seen = np.array(DEFICIENCIES.get(eyes, np.eye(3)))
    labs: dict[str, Any] = {
        role: rgb2lab(encoded(seen @ linear(PALETTE[theme][role]))) for role in ROLES
    }
    differences = {
        pair: float(deltaE_ciede2000(labs[pair[0]], labs[pair[1]]))
        for pair in combinations(ROLES, 2)
    }
    assert {pair: round(d, 1) for pair, d in differences.items() if d < 10} == {}
