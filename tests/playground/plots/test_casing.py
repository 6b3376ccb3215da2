"""Lines over a tinted background have a casing in the colour of cards, so that they stand out in lightness."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from core.arrays import Booleans, Floats
from playground.plots.gradient.picture import GradientPicture
from playground.plots.landscape.picture import _paint_track
from playground.plots.landscape.track import Track
from playground.plots.race.data import race_data
from playground.plots.race.field import paint_paths_over
from playground.plots.race.marks import racer_colour
from playground.plots.race.picture import RacePicture
from playground.plotting.canvas.canvas import Area
from playground.style.theme import DARK, LIGHT, Style, Theme

AREA = Area(QRectF(0, 0, 200, 100), (0.0, 2.0), (0.0, 4.0), True)
NON_TEXT = 3.0
"""Least contrast of what is needed to understand a picture (WCAG 2.2, 1.4.11)."""


class FlatField:
    """A height field seen from above, over which nothing is hidden."""

    def at(self, x: Floats, y: Floats, z: Floats) -> Floats:
        return np.column_stack([AREA.xs(x), AREA.ys(y), 0.0 * z])

    def hides(self, x: Floats, y: Floats, z: Floats) -> Booleans:
        return np.zeros(len(x + y + z), dtype=bool)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(first: QColor, second: QColor) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def column(image: QImage) -> list[QColor]:
    """Return the pixels across a horizontal line in the middle."""
    return [image.pixelColor(100, y) for y in range(30, 71)]


def painted(ground: QColor, paint: object) -> list[QColor]:
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(ground)
    p = QPainter(image)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(p)  # type: ignore[operator]
    p.end()
    return column(image)


def best_neighbour(pixels: list[QColor], line: QColor) -> float:
    """Return the largest contrast of a pixel of the line to one beside it, up to four pixels away."""
    at = min(range(len(pixels)), key=lambda i: abs(luminance(pixels[i]) - luminance(line)) + (i - 20) ** 2 * 1e-3)
    return max(contrast(pixels[at], each) for each in pixels[max(at - 4, 0) : at + 5])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_path_of_training_stands_out_from_the_greys_of_the_loss(theme: Theme) -> None:
    style = Style(theme, scale=1.5)
    track = Track(np.array([[0.0, 2.0], [2.0, 2.0]]), np.array([0, 1]), np.array([1.0, 1.0]), np.array([0.0, 0.0]))
    grey = QColor(0x80, 0x82, 0x87)
    pixels = painted(grey, lambda p: _paint_track(p, AREA, track, np.ones(2), style))
    assert contrast(QColor(theme.accent), grey) < NON_TEXT
    assert best_neighbour(pixels, QColor(theme.accent)) >= NON_TEXT


@pytest.mark.parametrize(("theme", "layer"), [(LIGHT, 0), (DARK, 5)], ids=["dark bar", "light bar"])
def test_the_forecast_stands_out_from_its_bars(theme: Theme, layer: int) -> None:
    style = Style(theme, scale=1.5)
    bar = QColor(theme.layer_colour(layer, 6))

    def paint(p: QPainter) -> None:
        p.setBrush(Qt.BrushStyle.NoBrush)
        GradientPicture._paint_forecast(p, AREA, np.array([100.0, 100.0, 100.0]), style)

    assert contrast(QColor(theme.ink), bar) < NON_TEXT
    assert best_neighbour(painted(bar, paint), QColor(theme.ink)) >= NON_TEXT


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("is_3d", [False, True], ids=["map", "3-D"])
def test_the_path_of_a_racer_stands_out_from_ground_of_its_colour(theme: Theme, is_3d: bool) -> None:
    style = Style(theme, scale=1.5)
    whole = race_data("bowl", None)
    straight = {"points": np.array([[0.0, 2.0], [2.0, 2.0]]), "steps": np.array([0, 1]), "values": np.array([1.0, 1.0])}
    data = replace(whole, start=(0.0, 2.0), trajectories=(replace(whole.trajectories[0], arrival=None, **straight),))
    line = racer_colour(0, style)
    ground = line.darker(110)

    def paint(p: QPainter) -> None:
        if is_3d:
            paint_paths_over(p, FlatField(), data, 10, style)  # type: ignore[arg-type]
        else:
            RacePicture._paint_paths(SimpleNamespace(_drawn=()), p, AREA, data, style, 10)  # type: ignore[arg-type]

    assert contrast(line, ground) < NON_TEXT
    assert best_neighbour(painted(ground, paint), line) >= NON_TEXT
