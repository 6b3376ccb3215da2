"""The text field over the picture that edits a weight or bias."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.network_view.canvas.words import Parameter, parsed
from playground.style.resources import application_font
from playground.style.theme import Style
from playground.widgets.guard import guarded
from playground.widgets.inline_edit import InlineEdit
from playground.widgets.plain_text import plain_tip


class ValueEditor(InlineEdit):
    """The text field that edits one number: Enter commits, Esc or a click elsewhere cancels.

    Signals:
        committed: (Parameter, new value).
    """

    committed = Signal(object, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = parent
        self.setObjectName("parameterEditor")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textEdited.connect(self._judge)
        self._parameter: Parameter | None = None
        self._style: Style | None = None
        self.hide()

    def edit(self, parameter: Parameter, centre: QPoint, style: Style) -> None:
        """Open over ``centre`` with the current value selected."""
        self._parameter, self._style = parameter, style
        self.setFont(application_font(style.px(12), family=style.family))
        self.setAccessibleName(parameter.label)
        self.setToolTip(plain_tip(f"{parameter.label}: Enter sets it, Esc cancels"))
        self.setText(f"{parameter.value:.6g}".replace("-", "−"))
        self.setModified(False)
        self._colour(valid=True)
        self.resize(round(style.px(132)), round(style.px(28)))
        parent = self._area
        x = min(max(centre.x() - self.width() // 2, 2), max(parent.width() - self.width() - 2, 2))
        y = min(max(centre.y() - self.height() // 2, 2), max(parent.height() - self.height() - 2, 2))
        self.move(x, y)
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit on Enter, close on Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            value, parameter = parsed(self.text()), self._parameter
            if value is None or parameter is None:
                self._colour(valid=False)
                return
            changed = self.isModified()
            self.close_field()
            if changed:
                # The text shows fewer digits than the value has; Enter without an edit must not round it.
                self.committed.emit(parameter, value)
        else:
            super().keyPressEvent(event)

    def _judge(self, text: str) -> None:
        self._colour(valid=parsed(text) is not None)

    def _colour(self, *, valid: bool) -> None:
        if self._style is None:
            return
        theme = self._style.theme
        self.setStyleSheet(
            f"QLineEdit {{ background: {theme.panel}; color: {theme.ink if valid else theme.error};"
            f" border: 2px solid {theme.accent if valid else theme.error}; border-radius: 6px; padding: 0 4px;"
            f" selection-background-color: {theme.soft}; selection-color: {theme.ink}; }}"
        )
