"""Messages cover no card's sentence, and errors go when something else is opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TableSource
from core.experiment.experiment_file import save
from playground.widgets.card import Card
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS
from tests.playground.window.table_answers import answer


def sentences(window: MainWindow) -> list[QRect]:
    cards = [card for card in window.findChildren(Card) if card.isVisible() and card._sentence.text().strip()]
    labels = [card._sentence for card in cards if card._sentence.isVisible()]
    return [QRect(label.mapTo(window.centralWidget(), QPoint(0, 0)), label.size()) for label in labels]


def test_the_message_that_no_more_runs_can_be_pinned_covers_no_sentence(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    window.resize(1280, 800)
    for _ in range(7):
        window.session.pin()
    bar = window.message_bar
    qtbot.waitUntil(lambda: bar.isVisible() and "pinned already" in bar.text)
    qtbot.waitUntil(lambda: not any(bar.geometry().intersects(rect) for rect in sentences(window)))
    assert len(sentences(window)) >= 5
    assert bar.geometry().bottom() > window.centralWidget().height() * 0.8


@pytest.mark.parametrize(
    ("size", "least"),
    [
        pytest.param((1024, 768), 4, id="1024x768"),
        pytest.param((1440, 900), 5, id="1440x900"),
    ],  # a narrow form shows fewer
)
def test_a_message_covers_no_sentence_when_the_window_or_the_workspace_changes(
    open_window: Callable[..., MainWindow], qtbot: QtBot, size: tuple[int, int], least: int
) -> None:
    window = open_window()
    bar = window.message_bar
    bar.show_message("Something that stays " + 20 * "and is long ", "warning", action=("Go back", lambda: None))
    window.resize(*size)
    for arrangement in ARRANGEMENTS:
        window.workspace.show_arrangement(arrangement.key)
        qtbot.waitUntil(lambda: len(sentences(window)) >= least, timeout=20_000)
        qtbot.waitUntil(lambda: not any(bar.geometry().intersects(rect) for rect in sentences(window)))
        assert window.centralWidget().rect().contains(bar.geometry())
    window.workspace.toggle_enlarged(window.cards["network"])
    qtbot.waitUntil(lambda: len(sentences(window)) == 1)
    qtbot.waitUntil(lambda: not any(bar.geometry().intersects(rect) for rect in sentences(window)))


TABLE = "a,b,y\n" + "".join(f"{row},{row % 5},{'pq'[row % 2]}\n" for row in range(12))


@pytest.fixture
def window(open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window in which opening a file has just failed."""
    window = open_window()
    qtbot.waitUntil(lambda: window.session.snapshot is not None)
    (tmp_path / "broken.json").write_text('{"format": 1, "nam', encoding="utf-8")
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    assert not window.files.open_path(tmp_path / "broken.json")
    assert window.message_bar.isVisible()
    assert "broken.json" in window.message_bar.text
    return window


def test_an_error_goes_when_an_experiment_is_opened(window: MainWindow, tmp_path: Path) -> None:
    save(Experiment(name="Whole"), tmp_path / "whole.json")
    assert window.files.open_path(tmp_path / "whole.json")
    assert not window.message_bar.isVisible()


def test_an_error_goes_when_a_table_is_opened(window: MainWindow, tmp_path: Path) -> None:
    answer(take=False)
    assert not window.files.open_path(tmp_path / "t.csv")
    assert window.message_bar.isVisible(), "nothing was opened"
    answer(take=True)
    assert window.files.open_path(tmp_path / "t.csv")
    assert not window.message_bar.isVisible()


def test_an_error_goes_when_a_lesson_is_opened(window: MainWindow, qtbot: QtBot) -> None:
    window.lessons.open_lesson("01-one-neuron")
    qtbot.waitUntil(lambda: window.lessons.page is not None)
    assert not window.message_bar.isVisible()


def test_an_error_about_a_missing_table_stays_until_other_data_are_used(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.files.use_table(TableSource(csv=str(tmp_path / "gone.csv"), target="y"))
    qtbot.waitUntil(lambda: window.message_bar.isVisible() and "gone.csv" in window.message_bar.text)
    qtbot.waitUntil(lambda: window.session.experiment.data.dataset == "circle")
    assert window.message_bar.isVisible(), "going back to the former data is no new choice"
    window.session.edit_data("Data", dataset="moons")
    assert not window.message_bar.isVisible()


def test_the_message_on_why_training_stopped_goes_with_its_experiment(window: MainWindow) -> None:
    window.session.message.emit("Something else.", "info")
    window.controller.diverged.emit("Training diverged.")
    assert window.message_bar.isVisible()
    window.files.new()
    assert not window.message_bar.isVisible()


def test_the_message_on_a_divergence_goes_once_weights_are_set(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    hidden = (HiddenLayer(units=8, activation="relu", initializer="he_normal", gain=900.0),) * 6
    window = open_window(
        Experiment(data=DataSettings(dataset="plane"), network=NetworkSettings(hidden=hidden)), playing=True
    )
    qtbot.waitUntil(lambda: "diverged" in window.message_bar.text, timeout=20_000)
    qtbot.waitUntil(lambda: window.session.snapshot.divergence is not None)
    qtbot.wait(100)
    assert window.message_bar.isVisible()
    window.session.edit_parameter(0, 0.1, "Weight")
    qtbot.waitUntil(lambda: not window.message_bar.isVisible())
    assert window.session.snapshot.divergence is None
