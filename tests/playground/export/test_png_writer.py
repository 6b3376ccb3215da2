"""The PNG writer, read back by Pillow and Qt."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from playground.export.png_writer import STRIPE, png_bytes
from playground.export.raster import pixels_of, png_of


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size", [(1, 1), (7, STRIPE - 1), (33, STRIPE), (641, 2 * STRIPE + 1)])
def test_every_pixel_reads_back(size: tuple[int, int], channels: int) -> None:
    width, height = size
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (height, width, channels), dtype=np.uint8)
    with Image.open(io.BytesIO(png_bytes(pixels, {"Title": "φ′ of “x”", "Software": "s"}))) as image:
        image.load()
        assert (image.size, len(image.getbands())) == (size, channels)
        np.testing.assert_array_equal(np.asarray(image), pixels)
        assert image.text["Title"] == "φ′ of “x”"
        assert image.info["dpi"] == pytest.approx((96, 96), abs=0.1)


@pytest.mark.parametrize(
    "kind", [QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied, QImage.Format.Format_RGB888]
)
def test_qt_reads_the_same_picture_and_title(kind: QImage.Format) -> None:
    image = QImage(37, 21, kind)
    for x in range(37):
        for y in range(21):
            image.setPixelColor(x, y, QColor(5 * x, 9 * y, 77, 255 if x % 2 else 128))
    read = QImage.fromData(png_of(image, "Größe"))
    assert read.text("Title") == "Größe"
    assert read.size() == image.size()
    wanted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    found = read.convertToFormat(QImage.Format.Format_RGBA8888)
    assert wanted == found


def test_the_colours_of_an_image_outlive_it() -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    for _ in range(20):
        pixels = pixels_of(image)
        assert (pixels == (0x12, 0x34, 0x56)).all()
