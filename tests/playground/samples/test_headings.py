"""Headings stand right above the values that they head, also that of the column by which the table is sorted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from playground.samples import SamplesCard
from playground.session import Session
from playground.style.stylesheet import stylesheet
from playground.style.theme import DARK, LIGHT, Style, Theme
from tests.playground.factory import pinned_run, snapshot_of

pytestmark = pytest.mark.usefixtures("fonts")


def inked(image: QImage, box: QRect) -> tuple[int, int]:
    """Return the first and the last column of ``box`` in which anything is drawn, relative to its left edge."""
    part = image.copy(box).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(part.constBits(), np.uint32).reshape(part.height(), part.width())
    columns = np.flatnonzero((pixels != pixels[0, 0]).any(axis=0))
    return int(columns[0]), int(columns[-1])


@pytest.fixture
def card(qtbot: QtBot) -> Callable[[Theme, tuple[int, int]], SamplesCard]:
    def made(theme: Theme, size: tuple[int, int]) -> SamplesCard:
        session, style = Session(preset("iris")), Style(theme)
        result = SamplesCard(session, style)
        qtbot.addWidget(result)
        result.setStyleSheet(stylesheet(style))
        result.resize(*size)
        result.show()
        session.pins.add(pinned_run(preset("iris"), 3), name="before")
        result.show_snapshot(snapshot_of(preset("iris"), 60))
        result.grab()  # lays out the columns
        return result

    return made


def ends(card: SamplesCard, column: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the ends of what is drawn in the heading and in the first values of ``column``."""
    table, header = card.table, card.table.horizontalHeader()
    table.scrollTo(table.model().index(0, column), QAbstractItemView.ScrollHint.EnsureVisible)
    above, below = (each.viewport().grab().toImage() for each in (header, table))
    left, width = header.sectionViewportPosition(column), header.sectionSize(column)
    heading = inked(above, QRect(left + 1, 2, width - 2, header.height() - 6))
    rows = QRect(left + 1, 1, width - 2, 4 * table.verticalHeader().defaultSectionSize())
    return heading, inked(below, rows)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("size", [(1000, 400), (330, 260)])
def test_headings_end_where_their_values_end(
    card: Callable[[Theme, tuple[int, int]], SamplesCard], theme: Theme, size: tuple[int, int]
) -> None:
    shown = card(theme, size)
    for sorted_by in (0, 3, 5):
        shown.table.sortByColumn(sorted_by, Qt.SortOrder.DescendingOrder)
        shown.table.clearSelection()
        for column in range(1, shown.table.model().columnCount()):
            heading, values = ends(shown, column)
            assert heading[1] == pytest.approx(values[1], abs=3), (sorted_by, column)
        heading, values = ends(shown, 0)
        assert heading[0] == pytest.approx(values[0], abs=2), "the names of the samples begin at the left"


def test_the_arrow_of_the_order_is_beside_the_heading(card: Callable[[Theme, tuple[int, int]], SamplesCard]) -> None:
    shown = card(LIGHT, (1000, 400))
    for column, side in ((0, 1), (3, 0), (6, 0)):
        other = 1 if column != 1 else 2
        shown.table.sortByColumn(other, Qt.SortOrder.AscendingOrder)
        plain, _ = ends(shown, column)
        shown.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        arrow, _ = ends(shown, column)
        assert arrow[1 - side] == plain[1 - side], "the heading stays"
        assert 8 <= abs(arrow[side] - plain[side]) <= 20
        down = shown.table.horizontalHeader().grab().toImage()
        shown.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
        assert shown.table.horizontalHeader().grab().toImage() != down
