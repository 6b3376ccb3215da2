"""The options of the export dialog: size, colours, text, and what is written around the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from PySide6.QtCore import QSettings, QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QWidget

from core.training.origins.origin import Origin
from playground.export.deck.template_choice import TemplateChoice
from playground.export.deck.template_theme import suiting_theme
from playground.export.export import Size
from playground.export.formats import FigureFormat
from playground.export.hidden_view import SIDES, Look
from playground.export.sizes import SIZE_PRESETS
from playground.export.svg.writer import TextAs
from playground.export.widgets.controls import caption_box, combo, origin_box, theme_combo
from playground.export.widgets.size_choice import SizeChoice
from playground.style.theme import GRID, THEMES
from playground.style.theme_names import ThemeName

TEXT_SCALES: Final = (("For slides", 1.0), ("Larger", 1.25), ("Smaller, for documents", 0.7))
TEXT_FORMS: Final = (
    ("Outlines, for PowerPoint and Keynote", "outlines"),
    ("Text, for the web, Inkscape and LaTeX", "text"),
)
_GROUP: Final = "export"


class LookOptions(QWidget):
    """Controls of everything in a :class:`Look`.

    Signals:
        changed: an option was changed.
    """

    changed = Signal()

    def __init__(self, origin: Callable[[], Origin | None] | None, theme: str) -> None:
        """Build the controls.

        Args:
            origin: returns what pictures keep in their metadata; ``None`` if they cannot keep anything.
            theme: the default theme.
        """
        super().__init__()
        self._origin, self._default_theme = origin, theme
        self._size = SizeChoice([(preset.label, preset.size) for preset in SIZE_PRESETS.values()], SIDES, self)
        self._theme = theme_combo()
        self._scale = combo("Text size", list(TEXT_SCALES))
        self._scale.setToolTip("On a slide, labels can be read in the last row.")
        self._text = combo("Text in SVG", list(TEXT_FORMS))
        self._text.setToolTip(
            "PowerPoint and Keynote replace fonts that they do not have; outlines look alike everywhere.\n"
            "Text can be searched, edited and restyled where the font Inter is installed."
        )
        self._titled = QCheckBox("Title")
        self._titled.setObjectName("exportTitleBox")
        self._titled.setToolTip("Write the finding above the picture, with the name below it.")
        self._captioned = caption_box("exportCaptionBox")
        self._transparent = QCheckBox("Transparent background")
        self._keeps = origin_box()
        self._template = TemplateChoice()
        self._lay_out()
        self._connect()

    # -- choices -----------------------------------------------------------------------------------------------------

    @property
    def size_in_pixels(self) -> Size:
        """The selected width and height."""
        return self._size.size

    @property
    def theme(self) -> ThemeName:
        """The selected theme."""
        return cast("ThemeName", self._theme.currentData())

    @property
    def transparent(self) -> bool:
        """Whether the background is transparent."""
        return self._transparent.isChecked()

    def look(self, *, with_origin: bool = True) -> Look:
        """Return the selected look, optionally without what files keep in their metadata."""
        wanted = self._captioned.isChecked() or (with_origin and self._keeps.isChecked())
        origin = self._origin() if wanted and self._origin is not None else None
        return Look(
            self.size_in_pixels,
            THEMES[self.theme],
            self.transparent,
            text=cast("TextAs", self._text.currentData()),
            origin=origin if with_origin and self._keeps.isChecked() else None,
            text_scale=float(self._scale.currentData()),
            titled=self._titled.isChecked(),
            caption=origin.recipe if origin is not None and self._captioned.isChecked() else "",
            template=self._template.path,
        )

    def follow(self, kind: FigureFormat) -> None:
        """Enable the controls for a picture, or disable them for a table, and show those of ``kind`` alone."""
        self.setEnabled(not kind.is_table)
        self._form.setRowVisible(self._template, kind.takes_template)

    # -- building ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        written = QHBoxLayout()
        written.addWidget(self._titled)
        written.addWidget(self._captioned)
        written.addStretch(1)
        form = self._form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(GRID)
        self._size.add_to(form)
        form.addRow("Colours", self._theme)
        form.addRow("Text size", self._scale)
        form.addRow("Text in SVG", self._text)
        form.addRow("Template", self._template)
        form.setRowVisible(self._template, False)
        form.addRow("", written)
        form.addRow("", self._transparent)
        form.addRow("", self._keeps)
        form.setRowVisible(self._keeps, self._origin is not None)
        self._captioned.setVisible(self._origin is not None)

    def _connect(self) -> None:
        self._size.changed.connect(self.changed)
        for choice in (self._theme, self._scale, self._text):
            choice.currentIndexChanged.connect(self.changed)
        for tick in (self._titled, self._captioned, self._transparent, self._keeps):
            tick.toggled.connect(self.changed)
        self._template.changed.connect(self._follow_template)

    def _follow_template(self) -> None:
        """Choose the theme that suits a new template; the user may choose another one."""
        if self._template.path is not None:
            self._theme.setCurrentIndex(self._theme.findData(suiting_theme(self._template.path, self.theme)))
        self.changed.emit()

    # -- storing -----------------------------------------------------------------------------------------------------

    def store(self, settings: QSettings) -> None:
        """Save the choices."""
        self._size.store(settings, _GROUP)
        choices = {
            "theme": self.theme,
            "scale": self._scale.currentData(),
            "text": self._text.currentData(),
            "titled": int(self._titled.isChecked()),
            "captioned": int(self._captioned.isChecked()),
            "transparent": int(self.transparent),
            "keeps": int(self._keeps.isChecked()),
        }
        for key, value in choices.items():
            settings.setValue(f"{_GROUP}/{key}", value)
        self._template.store(settings)

    def recall(self, settings: QSettings) -> None:
        """Restore the last choices; fall back to the defaults for invalid ones."""

        def stored(key: str, default: object) -> str:
            return str(settings.value(f"{_GROUP}/{key}", default))

        self._theme.setCurrentIndex(max(self._theme.findData(stored("theme", self._default_theme)), 0))
        self._text.setCurrentIndex(max(self._text.findData(stored("text", TEXT_FORMS[0][1])), 0))
        scales = [str(scale) for _, scale in TEXT_SCALES]
        scale = stored("scale", 1.0)
        self._scale.setCurrentIndex(scales.index(scale) if scale in scales else 0)
        self._titled.setChecked(stored("titled", 1) != "0")
        self._captioned.setChecked(stored("captioned", 1) != "0")
        self._transparent.setChecked(stored("transparent", 0) == "1")
        self._keeps.setChecked(stored("keeps", 1) != "0")
        self._size.recall(settings, _GROUP)
        with QSignalBlocker(self._template):
            self._template.recall(settings)
        self.changed.emit()
