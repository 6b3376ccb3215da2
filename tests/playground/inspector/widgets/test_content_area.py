"""The scrolled part of a page never shows half a row."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.inspector import InspectorPanel
from playground.inspector.ledger.path_row import PathRow
from playground.inspector.pages.page_area import PageArea
from playground.inspector.widgets.content_area import ContentArea
from playground.inspector.widgets.painted import Painted
from playground.session import Session
from playground.session.selection import Selection
from tests.playground.factory import network, snapshot_of

SELECTIONS = {
    "nothing": None,
    "neuron": Selection("neuron", 1, 0),
    "output": Selection("neuron", 2, 0),
    "weight": Selection("weight", 0, 0, 0),
    "bias": Selection("bias", 0, 0),
}


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(network(4, 3), steps=5)


def shown_area(panel: InspectorPanel) -> ContentArea:
    areas = [area for area in panel.findChildren(ContentArea) if area.isVisible()]
    assert len(areas) == 1
    return areas[0]


def parts(area: ContentArea) -> list[QRect]:
    """Return the rectangle of every row of the content that must not be cut."""
    found = []
    for child in area.widget().children():
        if not isinstance(child, QWidget) or not child.isVisible():
            continue
        top = 0
        for end in child.row_ends() if isinstance(child, Painted) else (child.height(),):
            found.append(QRect(child.x(), child.y() + top, child.width(), end - top))
            top = end
        assert top == child.height()
    return found


def seen_of(area: ContentArea) -> QRegion:
    """Return the visible part of the content; Qt's visible region leaves the mask out."""
    content = area.widget()
    return content.visibleRegion() if content.mask().isEmpty() else content.visibleRegion().intersected(content.mask())


def halves(area: ContentArea) -> list[QRect]:
    """Return the rows of which a part is visible."""
    seen = seen_of(area)
    return [part for part in parts(area) if seen.intersects(part) and seen.intersected(part).boundingRect() != part]


@pytest.mark.parametrize("name", SELECTIONS)
def test_no_row_is_cut_in_half_at_any_height_and_scroll_position(
    qtbot: QtBot, panel: InspectorPanel, session: Session, name: str
) -> None:
    session.select(SELECTIONS[name])
    scrolled = 0
    for width in (269, 312, 345):
        for height in range(300, 620, 23):
            panel.resize(width, height)
            area = shown_area(panel)
            page = next(each for each in panel.findChildren(PageArea) if each.isVisible()).verticalScrollBar()
            bar = page if page.maximum() else area.verticalScrollBar()  # a low page scrolls as a whole
            for share in (0.0, 0.37, 1.0):
                bar.setValue(round(share * bar.maximum()))
                QApplication.processEvents()
                qtbot.waitUntil(lambda area=area: not halves(area), timeout=2000)
                assert bar is page or not seen_of(area).isEmpty()
            scrolled += bar.maximum() > 0
    assert scrolled >= 3


def test_a_row_of_factors_gets_the_height_of_its_lines_when_the_selection_changes(
    qtbot: QtBot, panel: InspectorPanel, session: Session
) -> None:
    for width in (330, 269, 400):
        panel.resize(width, 700)
        for name in ("weight", "bias", "weight"):
            session.select(SELECTIONS[name])
            rows = [row for row in panel.findChildren(PathRow) if row.isVisible()]
            assert rows
            qtbot.waitUntil(lambda rows=rows: all(row.height() == row.heightForWidth(row.width()) for row in rows))


def test_all_rows_are_visible_where_there_is_room(qtbot: QtBot, panel: InspectorPanel, session: Session) -> None:
    session.select(SELECTIONS["neuron"])
    panel.resize(312, 300)
    area = shown_area(panel)
    qtbot.waitUntil(lambda: not area.widget().mask().isEmpty())
    panel.resize(312, 900)
    qtbot.waitUntil(lambda: area.widget().mask().isEmpty())
    assert all(seen_of(area).contains(part) for part in parts(area))
