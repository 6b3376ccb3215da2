"""Names beside nodes that are close together do not overlap, and lines join them with their nodes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF

from core.experiment.presets import preset
from playground.network_view.builder import PictureBuilder
from playground.network_view.layout.fonts import label_font
from playground.network_view.nodes.names import LINE, heights_of_names, spread
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of


@given(st.lists(st.floats(1.0, 200.0), min_size=1, max_size=12), st.floats(5.0, 60.0))
def test_names_are_spread_around_the_middle_of_their_nodes(gaps: list[float], distance: float) -> None:
    ys = np.cumsum(np.array(gaps))
    places = spread(ys, distance)
    assert places is ys or np.diff(places).min() == pytest.approx(distance)
    assert places.mean() == pytest.approx(ys.mean())
    assert (places is ys) == (len(ys) < 2 or float(np.diff(ys).min()) >= distance)


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("height", [130, 190, 260, 600])
def test_names_in_a_low_picture_do_not_touch(height: int) -> None:
    experiment = preset("iris")
    style = Style(LIGHT, 2.0)
    builder = PictureBuilder(experiment, style, is_figure=True)
    builder.set_snapshot(snapshot_of(experiment, 3))
    builder.set_size(760.0, float(height))
    text_height = QFontMetricsF(label_font(style)).height()
    for column in (builder.layout.columns[0], builder.layout.columns[-1]):
        places = heights_of_names(builder.layout, column, text_height)
        assert builder.layout.names_above or np.diff(places).min() >= LINE * text_height - 1e-6
        assert places.mean() == pytest.approx(column.ys.mean())
