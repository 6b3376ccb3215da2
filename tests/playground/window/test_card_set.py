"""The first frame builds the cards that it shows; the others are built after it, one by one, or on demand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from playground.app import make_application
from playground.network_view import NetworkView
from playground.session.saving.last_state import LastState
from playground.style.appearance import Appearance
from playground.window.cards import CARDS
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS
from playground.window.workspace.card_place import CardPlace
from playground.window.workspace.workspace import PoppedOut

ROOT = Path(__file__).parents[3]

AT_FIRST = {"network", "loss", "gradient", "weights", "output", "inspector"}

Build = Callable[[], MainWindow]


@pytest.fixture
def build(qtbot: QtBot, tmp_path: Path) -> Build:
    """Return a factory of hidden windows that share their settings."""
    make_application([])

    def built() -> MainWindow:
        settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        window = MainWindow(Experiment(), None, Appearance("Inter", settings), settings, LastState(settings, tmp_path))
        qtbot.addWidget(window)
        return window

    return built


def test_the_first_frame_builds_the_cards_that_it_shows_only(build: Build) -> None:
    window = build()
    assert set(window._cards.built) == AT_FIRST
    shown = [window._cards.built[key] for key in AT_FIRST]
    window.show()
    assert all(card.isVisible() for card in shown)


def test_completion_is_announced_once_when_every_card_is_built(build: Build) -> None:
    window = build()
    built: list[int] = []
    window.workspace.completed.connect(lambda: built.append(len(window._cards.built)))
    assert built == []
    window.workspace.complete()
    window.workspace.complete()
    assert built == [len(CARDS)]


def test_the_switch_of_a_shared_place_builds_the_card_it_names(build: Build) -> None:
    window = build()
    window.show()
    weights = window._cards.built["weights"]
    word = next(each for each in weights.findChildren(QAbstractButton) if each.accessibleName() == "Show: activations")
    assert word.isVisible()
    QTest.mouseClick(word, Qt.MouseButton.LeftButton)
    assert not weights.isVisible()
    assert window.cards["activation"].isVisible()


def test_the_other_cards_are_built_after_the_first_frame(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window()
    numbers = set()

    def is_complete() -> bool:
        numbers.add(len(window._cards.built))
        return window._cards.built.keys() == CARDS.keys() and len(window.workspace._pages) == len(ARRANGEMENTS)

    qtbot.waitUntil(is_complete)
    assert len(numbers) > 2, "all built at once: no frame in between"
    assert list(window._cards.built) == list(CARDS)
    for number, card in enumerate(window.cards.values(), start=1):
        action = window.findChild(QAction, f"enlarge-{card.objectName()}")
        assert action.shortcut().toString() == (f"Alt+{number}" if number <= 9 else "")


@pytest.mark.parametrize("arrangement", [each.key for each in ARRANGEMENTS[1:]])
def test_a_workspace_requested_earlier_is_built_then(build: Build, arrangement: str) -> None:
    window = build()
    window.workspace.show_arrangement(arrangement)
    assert window.workspace.arrangement == arrangement
    assert set(window._cards.built) == set(CARDS)
    shown = next(each for each in ARRANGEMENTS if each.key == arrangement)
    for key in shown.contents() & CARDS.keys():
        assert isinstance(window.cards[key].parentWidget(), CardPlace)


def test_the_workspace_shown_last_is_the_one_built_first(build: Build, tmp_path: Path) -> None:
    first = build()
    first.workspace.show_arrangement("gradients")
    first.workspace.store(first._settings)
    first._settings.sync()
    second = build()
    assert second.workspace.arrangement == "gradients"
    wanted = {"gradient", "waterfall", "forecast", "activation", "inspector", "doctor"}
    assert set(second._cards.built) == wanted


def test_sizes_of_a_workspace_built_later_are_remembered(build: Build) -> None:
    first = build()
    first.resize(1440, 900)
    first.workspace.show_arrangement("gradients")
    splitter = first.workspace._page.splitters["gradients-plots"]
    splitter.setSizes([200, 500])
    state = splitter.saveState()
    first.workspace.show_arrangement(ARRANGEMENTS[0].key)
    first.workspace.store(first._settings)
    first._settings.sync()
    second = build()
    assert set(second._cards.built) == AT_FIRST
    second.workspace.show_arrangement("gradients")
    assert second.workspace._page.splitters["gradients-plots"].saveState() == state


def test_the_zoom_of_the_network_is_remembered(build: Build, qtbot: QtBot) -> None:
    def shown() -> tuple[MainWindow, NetworkView]:
        window = build()
        with qtbot.waitExposed(window):
            window.show()
        view = window._cards.built["network"]
        assert isinstance(view, NetworkView)
        return window, view

    first, before = shown()
    for _ in range(4):
        before.canvas.zoom(1)
    before.canvas.viewport.pan(-60, -40)
    place = (before.canvas.viewport.zoom, before.canvas.viewport.dx, before.canvas.viewport.dy)
    first.close()
    first._settings.sync()
    _, after = shown()
    assert (after.canvas.viewport.zoom, after.canvas.viewport.dx, after.canvas.viewport.dy) == pytest.approx(place)


def test_options_of_a_card_not_yet_built_are_remembered(build: Build) -> None:
    first = build()
    options = {f"views/{key}": ["some", "options"] for key in CARDS if key not in AT_FIRST}
    for name, chosen in options.items():
        first._settings.setValue(name, chosen)
    first.show()
    first.close()
    assert set(first._cards.built) == AT_FIRST
    assert {name: first._settings.value(name) for name in options} == options


@pytest.mark.parametrize("way", ["enlarged", "popped"])
def test_a_card_moved_from_another_workspace_is_restored(build: Build, way: str) -> None:
    first = build()
    card = first.cards["waterfall"]
    if way == "enlarged":
        first.workspace.toggle_enlarged(card)
    else:
        first.workspace.pop_out(card)
    first.workspace.store(first._settings)
    first._settings.sync()
    second = build()
    second.workspace.recall_windows(second._settings)
    if way == "enlarged":
        assert second.workspace.enlarged is second.cards["waterfall"]
    else:
        assert isinstance(second.cards["waterfall"].parentWidget(), PoppedOut)
        second.workspace.close_windows()


def test_the_modules_of_later_cards_are_not_imported_for_the_first_frame(tmp_path: Path) -> None:
    code = f"""
import os, sys
os.environ.update(QT_QPA_PLATFORM="offscreen", XDG_CONFIG_HOME={str(tmp_path)!r}, XDG_DATA_HOME={str(tmp_path)!r})
from playground.startup import prepare_environment
prepare_environment()
from playground.app import make_application, make_window
application = make_application([])
window = make_window(None, None)
print(*sorted(name for name in sys.modules if name.startswith("playground.plots.")))
window.close()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = run.stdout.split()
    assert "playground.plots.gradient.card" in loaded
    assert not {f"playground.plots.{name}.card" for name in ("waterfall", "forecast", "noise", "dropout_truth")} & set(
        loaded
    )
