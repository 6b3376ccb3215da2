"""Translation of clicks on controls and of keys into calls of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent

from core.experiment import MAX_UNITS
from core.formulas.features import feature_keys
from playground.network_view.canvas.keyboard import Direction, incoming_weight, moved
from playground.network_view.controls.positions import Control

if TYPE_CHECKING:
    from collections.abc import Callable

    from playground.network_view.canvas.picture_canvas import PictureCanvas
    from playground.session import Session
    from playground.session.selection import Selection

_ARROWS: dict[int, Direction] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}


class Intents:
    """Turns controls and keys of the canvas into calls of the session.

    Args:
        session: session to change.
        canvas: canvas that draws the controls.
        edit: function that opens the editor of the selected weight or bias and returns whether one is selected.
    """

    def __init__(self, session: Session, canvas: PictureCanvas, edit: Callable[[Selection], bool]) -> None:
        self._session = session
        self._edit = edit
        self._canvas = canvas

    # -- controls --------------------------------------------------------------------------------------------------------

    def use(self, control: Control) -> None:
        """Perform the action of a click on ``control``."""
        index = control.index
        match control.action:
            case "menu":
                self.open_menu(index, self._canvas.show_header(index))
            case "add_neuron":
                self.change_units(index, 1)
            case "remove_neuron":
                self.change_units(index, -1)
            case "insert_layer":
                self._session.insert_layer(index)
            case "remove_layer":
                self._session.remove_layer(index - 1)
            case "feature_on" | "feature_off":
                self.toggle_feature(control.key)
            case "fold_up" | "fold_down":
                place = self._canvas.builder.layout.columns[index]
                page = max(place.shown - 1, 1)
                self._canvas.builder.scroll(index, page if control.action == "fold_down" else -page)
                self._canvas.update()

    def open_menu(self, column: int, at: QPoint) -> None:
        """Open the menu of a layer at a position on the screen."""
        from playground.network_view.canvas.layer_menu import (
            layer_menu,  # imported late: not needed for the first frame
        )

        menu = layer_menu(self._session, column, self._canvas)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def change_units(self, column: int, by: int) -> None:
        """Add neurons to hidden layer ``column`` (counted from 1), or remove the last ones."""
        hidden = self._session.experiment.network.hidden
        if 1 <= column <= len(hidden):
            units = hidden[column - 1].units + by
            if 1 <= units <= MAX_UNITS:
                self._session.edit_layer(column - 1, f"Neurons of hidden {column}", f"units {column}", units=units)

    def toggle_feature(self, key: str) -> None:
        """Add or remove a feature; at least one remains."""
        shape, snapshot = self._canvas.builder.shape, self._canvas.builder.snapshot
        active = set(shape.feature_keys) ^ {key}
        if not active or snapshot is None:
            return
        known = (*snapshot.data.feature_keys, *feature_keys(len(snapshot.data.input_names)))
        order = {name: place for place, name in enumerate(feature_keys(len(snapshot.data.input_names)))}
        chosen = sorted(active, key=lambda name: (order.get(name, known.index(name) if name in known else 0), name))
        self._session.edit_data("Features", features=tuple(chosen))

    # -- keys ------------------------------------------------------------------------------------------------------------

    def press(self, event: QKeyEvent) -> bool:
        """Perform the action of a key; return whether it has one."""
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return self._zoom_key(event)
        key, selection, session = event.key(), self._canvas.selection, self._session
        column = selection.layer + 1 if selection is not None else 0
        if key in _ARROWS:
            return self._move(_ARROWS[key], weights=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        if key == Qt.Key.Key_Escape and selection is not None:
            session.select(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and selection is not None:
            return self._edit(selection)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal) and column:
            self.change_units(column, -1 if key == Qt.Key.Key_Minus else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and selection is not None:
            self._delete(column)
        elif key == Qt.Key.Key_Insert:
            hidden = len(session.experiment.network.hidden)
            session.insert_layer(min(column, hidden) if selection is not None else hidden)
        elif key in (Qt.Key.Key_M, Qt.Key.Key_Menu) and column:
            self.open_menu(column, self._canvas.show_header(column))
        else:
            return False
        return True

    def _move(self, direction: Direction, *, weights: bool) -> bool:
        selection = self._canvas.selection
        target = incoming_weight(selection) if weights and direction == "left" else None
        self._session.select(target or moved(selection, direction, self._canvas.builder.shape))
        return True

    def _delete(self, column: int) -> None:
        """Remove the selected neuron (with the last one of a hidden layer, the layer), or the selected feature."""
        selection, hidden = self._canvas.selection, self._session.experiment.network.hidden
        if selection is None or selection.kind == "weight":
            return
        shape = self._canvas.builder.shape
        if selection.kind == "feature":
            if shape.chooses_features and selection.neuron < len(shape.feature_keys):
                self.toggle_feature(shape.feature_keys[selection.neuron])
        elif 1 <= column <= len(hidden):
            self._session.remove_neuron(column - 1, selection.neuron)

    def _zoom_key(self, event: QKeyEvent) -> bool:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._canvas.zoom(-1 if event.key() == Qt.Key.Key_Minus else 1)
        elif event.key() == Qt.Key.Key_0:
            self._canvas.fit()
        else:
            return False
        return True
