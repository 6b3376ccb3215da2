"""The menu below a layer's name: activation, initializer and dropout."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from core.experiment import AUTO
from core.formulas.activations import ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from playground.style.numbers import short

if TYPE_CHECKING:
    from playground.session import Session

DROPOUTS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9)
GAINS: Final = (0.01, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 10.0)


def layer_menu(session: Session, column: int, parent: QWidget) -> QMenu:
    """Return the menu of hidden layer ``column`` (counted from 1), or of the output."""
    settings = session.experiment.network
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    index = column - 1
    if index < len(settings.hidden):
        layer = settings.hidden[index]
        name = f"Hidden {column}"

        def put(label: str, **changes: object) -> None:
            session.edit_layer(index, f"{label} of hidden {column}", None, **changes)

        _choices(
            menu.addMenu("Activation"),
            ((entry.key, entry.label, entry.explanation) for entry in ACTIVATIONS.values()),
            layer.activation,
            lambda key: put("Activation", activation=key, activation_alpha=None),
        )
        _initializers(menu, layer.initializer, lambda key: put("Initializer", initializer=key))
        _numbers(
            menu.addMenu("Drop probability p"), DROPOUTS, layer.dropout, lambda value: put("Dropout", dropout=value)
        )
        _numbers(menu.addMenu("Weight scale"), GAINS, layer.gain, lambda value: put("Weight scale", gain=value))
        menu.addSeparator()
        remove = menu.addAction("Remove layer")
        remove.triggered.connect(lambda: session.remove_layer(index))
    else:
        name = "Output"
        automatic = (
            AUTO,
            "Automatic",
            "Depends on the task: tanh for two classes, softmax for more, identity for regression.",
        )
        rows = [automatic, *((entry.key, entry.label, entry.explanation) for entry in OUTPUT_ACTIVATIONS.values())]
        _choices(
            menu.addMenu("Activation"),
            rows,
            settings.output_activation,
            lambda key: session.edit_network("Output activation", output_activation=key),
        )
        _initializers(
            menu,
            settings.output_initializer,
            lambda key: session.edit_network("Output initializer", output_initializer=key),
        )
        _numbers(
            menu.addMenu("Weight scale"),
            GAINS,
            settings.output_gain,
            lambda value: session.edit_network("Output weight scale", output_gain=value),
        )
    menu.setAccessibleName(f"{name}: activation, initializer and dropout")
    return menu


def _initializers(menu: QMenu, present: str, choose: Callable[[str], object]) -> None:
    entries = ((entry.key, entry.label, entry.explanation) for entry in INITIALIZERS.values())
    _choices(menu.addMenu("Initializer"), entries, present, choose)


def _choices(
    menu: QMenu, entries: Iterable[tuple[str, str, str]], present: str, choose: Callable[[str], object]
) -> None:
    """Fill ``menu`` with ``entries`` (key, label, explanation), the current one checked."""
    menu.setToolTipsVisible(True)
    group = QActionGroup(menu)
    for key, label, explanation in entries:
        action = QAction(label, menu)
        action.setCheckable(True)
        action.setChecked(key == present)
        action.setToolTip(explanation)
        action.setData(key)
        group.addAction(action)
        menu.addAction(action)
    group.triggered.connect(lambda action: choose(str(action.data())))


def _numbers(menu: QMenu, values: tuple[float, ...], present: float, choose: Callable[[float], object]) -> None:
    """Fill ``menu`` with numbers, including the current one, checked."""
    group = QActionGroup(menu)
    for value in sorted({*values, present}):
        action = QAction(short(value, 3).rstrip("0").rstrip(".") if "." in short(value, 3) else short(value, 3), menu)
        action.setCheckable(True)
        action.setChecked(value == present)
        action.setData(value)
        group.addAction(action)
        menu.addAction(action)
    group.triggered.connect(lambda action: choose(float(action.data())))
