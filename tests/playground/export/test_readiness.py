"""Figures of computed cards are computed on threads before they are exported, and show one moment of the training."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, TrainingSettings
from playground.plots import ForecastPlot, LandscapePlot, landscape
from playground.plots.landscape_data import landscape_data
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.export.dialog_support import click, message, opened, written
from tests.playground.factory import snapshot_of

EXPERIMENT = Experiment(training=TrainingSettings(learning_rate=0.1))


def hidden_card(qtbot: QtBot, kind: type[Any], *, playing: bool = False) -> Any:
    """Return a card that was never shown, in a session with a snapshot."""
    session = Session(EXPERIMENT)
    session.snapshot = replace(snapshot_of(EXPERIMENT, steps=40), playing=playing)
    card = kind(session, Style(LIGHT))
    qtbot.addWidget(card)
    return card


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads on which landscapes are computed."""
    found: list[threading.Thread] = []

    def noted(*arguments: Any, **options: Any) -> Any:
        found.append(threading.current_thread())
        return landscape_data(*arguments, **options)

    monkeypatch.setattr(landscape, "landscape_data", noted)
    return found


@pytest.mark.parametrize("playing", [False, True])
def test_the_preview_and_the_file_of_a_hidden_card_are_computed_on_a_thread(
    qtbot: QtBot, settings: QSettings, tmp_path: Path, threads: list[threading.Thread], *, playing: bool
) -> None:
    card = hidden_card(qtbot, LandscapePlot, playing=playing)
    dialog = opened(qtbot, [card], settings)
    assert dialog._preview.text() == "Computing …"
    qtbot.waitUntil(lambda: not dialog._preview.pixmap().isNull(), timeout=60_000)
    dialog.save_to(tmp_path / "a.png")
    written(dialog, qtbot)
    assert message(dialog).startswith("Saved")
    assert card.shown().is_fine
    assert threads
    assert threading.main_thread() not in threads


def test_the_forecast_waits_for_its_band(qtbot: QtBot, settings: QSettings) -> None:
    card = hidden_card(qtbot, ForecastPlot)
    dialog = opened(qtbot, [card], settings)
    qtbot.waitUntil(lambda: not dialog._preview.pixmap().isNull(), timeout=60_000)
    assert card.shown().band is not None


def test_a_card_stays_at_one_moment_while_its_figure_is_needed(qtbot: QtBot) -> None:
    card = hidden_card(qtbot, LandscapePlot)
    first, later = card._session.snapshot, snapshot_of(EXPERIMENT, steps=80)
    card.stay()
    card._session.snapshot = later
    card.show_snapshot(later)
    qtbot.waitUntil(card.prepare, timeout=60_000)
    assert card.shown().steps[-1] == first.step
    card.follow()
    qtbot.waitUntil(card.prepare, timeout=60_000)
    assert card.shown().steps[-1] == later.step


def test_closing_the_dialog_cancels_the_preview(qtbot: QtBot, settings: QSettings) -> None:
    card = hidden_card(qtbot, LandscapePlot)
    dialog = opened(qtbot, [card], settings)
    dialog.reject()
    assert not dialog._readiness.is_waiting
    assert not card.is_too_late(snapshot_of(EXPERIMENT, steps=1))


def test_the_picture_at_full_size_is_computed_on_a_thread(
    qtbot: QtBot, settings: QSettings, threads: list[threading.Thread]
) -> None:
    dialog = opened(qtbot, [hidden_card(qtbot, LandscapePlot)], settings)
    click(qtbot, dialog, "exportFullSizeButton")
    qtbot.waitUntil(lambda: dialog.findChild(QDialog, "exportFullSize") is not None, timeout=60_000)
    assert not dialog._preview.pixmap().isNull()
    assert threads
    assert threading.main_thread() not in threads
    dialog.findChild(QDialog, "exportFullSize").close()
