"""A list with one line per layer; only the open layer has controls, so that fifty layers are cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.experiment import AUTO, Experiment
from core.formulas.activations import OUTPUT_ACTIVATIONS
from playground.panels.layers.layer_editor import LayerEditor
from playground.panels.layers.output_editor import OutputEditor
from playground.style.theme import Style

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session
    from playground.session.selection import Selection

_CHIP = (4, 14)


class LayerList(QWidget):
    """The hidden layers and the output, in order."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._style = session, style
        self._lines: list[QPushButton] = []
        self._open: int | None = None
        self._hidden_editor = LayerEditor(session, style)
        self._output_editor = OutputEditor(session, style)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)
        for editor in (self._hidden_editor, self._output_editor):
            self._layout.addWidget(editor)
            editor.hide()
        self._show(session.experiment)
        session.experiment_changed.connect(self._changed)
        session.selection_changed.connect(self._follow)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        for editor in (self._hidden_editor, self._output_editor):
            editor.set_style(style)
        self._show(self._session.experiment)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Update the learned values of the open layer."""
        if self._hidden_editor.isVisible():
            self._hidden_editor.show_snapshot(snapshot)

    # -- from the user ---------------------------------------------------------------------------------------------

    def open_layer(self, index: int | None) -> None:
        """Show the controls of layer ``index`` (the last is the output); ``None`` hides them."""
        self._open = index
        for position, line in enumerate(self._lines):
            line.setChecked(position == index)
        output = index == len(self._lines) - 1
        self._hidden_editor.setVisible(index is not None and not output)
        self._output_editor.setVisible(index is not None and output)
        if index is None:
            return
        editor: QWidget = self._output_editor if output else self._hidden_editor
        if not output:
            self._hidden_editor.show_layer(index)
        self._layout.removeWidget(editor)
        self._layout.insertWidget(self._layout.indexOf(self._lines[index]) + 1, editor)

    def _clicked(self, line: QPushButton) -> None:
        index = self._lines.index(line)
        self.open_layer(None if index == self._open else index)

    # -- from the model ----------------------------------------------------------------------------------------------

    def _changed(self, old: Experiment, new: Experiment) -> None:
        if old.network != new.network:
            self._show(new)

    def _follow(self, selection: Selection | None) -> None:
        if selection is not None and 0 <= selection.layer < len(self._lines) and selection.layer != self._open:
            self.open_layer(selection.layer)

    def _show(self, experiment: Experiment) -> None:
        network = experiment.network
        count = len(network.hidden) + 1
        if self._open is not None and len(self._lines) != count:
            self.open_layer(None)
        while len(self._lines) > count:
            line = self._lines.pop()
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        while len(self._lines) < count:
            self._lines.append(self._new_line())
            self._layout.addWidget(self._lines[-1])
        output = "auto" if network.output_activation == AUTO else _label(network.output_activation)
        texts = [f"Hidden {n}   {h.units} · {_label(h.activation)}" for n, h in enumerate(network.hidden, start=1)]
        for index, (line, text) in enumerate(zip(self._lines, [*texts, f"Output   {output}"], strict=True)):
            if line.text() != text:
                line.setText(text)
                line.setAccessibleName(text)
            line.setIcon(self._chip(index, count))
            line.setIconSize(self._chip_size())
        if self._open is not None and self._open < count - 1:
            self._hidden_editor.show_layer(self._open)

    def _new_line(self) -> QPushButton:
        line = QPushButton()
        line.setProperty("role", "link")
        line.setCheckable(True)
        line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line.setToolTip("Show this layer's own settings.")
        line.clicked.connect(lambda: self._clicked(line))
        return line

    def _chip_size(self) -> QSize:
        return QSize(round(self._style.px(_CHIP[0])), round(self._style.px(_CHIP[1])))

    def _chip(self, index: int, count: int) -> QPixmap:
        """Return a bar in the layer's colour."""
        pixmap = QPixmap(self._chip_size() * 2)
        pixmap.setDevicePixelRatio(2)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._style.theme.layer_colour(index, count)))
        width, height = self._chip_size().width(), self._chip_size().height()
        painter.drawRoundedRect(0, 0, width, height, width / 2, width / 2)
        painter.end()
        return pixmap


def _label(activation: str) -> str:
    return OUTPUT_ACTIVATIONS[activation].label
