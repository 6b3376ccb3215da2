"""A checkable thumbnail of a data set, with samples in the colours of the plots."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from core.data.datasets import DATASETS
from core.data.real_data import digit
from core.random_streams import stream
from playground.style.theme import TEXT_LABEL, Style
from playground.widgets.guard import guarded, guarded_or

if TYPE_CHECKING:
    from core.arrays import Floats

_SAMPLES: Final = 56
_PICTURE: Final = (60, 48)
_CAPTION: Final = 16
_MARGIN: Final = 7.0
_DOT: Final = 1.7
_DIGIT: Final = 1350
"""Index of the digit to show, a clear three."""


class Dots(Struct, frozen=True):
    """Positions (n, 2) in the unit square, y upwards, and the class or target of each dot (n,)."""

    positions: Floats
    targets: Floats


class Thumbnail(QAbstractButton):
    """A thumbnail with a short name below; a subclass draws the picture.

    Attributes:
        key: what it stands for.
    """

    def __init__(
        self, key: str, caption: str, label: str, explanation: str, style: Style, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style = style
        self.key = key
        self._held = False
        self.setCheckable(True)
        self.setText(caption)
        self.setAccessibleName(label)
        self.setAccessibleDescription(explanation)
        self.setToolTip(f"<p><b>{label}</b></p><p>{explanation}</p>")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def hold(self, on: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        """Omit the samples, so that the window's first frame does not wait for them, or draw them."""
        self._held = on
        self.update()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self.updateGeometry()
        self.update()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the size of thumbnail and caption."""
        width, height = _PICTURE
        return QSize(round(self._style.px(width)), round(self._style.px(height + _CAPTION)))

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the size hint: a thumbnail does not shrink."""
        return self.sizeHint()

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, samples and caption."""
        theme, style = self._style.theme, self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(0.5, 0.5, self.width() - 1, self.height() - style.px(_CAPTION) - 1)
        is_active = self.isChecked() or self.hasFocus()
        edge = theme.accent if is_active else theme.faint if self.underMouse() else theme.line
        painter.setPen(QPen(QColor(edge), style.px(1.8 if self.isChecked() else 1.0)))
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), style.px(5), style.px(5))
        if self.isChecked() and self.hasFocus():
            painter.setPen(QPen(QColor(theme.ink), style.px(1.0)))
            inner = style.px(2.0)
            painter.drawRoundedRect(frame.adjusted(inner, inner, -inner, -inner), style.px(4), style.px(4))
        if not self._held:
            self._draw(painter, frame)
        font = QFont(self.font())
        font.setPixelSize(round(style.px(TEXT_LABEL)))
        font.setWeight(QFont.Weight.Medium if self.isChecked() else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(theme.ink if self.isChecked() else theme.muted))
        caption = QRectF(0, self.height() - style.px(_CAPTION), self.width(), style.px(_CAPTION))
        painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

    def _draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the picture into ``frame``."""

    def _draw_dots(
        self, painter: QPainter, frame: QRectF, dots: Dots, colour: Callable[[float], QColor], *, square: bool
    ) -> None:
        margin, radius = self._style.px(_MARGIN), self._style.px(_DOT)
        area = frame.adjusted(margin, margin, -margin, -margin)
        if square:
            side = min(area.width(), area.height()) + margin
            area = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
        across = (area.x() + dots.positions[:, 0] * area.width()).tolist()
        down = (area.bottom() - dots.positions[:, 1] * area.height()).tolist()
        centres = list(map(QPointF, across, down))
        # Drawing all dots of one colour at once is up to twice as fast.
        targets = dots.targets.tolist()
        for target in sorted(set(targets)):
            pen = QPen(colour(target), 2 * radius, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints([centre for centre, own in zip(centres, targets, strict=True) if own == target])

    def _value_colour(self, target: float) -> QColor:
        """Return the colour of a regression's ``target`` from −1 to 1."""
        # Small dots need stronger colours than a heat map.
        return self._style.theme.sign_colour(target and math.copysign(0.35 + 0.65 * abs(target), target))


class DatasetThumbnail(Thumbnail):
    """The built-in data set ``key``."""

    def __init__(self, key: str, style: Style, parent: QWidget | None = None) -> None:
        dataset = self._dataset = DATASETS[key]
        super().__init__(key, dataset.caption, dataset.label, dataset.explanation, style, parent)

    @override
    def _draw(self, painter: QPainter, frame: QRectF) -> None:
        if self._dataset.images:
            _draw_image(painter, frame, self._style)
            return
        square = self._dataset.domain is not None and len(self._dataset.input_names) == 2
        self._draw_dots(painter, frame, _dots(self.key), self._colour, square=square)

    def _colour(self, target: float) -> QColor:
        if self._dataset.task == "regression":
            return self._value_colour(target)
        return self._style.theme.class_colour(int(target), len(self._dataset.class_names))


@lru_cache
def _dots(key: str) -> Dots:
    """Return a few samples of the data set ``key``, scaled to the unit square."""
    dataset = DATASETS[key]
    raw = dataset.generate(_SAMPLES, 0.0, rng=stream(1, "thumbnail"))
    # A shipped table returns all rows, whatever the requested number.
    chosen = np.linspace(0, raw.samples - 1, min(_SAMPLES, raw.samples)).astype(np.int64)
    columns = dataset.shown_inputs
    shown = raw.inputs[:, columns] if len(columns) == 2 else np.column_stack((raw.inputs[:, 0], raw.target))
    positions = shown[chosen]
    targets = raw.target[chosen]
    if dataset.task == "regression":
        targets = targets / max(float(np.abs(targets).max()), 1e-9)
    low, high = positions.min(axis=0), positions.max(axis=0)
    return Dots((positions - low) / np.where(high > low, high - low, 1.0), targets)


@lru_cache
def _digit_image() -> Floats:
    return digit(_DIGIT)


def _draw_image(painter: QPainter, frame: QRectF, style: Style) -> None:
    """Draw one handwritten digit in ink on the field colour."""
    image = _digit_image()
    side = round(len(image) ** 0.5)
    ink, field = QColor(style.theme.ink), QColor(style.theme.field)
    shades = image.reshape(side, side, 1)
    colours = np.array([[c.red(), c.green(), c.blue()] for c in (field, ink)], dtype=np.float64)
    pixels = np.ascontiguousarray((colours[0] + shades * (colours[1] - colours[0])).astype(np.uint8))
    picture = QImage(pixels.data, side, side, 3 * side, QImage.Format.Format_RGB888)
    height = frame.height() - style.px(_MARGIN)
    painter.drawImage(QRectF(frame.center().x() - height / 2, frame.center().y() - height / 2, height, height), picture)
