"""The type of a deep network in a narrow card follows the window's type size, although the network is drawn smaller."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from playground.network_view import NetworkView
from playground.network_view.controls.painter import CROSSES
from playground.network_view.layout.fonts import MIN_TYPE, caption_font, chip_font, label_font, name_font
from playground.session import Session
from playground.style.theme import LIGHT, PRESENTATION_SCALE, Style


@pytest.mark.parametrize("scale", [1.0, PRESENTATION_SCALE])
def test_no_type_is_smaller_than_the_least_size_at_the_scale_of_the_window(
    qtbot: QtBot, fonts: None, scale: float
) -> None:
    view = NetworkView(Session(preset("vanishing-gradient")), Style(LIGHT, scale))
    qtbot.addWidget(view)
    view.resize(400, 330)
    with qtbot.waitExposed(view):
        view.show()
    builder = view.canvas.builder
    assert builder.layout.scale < scale  # the network is drawn smaller
    drawn = builder._drawn_style
    # The whole network is in view without being zoomed out, which would make the type smaller again.
    assert view.canvas.viewport.zoom == 1.0
    for font in (name_font(drawn), caption_font(drawn), chip_font(drawn), label_font(drawn)):
        assert font.pixelSize() >= int(MIN_TYPE * scale)


def test_a_style_has_no_smaller_type_than_its_least() -> None:
    style = Style(LIGHT, 0.5, min_type=9.0)
    assert (style.type_px(11), style.type_px(30), style.px(11)) == (9.0, 15.0, 5.5)


def test_headers_of_a_deep_network_do_not_overlap_in_a_narrow_card(qtbot: QtBot, fonts: None) -> None:
    view = NetworkView(Session(preset("vanishing-gradient")), Style(LIGHT, 1.28))
    qtbot.addWidget(view)
    view.resize(362, 334)  # in the landscape workspace in presentation mode at 1280 × 800
    with qtbot.waitExposed(view):
        view.show()
    builder = view.canvas.builder
    assert view.canvas.viewport.zoom == 1.0
    metrics = QFontMetricsF(name_font(builder._drawn_style))
    shape = builder.shape
    for column in range(shape.columns):
        assert metrics.horizontalAdvance(shape.short_name(column)) <= 1.15 * builder.layout.spacing
    boxes = [control.box for control in builder.controls if control.action not in CROSSES]
    assert len(boxes) >= 11, "a menu for each layer"
    for one, other in itertools.combinations(boxes, 2):
        assert not one.adjusted(0.5, 0.5, -0.5, -0.5).intersects(other)
