"""The inspector follows selection and snapshots, shows the network's numbers, and emits intents."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment import DataSettings, Experiment
from core.training.snapshot import Snapshot
from playground.inspector import InspectorPanel
from playground.inspector.ledger.factor_chips import fitting
from playground.inspector.widgets.read_out import number_of
from playground.session import Session
from playground.session.selection import Names, Selection, selections_of
from playground.style.consistent_digits import confirms
from playground.style.numbers import short
from playground.style.theme import DARK, LIGHT, PRESENTATION_SCALE, Style
from playground.worker.commands import SetParameter
from tests.playground.factory import snapshot_of
from tests.playground.inspector.support import WEIGHT, experiment_of


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(experiment_of(6, 5, 3), 200)


def choose_sample(panel: InspectorPanel, number: int) -> None:
    page = panel.page
    assert page is not None
    page.findChild(QSpinBox, "inspectorSampleBox").setValue(number)


def test_nothing_selected_shows_the_network(panel: InspectorPanel, qtbot: QtBot) -> None:
    assert panel.page is panel.summary
    assert panel.objectName() == "inspectorPanel"
    assert panel.summary.network.text() == "Network 2 – 6 – 5 – 3 – 1"
    assert panel.summary.parameters.text().startswith("75 parameters, 15 neurons")
    assert panel.summary.loss.text() == "Loss: squared error"
    assert panel.summary.optimizer.text() == "Optimizer: SGD"
    qtbot.waitUntil(lambda: panel.summary.loss_formula.is_drawn and panel.summary.optimizer_formula.is_drawn)


def test_weight_shows_its_values_and_its_ledger(panel: InspectorPanel, session: Session, snapshot: Snapshot) -> None:
    session.select(WEIGHT)
    page = panel.page_of("weight")
    index = snapshot.network.architecture.layers[1].weight_index(2, 1)
    w, gradient = snapshot.network.parameters[index], snapshot.gradients.flat[index]
    assert panel.page is page
    assert panel.title == "Weight from hidden 1 · 3 to hidden 2 · 2"
    assert page.value.text == short(w)
    assert page.gradient.text == short(gradient, 3)
    assert page.step.label == "next step"
    assert [row.isVisible() for row in page.rows] == [True] * 3 + [False] * (len(page.rows) - 3)
    assert {row.title for row in page.rows[:3]} == {"via hidden 3 · 1", "via hidden 3 · 2", "via hidden 3 · 3"}
    assert sum(row.value for row in page.rows[:3]) == pytest.approx(gradient, rel=1e-10)
    name, _, written = page.sum.text.rpartition(" ")
    assert name == "Sum of 3 paths"
    assert confirms(gradient, written)
    assert page.backprop.text == f"Backpropagation {written}"
    assert page.backprop.mark == "check"
    assert page.others.isHidden()


def test_weight_of_one_sample(panel: InspectorPanel, session: Session, snapshot: Snapshot) -> None:
    session.select(WEIGHT)
    choose_sample(panel, 5)
    ledger = panel.page_of("weight").ledger
    assert ledger is not None
    assert panel.sample == session.sample == Sample(4)
    X, Y = snapshot.data.x_train[4:5], snapshot.data.y_train[4:5]
    index = snapshot.network.architecture.layers[1].weight_index(2, 1)
    expected = snapshot.network.backward(snapshot.network.forward(X), Y).flat[index]
    assert ledger.sum == pytest.approx(expected, rel=1e-10)
    assert confirms(ledger.sum, panel.page_of("weight").sum.text.rpartition(" ")[2])
    assert len(panel.page_of("weight").rows[0].chip_texts) == len(ledger.paths[0].factors) == 7
    choose_sample(panel, 0)
    assert panel.sample is None


def test_the_panel_follows_snapshots(panel: InspectorPanel, session: Session) -> None:
    session.select(WEIGHT)
    before = panel.page_of("weight").value.text
    later = snapshot_of(session.experiment, 800)
    panel.show_snapshot(later)
    index = later.network.architecture.layers[1].weight_index(2, 1)
    assert panel.page_of("weight").value.text == short(later.network.parameters[index]) != before


def test_an_expensive_ledger_is_updated_less_often_during_training_only(
    panel: InspectorPanel, session: Session
) -> None:
    session.select(WEIGHT)
    later = snapshot_of(session.experiment, 800)
    panel._not_before = math.inf
    before = panel.page_of("weight").value.text
    fields = {name: getattr(later, name) for name in Snapshot.__struct_fields__}
    panel.show_snapshot(Snapshot(**{**fields, "playing": True}))
    assert panel.page_of("weight").value.text == before
    panel.show_snapshot(later)
    assert panel.page_of("weight").value.text != before


@pytest.mark.parametrize("kind", ["weight", "bias"])
def test_typing_a_value_is_an_undoable_edit(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, qtbot: QtBot, kind: str
) -> None:
    selection = WEIGHT if kind == "weight" else Selection("bias", 1, 1)
    session.select(selection)
    read_out = panel.page_of("weight").value
    qtbot.mouseClick(read_out, Qt.MouseButton.LeftButton, pos=QPoint(10, 25))
    field = read_out.findChild(QLineEdit)
    layer = snapshot.network.architecture.layers[1]
    index = layer.weight_index(2, 1) if kind == "weight" else layer.bias_index(1)
    assert float(field.text()) == snapshot.network.parameters[index]
    field.setText("−0,25")
    with qtbot.waitSignal(session.command) as emitted:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert emitted.args == [SetParameter(index, -0.25)]
    assert session.undo_label == ("Weight" if kind == "weight" else "Bias")


def test_text_that_is_not_a_number_is_rejected(panel: InspectorPanel, session: Session, qtbot: QtBot) -> None:
    session.select(WEIGHT)
    qtbot.keyClick(panel.page_of("weight").value, Qt.Key.Key_Return)
    field = panel.page_of("weight").value.findChild(QLineEdit)
    field.setText("much")
    with qtbot.assertNotEmitted(session.command):
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert field.isVisible()
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.isHidden()
    assert session.undo_label is None


@pytest.mark.parametrize(
    ("text", "value"), [("1e-3", 1e-3), (" −2,5 ", -2.5), ("", None), ("nan", None), ("inf", None), ("1e999", None)]
)
def test_numbers_are_parsed_in_common_notations(text: str, value: float | None) -> None:
    assert number_of(text) == value


def test_selecting_another_element_ends_the_editing(panel: InspectorPanel, session: Session, qtbot: QtBot) -> None:
    session.select(WEIGHT)
    panel.page_of("weight").value.begin_edit()
    field = panel.page_of("weight").value.findChild(QLineEdit)
    with qtbot.assertNotEmitted(session.command):
        session.select(Selection("weight", 0, 0, 0))
    assert field.isHidden()


def test_hovering_a_path_highlights_its_weights(panel: InspectorPanel, session: Session, qtbot: QtBot) -> None:
    session.select(WEIGHT)
    row = panel.page_of("weight").rows[0]
    path = panel.page_of("weight").ledger.paths[0]  # type: ignore[union-attr]
    seen: list[object] = []
    session.hovered.connect(seen.append)
    row.setFocus()
    qtbot.waitUntil(lambda: len(seen) == 1)
    row.clearFocus()
    a, b, c = path.neurons
    assert seen == [(WEIGHT, Selection("weight", 2, b, a), Selection("weight", 3, c, b)), None]
    assert selections_of(path, WEIGHT) == seen[0]


def test_neuron_shows_its_equation(panel: InspectorPanel, session: Session, snapshot: Snapshot) -> None:
    session.select(Selection("neuron", 1, 3))
    page = panel.page_of("neuron")
    assert panel.page is page
    assert panel.title == "Hidden 2 · 4"
    assert panel.sample == Sample(0)  # an equation holds for one sample
    choose_sample(panel, 8)
    Z, A = snapshot.trace.pre_activations[1][7, 3], snapshot.trace.activations[1][7, 3]
    assert page.z.text == short(Z)
    assert page.activation.text == short(A)
    assert page.slope.text == short(1 - A**2, 3)
    assert page.fires.text == ("yes" if A > 0 else "no")
    assert page.total.text == f"z {short(Z)}"
    assert [line.name for line in page.terms.lines[-1:]] == ["bias b"]
    assert {line.name for line in page.terms.lines[:-1]} == {f"hidden 1 · {n}" for n in range(1, 7)}
    choose_sample(panel, 0)
    assert page.z.label == "mean z"
    index = snapshot.network.architecture.layers[1].bias_index(3)
    assert page.delta.text == short(snapshot.gradients.flat[index], 3)


def test_the_bias_is_edited_on_the_neuron_s_page(panel: InspectorPanel, session: Session, qtbot: QtBot) -> None:
    session.select(Selection("neuron", 0, 2))
    panel.page_of("neuron").bias.begin_edit()
    field = panel.page_of("neuron").bias.findChild(QLineEdit)
    field.setText("1.5")
    with qtbot.waitSignal(session.command) as emitted:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    layers = session.snapshot.network.architecture.layers  # type: ignore[union-attr]
    assert emitted.args == [SetParameter(layers[0].bias_index(2), 1.5)]


def test_feature_page(qtbot: QtBot) -> None:
    experiment = Experiment(data=DataSettings(dataset="iris", standardize=True))
    snapshot = snapshot_of(experiment, 1)
    session = Session(experiment)
    session.snapshot = snapshot
    panel = InspectorPanel(session, Style(DARK))
    qtbot.addWidget(panel)
    session.select(Selection("feature", -1, 2))
    assert panel.title == f"Feature {snapshot.data.feature_names[2]}"
    assert (panel.page_of("feature").mean.text, panel.page_of("feature").deviation.text) == ("0", "1.000")
    assert panel.page_of("feature").highest.text == short(snapshot.data.x_train[:, 2].max())
    panel.formulas.wait()


def test_softmax_paths_name_their_output(qtbot: QtBot) -> None:
    experiment = Experiment(data=DataSettings(dataset="iris"))
    snapshot = snapshot_of(experiment, 5)
    session = Session(experiment)
    session.snapshot = snapshot
    panel = InspectorPanel(session, Style(LIGHT))
    qtbot.addWidget(panel)
    session.select(Selection("bias", 1, 0))
    assert panel.title == "Bias of hidden 2 · 1"
    assert {row.title for row in panel.page_of("weight").rows[:3]} == {
        f"to output · {k}" for k in ("setosa", "versicolor", "virginica")
    }
    assert panel.page_of("weight").backprop.mark == "check"
    panel.formulas.wait()


@pytest.mark.parametrize("units", [(), (1,), (64,) * 4, (3,) * 50])
def test_any_shape_at_any_size_in_any_style(qtbot: QtBot, units: tuple[int, ...]) -> None:
    experiment = experiment_of(*units)
    snapshot = snapshot_of(experiment, 2)
    session = Session(experiment)
    panel = InspectorPanel(session, Style(LIGHT))
    qtbot.addWidget(panel)
    last = len(units)
    width = (2, *units)[-1]
    chosen = [
        None, Selection("weight", last, 0, width - 1), Selection("weight", 0, 0, 1), Selection("neuron", last, 0),
        Selection("bias", 0, 0), Selection("feature", -1, 1),
    ]  # fmt: skip
    for size, style in (((280, 450), Style(DARK)), ((600, 900), Style(LIGHT, PRESENTATION_SCALE))):
        panel.set_style(style)
        panel.resize(*size)
        for selection in chosen:
            session.select(selection)
            panel.show_snapshot(snapshot)
            assert not panel.grab().isNull()
        if style.scale == 1.0:
            assert panel.minimumSizeHint().width() <= 280
    panel.formulas.wait()


def test_a_selection_missing_from_the_snapshot_is_ignored(panel: InspectorPanel, session: Session) -> None:
    session.select(WEIGHT)
    panel.show_snapshot(snapshot_of(experiment_of(2), 1))
    assert panel.page is panel.summary


def test_non_finite_numbers_are_shown_as_such(panel: InspectorPanel, session: Session, snapshot: Snapshot) -> None:
    network = replace_parameters(snapshot, np.nan)
    session.select(WEIGHT)
    panel.show_snapshot(network)
    assert panel.page_of("weight").value.text == "NaN"
    assert panel.page_of("weight").backprop.mark == "warning"
    session.select(Selection("neuron", 1, 1))
    assert panel.page_of("neuron").z.text == "NaN"
    assert not panel.grab().isNull()


def replace_parameters(snapshot: Snapshot, value: float) -> Snapshot:
    network = type(snapshot.network)(snapshot.network.architecture, np.full_like(snapshot.network.parameters, value))
    trace = network.forward(snapshot.data.x_train)
    gradients = network.backward(trace, snapshot.data.y_train)
    fields = {name: getattr(snapshot, name) for name in Snapshot.__struct_fields__}
    return Snapshot(**{**fields, "network": network, "trace": trace, "gradients": gradients})


def test_the_layout_is_stable_when_the_numbers_change(panel: InspectorPanel, session: Session) -> None:
    session.select(WEIGHT)
    parts = [
        panel.page_of("weight").value,
        panel.page_of("weight").gradient,
        panel.page_of("weight").step,
        panel.page_of("weight").sum,
        *panel.page_of("weight").rows[:3],
    ]
    before = [(part.pos(), part.size()) for part in parts]
    for steps in (0, 1, 500):
        panel.show_snapshot(snapshot_of(session.experiment, steps))
        panel.grab()
        assert [(part.pos(), part.size()) for part in parts] == before


def test_signs_have_their_colours(panel: InspectorPanel, session: Session) -> None:
    session.select(WEIGHT)
    picture: QImage = panel.page_of("weight").gradient.grab().toImage()
    wanted = LIGHT.sign_text(panel.page_of("weight").ledger.sum)  # type: ignore[union-attr]
    pixels = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
    assert wanted.rgb() in pixels


def test_chips_that_do_not_fit_are_replaced_by_an_ellipsis() -> None:
    assert fitting([10.0, 10.0, 10.0], 50.0, 5.0, 4.0) == [0, 1, 2]
    assert fitting([10.0] * 6, 60.0, 5.0, 4.0) == [0, 1, None, 5]
    assert fitting([100.0, 100.0], 20.0, 5.0, 4.0) == [None, 1]
    assert fitting([100.0], 20.0, 5.0, 4.0) == [None, 0]


def test_names(snapshot: Snapshot) -> None:
    names = Names.of(snapshot.network.architecture, snapshot.data)
    assert names.title(Selection("weight", 0, 1, 0)) == "Weight from x₁ to hidden 1 · 2"
    assert names.title(Selection("weight", 3, 0, 2)) == "Weight from hidden 3 · 3 to output"
    assert names.title(Selection("neuron", 3, 0)) == "Output"
    assert names.of_route(0, (1, 2, 0, 0)) == "via hidden 2 · 3 → hidden 3 · 1"
    assert names.of_route(3, (0,)) == "direct path"


def test_a_long_title_has_shorter_forms_instead_of_widening_the_panel(panel: InspectorPanel, session: Session) -> None:
    session.select(WEIGHT)
    forms = [
        "Weight from hidden 1 · 3 to hidden 2 · 2",
        "Weight hidden 1 · 3 → hidden 2 · 2",
        "Weight W₂[3,2]",
        "W₂[3,2]",
    ]
    shown = []
    for width in range(600, 190, -10):
        panel.resize(width, 450)
        assert panel.width() == width
        shown.append(panel._title.text())
    assert list(dict.fromkeys(shown)) == forms[: len(set(shown))]
    assert len(set(shown)) >= 3
    assert panel.title == "Weight from hidden 1 · 3 to hidden 2 · 2"
    assert panel.accessibleName() == "Inspector: Weight from hidden 1 · 3 to hidden 2 · 2"
