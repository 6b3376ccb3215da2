"""In wide cards the histograms reach up to the square scatter plots; in high ones these keep their share."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from playground.plots import DropoutTruthPlot
from playground.plots.dropout_truth.picture import GAP, HISTOGRAM, DropoutPicture
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import SHAPES, make, picture

pytestmark = pytest.mark.usefixtures("fonts")


@pytest.mark.parametrize(("size", "is_wide"), [((1400, 500), True), ((400, 900), False)])
def test_the_histograms_take_the_width_that_the_scatter_plots_leave(
    qtbot: QtBot, size: tuple[int, int], is_wide: bool
) -> None:
    card = make(qtbot, DropoutTruthPlot, size=size)
    card.show_snapshot(snapshot_of(SHAPES["dropout"], steps=3))
    picture(card)
    area, style = card.canvas.area(), card.canvas.bottom._style
    share = DropoutPicture._share(card.shown(), area, style)
    left_over = area.rect.width() * (1.0 - share) - (area.rect.height() / 3 - style.px(8))
    if is_wide:
        assert share > HISTOGRAM
        assert left_over == pytest.approx(style.px(GAP))
    else:
        assert share == HISTOGRAM


@pytest.mark.parametrize("size", [(1400, 500), (500, 400), (180, 300)])
def test_the_ticks_are_where_the_values_are(qtbot: QtBot, size: tuple[int, int]) -> None:
    card = make(qtbot, DropoutTruthPlot, size=size)
    card.show_snapshot(snapshot_of(SHAPES["dropout"], steps=3))
    picture(card)
    area, drawing, data = card.canvas.area(), card._picture, card.shown()
    style = card.canvas.bottom._style  # larger type in large cards
    share = drawing._share(data, area, style)
    cell = QRectF(area.rect.left(), 0.0, drawing._span(area, share, style), 10.0)
    low, high = data.ends
    for at, text in card.canvas.bottom._ticks:
        value = float(text.replace("−", "-"))
        index = round((value - low) / (high - low) * 600)
        assert area.x(at) == pytest.approx(drawing._edges(cell, data.ends, 600)[index], abs=0.75 * cell.width() / 600)
