"""The inspector of what a lesson locks or hides: no editor, no drag, and question marks on the pages of the others."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.inspector import InspectorPanel
from playground.inspector.pages.concealed_page import ConcealedPage
from playground.inspector.pages.neuron_page import NeuronPage
from playground.inspector.pages.weight_page import WeightPage
from playground.session import Session
from playground.session.restrictions import NONE, Restrictions
from playground.session.selection import Selection
from tests.playground.factory import snapshot_of

WEIGHT = Selection("weight", 0, 1, 0)
LATER = Selection("weight", 1, 0, 1)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(Experiment(), 5)


def test_a_hidden_element_has_a_page_without_numbers(session: Session, panel: InspectorPanel) -> None:
    session.restrict(Restrictions(hidden=frozenset({WEIGHT, Selection("neuron", 1, 0)})))
    for selection, noun in (
        (WEIGHT, "weight"),
        (Selection("neuron", 1, 0), "neuron"),
        (Selection("bias", 1, 0), "neuron"),
    ):
        session.select(selection)
        page = panel.page
        assert isinstance(page, ConcealedPage)
        assert page.reason.text() == f"The lesson hides the numbers of this {noun}."
        assert panel.figures == ()
    session.restrict(NONE)
    assert isinstance(panel.page, WeightPage)


def test_the_equation_of_a_neuron_has_question_marks(session: Session, panel: InspectorPanel) -> None:
    session.restrict(Restrictions(hidden=frozenset({WEIGHT})))
    session.select(Selection("neuron", 0, 1))
    page = panel.page
    assert isinstance(page, NeuronPage)
    hidden, shown = sorted(page.terms.lines[:2], key=lambda line: line.name)
    assert (hidden.name, hidden.value, hidden.sign) == ("x₁", "?", 0.0)
    assert hidden.product.startswith("? × ")
    assert "?" not in shown.product + shown.value
    rows = {row[0]: row for row in panel.figures[0].figure_table().rows}
    assert (rows["x₁"][1], rows["x₁"][3]) == ("?", "?")
    assert isinstance(rows["x₂"][1], float)


def test_a_path_through_a_hidden_weight_has_question_marks(session: Session, panel: InspectorPanel) -> None:
    session.select(WEIGHT)
    page = panel.page
    assert isinstance(page, WeightPage)
    session.restrict(Restrictions(hidden=frozenset({LATER})))
    rows = [row for row in page.rows if not row.isHidden()]
    marked = [row for row in rows if "?" in row.chip_texts]
    assert len(rows) == 2
    assert len(marked) == 1
    assert marked[0].value_text == "?"
    assert marked[0].chip_texts.count("?") == 1
    assert marked[0].chip_labels[marked[0].chip_texts.index("?")] == "W₂[2,1]"
    values = [row[2] for row in panel.figures[0].figure_table().rows[:2]]
    assert [value == "?" for value in values].count(True) == 1


def test_a_locked_weight_is_neither_typed_nor_dragged(qtbot: QtBot, session: Session, panel: InspectorPanel) -> None:
    session.select(WEIGHT)
    page = panel.page
    assert isinstance(page, WeightPage)
    commands: list[object] = []
    session.command.connect(commands.append)
    for restrictions, free in ((Restrictions(locked=frozenset({WEIGHT})), False), (NONE, True)):
        session.restrict(restrictions)
        assert ("The lesson has locked this weight." in page.value.toolTip()) is not free
        assert ("The lesson has locked this weight." in page.slice.toolTip()) is not free
        qtbot.mouseClick(page.value, Qt.MouseButton.LeftButton)
        assert (page.value._field is not None) is free
        page.value.close_edit()
        dot = page.slice.dot
        assert dot is not None
        qtbot.mousePress(page.slice, Qt.MouseButton.LeftButton, pos=dot.toPoint())
        qtbot.mouseMove(page.slice, dot.toPoint() + QPoint(12, 0))
        qtbot.mouseRelease(page.slice, Qt.MouseButton.LeftButton, pos=dot.toPoint() + QPoint(12, 0))
        qtbot.keyClick(page.slice, Qt.Key.Key_Right)
        assert bool(commands) is free


def test_the_bias_of_a_locked_neuron_is_not_typed(qtbot: QtBot, session: Session, panel: InspectorPanel) -> None:
    session.select(Selection("neuron", 0, 1))
    page = panel.page
    assert isinstance(page, NeuronPage)
    session.restrict(Restrictions(locked=frozenset({Selection("neuron", 0, 1)})))
    qtbot.mouseClick(page.bias, Qt.MouseButton.LeftButton)
    assert page.bias._field is None
    assert page.bias.toolTip() == "Bias: The lesson has locked this bias."
    session.restrict(NONE)
    qtbot.mouseClick(page.bias, Qt.MouseButton.LeftButton)
    assert page.bias._field is not None
    page.bias.close_edit()
