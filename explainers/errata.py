"""What was wrong on the site before, and since when it is right: posts may still quote it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Erratum:
    """One sentence that was wrong.

    Attributes
    ----------
    page
        The page that it stood on.
    said
        What it said, in short.
    right
        What is right.
    until
        The last version that said it.
    """

    page: str
    said: str
    right: str
    until: str


ERRATA = (
    Erratum(
        "detection",
        "At equal false alarms pooling pays only if the place is unknown; a detector at the known "
        "place is always best.",
        "That is so if exactly one detector of the window sees the petal. If two or more see it, "
        "the max can find more than a detector at the known place.",
        "0.1.0",
    ),
    Erratum(
        "index",
        "Keeping every second value is what breaks translation invariance.",
        "It breaks exact equivariance. It is also what lets a lone peak's map stay at all: without "
        "it no move leaves the map as it was.",
        "0.1.0",
    ),
    Erratum(
        "invariance",
        "One global pooling at the end makes a network exactly invariant to any move.",
        "It is exact for moves of its input map. For the picture that needs every stride before it "
        "to divide the move, and borders that wrap round.",
        "0.1.0",
    ),
    Erratum(
        "detection",
        "Noise on each unit by itself can be averaged away, and then the mean wins.",
        "It does if that noise is strong. If it is weak, the max finds more on the photograph.",
        "0.1.0",
    ),
    Erratum(
        "cost",
        "Networks that double their channels at each pooling buy not one more layer.",
        "From two poolings on they buy one or two: the layer behind a pooling costs half.",
        "0.1.0",
    ),
    Erratum(
        "cost",
        "VGG and ResNet double their channels wherever the map is halved.",
        "VGG does so until 512 channels; ResNet at the strides of its stages, not in its stem.",
        "0.1.0",
    ),
    Erratum(
        "cost",
        "Libraries ship the ResNet with the stride in its 3 × 3 convolutions.",
        "torchvision does. Keras ships the published one.",
        "0.1.0",
    ),
    Erratum(
        "discarded",
        "One global pooling keeps nothing of the place, and no later layer can bring it back.",
        "Zeros around the map tell the channels where they are: places can be read from global "
        "means after one convolution with zero padding, or with none.",
        "0.1.0",
    ),
    Erratum(
        "discarded",
        "The average keeps more information than the max.",
        "That counted a sum of four bytes in ten bits. Stored as a byte, the mean of independent "
        "bytes keeps little more than the max.",
        "0.1.0",
    ),
    Erratum(
        "discarded",
        "The dahlia is shown in grey.",
        "It is the blue channel of the photograph.",
        "0.1.0",
    ),
    Erratum(
        "mirages",
        "A local pool hides only what happens inside its windows.",
        "That needs a channel for each part. A part can also move to another window that holds a "
        "like part, and the pooled map stays.",
        "0.1.0",
    ),
    Erratum(
        "mirages",
        "It is not a local pool that lets exchanged petals pass.",
        "It is, if two petals are exchanged, the parts do not jitter and the noise is not weak. "
        "With jitter the detector without a pool is weak by itself.",
        "0.1.0",
    ),
    Erratum(
        "detection",
        "At equal false alarms max pooling loses as many petals of the photograph as plain "
        "subsampling, and both more than the full map.",
        "The max finds as many as the full map, to within one percentage point. Its windows had "
        "counted as near a petal by their centres, which lie between the pixels: half a pixel more "
        "or less turned the sign.",
        "0.1.0",
    ),
    Erratum(
        "detection",
        "The intervals of the search on the photograph.",
        "They took the thresholds for known, and were about half as wide as they must be.",
        "0.1.0",
    ),
)  # fmt: skip
