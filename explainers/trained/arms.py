"""Which networks are compared: pooling × readout × border × how it is trained, and the controls.

All networks have two stages of 8 and 16 channels, and a pooling behind each, unless they are a
control. `costs` counts what is equal between two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from explainers.kinds import Choice, check_fields
from explainers.trained.digits import SIZES, Size
from explainers.trained.layers import POOLINGS, Border, Readout
from explainers.trained.model import SCHEDULES, Architecture, Stage

CHANNELS = (8, 16)

NETWORKS: dict[str, tuple[Stage, ...]] = {
    **{name: tuple(Stage(channels, name) for channels in CHANNELS) for name in POOLINGS},
    # No pooling, and about the multiply–accumulates of "max": fewer channels. The first is for
    # global readouts, the second for one that flattens, which multiplies more itself.
    "narrow": (Stage(4, "none"), Stage(9, "none")),
    "slim": (Stage(6, "none"), Stage(5, "none")),
    # Strides, and about the multiply–accumulates of "max": more channels. Likewise.
    "wide": (Stage(16, "stride"), Stage(36, "stride")),
    "broad": (Stage(15, "stride"), Stage(37, "stride")),
    # A convolution with a stride, which is learned, in the place of each pooling.
    "learned": (Stage(8, "none"), Stage(8, "stride"), Stage(16, "none"), Stage(16, "stride")),
    # The same, and about the parameters of "max".
    "thrifty": (Stage(3, "none"), Stage(4, "stride"), Stage(6, "none"), Stage(16, "stride")),
}
"""The stages of each network, by its name: those of the poolings, and the controls."""
CONTROLS = {
    "flatten": ("slim", "broad", "learned", "thrifty"),
    "mean": ("narrow", "wide", "learned", "thrifty"),
    "max": ("narrow", "wide", "learned", "thrifty"),
}
"""The controls that go with a readout."""
LONGER = 3
"""Times as many steps on moved pictures if the readout flattens: it learns each place by itself."""

NetworkName = Annotated[str, Choice(tuple(NETWORKS), "its stages")]


@dataclass(frozen=True)
class Arm:
    """Networks that differ in nothing but their seed.

    Attributes
    ----------
    network
        One of `NETWORKS`.
    readout, border
        As in `explainers.trained.model.Architecture`.
    moved
        Whether each training picture is moved to the right, by 0 to 8 pixels, whenever it is shown.
    size
        Pictures that are trained on.
    """

    network: NetworkName
    readout: Readout = "flatten"
    border: Border = "circular"
    moved: bool = False
    size: Size = SIZES[-1]

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def id(self) -> str:
        """Its name, in records and on the command line.

        >>> Arm("max", "mean", moved=True).id
        'max-mean-circular-moved-1297'
        """
        trained = "moved" if self.moved else "still"
        return f"{self.network}-{self.readout}-{self.border}-{trained}-{self.size}"

    @property
    def architecture(self) -> Architecture:
        """What its networks are."""
        return Architecture(NETWORKS[self.network], self.readout, self.border)

    @property
    def steps(self) -> int:
        """Of its training: as many as its readout needs, on moved pictures if they are.

        >>> Arm("max").steps, Arm("max", moved=True).steps, Arm("max", "max", moved=True).steps
        (400, 1200, 800)
        """
        times = LONGER if self.moved and self.readout == "flatten" else 1
        return times * SCHEDULES[self.readout].steps
