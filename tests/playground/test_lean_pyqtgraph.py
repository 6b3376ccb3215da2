"""The fast import of pyqtgraph leaves out modules at first, and loads them when they are used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

LEAN = """
from playground.lean_pyqtgraph import import_pyqtgraph
import_pyqtgraph()
import pyqtgraph, sys
"""


def run(code: str) -> str:
    """Run ``code`` in a fresh interpreter and return what it prints."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False, timeout=60
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_not_every_class_of_qt_is_made() -> None:
    code = """
from PySide6 import QtCore, QtGui, QtWidgets
from pyqtgraph.Qt import QtGui as mirrored
assert "QCalendarWidget" not in vars(QtWidgets), "made although nothing uses it"
assert "QCalendarWidget" in dir(QtWidgets) and "QPdfWriter" in dir(QtGui) and "QTimer" in dir(QtCore)
assert mirrored.QPdfWriter is QtGui.QPdfWriter and pyqtgraph.QtWidgets.QCalendarWidget is QtWidgets.QCalendarWidget
try:
    mirrored.QNothing
except AttributeError:
    print("none")
"""
    assert run(LEAN + code) == "none\n"


PRINT_NAMES = """
for name, value in sorted(vars(pyqtgraph).items()):
    if not name.startswith("__"):
        print(name, type(value), getattr(value, "__module__", ""), getattr(value, "__qualname__", ""))
"""


def test_using_a_name_of_a_later_module_makes_all_names_available() -> None:
    lean = run(LEAN + "pyqtgraph.RectROI" + PRINT_NAMES)
    # The modules of Qt are mirrored on purpose.
    mirrored = {f"Qt{module}" for module in ("Core", "Gui", "Widgets")}
    names, expected = (
        [line for line in text.splitlines() if line.split()[0] not in mirrored]
        for text in (lean, run("import pyqtgraph" + PRINT_NAMES))
    )
    assert len(expected) > 150
    assert names == expected


def test_a_class_with_the_name_of_its_module_is_not_mistaken_for_it() -> None:
    code = "print(pyqtgraph.Point(1, 2).x(), pyqtgraph.SignalProxy.__mro__[-1], pyqtgraph.GraphicsScene.__name__)"
    assert run(LEAN + code) == "1.0 <class 'object'> GraphicsScene\n"


def test_modules_can_be_imported_without_the_names_of_all_others() -> None:
    code = """
from pyqtgraph import icons
from pyqtgraph.graphicsItems.ImageItem import ImageItem
print(icons.__name__, ImageItem.__name__, "pyqtgraph.parametertree" in sys.modules)
"""
    assert run(LEAN + code) == "pyqtgraph.icons ImageItem False\n"


def test_an_unknown_name_is_an_attribute_error() -> None:
    code = """
for name in ("__nothing__", "Nothing", "Nothing"):
    try:
        getattr(pyqtgraph, name)
    except AttributeError as error:
        print(error)
"""
    assert run(LEAN + code).splitlines() == [
        "module 'pyqtgraph' has no attribute '__nothing__'",
        "module 'pyqtgraph' has no attribute 'Nothing'",
        "module 'pyqtgraph' has no attribute 'Nothing'",
    ]


def test_no_card_uses_a_later_module(tmp_path: Path) -> None:
    code = f"""
import os
os.environ.update(XDG_CONFIG_HOME={str(tmp_path)!r}, XDG_DATA_HOME={str(tmp_path)!r})
from core.experiment import Experiment
from playground.app import make_application, make_window
application = make_application(["test"])
window = make_window(Experiment(), None)
print(len(window.cards) > 10, "pyqtgraph.parametertree" in sys.modules)
"""
    assert run(LEAN + code) == "True False\n"
