"""A picture of your own, as the figures take one: grey, and not larger than it needs to be."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explainers.checks import Floats, shown

LEAST_SIDE = 16
"""Pixels of the shorter side, at least."""
MOST_PIXELS = 100_000_000
MOST_BYTES = 50_000_000
SIDE = 640
"""Pixels of the longer side, at most, of what is drawn: the dahlia's."""


class PictureError(ValueError):
    """A file is no picture that can be drawn; the message names it and says what is allowed."""


@dataclass(frozen=True)
class Picture:
    """A picture in grey.

    Attributes
    ----------
    subject
        What it is, as a caption begins.
    short
        The same in a word or two, inside a sentence.
    grey
        Values from 0, black, to 1, white; shape (H, W), read-only.
    """

    subject: str
    short: str
    grey: Floats


def read_picture(path: str | os.PathLike[str]) -> Picture:
    """Read a PNG or JPEG file.

    It is turned as a camera says, laid on white where it is transparent, made grey by the weights
    of ITU-R 601 and, if a side is longer than 640 pixels, averaged over squares of pixels.

    Parameters
    ----------
    path
        The file: of at most 50,000,000 bytes and 100,000,000 pixels, the shorter side of at least
        16.

    Raises
    ------
    PictureError
        If it is not there, is no such file, or is the same everywhere.

    Examples
    --------
    >>> read_picture("none.png")
    Traceback (most recent call last):
    explainers.pictures.PictureError: none.png: no such file or directory
    """
    file = Path(path)
    plain = file.name.isprintable() and len(file.name) < 60
    name = file.name if plain else shown(file.name)
    grey = _grey(file, name)
    if grey.min() == grey.max():
        raise PictureError(f"{name}: the picture must not be the same everywhere")
    grey.setflags(write=False)
    height, width = grey.shape
    return Picture(f"The picture {name}, as {height} × {width} grey values", "the picture", grey)


def _grey(file: Path, name: str) -> Floats:
    """The values of a file."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        if file.stat().st_size > MOST_BYTES:
            raise PictureError(f"{name}: the file must be of at most {MOST_BYTES:,} bytes")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes: they are looked at here
            opened = Image.open(file, formats=("PNG", "JPEG"))
        with opened:
            _refuse_size(name, *opened.size)
            upright = ImageOps.exif_transpose(opened)
            white = Image.new("RGBA", upright.size, "white")
            white.alpha_composite(upright.convert("RGBA"))
            factor = -(-max(white.size) // SIDE)
            grey = white.convert("L")
            small = grey.reduce(factor) if factor > 1 else grey
            return np.asarray(small, np.float64) / 255
    except UnidentifiedImageError:
        raise PictureError(f"{name}: the file must be a picture, of PNG or JPEG") from None
    except PictureError:
        raise
    except OSError as error:
        said = (error.strerror or f"the picture cannot be read: {error}").lower()
        raise PictureError(f"{name}: {said}") from None
    except (ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"{name}: the picture cannot be read: {error}") from None


def _refuse_size(name: str, width: int, height: int) -> None:
    if min(width, height) < LEAST_SIDE or width * height > MOST_PIXELS:
        raise PictureError(
            f"{name}: the picture must have at least {LEAST_SIDE} pixels along each side, and at "
            f"most {MOST_PIXELS:,} in all; got {width} × {height}"
        )
