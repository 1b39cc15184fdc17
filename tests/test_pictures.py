"""Pictures of one's own: read as they look, not larger than needed, refused in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explainers import catalogue, pictures
from explainers.export import save
from explainers.lookup import SettingError
from explainers.pictures import PictureError, read_picture

ABLE = ("one-pooled-image", "rebuilt-dahlia", "picture-pooled", "picture-scrambled")


def written(folder: Path, values: Any, name: str = "mine.png", **options: Any) -> Path:
    """An array as a file."""
    Image.fromarray(np.asarray(values, np.uint8)).save(folder / name, **options)
    return folder / name


def noise(height: int = 40, width: int = 60, seed: int = 0) -> Any:
    return np.random.default_rng(seed).integers(0, 256, (height, width))


def test_a_grey_png_is_read_to_the_last_value(tmp_path: Path) -> None:
    values = noise()
    read = read_picture(written(tmp_path, values))
    np.testing.assert_array_equal(read.grey, values / 255)
    assert read.subject == "The picture mine.png, as 40 × 60 grey values"
    assert not read.grey.flags.writeable


def test_colours_become_grey_as_they_look(tmp_path: Path) -> None:
    colours = np.stack([noise(seed=seed) for seed in range(3)], axis=-1)
    read = read_picture(written(tmp_path, colours)).grey * 255
    np.testing.assert_allclose(read, colours @ (0.299, 0.587, 0.114), atol=1)


def test_what_is_transparent_lies_on_white(tmp_path: Path) -> None:
    values = np.dstack([noise()] * 3 + [np.where(np.arange(60) < 30, 0, 255) + 0 * noise()])
    read = read_picture(written(tmp_path, values)).grey
    assert (read[:, :30] == 1).all()
    np.testing.assert_array_equal(read[:, 30:], noise()[:, 30:] / 255)


def test_a_picture_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    """Orientation 6: the camera was turned to the left, the picture is shown to the right."""
    exif = Image.Exif()
    exif[0x0112] = 6
    values = np.zeros((40, 60), np.uint8)
    values[:, :30] = 255
    upright = read_picture(written(tmp_path, values, "a.jpg", exif=exif, quality=100)).grey
    assert upright.shape == (60, 40)
    assert upright[:20].min() > 0.9
    assert upright[40:].max() < 0.1


def test_a_large_picture_is_averaged_over_squares(tmp_path: Path) -> None:
    values = noise(900, 1300)
    read = read_picture(written(tmp_path, values)).grey
    assert read.shape == (300, 434)
    assert max(read.shape) <= pictures.SIDE
    squares = values[:, :1299].reshape(300, 3, 433, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(read[:, :433] * 255, squares, atol=0.6)


BAD: dict[str, tuple[Any, str]] = {
    "text": (b"hello", "the file must be a picture, of PNG or JPEG"),
    "nothing": (b"", "the file must be a picture, of PNG or JPEG"),
    "cut": (lambda content: content[: len(content) // 2], "the picture cannot be read"),
    "broken": (lambda content: content[:60] + b"\x00" * 200, "the picture cannot be read"),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_picture_is_one_line(tmp_path: Path, bad: str) -> None:
    file = written(tmp_path, noise(200, 200))
    content, message = BAD[bad]
    file.write_bytes(content(file.read_bytes()) if callable(content) else content)
    with pytest.raises(PictureError, match=rf"^mine\.png: .*{message}") as error:
        read_picture(file)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("form", ["gif", "bmp", "tiff", "webp"])
def test_other_formats_are_refused(tmp_path: Path, form: str) -> None:
    file = tmp_path / "mine.png"
    Image.fromarray(noise().astype(np.uint8)).save(file, format=form)
    with pytest.raises(PictureError, match="the file must be a picture, of PNG or JPEG"):
        read_picture(file)


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PictureError, match=r"at least 16 pixels along each side.*got 60 × 15"):
        read_picture(written(tmp_path, noise(15, 60)))
    monkeypatch.setattr(pictures, "MOST_PIXELS", 2399)
    with pytest.raises(PictureError, match=r"at most 2,399 in all; got 60 × 40"):
        read_picture(written(tmp_path, noise()))
    monkeypatch.setattr(pictures, "MOST_BYTES", 99)
    with pytest.raises(PictureError, match="the file must be of at most 99 bytes"):
        read_picture(written(tmp_path, noise()))
    monkeypatch.undo()
    with pytest.raises(PictureError, match="must not be the same everywhere"):
        read_picture(written(tmp_path, np.full((40, 60), 7)))
    with pytest.raises(PictureError, match="is a directory"):
        read_picture(tmp_path)


def test_which_figures_take_a_picture() -> None:
    assert tuple(each.id for each in catalogue.figures() if each.shows("picture")) == ABLE
    own = pictures.Picture("The picture a.png", "the picture", noise() / 255.0)
    with pytest.raises(SettingError, match="or-gate has no parameter 'picture'"):
        catalogue.figure("or-gate")(picture=own)
    with pytest.raises(ValueError, match=f"or-gate shows no .*; there is {', '.join(ABLE)}"):
        save("or-gate", "a.png", picture="a.png")


@pytest.mark.parametrize("id", ABLE)
def test_a_figure_of_an_own_picture_speaks_of_it(id: str, tmp_path: Path) -> None:
    file = written(tmp_path, noise(60, 90))
    drawing = save(id, tmp_path / "a.png", picture=file)
    assert drawing.caption.startswith("The picture mine.png, as 60 × 90 grey values")
    for text in (drawing.caption, drawing.alt, drawing.title):
        assert not any(word in text for word in ("dahlia", "flower", "vultilion"))
    assert "vultilion" not in drawing.source
    assert id == "rebuilt-dahlia" or drawing.title == catalogue.figure(id).title
    usual = catalogue.figure(id)()
    assert "vultilion" in usual.caption
    assert drawing.values != usual.values
