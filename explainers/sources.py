"""The published sources that the site cites: verified, and each once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One source: how the text names it, its full reference, and where it is found."""

    short: str
    reference: str
    url: str


SOURCES = {
    "thread": Source(
        "the thread",
        "What is the effect of using pooling layers in CNNs? Artificial Intelligence "
        "Stack Exchange, question 21532.",
        "https://ai.stackexchange.com/questions/21532",
    ),
    "boureau-2010": Source(
        "Boureau, Ponce & LeCun 2010",
        "Y.-L. Boureau, J. Ponce and Y. LeCun (2010). A theoretical analysis of feature pooling "
        "in visual recognition. ICML, 111–118.",
        "https://nyuscholars.nyu.edu/en/publications/"
        "a-theoretical-analysis-of-feature-pooling-in-visual-recognition",
    ),
    "dahlia": Source(
        "the dahlia",
        "Photograph of a dahlia by the Flickr user vultilion, CC BY 2.0, as shipped with "
        "scikit-learn (flower.jpg). Our figures are adapted from it: unrolled, marked and with "
        "noise added.",
        "https://creativecommons.org/licenses/by/2.0/",
    ),
}

# What the thread says, in other words.
THREAD = {
    "T1": "A feature map is sensitive to where the feature is in the picture.",
    "T2": "Down-sampling the map makes it robust to small moves.",
    "T3": "If any of four neighbouring detectors fires, the petal is detected: robust to noise.",
    "T4": "A shifted petal is still captured.",
    "T5": "Convolution is what gives translation invariance in general.",
    "T6": "Multiplications run into billions; pooling saves them, so networks can be deeper.",
    "T7": "Only the strongest feature is kept, and dropping the rest helps detection.",
    "T8": "Combinations of features are detected that are no real object.",
}
