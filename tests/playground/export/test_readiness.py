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
from core.training.pins.pinned_run import pinned
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.export.dialog.dialog import SIDE_BY_SIDE
from playground.plots import ForecastPlot, LandscapePlot, RacePlot
from playground.plots.landscape import card as landscape
from playground.plots.landscape.data import landscape_data
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.export.dialog_support import choose, click, message, opened, tick, written
from tests.playground.factory import network, snapshot_of

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


@pytest.fixture
def pinned_forecast(qtbot: QtBot) -> NotedForecast:
    """A hidden forecast beside a pinned run, neither of them computed."""
    card: NotedForecast = hidden_card(qtbot, NotedForecast)
    pin_run(card, network(3, 2, activation="sigmoid"))
    return card


def pin_run(card: Any, experiment: Experiment) -> None:
    """Pin a short run of ``experiment``."""
    trainer = new_trainer(experiment, engine="numpy")
    trainer.run(20)
    assert card._session.pins.add(pinned(trainer, RunHistory(), (0, 1))) is not None


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


def test_the_cards_for_whose_figures_the_user_waits_are_counted_once(qtbot: QtBot) -> None:
    card = hidden_card(qtbot, LandscapePlot)
    jobs, counts = card._session.jobs, []
    for change in (card.stay, card.stay, card.follow, card.follow):
        change()
        counts.append(jobs.awaited)
    assert counts == [1, 1, 1, 0]


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
    qtbot.waitUntil(lambda: not dialog._preview.pixmap().isNull(), timeout=60_000)
    assert threads
    assert threading.main_thread() not in threads
    dialog.findChild(QDialog, "exportFullSize").close()


class Noting(ComputedCard[Any]):
    """A card that notes on which threads it and its pinned runs are computed."""

    is_partial = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.threads: list[threading.Thread] = []

    def work(self, snapshot: Snapshot) -> Work[Any]:
        return self._noted(super().work(snapshot))

    def pin_work(self, snapshot: Snapshot) -> Work[Any]:
        return self._noted(super().pin_work(snapshot))

    def _noted(self, job: Work[Any]) -> Work[Any]:
        def noted(advance: Any) -> Any:
            self.threads.append(threading.current_thread())
            return job(advance)

        return noted


class NotedForecast(Noting, ForecastPlot):
    """A forecast that notes its threads."""


class NotedRace(Noting, RacePlot):
    """A race that notes its threads."""


@pytest.mark.parametrize("form", ["preview", "exportSaveButton"])
def test_a_race_of_the_pinned_network_is_computed_on_a_thread(
    qtbot: QtBot, settings: QSettings, tmp_path: Path, form: str
) -> None:
    # The map itself draws no race of a pinned run, only the pair does.
    settings.setValue("export/folder", str(tmp_path))
    card: NotedRace = hidden_card(qtbot, NotedRace)
    pin_run(card, network(3, 2))
    dialog = opened(qtbot, [card], settings, compares=True)
    choose(dialog, "Comparison", SIDE_BY_SIDE)
    if form != "preview":
        click(qtbot, dialog, form)
        qtbot.waitUntil(lambda: message(dialog).startswith("Saved"), timeout=60_000)
    qtbot.waitUntil(lambda: not dialog._readiness.is_waiting, timeout=60_000)
    assert len(card.threads) >= 2
    assert threading.main_thread() not in card.threads


@pytest.mark.parametrize("button", ["exportSaveButton", "exportCopyButton", "exportFullSizeButton"])
def test_two_runs_side_by_side_are_computed_on_threads(
    qtbot: QtBot, settings: QSettings, tmp_path: Path, button: str, pinned_forecast: NotedForecast
) -> None:
    card = pinned_forecast
    settings.setValue("export/folder", str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    dialog = opened(qtbot, [card], settings, compares=True)
    choose(dialog, "Comparison", SIDE_BY_SIDE)
    click(qtbot, dialog, button)
    assert not dialog._list.isEnabled()  # the choice cannot change before it is written
    qtbot.waitUntil(lambda: not dialog._before_export.is_waiting and not dialog._queue.is_busy, timeout=60_000)
    assert dialog._list.isEnabled()
    assert len(card.threads) >= 2
    assert threading.main_thread() not in card.threads
    for window in dialog.findChildren(QDialog):
        window.close()


@pytest.mark.parametrize("count", [1, 2])
def test_runs_side_by_side_are_saved_once_they_are_computed(
    qtbot: QtBot, settings: QSettings, tmp_path: Path, count: int, pinned_forecast: NotedForecast
) -> None:
    settings.setValue("export/folder", str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    dialog = opened(qtbot, [pinned_forecast, hidden_card(qtbot, LandscapePlot)], settings, compares=True)
    choose(dialog, "Comparison", SIDE_BY_SIDE)
    for row in range(1, count):
        tick(dialog, row)
    click(qtbot, dialog, "exportSaveButton")
    qtbot.waitUntil(lambda: message(dialog).startswith("Saved"), timeout=60_000)
    names = {"forecast-side-by-side.png", "landscape.png"} if count == 2 else {"forecast-side-by-side.png"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    qtbot.waitUntil(lambda: not dialog._preview.pixmap().isNull(), timeout=60_000)
    assert threading.main_thread() not in pinned_forecast.threads


def test_cancelling_while_computing_writes_nothing(
    qtbot: QtBot, settings: QSettings, tmp_path: Path, pinned_forecast: NotedForecast
) -> None:
    settings.setValue("export/folder", str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    dialog = opened(qtbot, [pinned_forecast], settings, compares=True)
    choose(dialog, "Comparison", SIDE_BY_SIDE)
    click(qtbot, dialog, "exportSaveButton")
    assert message(dialog) == "Computing …"
    dialog._cancel()
    assert not dialog._before_export.is_waiting
    assert message(dialog).startswith("Cancelled")
    assert not list((tmp_path / "out").iterdir())
