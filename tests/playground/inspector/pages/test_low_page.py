"""In a low or narrow inspector, as in presentation mode on a small screen, nothing overlaps or is truncated."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from playground.inspector import InspectorPanel
from playground.inspector.loss_slice.plot import LossSlice
from playground.inspector.pages.neuron_page import NeuronPage
from playground.inspector.pages.page_area import PageArea
from playground.inspector.pages.weight_page import WeightPage
from playground.inspector.widgets.content_area import ContentArea
from playground.inspector.widgets.painted import Painted
from playground.inspector.widgets.read_out import ReadOut
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import LIGHT, PRESENTATION_SCALE, Style
from tests.playground.factory import snapshot_of

WEIGHT, NEURON = Selection("weight", 4, 1, 2), Selection("neuron", 4, 2)
SIZES = [(231, 355), (250, 360), (267, 450), (420, 620)]


@pytest.fixture
def panel(qtbot: QtBot, fonts: None) -> Iterator[InspectorPanel]:
    experiment = preset("vanishing-gradient")
    session = Session(experiment)
    made = InspectorPanel(session, Style(LIGHT, PRESENTATION_SCALE))
    qtbot.addWidget(made)
    made.resize(420, 620)
    with qtbot.waitExposed(made):
        made.show()
    session.snapshot = snapshot_of(experiment, 3)
    made.show_snapshot(session.snapshot)
    yield made
    made.formulas.wait()


def area_of(panel: InspectorPanel) -> PageArea:
    return next(each for each in panel.findChildren(PageArea) if each.isVisible())


def boxes(page: QWidget) -> dict[str, QRect]:
    """Return where each painted part of ``page`` is."""
    shown = [each for each in page.findChildren(Painted) if each.isVisible()]
    return {
        f"{type(each).__name__} {each.accessibleName()}": QRect(each.mapTo(page, QPoint()), each.size())
        for each in shown
    }


@pytest.mark.parametrize("selection", [WEIGHT, NEURON], ids=["weight", "neuron"])
@pytest.mark.parametrize("size", SIZES)
def test_the_parts_have_their_height_and_do_not_overlap(
    panel: InspectorPanel, qtbot: QtBot, size: tuple[int, int], selection: Selection
) -> None:
    panel._session.select(selection)
    panel.resize(*size)
    page = panel.page
    assert page is not None
    qtbot.waitUntil(lambda: page.height() >= area_of(panel).viewport().height() and page.isVisible())
    qtbot.wait(20)
    for each in page.findChildren(Painted):
        if each.isVisible():
            assert each.height() >= each.sizeHint().height(), each.accessibleName()
    if area_of(panel).verticalScrollBar().maximum():  # all of it scrolls, so nothing scrolls inside
        for (name, a), (other, b) in itertools.combinations(boxes(page).items(), 2):
            assert not a.intersects(b), (name, other)


def test_a_low_page_scrolls_as_a_whole_and_a_tall_one_does_not(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel._session.select(WEIGHT)
    page = panel.page
    assert isinstance(page, WeightPage)
    panel.resize(420, 330)
    qtbot.waitUntil(lambda: area_of(panel).verticalScrollBar().maximum() > 0)
    assert page._scroll.verticalScrollBar().maximum() == 0
    panel.resize(420, 800)
    qtbot.waitUntil(lambda: area_of(panel).verticalScrollBar().maximum() == 0)


def test_the_sum_can_be_reached_by_scrolling(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel._session.select(WEIGHT)
    panel.resize(250, 360)
    page, area = panel.page, area_of(panel)
    assert isinstance(page, WeightPage)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    place = QRect(page.backprop.mapTo(area.viewport(), QPoint()), page.backprop.size())
    assert area.viewport().rect().contains(place)


def test_products_are_below_the_names_where_they_do_not_fit_beside_them(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel._session.select(NEURON)
    page = panel.page
    assert isinstance(page, NeuronPage)
    panel.resize(500, 620)
    qtbot.waitUntil(lambda: page.terms.width() > 400)
    wide = page.terms.sizeHint().height()
    panel.resize(231, 620)
    qtbot.waitUntil(lambda: page.terms.width() < 231)
    assert page.terms.sizeHint().height() > 1.5 * wide
    panel.resize(500, 620)
    qtbot.waitUntil(lambda: page.terms.sizeHint().height() == wide)


def texts(page: QWidget) -> list[tuple[str, int, int]]:
    """Return name, top and bottom of the lines of text of ``page`` outside its own scroll area, measured on screen."""
    found = []
    for part in page.findChildren(QWidget):
        if not part.isVisible() or any(area.viewport().isAncestorOf(part) for area in page.findChildren(ContentArea)):
            continue
        top = part.mapTo(page, QPoint()).y()
        if isinstance(part, ReadOut):
            px = part.current_style.px
            found += [(part.label, top + 1, round(top + px(15))), (part.text, round(top + px(18)), round(top + px(38)))]
        elif isinstance(part, LossSlice):
            below, px = part._area().bottom(), part.current_style.px
            found.append(("numbers of the slice", round(top + below + px(3)), round(top + below + px(16))))
        elif isinstance(part, QLabel) and part.text() and part.height() < 2 * part.fontMetrics().lineSpacing():
            found.append((part.text(), top + 2, top + part.height() - 2))
    return found


@pytest.mark.parametrize("selection", [WEIGHT, NEURON], ids=["weight", "neuron"])
@pytest.mark.parametrize("size", SIZES[:2])
def test_no_line_of_text_is_cut_wherever_the_page_is_scrolled(
    panel: InspectorPanel, qtbot: QtBot, size: tuple[int, int], selection: Selection
) -> None:
    panel.resize(*size)
    panel._session.select(selection)
    qtbot.wait(60)
    area = area_of(panel)
    page, bar = area.page, area.verticalScrollBar()
    assert bar.maximum() > 0
    for value in range(0, bar.maximum() + 1, 3):
        bar.setValue(value)
        seen = QRect(0, -page.y(), page.width(), area.viewport().height())
        if not page.mask().isEmpty():
            seen &= page.mask().boundingRect()
        for name, top, bottom in texts(page):
            part = QRect(0, top, page.width(), bottom - top)
            assert seen.contains(part) or not seen.intersects(part), f"{name} is cut at {value}"
        assert seen.height() > area.viewport().height() / 2, "most of the page is seen"
    bar.setValue(0)
    panel.resize(420, 1000)
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    assert page.mask().isEmpty()


@pytest.mark.parametrize("size", [(231, 345), (250, 340), (325, 345), (420, 345), (275, 371)])
def test_the_first_path_begins_where_a_low_page_is_not_scrolled(
    panel: InspectorPanel, qtbot: QtBot, size: tuple[int, int]
) -> None:
    panel._session.select(WEIGHT)
    page = panel.page
    assert isinstance(page, WeightPage)
    panel.resize(*size)
    qtbot.wait(50)
    area = area_of(panel)
    assert area.verticalScrollBar().value() == 0
    row = page.rows[0]
    first_line = row.mapTo(area, QPoint()).y() + row.row_ends()[0]
    assert first_line <= area.viewport().height()
    assert page.slice.height() >= round(page.slice.BARE_HEIGHT * PRESENTATION_SCALE)
