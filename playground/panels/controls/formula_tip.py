"""Tooltips with typeset formulas, rendered on demand."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from core.registry import Entry
from playground.style.formula_svg import formula_svg
from playground.style.theme import Style

_SIZE = 15
_RATIO = 2
_SEPARATOR = r", \quad "


def formula_tip(entry: Entry, style: Style, note: str = "") -> str:
    """Return the rich text of a tooltip: the entry's name, formulas and explanation, and ``note``."""
    import html  # imported late: the first frame does not need it

    pictures = "".join(
        f"<p>{formula_html(formula, style)}</p>" for formula in (entry.formula, entry.derivative_formula) if formula
    )
    purpose = f"Suitable for: {entry.good_for}." if entry.good_for else ""
    texts = "".join(f"<p>{html.escape(text)}</p>" for text in (entry.explanation, purpose, note) if text)
    return f"<p><b>{html.escape(entry.label)}</b></p>{pictures}{texts}"


def formula_paragraphs(latex: str, style: Style, width: float) -> str:
    """Return ``latex`` as one paragraph, or as one for each of its equations if they are together wider than ``width``."""
    whole = _picture(latex, style.theme.ink, style.px(_SIZE))[1]
    lines = [latex] if whole <= width else latex.split(_SEPARATOR)
    return "".join(f"<p>{formula_html(line, style)}</p>" for line in lines)


def formula_html(latex: str, style: Style) -> str:
    """Return ``latex`` as an inline image in the colours of ``style``."""
    encoded, width, height = _picture(latex, style.theme.ink, style.px(_SIZE))
    return f'<img width="{width}" height="{height}" src="data:image/png;base64,{encoded}">'


@lru_cache(maxsize=256)
def _picture(latex: str, colour: str, size: float) -> tuple[str, int, int]:
    """Return the image as a base64 PNG with its width and height in logical pixels."""
    renderer = QSvgRenderer(QByteArray(formula_svg(latex, size, colour)))
    natural: QSizeF = renderer.viewBoxF().size()
    image = QImage(
        max(1, round(natural.width() * _RATIO)), max(1, round(natural.height() * _RATIO)), QImage.Format.Format_ARGB32
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    bits = QByteArray()
    from PySide6.QtCore import QBuffer, QIODevice  # imported late: the first frame does not need them

    buffer = QBuffer(bits)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(bits.toBase64().data()).decode(), round(natural.width()), round(natural.height())
