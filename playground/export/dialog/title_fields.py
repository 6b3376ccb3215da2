"""Fields in which the user writes the title and the subtitle of each picture."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from playground.export.frame import usual_words
from playground.export.renamed import RenamedFigure
from playground.export.widgets.controls import title_field
from playground.widgets.figure import Figure


class TitleFields(QWidget):
    """Edits title and subtitle of one figure at a time, and remembers them for each figure.

    Signals:
        edited: the user typed.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words: dict[str, tuple[str, str]] = {}
        self._fields: tuple[QLineEdit, QLineEdit] = title_field("Title"), title_field("Subtitle")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for field, stretch in zip(self._fields, (3, 2), strict=True):
            layout.addWidget(field, stretch)
            field.textEdited.connect(self.edited)

    def renamed(self, figure: Figure) -> Figure:
        """Return ``figure`` with the words that were written for it, if any."""
        words = self._words.get(figure.figure_key, ("", ""))
        return RenamedFigure(figure, *words) if any(words) else figure

    def show_words(self, figure: Figure) -> None:
        """Show the words of ``figure``, which may be renamed, with those it would have otherwise as a hint."""
        text = figure.original.figure_text() if isinstance(figure, RenamedFigure) else figure.figure_text()
        edited = self._words.get(figure.figure_key, ("", ""))
        for field, words, usual in zip(self._fields, edited, usual_words(text), strict=True):
            if field.text() != words:
                field.setText(words)
            field.setPlaceholderText(usual)

    def keep(self, figure: Figure) -> None:
        """Remember what the fields contain for ``figure``."""
        title, subtitle = self._fields
        self._words[figure.figure_key] = title.text(), subtitle.text()
