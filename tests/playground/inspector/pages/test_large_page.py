"""In a large inspector, the page of a neuron fills the space with its activation curve and keeps its terms complete."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment.presets import preset
from playground.inspector import InspectorPanel
from playground.inspector.pages.large_neuron_page import LargeNeuronPage
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import LIGHT, PRESENTATION_SCALE, Style
from tests.playground.factory import snapshot_of


@pytest.fixture(params=["vanishing-gradient", "iris"])
def panel(request: pytest.FixtureRequest, qtbot: QtBot, fonts: None) -> Iterator[InspectorPanel]:
    experiment = preset(request.param)
    session = Session(experiment)
    made = InspectorPanel(session, Style(LIGHT))
    qtbot.addWidget(made)
    made.resize(300, 430)
    with qtbot.waitExposed(made):
        made.show()
    session.snapshot = snapshot_of(experiment, 3)
    made.show_snapshot(session.snapshot)
    session.select_sample(Sample(0))
    session.select(Selection("neuron", len(experiment.network.hidden), 0))
    yield made
    made.formulas.wait()


def page_of(panel: InspectorPanel) -> LargeNeuronPage:
    page = panel.page
    assert isinstance(page, LargeNeuronPage)
    return page


def has_curve(page: LargeNeuronPage) -> bool:
    return page.curve is not None and page.curve.isVisible()


def place(page: QWidget, part: QWidget) -> QRect:
    return QRect(part.mapTo(page, QPoint()), part.size())


@pytest.mark.parametrize("size", [(1800, 1000), (420, 1000)], ids=["wide", "tall"])
@pytest.mark.parametrize("scale", [1.0, PRESENTATION_SCALE])
def test_a_large_page_has_a_curve_below_everything_or_beside_the_classes(
    panel: InspectorPanel, qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    panel.set_style(Style(LIGHT, scale))
    panel.resize(*size)
    page = page_of(panel)
    qtbot.waitUntil(lambda: has_curve(page))
    qtbot.wait(50)
    assert page.curve is not None
    curve = place(page, page.curve)
    assert curve.height() >= 100
    assert curve.bottom() <= page.height()
    is_beside = page.is_wide and page.has_classes
    for part in (page.terms, page.total, page._meaning, page.classes):
        assert not part.isVisible() or (
            place(page, part).left() > curve.right() if is_beside else place(page, part).bottom() <= curve.top()
        )
    assert place(page, page._numbers).bottom() <= curve.top()
    assert page._scroll.verticalScrollBar().maximum() == 0, "all terms are seen"
    gap = place(page, page.total).top() - place(page, page._scroll).bottom()
    assert gap < page.current_style.px(40), "the total is directly below its terms"


@pytest.mark.parametrize("panel", ["iris"], indirect=True)
def test_a_short_sum_keeps_its_total_where_no_curve_fills_the_page(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel.set_style(Style(LIGHT, PRESENTATION_SCALE))
    panel._session.select(Selection("neuron", 0, 1))
    for height in range(600, 1000, 20):
        panel.resize(580, height)
        qtbot.wait(20)
        page = page_of(panel)
        gap = place(page, page.total).top() - place(page, page.terms).bottom()
        assert page._scroll.verticalScrollBar().maximum() > 0 or gap < page.current_style.px(40), (height, gap)


@pytest.mark.parametrize("size", [(1800, 1000), (420, 1000), (300, 430)], ids=["wide", "tall", "small"])
@pytest.mark.parametrize("panel", ["iris"], indirect=True)
def test_the_page_of_a_softmax_follows_the_computation(
    panel: InspectorPanel, qtbot: QtBot, size: tuple[int, int]
) -> None:
    panel.resize(*size)
    page = page_of(panel)
    panel._session.select(Selection("neuron", 0, 0))
    panel._session.select(Selection("neuron", len(panel._session.snapshot.network.architecture.layers) - 1, 0))
    qtbot.waitUntil(page.classes.isVisible)
    qtbot.wait(50)
    parts = (page._scroll, page.total, page._meaning, page.classes)  # terms → z → softmax → probabilities
    places = [place(page, part) for part in parts]
    for above, below in itertools.pairwise(places):
        assert above.bottom() < below.top()
    assert places[-1].height() == page.classes.sizeHint().height(), "no class is cut"


def test_a_small_page_has_none(panel: InspectorPanel, qtbot: QtBot) -> None:
    page = page_of(panel)
    assert not has_curve(page)
    panel.resize(1800, 1000)
    qtbot.waitUntil(lambda: has_curve(page))
    panel.resize(300, 430)
    qtbot.waitUntil(lambda: not has_curve(page))


def test_the_curve_marks_the_chosen_sample(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel.resize(1800, 1000)
    page = page_of(panel)
    qtbot.waitUntil(lambda: has_curve(page))
    snapshot = panel._session.snapshot
    assert page.curve is not None
    assert snapshot is not None
    for sample in (Sample(0), Sample(3)):
        panel._session.select_sample(sample)
        shown = page.curve._shown
        assert shown is not None
        assert shown.marked[0] == pytest.approx(snapshot.trace.pre_activations[-1][sample.index, 0], abs=1e-9)


def test_a_picture_has_only_its_own_curve(panel: InspectorPanel, qtbot: QtBot) -> None:
    page = LargeNeuronPage(Style(LIGHT), panel.formulas)
    qtbot.addWidget(page)
    snapshot, selection = panel._session.snapshot, panel._session.selection
    assert snapshot is not None
    assert selection is not None
    page.resize(1800, 1000)
    page.show_selection(snapshot, selection, Sample(0))
    page.set_visible_height(1000)
    assert page.curve is not None
    page.prepare_figure(10)
    page.set_visible_height(1000)
    assert page.curve.isHidden()
    assert page._curve is not None
    assert not page._curve.isHidden()
