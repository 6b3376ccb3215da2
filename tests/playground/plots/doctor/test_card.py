"""The doctor card: the core's findings, the Show button, and cures that can be undone."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, QRectF
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.analysis.diagnosis import RULES, Finding, examine
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.presets import preset
from core.training.diagnosis_case import case_of
from core.training.snapshot import Snapshot
from playground.export.hidden_view import Look
from playground.export.vector import prepare_svg
from playground.plots import DoctorPlot
from playground.plots.doctor.data import NOTHING, DoctorData, doctor_sentences
from playground.plots.doctor.list import FindingRow
from playground.plots.doctor.rules_list import _fitting
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import DARK, LIGHT, Style
from playground.worker.commands import ApplyExperiment
from tests.playground.factory import network, snapshot_of
from tests.playground.plots.support import colours, make, rgb

pytestmark = pytest.mark.usefixtures("fonts")

CLONES = Experiment(
    network=NetworkSettings(hidden=(HiddenLayer(initializer="constant"),) * 2, output_initializer="constant"),
    training=TrainingSettings(l2=3.0),
)


@pytest.fixture(scope="module")
def ill() -> Snapshot:
    return snapshot_of(CLONES, steps=5)


@pytest.fixture(scope="module")
def healthy() -> Snapshot:
    return snapshot_of(Experiment(), steps=5)


def shown(qtbot: QtBot, snapshot: Snapshot, *, size: tuple[int, int] = (314, 370)) -> Any:
    session = Session(snapshot.experiment)
    session.snapshot = snapshot
    card = DoctorPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(*size)
    card.show()
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None, timeout=60_000)
    return card


def commands(session: Session) -> list[Any]:
    sent: list[Any] = []
    session.command.connect(sent.append)
    return sent


def test_the_rows_are_the_findings_of_the_core(qtbot: QtBot, ill: Snapshot) -> None:
    card = shown(qtbot, ill)
    expected = examine(case_of(ill))
    assert expected
    assert [(row.title.text(), row.evidence.text()) for row in card.list.rows] == [
        (finding.title, finding.evidence) for finding in expected
    ]
    assert card.list.rows[0].finding.key == "clones"
    assert card.list.rows[0].cure_button.text() == "Use Xavier normal"
    assert card.list.findChild(QLabel, "nothingFound").isHidden()
    assert card.accessibleDescription().startswith(f"{len(expected)} reasons")


def test_no_findings_show_a_message(qtbot: QtBot, healthy: Snapshot) -> None:
    card = shown(qtbot, healthy)
    assert card.list.rows == ()
    assert card.list.findChild(QLabel, "nothingFound").isVisible()
    assert card.list.findChild(QLabel, "nothingFound").text() == NOTHING


def test_a_cure_that_fits_is_written_in_full(qtbot: QtBot, ill: Snapshot) -> None:
    card = make(qtbot, DoctorPlot, style=Style(LIGHT, 1.4), size=(300, 340))
    card.show_snapshot(ill)
    qtbot.waitUntil(lambda: bool(card.list.rows))
    row = card.list.rows[0]
    assert row.cure_button.text() == row.finding.cure.label
    card.resize(170, 340)
    assert row.cure_button.text().endswith("…")
    assert row.cure_button.sizeHint().width() < card.list.viewport().width()


def test_no_finding_is_shown_before_the_network_is_examined(qtbot: QtBot) -> None:
    card = make(qtbot, DoctorPlot)
    assert card.list.findChild(QLabel, "nothingFound").text() == "Examining the network …"


def test_show_selects_the_layer_and_requests_the_card(qtbot: QtBot, ill: Snapshot) -> None:
    card = shown(qtbot, ill)
    with qtbot.waitSignal(card.reveal_requested) as asked:
        card.list.rows[0].show_button.click()
    assert asked.args == ["activation"]
    assert card._session.selection == Selection("neuron", 0, 0)


def test_a_selection_in_the_same_layer_is_kept(qtbot: QtBot, ill: Snapshot) -> None:
    card = shown(qtbot, ill)
    card._session.select(Selection("neuron", 0, 2))
    card.list.rows[0].show_button.click()
    assert card._session.selection == Selection("neuron", 0, 2)


def test_a_cure_is_one_undoable_edit(qtbot: QtBot, ill: Snapshot) -> None:
    card = shown(qtbot, ill)
    session, sent = card._session, commands(card._session)
    card.list.rows[0].cure_button.click()
    network = session.experiment.network
    assert {layer.initializer for layer in network.hidden} == {"xavier_normal"} == {network.output_initializer}
    assert session.experiment.training.l2 == 3.0, "only the cure's own change"
    assert [command.rewinds for command in sent if isinstance(command, ApplyExperiment)] == [True]
    assert session.undo_label == "Use Xavier normal"
    session.undo()
    assert session.experiment == CLONES
    assert session.undo_label is None


def test_a_cure_applies_to_the_latest_edit(qtbot: QtBot, ill: Snapshot) -> None:
    card = shown(qtbot, ill)
    card._session.edit_training("Learning rate", learning_rate=0.7)
    card.list.rows[0].cure_button.click()
    assert card._session.experiment.training.learning_rate == 0.7


def test_a_cure_that_keeps_the_weights_does_not_rewind(qtbot: QtBot) -> None:
    card = shown(qtbot, snapshot_of(network(4, 4, activation="threshold"), steps=5))
    sent = commands(card._session)
    row = next(row for row in card.list.rows if row.finding.key == "threshold")
    row.cure_button.click()
    assert {layer.activation for layer in card._session.experiment.network.hidden} == {"sigmoid"}
    assert [command.rewinds for command in sent if isinstance(command, ApplyExperiment)] == [False]


def test_one_click_offers_what_a_trial_has_shown_to_work(qtbot: QtBot) -> None:
    sigmoid = network(*[8] * 6, activation="sigmoid", initializer="xavier_normal")
    saturated = replace(sigmoid, training=TrainingSettings(learning_rate=100.0))
    card = shown(qtbot, snapshot_of(saturated, steps=300))
    row = next(row for row in card.list.rows if row.finding.key == "saturated")
    cure = row.finding.cure
    own = next(each.cure for each in examine(case_of(card._session.snapshot)) or () if each.key == "saturated")
    assert own is not None
    assert cure.label != own.label
    label = cure.label
    tip = unescape(re.sub("<[^>]*>", "", row.cure_button.toolTip()))
    assert tip.startswith(f"{label}: restarts training")
    assert "Tried for 1 000 steps: the loss reaches " in tip.replace("\u2009", " ")
    row.cure_button.click()
    session = card._session
    assert session.experiment == cure.change(saturated) != own.change(saturated)
    assert session.undo_label == label
    session.undo()
    assert session.experiment == saturated


def test_rows_of_unchanged_rules_keep_their_widgets_and_the_focus(qtbot: QtBot, ill: Snapshot) -> None:
    card = shown(qtbot, ill)
    row = card.list.rows[0]
    card.activateWindow()
    row.show_button.setFocus()
    newer = tuple(replace(row.finding, evidence="Newer numbers.") for row in card.list.rows[:1])
    card.list.show_findings(newer)
    assert card.list.rows == (row,)
    assert row.evidence.text() == "Newer numbers."
    other = Finding("diverged", "Training diverged", "error", "At step 3.", "loss")
    card.list.show_findings((other, *newer))
    assert [each.finding.key for each in card.list.rows] == ["diverged", "clones"]
    assert card.list.rows[1] is row
    assert card.list._column.indexOf(card.list.rows[0]) < card.list._column.indexOf(row)
    assert card.list.rows[0].cure_button.isHidden()
    card.list.show_findings(())
    assert card.list.rows == ()


def test_findings_do_not_flicker_while_training(qtbot: QtBot, ill: Snapshot, healthy: Snapshot) -> None:
    card = shown(qtbot, healthy)
    playing = [replace(each, playing=True, generation=healthy.generation) for each in (ill, healthy)]
    for number in range(6):
        card.show_snapshot(playing[number % 2])
        card.settle()
        assert card.list.rows == ()
    for _ in range(2):
        card.show_snapshot(replace(playing[0]))
        card.settle()
    assert [row.finding.key for row in card.list.rows][:1] == ["clones"]
    card.show_snapshot(replace(healthy, playing=False))
    card.settle()
    assert card.list.rows == (), "a paused card shows the current findings"


def test_every_control_has_a_name_and_is_reached_by_tab(qtbot: QtBot, ill: Snapshot) -> None:
    card = shown(qtbot, ill)
    for row in card.list.rows:
        assert row.accessibleName().endswith(row.finding.title)
        assert row.accessibleDescription() == row.finding.evidence
        for button in (row.show_button, row.cure_button):
            assert row.finding.title in button.accessibleName()
            assert button.toolTip()
            assert button.focusPolicy().value & 1


@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_long_evidence_is_wrapped_and_nothing_is_clipped(qtbot: QtBot, ill: Snapshot, scale: float) -> None:
    card = shown(qtbot, ill, size=(280, 420))
    card.set_style(Style(LIGHT, scale))

    def is_whole(label: QLabel) -> bool:
        room = QRect(0, 0, label.width(), 10_000)
        return label.height() >= label.fontMetrics().boundingRect(room, 0x1000, label.text()).height()

    def fits(row: FindingRow) -> bool:
        return row.width() <= card.list.viewport().width() and is_whole(row.evidence)

    qtbot.waitUntil(lambda: all(map(fits, card.list.rows)))
    for row in card.list.rows:
        for button in (row.show_button, row.cure_button):
            assert button.width() >= button.sizeHint().width()


def test_the_table_has_the_numbers_at_full_precision(qtbot: QtBot, ill: Snapshot) -> None:
    table = shown(qtbot, ill).figure_table()
    expected = examine(case_of(ill)) or ()
    assert len(table.rows) == sum(len(finding.numbers) for finding in expected)
    assert table.rows[0][1:3] == ("error", "Neurons are clones")
    assert table.rows[0][4:6] == expected[0].numbers[0]


def test_the_table_of_a_healthy_network_lists_what_was_looked_for(qtbot: QtBot, healthy: Snapshot) -> None:
    rows = shown(qtbot, healthy).figure_table().rows
    assert {row[1] for row in rows} == {"not found"}
    assert [row[3] for row in rows] == [rule.explanation for rule in RULES.values()]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_figure_shows_the_findings(qtbot: QtBot, ill: Snapshot, healthy: Snapshot, theme: Any) -> None:
    pictures = []
    for snapshot in (ill, healthy):
        view = shown(qtbot, snapshot).build_figure(Style(theme))
        qtbot.addWidget(view)
        view.resize(640, 360)
        pictures.append(view.grab().toImage())
    assert rgb(theme.error) in colours(pictures[0].convertToFormat(pictures[0].Format.Format_RGB32))
    assert rgb(theme.error) not in colours(pictures[1].convertToFormat(pictures[1].Format.Format_RGB32))


def test_the_summary_counts_problems_only() -> None:
    note = Finding("learned", "It has learned already", "note", "Low.", "loss")
    bad = Finding("dead", "Dead neurons", "warning", "Dead.", "activation")
    assert doctor_sentences(DoctorData(()))[0] == "no rule finds anything wrong"
    assert doctor_sentences(DoctorData((note,)))[0] == "nothing is wrong"
    assert doctor_sentences(DoctorData((bad, note)))[0] == "1 reason why it learns badly; start with: dead neurons"
    assert doctor_sentences(DoctorData((bad, note)))[1] == "dead neurons"
    assert doctor_sentences(DoctorData((bad, bad)))[1] == "2 reasons, first: dead neurons"


def test_row07_the_preset_of_the_vanishing_gradient_is_diagnosed(qtbot: QtBot) -> None:
    card = shown(qtbot, snapshot_of(preset("vanishing-gradient"), steps=20))
    assert [row.finding.key for row in card.list.rows] == ["vanishing"]
    assert "vanishing" in RULES


def test_a_long_cure_is_elided_on_a_narrow_card(qtbot: QtBot, ill: Snapshot) -> None:
    card = shown(qtbot, ill, size=(168, 420))
    row = card.list.rows[0]
    assert row.finding.cure is not None
    qtbot.waitUntil(lambda: row.width() <= card.list.viewport().width())
    assert row.cure_button.text().endswith("…")
    assert row.finding.cure.label in row.cure_button.accessibleName()
    card.resize(400, 420)
    qtbot.waitUntil(lambda: row.cure_button.text() == row.finding.cure.label)


def test_a_healthy_network_has_a_figure_of_what_was_looked_for(qtbot: QtBot, healthy: Snapshot) -> None:
    svg = prepare_svg(shown(qtbot, healthy), Look((1920, 1080), LIGHT))().decode()
    written = [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]
    for rule in RULES.values():
        assert rule.explanation in written


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_a_narrow_figure_of_a_healthy_network_names_what_was_looked_for(
    qtbot: QtBot, healthy: Snapshot, scale: float
) -> None:
    svg = prepare_svg(shown(qtbot, healthy), Look((640, 1080), LIGHT, text_scale=scale))().decode()
    written = [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]
    named = [rule.name for rule in RULES.values() if rule.name in " ".join(written)]
    rest = len(RULES) - len(named)
    assert NOTHING not in written
    assert named[:3] == [rule.name for rule in RULES.values()][:3]
    assert (f"and {rest} more" in written) == (rest > 0)


def test_no_list_is_drawn_without_room_for_it(qapp: object) -> None:
    assert next(_fitting(QRectF(0, 0, 400, 300), Style(LIGHT)), None) is not None
    assert next(_fitting(QRectF(0, 0, 400, 30), Style(LIGHT)), None) is None
    assert next(_fitting(QRectF(0, 0, 50, 300), Style(LIGHT)), None) is None


def written_in(svg: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def test_a_low_figure_of_findings_has_their_titles_at_least(qtbot: QtBot) -> None:
    card = shown(qtbot, snapshot_of(preset("vanishing-gradient"), steps=20))
    low = written_in(prepare_svg(card, Look((1920, 190), LIGHT, titled=False))().decode())
    assert "The gradient vanishes" in low
    assert not [text for text in low if text.endswith("more")]


def test_a_figure_with_room_also_lists_what_was_not_found(qtbot: QtBot) -> None:
    card = shown(qtbot, snapshot_of(preset("vanishing-gradient"), steps=20))
    written = written_in(prepare_svg(card, Look((1920, 1080), LIGHT))().decode())
    others = [rule.explanation for rule in RULES.values() if rule.key != "vanishing"]
    assert set(others) <= set(written)
    assert RULES["vanishing"].explanation not in written
