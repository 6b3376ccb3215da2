"""The doctor lists its findings in pinned runs, in its list and in its picture."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.analysis.diagnosis import examine
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.diagnosis_case import case_of
from core.training.pins.pinned_run import PinnedRun
from playground.export.hidden_view import Look, image_of
from playground.plots import DoctorPlot
from playground.plotting.pins.run_tables import CURRENT
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.factory import pinned_run
from tests.playground.plots.support import colours, rgb

pytestmark = pytest.mark.usefixtures("fonts")

CLONES = Experiment(
    network=NetworkSettings(hidden=(HiddenLayer(initializer="constant"),) * 2, output_initializer="constant"),
    training=TrainingSettings(l2=3.0),
)


@pytest.fixture(scope="module")
def ill() -> PinnedRun:
    return pinned_run(CLONES, 5)


@pytest.fixture(scope="module")
def healthy() -> PinnedRun:
    return pinned_run(Experiment(), 5)


def shown(qtbot: QtBot, living: PinnedRun, *pins: PinnedRun) -> Any:
    session = Session(living.experiment)
    session.snapshot = living.snapshot
    card = DoctorPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(420, 370)
    card.show()
    card.show_snapshot(living.snapshot)
    for number, run in enumerate(pins):
        assert session.pins.add(run, name=f"pin {number}") is not None
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None and len(card.ghosts()) == len(pins))
    return card


def lines(card: Any) -> list[str]:
    return [label.text() for label in card.list.pinned.labels if label.isVisible()]


def test_a_line_for_each_pinned_run(qtbot: QtBot, ill: PinnedRun, healthy: PinnedRun) -> None:
    card = shown(qtbot, healthy, ill, healthy)
    titles = [finding.title for finding in examine(case_of(ill.snapshot)) or ()]
    assert len(titles) > 1
    expected = "; ".join(title[:1].lower() + title[1:] for title in titles)
    qtbot.waitUntil(lambda: len(lines(card)) == 2)
    assert lines(card) == [f"pin 0: {expected}", "pin 1: no problem found"]
    first, second = card.pins.all
    card.pins.rename(first.key, "before")
    assert lines(card)[0] == f"before: {expected}"
    card.pins.set_hidden(second.key, hidden=True)
    assert len(lines(card)) == 1
    card.pins.remove(first.key)
    assert lines(card) == []
    assert card.list.pinned.isHidden()


def test_the_line_has_the_colour_of_the_pin(qtbot: QtBot, ill: PinnedRun, healthy: PinnedRun) -> None:
    card = shown(qtbot, healthy, ill)
    qtbot.waitUntil(lambda: len(lines(card)) == 1)
    tints = [rgb(QColor(colour)) for colour in LIGHT.pin_palette]

    def seen() -> set[int]:
        return colours(card.list.grab().toImage().convertToFormat(card.list.grab().toImage().Format.Format_RGB32))

    assert tints[0] in seen()
    card.pins.recolour(card.pins.all[0].key, 3)
    assert tints[3] in seen()
    assert tints[0] not in seen()


def test_picture_table_and_sentence_have_both_runs(qtbot: QtBot, ill: PinnedRun, healthy: PinnedRun) -> None:
    card = shown(qtbot, healthy, ill)
    look = Look((960, 540), LIGHT)
    with_pin = image_of(card, look)
    assert rgb(QColor(LIGHT.pin_palette[0])) in colours(with_pin.convertToFormat(with_pin.Format.Format_RGB32))
    assert card.canvas.legend == (), "the line below the list has its name"
    rows = card.figure_table().rows
    assert {row[0] for row in rows} == {CURRENT, "pin 0"}
    assert {row[2] for row in rows if row[0] == CURRENT} == {"not found"}
    assert "(pin 0: " in card.accessibleDescription()
    card.pins.clear()
    assert image_of(card, look) != with_pin
    assert "pin 0" not in card.accessibleDescription()


def test_the_texts_of_a_hidden_card_know_the_pinned_run(qtbot: QtBot, ill: PinnedRun, healthy: PinnedRun) -> None:
    session = Session(healthy.experiment)
    session.snapshot = healthy.snapshot
    card = DoctorPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.show_snapshot(healthy.snapshot)
    session.pins.add(ill, name="before")
    frame = Look((960, 540), LIGHT).frame(card)
    assert any("before" in line for line in frame.below), "otherwise the caption would be written over the picture"
    assert card.figure_text().differences == session.pins.differences_in_words(session.pins.all[0])
