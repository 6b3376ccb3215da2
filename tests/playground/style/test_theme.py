"""Class colours differ from each other and from the sign colours, for colour-blind users, too."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtGui import QColor

from playground.style.theme import (
    DARK,
    ENLARGED,
    LIGHT,
    MAX_ENLARGED,
    PRESENTATION_SCALE,
    Style,
    Theme,
    enlarged,
)

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def lab(colour: QColor | str, vision: str = "normal") -> np.ndarray:
    """Return CIELAB as seen with ``vision``."""
    c = QColor(colour)
    rgb = np.array([c.redF(), c.greenF(), c.blueF()])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = _TO_XYZ @ np.clip(VISION[vision] @ linear, 0.0, 1.0) / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16.0 / 116.0)
    return np.array([116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])])


def difference(a: QColor | str, b: QColor | str, vision: str = "normal") -> float:
    """Return ΔE*ab (CIE 1976)."""
    return float(np.linalg.norm(lab(a, vision) - lab(b, vision)))


def test_the_colour_difference_has_published_values() -> None:
    assert difference("#000000", "#FFFFFF") == pytest.approx(100.0, abs=0.1)
    np.testing.assert_allclose(lab("#FF0000"), [53.24, 80.09, 67.20], atol=0.1)


@THEMES
def test_more_than_two_classes_have_neither_colour_of_a_sign(theme: Theme) -> None:
    for count in (3, 10):
        for index in range(count):
            colour = theme.class_colour(index, count)
            assert min(difference(colour, sign) for sign in (theme.negative, theme.positive)) > 35.0
    assert theme.class_colour(0, 2) == QColor(theme.negative)
    assert theme.class_colour(1, 2) == QColor(theme.positive)


@THEMES
@pytest.mark.parametrize("vision", VISION)
def test_classes_are_distinguishable(theme: Theme, vision: str) -> None:
    palette = theme.class_palette
    assert len(palette) == 10
    assert min(difference(a, b, vision) for a, b in itertools.combinations(palette[:4], 2)) > 24.0
    assert min(difference(a, b, vision) for a, b in itertools.combinations(palette, 2)) > 12.0


@THEMES
def test_a_point_stands_out_from_a_map_of_its_own_class_and_keeps_its_hue(theme: Theme) -> None:
    negative, positive = (QColor(each) for each in (theme.negative, theme.positive))
    for own, other in ((negative, positive), (positive, negative)):
        point = theme.on_map(own)
        assert difference(point, own) > 16.0
        assert difference(point, own) < difference(point, other)


def test_type_of_a_card_that_fills_a_large_window_is_larger() -> None:
    style = Style(LIGHT)
    assert enlarged(style).scale == enlarged(style, 1280, 700).scale == ENLARGED
    assert 1.5 < enlarged(style, 2560, 1300).scale < MAX_ENLARGED
    assert enlarged(style, 9000, 9000).scale == MAX_ENLARGED
    presented = Style(LIGHT, PRESENTATION_SCALE)
    assert enlarged(presented, 1280, 700).scale == PRESENTATION_SCALE * ENLARGED
