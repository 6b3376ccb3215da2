"""The window stays on its screen: small, scaled and several screens, and a screen that is missing at the next start."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from playground.plotting.drawing.cached import CachedPixmap
from playground.window.system.placement import Placement, is_within_reach
from tests.playground.starts import Starter

START = """
import sys
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from playground.app import make_application, make_window
application = make_application([])
window = make_window(None, None)
window.start(playing=False)
window.show()
def turn():
    from PySide6.QtCore import QEventLoop, QTimer
    loop = QEventLoop()
    QTimer.singleShot(600, loop.quit)
    loop.exec()
turn()
{after}
screen = window.screen()
frame, room = window.frameGeometry(), screen.availableGeometry()
print(screen.name(), room.contains(frame), window.width(), window.height(), window.devicePixelRatioF())
window.close()
"""


def screen(name: str, x: int, width: int, height: int, dpr: float = 1) -> dict[str, Any]:
    return {
        "name": name,
        "x": x,
        "y": 0,
        "width": width,
        "height": height,
        "logicalDpi": 96,
        "logicalBaseDpi": 96,
        "dpr": dpr,
    }


def shown(
    programs: Starter, folder: Path, *screens: dict[str, Any], scale: str = "1", factors: str = "", after: str = ""
) -> list[str]:
    """Start the app on ``screens``; return screen, whether the frame is on it, the window's size and its pixel ratio."""
    file = folder / "screens.json"
    file.write_text(json.dumps({"screens": list(screens)}), encoding="utf-8")
    environment = {name: str(folder) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    environment |= {
        "QT_QPA_PLATFORM": f"offscreen:configfile={file}",
        "QT_SCALE_FACTOR": scale,
        "QT_SCREEN_SCALE_FACTORS": factors,
    }
    start = programs.start(START.format(after=after), folder, environment)
    assert start.wait() == 0, start.errors
    return start.output.split()


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt does not support copies of a process")


@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "2"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (1024, 576)])
def test_the_window_is_no_larger_than_a_scaled_screen(
    programs: Starter, tmp_path: Path, width: int, height: int, scale: str
) -> None:
    _, is_on_it, *_ = shown(programs, tmp_path, screen("one", 0, width, height), scale=scale)
    assert is_on_it == "True"


def test_a_remembered_position_on_a_missing_screen_is_not_used(programs: Starter, tmp_path: Path) -> None:
    small, large = screen("small", 0, 1024, 768), screen("large", 1024, 2560, 1440)
    after = "window.move(1400, 100); window.resize(1800, 1200); turn()"
    assert shown(programs, tmp_path, small, large, after=after)[:4] == ["large", "True", "1800", "1200"]
    assert shown(programs, tmp_path, small, large)[:4] == ["large", "True", "1800", "1200"]
    name, is_on_it, *_ = shown(programs, tmp_path, small)
    assert (name, is_on_it) == ("small", "True")


def test_a_window_dragged_to_a_smaller_screen_becomes_smaller_but_stays_there(
    programs: Starter, tmp_path: Path
) -> None:
    large, small = screen("large", 0, 2560, 1440), screen("small", 2560, 1024, 576, dpr=1.25)
    after = "window.resize(1800, 1200); turn(); window.move(2600, 100); turn()"
    name, is_on_it, width, height, _ = shown(programs, tmp_path, large, small, after=after)
    assert name == "small"
    assert int(width) <= 1024
    assert int(height) <= 576
    assert is_on_it == "False", "the user has put its edge there"
    back = f"{after}; window.move(100, 100); turn(); assert window.minimumWidth() == 1000; window.resize(10, 10)"
    assert shown(programs, tmp_path, large, small, after=back)[:4] == ["large", "True", "1000", "640"]


def test_everything_is_drawn_anew_for_the_pixel_ratio_of_another_screen(programs: Starter, tmp_path: Path) -> None:
    after = (
        "drawn = []; window.toolbar.set_style = drawn.append; window.move(1600, 0); turn(); "
        "assert drawn, 'icons would be blurred'; window.move(1500, 0); turn()"
    )
    plain, fine = screen("plain", 0, 1440, 900), screen("fine", 1440, 2880, 1800)
    factors = "plain=1;fine=1.5"
    assert shown(programs, tmp_path, plain, fine, after=after, factors=factors)[::4] == ["fine", "1.5"]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (QRect(100, 0, 900, 600), True),
        (QRect(1500, 300, 1000, 600), False),
        (QRect(1200, 300, 1000, 600), True),
        (QRect(100, -300, 900, 600), False),
    ],
)
def test_a_window_can_be_moved_where_its_title_bar_is_visible(frame: QRect, expected: bool) -> None:
    assert is_within_reach(frame, [QRect(0, 0, 1920, 1080)]) is expected


def test_a_screen_that_is_unplugged_is_forgotten(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    placement = Placement(window, QSize(300, 200), lambda: None)
    with qtbot.waitExposed(window):
        window.show()
    gone = QObject()
    delete(gone)  # as Qt does with the object of a screen
    placement._screen = gone  # type: ignore[assignment] - only whether it exists matters
    window.move(-5000, 100)
    placement.settle()
    assert placement._screen is window.screen()
    assert window.screen().availableGeometry().contains(window.frameGeometry())


def test_a_cached_layer_is_drawn_anew_for_another_pixel_ratio(qapp: object) -> None:
    cache, sizes = CachedPixmap(at_once=True), []
    for ratio in (1.0, 2.0, 1.5):
        image = QImage(round(40 * ratio), round(40 * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor("white"))
        with QPainter(image) as painter:
            cache.paint(painter, image.rect().toRectF(), "key", lambda p: sizes.append(p.device().devicePixelRatioF()))
    assert sizes == [1.0, 2.0, 1.5]
