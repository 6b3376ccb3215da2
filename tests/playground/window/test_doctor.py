"""The doctor in the window: a quiet button, a menu entry, and cards that are brought into view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from core.analysis.diagnosis import RULES, examine
from core.experiment import DrawnSource, Experiment, HiddenLayer, NetworkSettings
from core.experiment.presets import preset
from core.training.diagnosis_case import case_of
from core.training.many_runs.cure_trials import UNCONFIRMED
from playground.plots.doctor.card import DoctorPlot
from playground.plotting.cards.plot_card import PlotCard
from playground.window.cards import CARDS
from playground.window.doctor_watch import DoctorWatch
from playground.window.main_window import MainWindow
from tests.core.analysis.diagnosis.support import ILL, trained

Opener = Callable[..., MainWindow]

CLONES = Experiment(
    network=NetworkSettings(hidden=(HiddenLayer(initializer="constant"),) * 2, output_initializer="constant")
)


def button(window: MainWindow) -> QToolButton:
    return window.findChild(QToolButton, "doctorButton")


def test_the_button_is_silent_when_all_is_well(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: window.session.findings.is_known(window.session.generation), timeout=20_000)
    assert not button(window).isVisible()


def test_the_button_counts_the_findings_and_a_cure_or_other_data_silence_it(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(CLONES)
    qtbot.waitUntil(button(window).isVisible, timeout=20_000)
    assert button(window).text() == "1"
    assert "Neurons are clones" in button(window).accessibleName()
    button(window).click()
    card = window.cards["doctor"]
    assert isinstance(card, DoctorPlot)
    assert window.workspace.arrangement == "gradients"
    qtbot.waitUntil(lambda: len(card.list.rows) == 1)
    card.list.rows[0].cure_button.click()
    qtbot.waitUntil(lambda: not button(window).isVisible(), timeout=20_000)
    qtbot.waitUntil(lambda: card.list.rows == ())
    window.session.undo()
    qtbot.waitUntil(button(window).isVisible, timeout=20_000)
    qtbot.waitUntil(lambda: len(card.list.rows) == 1)
    # Findings end with the data they were found on.
    window.session.edit_data("Draw", dataset=DrawnSource(points=((0.5, 0.5, 1.0),)))
    qtbot.waitUntil(lambda: not button(window).isVisible())
    assert card.list.rows == ()
    assert not card.list.isVisible()
    window.session.undo()
    qtbot.waitUntil(button(window).isVisible)
    qtbot.waitUntil(lambda: len(card.list.rows) == 1 and card.list.isVisible())


def test_the_card_and_the_button_show_the_same_examination(open_window: Opener, qtbot: QtBot) -> None:
    hidden = (HiddenLayer(units=4, activation="sigmoid"),) * 50
    window = open_window(Experiment(network=NetworkSettings(hidden=hidden)), playing=True)
    card, seen = window.cards["doctor"], []
    assert isinstance(card, DoctorPlot)

    def compare() -> None:
        problems = sum(row.finding.is_problem for row in card.list.rows)
        counted = int(button(window).text()) if button(window).isVisible() else 0
        seen.append((problems, counted))

    qtbot.waitUntil(button(window).isVisible, timeout=60_000)
    assert not card.isVisible()
    window.workspace.reveal("doctor")
    compare()
    assert seen[0][0] >= 1, "what the button counts is there as soon as the card is shown"
    window.session.findings.changed.connect(compare)  # after those of the card and of the button
    qtbot.waitUntil(lambda: len(seen) >= 4, timeout=60_000)
    assert all(problems == counted for problems, counted in seen), seen
    window.session.pause()
    qtbot.waitUntil(lambda: window.session.snapshot is not None and not window.session.snapshot.playing)
    qtbot.waitUntil(lambda: card.is_settled and window.session.findings.is_current(window.session.snapshot, 0.0))
    assert all(problems == counted for problems, counted in seen), seen


def test_what_waits_for_the_compiled_engine_is_tried_once_it_is_loaded_while_paused(
    open_window: Opener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engine.compiled.kernel.is_loaded", lambda: False)
    hidden = (HiddenLayer(units=4, activation="sigmoid"),) * 20
    window = open_window(Experiment(network=NetworkSettings(hidden=hidden)))
    card = window.cards["doctor"]
    assert isinstance(card, DoctorPlot)
    window.workspace.reveal("doctor")
    qtbot.waitUntil(lambda: len(card.list.rows) > 0, timeout=60_000)
    assert not window.session.playing
    assert card.list.rows[0].evidence.text().endswith(UNCONFIRMED)
    assert card.list.rows[0].finding.cure is None or not card.list.rows[0].finding.cure.outcome
    monkeypatch.setattr("core.engine.compiled.kernel.is_loaded", lambda: True)
    qtbot.waitUntil(lambda: not window.session.findings.awaits_trial, timeout=60_000)
    assert UNCONFIRMED not in card.list.rows[0].evidence.text()
    cure = card.list.rows[0].finding.cure
    assert cure is not None
    assert cure.outcome.startswith("tried for ")
    watch = window.findChild(DoctorWatch)
    qtbot.waitUntil(lambda: not watch._timer.isActive(), timeout=60_000)


def test_undo_reverts_a_cure_and_restores_the_discarded_training(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(ILL["overfitting"][0])
    session, card = window.session, window.cards["doctor"]
    assert isinstance(card, DoctorPlot)
    session.step("batch", 2 * ILL["overfitting"][1])
    qtbot.waitUntil(lambda: session.snapshot.epoch == ILL["overfitting"][1], timeout=20_000)
    trained = session.snapshot
    window.workspace.reveal("doctor")
    qtbot.waitUntil(lambda: [row.finding.key for row in card.list.rows] == ["overfitting"], timeout=20_000)
    qtbot.mouseClick(card.list.rows[0].cure_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.snapshot.generation == session.generation)
    assert session.snapshot.step == 0
    assert session.snapshot.curve.step.tolist() == [0]
    assert session.experiment.training.l2 == 0.01
    for action, step in (("undoAction", trained.step), ("redoAction", 0), ("undoAction", trained.step)):
        window.findChild(QAction, action).trigger()
        qtbot.waitUntil(lambda: session.snapshot.generation == session.generation)
        assert session.snapshot.step == step
    assert session.experiment == ILL["overfitting"][0]
    assert session.snapshot.network.parameters.tobytes() == trained.network.parameters.tobytes()
    assert session.snapshot.curve.train.tolist() == trained.curve.train.tolist()


def test_the_menu_entry_brings_the_card_into_view(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.workspace.show_arrangement("gradients")
    window.workspace.reveal("noise")
    assert window.cards["noise"].isVisible()
    assert not window.cards["doctor"].isVisible()
    action = window.findChild(QAction, "doctorAction")
    assert action.shortcut().toString() == "D"
    action.trigger()
    assert window.cards["doctor"].isVisible()
    window.workspace.toggle_enlarged(window.cards["gradient"])
    action.trigger()
    assert window.workspace.enlarged is None
    assert window.cards["doctor"].isVisible()


def test_show_switches_to_the_workspace_of_the_proof(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(preset("vanishing-gradient"))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.workspace.show_arrangement("gradients")
    for key, arrangement in (("sharpness", "landscape"), ("waterfall", "gradients"), ("output", "playground")):
        window.cards["doctor"].reveal_requested.emit(key)
        card = window.cards[key]
        assert window.workspace.arrangement == arrangement
        assert card.isVisible()
        assert isinstance(card, PlotCard)
        assert card.canvas.hasFocus()
    popped = window.workspace.pop_out(window.cards["loss"])
    window.workspace.reveal("loss")
    assert window.cards["loss"].window() is popped
    popped.close()


@pytest.mark.parametrize("key", ILL)
def test_the_proof_of_each_rule_is_a_card(key: str) -> None:
    (case,) = trained(ILL[key][0], min(ILL[key][1], 60))
    for finding in examine(case) or ():
        assert finding.view in CARDS
        assert finding.key in RULES


def test_a_diverged_run_is_diagnosed(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(ILL["diverged"][0], playing=True)
    snapshot = window.controller.clock
    qtbot.waitUntil(lambda: snapshot.latest is not None and snapshot.latest.divergence is not None, timeout=20_000)
    qtbot.waitUntil(button(window).isVisible, timeout=20_000)
    assert "Training diverged" in button(window).toolTip()
    assert snapshot.latest is not None
    assert case_of(snapshot.latest).overflow is not None


@pytest.mark.parametrize("by", ["cure", "banner"])
def test_after_a_divergence_a_cure_ends_the_message_and_a_rewind_alone_the_finding(
    open_window: Opener, qtbot: QtBot, by: str
) -> None:
    window = open_window(ILL["diverged"][0], playing=True)
    session, card = window.session, window.cards["doctor"]
    assert isinstance(card, DoctorPlot)
    qtbot.waitUntil(lambda: session.snapshot.divergence is not None, timeout=20_000)
    qtbot.waitUntil(window.message_bar.isVisible)
    divergence = session.snapshot.divergence
    assert f"at step {divergence.step}: {divergence.quantity} of the output overflowed first" in window.message_bar.text
    window.workspace.reveal("doctor")
    qtbot.waitUntil(lambda: [row.finding.key for row in card.list.rows] == ["diverged"], timeout=20_000)
    evidence = card.list.rows[0].evidence.text()
    assert evidence.startswith(f"At step {divergence.step}, {divergence.quantity} of the output overflowed first")
    if by == "banner":
        window.message_bar.findChild(QPushButton, "messageAction").click()
        qtbot.waitUntil(lambda: session.snapshot.divergence is None and session.snapshot.step == 0)
        assert not window.message_bar.isVisible()
        qtbot.waitUntil(lambda: "diverged" not in {row.finding.key for row in card.list.rows}, timeout=20_000)
        return
    qtbot.mouseClick(card.list.rows[0].cure_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.snapshot.generation == session.generation)
    assert not window.message_bar.isVisible()
    assert (session.snapshot.step, session.snapshot.divergence) == (0, None)
    qtbot.waitUntil(lambda: card.list.rows == () and not button(window).isVisible(), timeout=20_000)
    session.play()
    qtbot.waitUntil(lambda: session.snapshot.step > 2000, timeout=60_000)
    session.pause()
    qtbot.waitUntil(lambda: not session.snapshot.playing)
    assert session.snapshot.divergence is None
    qtbot.waitUntil(lambda: session.findings.is_current(session.snapshot, 0.0), timeout=20_000)
    assert not [each for each in session.findings.findings if each.is_problem]
