"""The gradient check window shows the core's numbers and stays in sync with the session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.analysis.gradient_check import gradient_check
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.snapshot import Snapshot
from playground.export.export import export_figure
from playground.gradient_check import GradientCheckWindow
from playground.gradient_check.check_run import Subject, chosen_indices, run_check, run_sweep, subject_of
from playground.gradient_check.error_statistics import error_counts, truncation
from playground.gradient_check.error_table import COLUMNS, ERROR
from playground.gradient_check.words import sweep_sentences, times_ten, verdict
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.factory import network, snapshot_of

Opener = Callable[..., tuple[GradientCheckWindow, Session]]


def go_on(_done: int, _every: int) -> bool:
    return True


@pytest.fixture
def open_check(qtbot: QtBot) -> Opener:
    def opened(
        experiment: Experiment | None = None,
        steps: int = 20,
        size: tuple[int, int] = (900, 640),
        style: Style | None = None,
    ) -> tuple[GradientCheckWindow, Session]:
        session = Session(experiment)
        session.snapshot = snapshot_of(experiment, steps)
        window = GradientCheckWindow(session, style or Style(LIGHT))
        qtbot.addWidget(window)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.check()
        qtbot.waitUntil(lambda: window.valid_result is not None and window.sweep_plot.figure_table().rows != [])
        return window, session

    return opened


# -- the check -------------------------------------------------------------------------------------------------------


def test_the_batch_of_the_last_step_is_checked() -> None:
    snapshot = snapshot_of(steps=7)
    subject = subject_of(snapshot)
    np.testing.assert_array_equal(subject.X, snapshot.data.x_train[snapshot.last_batch])
    np.testing.assert_array_equal(subject.Y, snapshot.data.y_train[snapshot.last_batch])
    assert "the batch of step 7 (10 samples)" in subject.sentence
    assert "dropout" not in subject.sentence


def test_before_any_step_the_first_batch_is_checked() -> None:
    snapshot = snapshot_of(network(4, dropout=0.5))
    subject = subject_of(snapshot)
    np.testing.assert_array_equal(subject.X, snapshot.data.x_train[:10])
    assert "first batch" in subject.sentence
    assert "dropout off" in subject.sentence


@pytest.mark.parametrize(
    "experiment",
    [
        network(6, 5, 3),
        network(4, activation="relu", dropout=0.3),
        network(3, activation="prelu"),
        Experiment(data=DataSettings(dataset="iris"), network=NetworkSettings(hidden=())),
    ],
)
def test_a_check_in_portions_equals_a_single_check(experiment: Experiment) -> None:
    subject = subject_of(snapshot_of(experiment, 5))
    whole = gradient_check(subject.network, subject.X, subject.Y)
    checked = run_check(subject, go_on)
    assert checked is not None
    for name in ("indices", "analytic", "numeric", "relative", "kinked", "unresolved"):
        np.testing.assert_array_equal(getattr(checked.check, name), getattr(whole, name))
    assert (checked.check.worst, checked.check.worst_name) == (whole.worst, whole.worst_name)
    known = checked.check.indices[~checked.check.kinked]
    np.testing.assert_array_equal(np.flatnonzero(~np.isnan(checked.errors)), known)


def test_a_check_can_be_stopped_between_portions() -> None:
    subject = subject_of(snapshot_of(network(8, 8), 1))
    seen: list[int] = []

    def stop_at_the_third(done: int, _every: int) -> bool:
        seen.append(done)
        return len(seen) < 3

    assert run_check(subject, stop_at_the_third) is None
    assert len(seen) == 3
    assert seen[0] == 0


def test_parameters_of_every_layer_of_a_large_network_are_checked() -> None:
    architecture = snapshot_of(network(16, 16, 16)).network.architecture
    chosen = chosen_indices(architecture, max_count=40)
    assert len(chosen) == 40 == len(set(chosen.tolist()))
    assert all(((chosen >= layer.start) & (chosen < layer.stop)).any() for layer in architecture.layers)


def wrong(subject: Subject, index: int, factor: float) -> object:
    check = gradient_check(subject.network, subject.X, subject.Y)
    relative = check.relative.copy()
    relative[index] = factor
    return msgspec.structs.replace(check, relative=relative, worst=index)


def test_a_wrong_gradient_is_named() -> None:
    subject = subject_of(snapshot_of(network(3), 5))
    good = verdict(gradient_check(subject.network, subject.X, subject.Y))
    assert good.startswith("All 13 gradients agree to ")
    assert "largest error: " in good
    bad = verdict(wrong(subject, 0, 0.5))  # type: ignore[arg-type]
    assert bad.startswith("1 of 13 gradients does not agree. Largest relative error: ")
    assert "5·10⁻¹" in bad


def test_kinks_are_counted_and_excluded() -> None:
    subject = subject_of(snapshot_of(network(3, activation="relu", initializer="zeros")))
    check = gradient_check(subject.network, subject.X, subject.Y)
    kinks = int(check.kinked.sum())
    assert kinks > 0
    assert f"{kinks} are at a kink" in verdict(check)
    counts = error_counts(check, subject.network.architecture)
    assert counts.sum() == len(check.indices) - kinks


def test_vanished_gradients_are_not_reported_as_verified() -> None:
    experiment = network(*[8] * 25, activation="sigmoid")
    subject = subject_of(snapshot_of(experiment))
    check = gradient_check(subject.network, subject.X, subject.Y)
    small = int(check.unresolved.sum())
    assert small > 100
    assert f" {small} are too small for a difference to distinguish them from 0." in verdict(check)
    assert "too small" not in verdict(msgspec.structs.replace(check, unresolved=np.zeros_like(check.unresolved)))


def test_the_histogram_counts_each_layer() -> None:
    subject = subject_of(snapshot_of(network(6, 5), 5))
    check = gradient_check(subject.network, subject.X, subject.Y)
    counts = error_counts(check, subject.network.architecture)
    assert counts.sum(axis=1).tolist() == [2 * 6 + 6, 6 * 5 + 5, 5 + 1]


@pytest.mark.parametrize(
    ("value", "text"),
    [(3e-9, "3·10⁻⁹"), (1e-12, "10⁻¹²"), (0.0, "0"), (np.inf, "∞"), (9.6e-5, "10⁻⁴"), (0.5, "5·10⁻¹")],
)
def test_errors_are_written_with_powers_of_ten(value: float, text: str) -> None:
    assert times_ten(value) == text


def test_truncation_grows_with_the_square_of_the_step() -> None:
    subject = subject_of(snapshot_of(network(4, 4), 20))
    weight = subject.network.architecture.layers[0].weight_index(0, 0)
    sweep = run_sweep(subject, weight)
    c = truncation(sweep)
    assert c is not None
    place = int(np.argmin(np.abs(sweep.epsilons - 1e-3)))
    assert sweep.relative[place, 0] == pytest.approx(c * sweep.epsilons[place] ** 2, rel=0.1)
    assert "∝ ε²" in sweep_sentences(sweep)[0]


def test_a_quadratic_loss_has_only_rounding_errors() -> None:
    linear = Experiment(
        data=DataSettings(dataset="plane"), network=NetworkSettings(hidden=()), training=TrainingSettings()
    )
    subject = subject_of(snapshot_of(linear, 3))
    sweep = run_sweep(subject, 0)
    assert truncation(sweep) is None
    assert "only rounding" in sweep_sentences(sweep)[0]


# -- the window ------------------------------------------------------------------------------------------------------


def test_the_check_runs_in_a_thread_and_is_shown_in_the_network(qtbot: QtBot) -> None:
    session = Session()
    snapshot = session.snapshot = snapshot_of(steps=5)
    window = GradientCheckWindow(session, Style(LIGHT))
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.checked) as blocker:
        window.check()
        assert window.valid_result is None
    parameters, errors = blocker.args
    assert parameters is snapshot.network.parameters
    assert np.nanmax(errors) < 1e-5
    assert window.valid_result is not None


def test_training_is_paused_before_the_check_starts(qtbot: QtBot) -> None:
    session = Session()
    moving = msgspec.structs.replace(snapshot_of(steps=5), playing=True)
    session.snapshot = moving
    session.set_playing(True)
    window = GradientCheckWindow(session, Style(LIGHT))
    qtbot.addWidget(window)
    window.show()
    window.check()
    assert not session.playing
    qtbot.wait(60)
    assert window.valid_result is None
    window.show_snapshot(msgspec.structs.replace(moving, playing=False))
    qtbot.waitUntil(lambda: window.valid_result is not None)


def moved(snapshot: Snapshot) -> Snapshot:
    network = msgspec.structs.replace(snapshot.network, parameters=snapshot.network.parameters + 0.1)
    return msgspec.structs.replace(snapshot, network=network)


def test_the_result_is_cleared_when_the_parameters_change(qtbot: QtBot, open_check: Opener) -> None:
    window, session = open_check()
    copied = msgspec.structs.replace(session.snapshot.network, parameters=session.snapshot.network.parameters.copy())
    window.show_snapshot(msgspec.structs.replace(session.snapshot, network=copied))
    assert window.valid_result is not None
    with qtbot.waitSignal(window.outdated):
        window.show_snapshot(moved(session.snapshot))
    assert window.valid_result is None


def test_the_result_is_cleared_with_the_experiment_and_the_window(qtbot: QtBot, open_check: Opener) -> None:
    window, session = open_check()
    with qtbot.waitSignal(window.outdated):
        session.edit_training("Learning rate", learning_rate=0.5)
    other, _ = open_check()
    with qtbot.waitSignal(other.outdated):
        other.close()


def test_choosing_a_row_selects_the_parameter_and_sweeps_it(qtbot: QtBot, open_check: Opener) -> None:
    window, session = open_check(network(3))
    table = window.table
    row = next(
        row
        for row in range(table.model().rowCount())
        if [table.model().index(row, column).data() for column in range(3)] == ["Hidden 1", "x₂", "3"]
    )
    with qtbot.waitSignal(session.selection_changed):
        table.selectRow(row)
    assert session.selection == Selection("weight", 0, 2, 1)
    qtbot.waitUntil(lambda: "Weight from 2 to 3 in Hidden 1" in window.sweep_plot._note.text())


def test_the_selection_in_the_network_is_marked_and_swept(qtbot: QtBot, open_check: Opener) -> None:
    window, session = open_check(network(3))
    session.select(Selection("neuron", 1, 0))
    qtbot.waitUntil(lambda: "Bias of 1 in Output" in window.sweep_plot._note.text())
    (index,) = window.table.selectionModel().selectedRows()
    assert [index.siblingAtColumn(column).data() for column in range(3)] == ["Output", "bias", "1"]
    assert session.selection == Selection("neuron", 1, 0)


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
@pytest.mark.parametrize("column", range(len(COLUMNS)))
def test_the_table_sorts_by_every_column_and_keeps_the_selection(
    open_check: Opener, column: int, order: Qt.SortOrder
) -> None:
    window, session = open_check(network(4, activation="relu", initializer="zeros"), steps=0)
    session.select(Selection("weight", 0, 1, 0))
    table = window.table
    table.sortByColumn(column, order)
    model = table.model()
    shown = [[model.index(row, place).data() for place in range(len(COLUMNS))] for row in range(model.rowCount())]
    assert len(shown) == 4 * 3 + 5
    (chosen,) = table.selectionModel().selectedRows()
    assert shown[chosen.row()][:3] == ["Hidden 1", "x₁", "2"]
    if column == ERROR:
        kinks = [row[ERROR] == "kink" for row in shown]
        assert kinks == sorted(kinks)
        assert any(kinks)
    elif column > 2:
        values = [float(row[column].replace("−", "-")) for row in shown]
        assert values == sorted(values, reverse=order == Qt.SortOrder.DescendingOrder)


def test_checked_again_after_a_change(qtbot: QtBot, open_check: Opener) -> None:
    window, session = open_check()
    session.snapshot = moved(session.snapshot)
    window.show_snapshot(session.snapshot)
    button = window.findChild(QPushButton, "checkAgainButton")
    with qtbot.waitSignal(window.checked) as blocker:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert blocker.args[0] is session.snapshot.network.parameters


def test_closing_stops_a_long_check(qtbot: QtBot) -> None:
    experiment = Experiment(
        data=DataSettings(dataset="digits"), network=NetworkSettings(hidden=(HiddenLayer(units=256),) * 2)
    )
    session = Session(experiment)
    session.snapshot = snapshot_of(experiment)
    window = GradientCheckWindow(session, Style(LIGHT))
    qtbot.addWidget(window)
    window.show()
    window.check()
    stop = window.findChild(QPushButton, "stopCheckButton")
    qtbot.waitUntil(stop.isVisible)
    window.close()
    qtbot.wait(20)
    assert window.valid_result is None


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "csv"])
def test_both_plots_are_exported(open_check: Opener, tmp_path: Path, suffix: str) -> None:
    window, _ = open_check(network(4, 3))
    for figure in window.figures:
        path = tmp_path / f"{figure.figure_key}.{suffix}"
        export_figure(figure, path, size=(960, 540), theme="dark")
        assert path.stat().st_size > 300
        if suffix == "svg":
            text = path.read_text(encoding="utf-8")
            assert {"gradient-check": "All 31 gradients agree", "step-size": "rounding"}[figure.figure_key] in text


def test_the_csv_has_every_step_of_the_sweep(open_check: Opener) -> None:
    window, _ = open_check(network(4))
    table = window.sweep_plot.figure_table()
    assert len(table.rows) == 37
    assert table.columns[0] == "epsilon"
    assert sum(sum(row[2:]) for row in window.error_plot.figure_table().rows) == 4 * 3 + 5  # type: ignore[misc, arg-type]


@pytest.mark.parametrize("size", [(440, 380), (900, 640), (1600, 1000)])
def test_the_window_is_drawn_at_every_size_and_in_both_themes(open_check: Opener, size: tuple[int, int]) -> None:
    window, _ = open_check(network(*[3] * 14), size=size)
    light = window.grab().toImage()
    window.set_style(Style(DARK, 1.4))
    assert window.grab().toImage() != light
