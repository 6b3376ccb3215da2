"""The window's geometry, the message bar over it, and the view restored at the next start."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from playground.plots.gradient.card import QUANTITIES
from playground.plots.loss.time_axis import TIME_AXES
from playground.style.theme import PRESENTATION_SCALE
from playground.widgets.live_card import IS_MODE
from playground.window.main_window import MainWindow
from playground.window.system.placement import first_size
from tests.playground.starts import Starter

Opener = Callable[..., MainWindow]

START = """
from playground.app import make_application, make_window
application = make_application([])
window = make_window(None, None)
window.start(playing=False)
window.show()
for _ in range(5):
    application.processEvents()
frame, screen = window.frameGeometry(), window.screen().availableGeometry()
print(screen.contains(frame), frame, screen)
window.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt does not support copies of a process")
@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1280, 800), (1440, 900), (2560, 1440)])
def test_the_first_window_is_on_the_screen_with_its_frame(
    programs: Starter, tmp_path: Path, width: int, height: int
) -> None:
    screen = tmp_path / "screen.json"
    sizes = {"x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screen.write_text(json.dumps({"screens": [{"name": "one", **sizes}]}), encoding="utf-8")
    folders = {name: str(tmp_path) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    start = programs.start(START, tmp_path, {**folders, "QT_QPA_PLATFORM": f"offscreen:configfile={screen}"})
    assert start.wait() == 0, start.errors
    assert start.output.startswith("True"), start.output


def test_the_first_size_leaves_room_for_the_frame() -> None:
    assert first_size(QSize(1440, 900), QSize(1440, 900)) == QSize(1424, 860)
    assert first_size(QSize(1440, 900), QSize(2560, 1440)) == QSize(1440, 900)


def test_a_message_moves_nothing(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    before = window.workspace.geometry()
    bar = window.message_bar
    for text in ("Saved.", "A long sentence that needs more than one line of the bar, " * 6):
        bar.show_message(text, "warning", details="Traceback")
        qtbot.wait(10)
        assert bar.isVisible()
        assert window.workspace.geometry() == before
        area = window.centralWidget().rect()
        assert area.contains(bar.geometry())
    low = bar.geometry()
    bar._more.click()
    assert bar.height() > low.height()
    assert bar.geometry().bottom() == low.bottom()
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: window.centralWidget().rect().contains(bar.geometry()))
    bar.hide()


def choices(window: MainWindow) -> dict[str, bool]:
    return {
        f"{key}: {button.accessibleName()}": button.isChecked()
        for key, card in window.cards.items()
        for button in card.findChildren(QAbstractButton)
        if button.isCheckable() and button.accessibleName() and not button.property(IS_MODE)
    }


def click(window: MainWindow, name: str) -> None:
    next(b for b in window.findChildren(QAbstractButton) if b.accessibleName() == name and b.isCheckable()).click()


def test_the_view_is_restored_at_the_next_start(open_window: Opener, qtbot: QtBot) -> None:
    first = open_window()
    for name in ("Loss axis: linear", "Edges show gradient", "Show: activations"):
        click(first, name)
    for entry in (QUANTITIES[2].entry, TIME_AXES[3].entry):
        next(action for action in first.findChildren(QAction) if action.text() == entry).trigger()
    first.findChild(QAction, "workspace-gradients").trigger()
    first.findChild(QAction, "presentationAction").trigger()
    first.workspace.pop_out(first.cards["network"]).resize(700, 500)
    first.workspace.toggle_enlarged(first.cards["inspector"])
    wanted = choices(first)
    assert wanted["loss: Loss axis: linear"]
    first.close()

    second = open_window()
    assert choices(second) == wanted
    assert second.workspace.arrangement == "gradients"
    assert second.workspace.enlarged is second.cards["inspector"]
    assert second.appearance.style.scale == PRESENTATION_SCALE
    assert second.findChild(QAction, "presentationAction").isChecked()
    for entry in (QUANTITIES[2].entry, TIME_AXES[3].entry):
        assert next(action for action in second.findChildren(QAction) if action.text() == entry).isChecked()
    qtbot.waitUntil(lambda: second.cards["network"].window() is not second)
    assert second.cards["network"].window().size() == QSize(700, 500)
    second.findChild(QAction, "presentationAction").trigger()


def test_a_damaged_view_is_ignored(open_window: Opener, settings: QSettings) -> None:
    settings.setValue("views/loss", 3)
    settings.setValue("views/network", ["Edges show everything", "Edges show update"])
    settings.setValue("workspace/enlarged", "nothing")
    settings.setValue("workspace/popped/loss", "abc")
    settings.setValue("appearance/presentation", [1])
    window = open_window()
    assert choices(window)["network: Edges show update"]
    assert choices(window)["loss: Loss axis: log"]
    assert window.workspace.enlarged is None
    assert window.cards["loss"].window() is window
