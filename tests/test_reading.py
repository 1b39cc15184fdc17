"""The reader of figures' texts finds what is wrong, and nothing else."""

from __future__ import annotations

import pytest

from tests.reading import faults

BAD = {
    "one of a plural": ["with 1 votes.", "1 channels at 224 × 224", "1 invented petals a map"],
    "one of one": ["One vote in 1 of 1 windows.", "one of 1 detectors", "one of one"],
    "from a number to itself": [
        "misses fall from 20.0% to 20.0%",
        "from 10 layers to 10 with",
        "from −9 to −9, all",
    ],
    "compared with itself": ["it misses 0.6%, against 0.6%.", "15 instead of 15", "5% than 5%"],
    "both of two, said twice": ["both by 0.089 and 0.089."],
    "the same again": ["2.34 for 64 and 2.34 for 64", "to 2.34 for 64; for 64 it is 2.34"],
    "a difference that is none": ["up to 0.0% more", "0.0 points better", "0% of them more"],
    "differing by nothing": ["the two differ by 0.0000.", "it differs by 0%"],
    "at most nothing": ["Of these at most 0 change."],
    "a hyphen for a minus": ["from -9 to −1", "(-1)", "answers -0.5"],
    "a signed zero": ["answers −0.00 on average", "misses −0.0% of them", "−0 of"],
    "a machine's notation": ["between 4.6e+08 and", "1e−05", "is nan", "{units} detectors"],
    "a gap": ["the  map", "the map , pooled", "the map .", "none ()", "petals ( 4)", "here..,"],
    "more digits than one says": [
        "2,147.5 million",
        "4,429 million",
        "0.3 million",
        "0.123456 of them",
        "2,147.5 of them",
    ],
    "thousands in one piece": ["Of 2304 pooled values", "over 2000 maps"],
    "not so": [
        "misses fall from 20.0% to 20.5%",
        "Errors falling with the window, from 0.1 to 0.3",
        "it grows from 37 layers to 10 with one",
        "rises with n, from 2.34 for one to 1 for 64",
        "From maxima 0.09 falls to 1.43",
        "4 is more than 5",
        "5 million less than 4 million",
        "need between 1.85 billion and 462 million",
    ],
}


@pytest.mark.parametrize(
    ("what", "text"), [(w, text) for w, texts in BAD.items() for text in texts]
)
def test_what_is_wrong_is_found(what: str, text: str) -> None:
    assert what in [fault.partition(":")[0] for fault in faults(text)]


@pytest.mark.parametrize(
    "text",
    [
        "0.1 votes, 11 votes, 2,001 votes, one vote, layer 1 goes on, 1 as much as before",
        "1 of 4 values, 2 of 16, 4 of 4 values, windows of 1 and 2, stride 1, in the end 1 is left",
        "from 20.0% to 2.0%, from 1 to 10, from 10 to 100, from 0.5 to 0.56",
        "it misses 0.6%, against 0.65%; 20% if all see it and 20% if one does",
        "0.05% more, 10% more, 100.0% more, 20 points better, 0.0% and 0.0% apart",
        "at most 0.3% differ, differs by 0.001, at most 10",
        "−9 to −1, 2026-11-22, VGG-16, 3-by-3, −0.02, d′ = 0",
        "(0.5), first, second, … layer; it ends. A .5 is none",
        "1024 × 1024, 0.0039, 2,304 values",
        "1.85 billion, 262,000, 0.0001%, 1,849,688,064, 10.5 million",
        "misses fall from 20% to 5%; rises from 462 million weights to 1.85 billion",
        "between 462 million and 1.85 billion; from maxima 1.43 falls to 0.09; 5 is more than 4",
    ],
)
def test_what_is_right_passes(text: str) -> None:
    assert faults(text) == []
