"""A cropped height field fills its room, and a whole box keeps its proportions."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from core.arrays import Floats
from playground.plots.landscape_3d.height_field import MAX_STRETCH, Camera, HeightField
from playground.style.theme import LIGHT, Style

X = np.linspace(-2.0, 3.0, 21)
LOW = np.full((21, 21), 0.1)
"""A plain near the floor, above which most of the box is empty."""


def points() -> Floats:
    across, along = np.meshgrid(X, X)
    return np.column_stack([across.ravel(), along.ravel(), LOW.ravel()])


def seen(room: QRectF, camera: Camera, crop: Floats | None) -> Floats:
    """Return where the surface and the height axis are, (n, 2)."""
    field = HeightField(X, X, LOW, (0.0, 1.0), camera, room, Style(LIGHT), crop=crop)
    corners = np.array([[x, y, 0.0] for x in (X[0], X[-1]) for y in (X[0], X[-1])])
    left = corners[int(field.at(*corners.T)[:, 0].argmin())]
    return field.at(*np.vstack([points(), corners, left + np.array([0.0, 0.0, 1.0])]).T)[:, :2]


@pytest.mark.parametrize("size", [(1800.0, 800.0), (900.0, 800.0), (400.0, 800.0)])
@pytest.mark.parametrize("azimuth", [35.0, 200.0])
def test_what_is_drawn_fills_the_room(size: tuple[float, float], azimuth: float) -> None:
    room, camera = QRectF(40.0, 30.0, *size), Camera(azimuth=azimuth)
    at = seen(room, camera, points())
    low, high = at.min(axis=0), at.max(axis=0)
    assert (low >= (40.0 - 1e-6, 30.0 - 1e-6)).all()
    assert (high <= (40.0 + size[0] + 1e-6, 30.0 + size[1] + 1e-6)).all()
    assert ((high - low) / size).max() == pytest.approx(1.0)
    whole = seen(room, camera, None)
    assert (high - low).prod() > 1.1 * (whole.max(axis=0) - whole.min(axis=0)).prod()
    ratios = (high - low) / (whole.max(axis=0) - whole.min(axis=0))
    assert max(ratios[0] / ratios[1], ratios[1] / ratios[0]) <= MAX_STRETCH + 1e-9


def test_zooming_enlarges_the_cropped_picture() -> None:
    room = QRectF(0.0, 0.0, 900.0, 500.0)
    near, far = (seen(room, Camera(zoom=zoom), points()) for zoom in (2.0, 1.0))
    assert np.ptp(near, axis=0) == pytest.approx(2.0 * np.ptp(far, axis=0))


@pytest.mark.parametrize("centre", [0.0, 0.3, -2e300, 1.7e308, 5e-324])
def test_a_plane_without_width_in_floating_point_is_drawn(centre: float) -> None:
    x = np.full(5, centre)
    y = np.linspace(-1.0, 1.0, 5)
    field = HeightField(x, y, np.zeros((5, 5)), (-1.0, 1.0), Camera(), QRectF(0.0, 0.0, 300.0, 200.0), Style(LIGHT))
    assert np.isfinite(field.at(x, y, np.zeros(5))).all()
    assert not field.hides(x, y, np.ones(5)).any()


def test_points_at_infinity_are_unknown() -> None:
    x = np.linspace(-8e307, 8e307, 5)
    field = HeightField(x, x, np.zeros((5, 5)), (-1.0, 1.0), Camera(), QRectF(0.0, 0.0, 300.0, 200.0), Style(LIGHT))
    beyond = np.array([np.inf, -np.inf, np.nan])
    assert not np.isfinite(field.at(beyond, beyond, np.zeros(3))[:, 0]).any()
