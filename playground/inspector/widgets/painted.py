"""Small custom-painted widgets of the inspector, whose size does not depend on their numbers."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from playground.style.numbers import percent
from playground.style.resources import application_font, icon_pixmap
from playground.style.theme import TEXT_CONTROL, TEXT_LABEL, Style
from playground.widgets.guard import guarded, guarded_or

LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE: Final = Qt.AlignmentFlag.AlignCenter


class Painted(QWidget):
    """Base class of custom-painted widgets with a fixed height."""

    HEIGHT = 20

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.current_style = style
        self._fonts: dict[tuple[float, QFont.Weight], QFont] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self.current_style = style
        self._fonts.clear()
        self.updateGeometry()
        self.update()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return a fixed height; the panel determines the width."""
        return QSize(round(self.current_style.px(120)), round(self.current_style.px(self.HEIGHT)))

    def row_ends(self) -> tuple[int, ...]:
        """Return the lower end of each row in pixels; it may be cut off below one, but not within it."""
        return (self.height(),)

    def font_of(self, size: float = TEXT_CONTROL, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Return the application font at ``size`` pixels times the scale."""
        font = self._fonts.get((size, weight))
        if font is None:
            style = self.current_style
            font = self._fonts[size, weight] = application_font(style.px(size), weight, family=style.family)
        return font


class NumberLine(Painted):
    """A line with a name at the left and a number at the right, optionally followed by an icon."""

    HEIGHT = 20

    def __init__(self, style: Style, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._content: tuple[str, str, float, str] = (name, "", 0.0, "")
        self._short = name
        self._icon: tuple[str, str, float, float] = ("", "", 0.0, 0.0)
        self._pixmap = QPixmap()

    @property
    def text(self) -> str:
        """The name and the number."""
        return f"{self._content[0]} {self._content[1]}".strip()

    @property
    def mark(self) -> str:
        """The name of the icon; empty for none."""
        return self._content[3]

    def show_number(self, name: str, number: str, sign: float = 0.0, mark: str = "", short: str = "") -> None:
        """Show ``number`` in the colour of ``sign``, followed by the icon ``mark``; ``short`` is a name for narrow lines."""
        self._short = short or name
        content = (name, number, sign, mark)
        if content != self._content:
            self._content = content
            self.setAccessibleName(self.text)
            self.update()

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        name, number, sign, mark = self._content
        theme, px = self.current_style.theme, self.current_style.px
        painter = QPainter(self)
        area = QRectF(self.rect())
        if mark:
            side = px(14)
            colour = theme.ink if mark == "check" else theme.error
            icon = (mark, colour, side, self.devicePixelRatioF())
            if icon != self._icon:
                self._icon, self._pixmap = icon, icon_pixmap(*icon)
            painter.drawPixmap(round(area.right() - side), round((area.height() - side) / 2), self._pixmap)
            area.adjust(0, 0, -side - px(4), 0)
        painter.setFont(self.font_of(weight=QFont.Weight.Medium))
        painter.setPen(theme.sign_text(sign))
        painter.drawText(area, RIGHT, number)
        taken = painter.fontMetrics().horizontalAdvance(number) + px(8)
        painter.setFont(self.font_of())
        painter.setPen(QColor(theme.ink))
        area.adjust(0, 0, -taken, 0)
        metrics = painter.fontMetrics()
        shown = name if metrics.horizontalAdvance(name) < int(area.width()) else self._short
        painter.drawText(area, LEFT, metrics.elidedText(shown, Qt.TextElideMode.ElideRight, int(area.width())))
        painter.end()


SPLIT_NAMES: Final = (("Factor from φ′", "from weights"), ("from φ′", "from weights"), ("φ′", "weights"), ("φ′", "W"))
"""Names of the factors, longest first."""


class FactorSplit(Painted):
    """Shows by which factors φ′ and the weights scale the gradient, and the share of φ′ in its decrease."""

    HEIGHT = 52

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._texts = ("", "")
        self._share: float | None = None
        self._sentence, self._short = "", ""

    @property
    def sentence(self) -> str:
        """The sentence below the bar."""
        return self._sentence

    def show_split(self, slopes: str, weights: str, share: float | None) -> None:
        """Show both factors and the ``share`` of φ′ in the decrease (``None`` if the gradient does not decrease)."""
        if share is None:
            sentence, short = "The gradient does not shrink along these paths", "It does not shrink"
        else:
            short = f"φ′ accounts for {percent(share, 0)}"
            sentence = f"{short} of the loss in gradient"
        if (slopes, weights) != self._texts or share != self._share:
            self._texts, self._share, self._sentence, self._short = (slopes, weights), share, sentence, short
            self.setAccessibleName(f"Factor from φ′ {slopes}, from weights {weights}, {sentence}")
            self.update()

    def _fitting_names(self) -> tuple[str, str]:
        """Return the names of both factors, short ones where the long ones do not fit beside their numbers."""
        names, numbers = QFontMetrics(self.font_of(TEXT_LABEL)), QFontMetrics(self.font_of(weight=QFont.Weight.Medium))
        room = self.width() - sum(map(numbers.horizontalAdvance, self._texts)) - self.current_style.px(24)
        return next((each for each in SPLIT_NAMES if sum(map(names.horizontalAdvance, each)) <= room), SPLIT_NAMES[-1])

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the factors, the bar and the sentence."""
        theme, px = self.current_style.theme, self.current_style.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = px(18)
        for column, (name, number) in enumerate(zip(self._fitting_names(), self._texts, strict=True)):
            area = QRectF(0, 0, self.width(), line)
            painter.setFont(self.font_of(TEXT_LABEL))
            label = painter.fontMetrics().horizontalAdvance(name) + px(6)
            painter.setFont(self.font_of(weight=QFont.Weight.Medium))
            if column:
                area.setLeft(area.right() - label - painter.fontMetrics().horizontalAdvance(number))
            painter.setPen(QColor(theme.ink))
            painter.drawText(area.adjusted(label, 0, 0, 0), LEFT, number)
            painter.setFont(self.font_of(TEXT_LABEL))
            painter.setPen(QColor(theme.muted))
            painter.drawText(area, LEFT, name)
        bar = QRectF(0, line + px(2), self.width(), px(8))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(bar, px(4), px(4))
        if self._share is not None and self._share > 0:
            painter.setBrush(QColor(theme.muted))
            bar.setWidth(max(bar.width() * self._share, px(8)))
            painter.drawRoundedRect(bar, px(4), px(4))
        painter.setFont(self.font_of(TEXT_LABEL))
        painter.setPen(QColor(theme.muted))
        metrics = painter.fontMetrics()
        sentence = self._sentence if metrics.horizontalAdvance(self._sentence) < self.width() else self._short
        sentence = metrics.elidedText(sentence, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, line + px(14), self.width(), px(18)), LEFT, sentence)
        painter.end()


def share_of_slopes(slopes: float, weights: float) -> float | None:
    """Return the share of the factor ``slopes`` in the decrease of their product, on a logarithmic scale; ``None`` for none."""
    if slopes == 0:
        return 1.0
    if weights == 0:
        return 0.0
    lost_by_slopes, lost_by_weights = (-math.log(each) if 0 < each < 1 else 0.0 for each in (slopes, weights))
    lost = lost_by_slopes + lost_by_weights
    return lost_by_slopes / lost if lost > 0 else None
