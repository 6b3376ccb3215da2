"""The path ledger on screen: what each factor is, the product as an equation, the running sum, and the highlighted path."""

from __future__ import annotations

import itertools
import math

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QSpinBox
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment.presets import preset
from core.training.snapshot import Snapshot
from playground.inspector import InspectorPanel
from playground.inspector.ledger.factor_chips import MAX_LINES, lines_of
from playground.inspector.ledger.path_texts import running_sums
from playground.inspector.pages.weight_page import WeightPage
from playground.session import Session
from playground.session.selection import Selection
from playground.style.consistent_digits import confirms, value_of
from tests.playground.factory import snapshot_of

FIRST = Selection("weight", 0, 0, 1)
"""From study to z₁: two paths, via z₄ and via z₅."""


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(preset("chain-rule"), 20)


@pytest.fixture
def panel_size() -> tuple[int, int]:
    return 320, 700


@pytest.fixture
def page(panel: InspectorPanel, session: Session) -> WeightPage:
    session.select(FIRST)
    panel.findChild(QSpinBox, "inspectorSampleBox").setValue(1)
    page = panel.page
    assert isinstance(page, WeightPage)
    return page


def test_row06_every_factor_says_what_it_is(page: WeightPage, snapshot: Snapshot) -> None:
    rows = {row.title: row for row in page.rows if row.isVisible()}
    assert set(rows) == {"via z₄", "via z₅"}
    labels = ("study", "φ′(z₁)", "w₅₀", "φ′(z₄)", "w₈₀", "φ′(z₆)", "∂L/∂ŷ")
    assert rows["via z₄"].chip_labels == labels
    assert rows["via z₅"].chip_labels == ("study", "φ′(z₁)", "w₅₁", "φ′(z₅)", "w₉₀", "φ′(z₆)", "∂L/∂ŷ")
    network, trace = snapshot.network, snapshot.trace
    a = [A[0] for A in trace.activations]
    slopes = [each * (1 - each) for each in a]
    y = float(snapshot.data.y_train[0, 0])
    expected = (
        trace.inputs[0][0, 1], slopes[0][0], network.weights(1)[0, 0], slopes[1][0], network.weights(2)[0, 0],
        slopes[2][0], a[2][0] - y,
    )  # fmt: skip
    shown = rows["via z₄"].chip_texts
    assert all(confirms(float(value), text) for value, text in zip(expected, shown, strict=True))
    assert confirms(math.prod(map(value_of, shown)), rows["via z₄"].value_text)
    assert rows["via z₄"].equation.endswith(f"∂L/∂ŷ {shown[-1]} = {rows['via z₄'].value_text}")


def test_row06_the_running_sum_ends_at_backpropagation(page: WeightPage, snapshot: Snapshot) -> None:
    rows = [row for row in page.rows if row.isVisible()]
    X, Y = snapshot.data.x_train[:1], snapshot.data.y_train[:1]
    layer = snapshot.network.architecture.layers[0]
    gradient = snapshot.network.backward(snapshot.network.forward(X), Y).flat[layer.weight_index(1, 0)]
    first, last = (value_of(row.value_text) for row in rows)
    assert value_of(rows[0].sum_text) == pytest.approx(first, rel=1e-3)
    assert value_of(rows[1].sum_text) == pytest.approx(first + last, rel=1e-3)
    assert value_of(rows[1].sum_text) == pytest.approx(gradient, rel=1e-2)
    assert page.backprop.mark == "check"
    assert confirms(gradient, page.backprop.text.rpartition(" ")[2])
    assert page.value.label == "w₃₀"
    assert page.gradient.label == "mean ∂L/∂w₃₀"


def test_row06_the_last_running_sum_is_the_sum_below(page: WeightPage, session: Session) -> None:
    for steps in range(0, 120, 6):
        shown = snapshot_of(session.experiment, steps)
        for weight, sample in itertools.product(range(3), range(0, len(shown.trace.inputs[0]), 17)):
            page.show_selection(shown, Selection("weight", 0, 1, weight), Sample(sample))
            rows = [row for row in page.rows if not row.isHidden()]
            total = page.sum.text.rpartition(" ")[2]
            assert rows[-1].sum_text == total
            assert page.backprop.text.rpartition(" ")[2] == total
            assert confirms(math.fsum(value_of(row.value_text) for row in rows), total)


def test_row06_hovering_a_path_lights_its_weights(page: WeightPage, session: Session, qtbot: QtBot) -> None:
    seen: list[object] = []
    session.hovered.connect(seen.append)
    row = next(row for row in page.rows if row.title == "via z₅")
    at = QPointF(5, 5)
    QApplication.sendEvent(row, QEnterEvent(at, at, QPointF(row.mapToGlobal(QPoint(5, 5)))))
    highlighted = (FIRST, Selection("weight", 1, 1, 0), Selection("weight", 2, 0, 1))
    assert seen == [highlighted]
    QApplication.sendEvent(row, QEvent(QEvent.Type.Leave))
    assert seen == [highlighted, None]


def test_all_factors_are_seen_in_a_narrow_panel(page: WeightPage) -> None:
    row = next(row for row in page.rows if row.isVisible())
    assert 1 < row._chips.lines <= MAX_LINES
    assert [place for line in row._chips._lines for place in line] == list(range(7))


@pytest.mark.parametrize("count", [1, 3, 7, 40])
def test_lines_hold_their_chips_and_the_product(count: int) -> None:
    widths = [50.0] * count
    lines = lines_of(widths, 240.0, 70.0, 9.0, 8.0)
    places = [place for line in lines for place in line if place is not None]
    assert places == sorted(places)
    assert places[-1] == count - 1
    assert len(lines) <= MAX_LINES
    assert (None in lines[-1]) == (count == 40)
    for line in lines:
        room = sum(8.0 if place is None else 50.0 for place in line) + 9.0 * (len(line) - 1)
        assert room + (79.0 if line is lines[-1] else 0.0) <= 240.0


def test_running_sums() -> None:
    assert running_sums([1.0, -3.0, 0.5]) == [1.0, -2.0, -1.5]
    assert running_sums([]) == []
