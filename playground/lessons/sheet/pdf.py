"""Lay out a classroom sheet on two A4 pages and write it as PDF; everything here may run on any thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from core.errors import PlaygroundError
from playground.lessons.sheet.text import WIDTH, SheetContent, SheetSizes, SheetText, plain_glyphs
from playground.style.resources import application_font
from playground.style.theme import LIGHT, TEXT_LABEL, Style

PAGES: Final = 2
DOTS_PER_INCH: Final = 96
PAGE: Final = QSizeF(210.0 / 25.4 * DOTS_PER_INCH, 297.0 / 25.4 * DOTS_PER_INCH)
"""Size of an A4 page in pixels."""

TOP: Final = 48.0
HEIGHT: Final = 1010.0
"""Height of the text on a page in pixels."""

LINE: Final = 25.0
MAX_LINES: Final = 4
MAX_NOTES: Final = 60

_SCALES: Final = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72, 0.68, 0.64, 0.6)
"""Font scales to try, largest first."""

_PICTURES: Final = (230.0, 190.0, 150.0, 110.0)
"""Heights of the pictures to try, in pixels."""

Advance = Callable[[int, int], bool]


def sheet_pdf(content: SheetContent, advance: Advance = lambda _done, _total: True) -> bytes | None:
    """Return the sheet as a PDF of two pages.

    Args:
        content: the content of the sheet.
        advance: called with (done, total); returning False cancels.

    Returns:
        ``None`` if it was cancelled.

    Raises:
        PlaygroundError: it cannot be written.
    """
    sizes = _best_fit(content, advance)
    return None if sizes is None else write_pdf(SheetText(content, sizes), content.lesson.front.title)


def _best_fit(content: SheetContent, advance: Advance) -> SheetSizes | None:
    """Return the largest sizes of type, pictures and writing space with which the sheet has two pages."""
    candidates = [
        *((1.0, lines, _PICTURES[0]) for lines in range(MAX_LINES, 0, -1)),
        *((scale, 1, picture) for scale in _SCALES for picture in _PICTURES[:3]),
        *((_SCALES[-1], 0, picture) for picture in _PICTURES),
    ]
    sizes = SheetSizes(Style(LIGHT, _SCALES[-1]), 0, _PICTURES[-1])
    for number, (scale, lines, picture) in enumerate(candidates):
        if not advance(number, len(candidates)):
            return None
        candidate = SheetSizes(Style(LIGHT, scale), lines, picture)
        if SheetText(content, candidate).paginate(HEIGHT) <= PAGES:
            sizes = candidate
            break
    return _with_notes(content, sizes)


def _with_notes(content: SheetContent, sizes: SheetSizes) -> SheetSizes:
    """Fill the rest of the second page with lines to write on."""
    text = SheetText(content, sizes)
    pages = text.paginate(HEIGHT)
    end = text.document.documentLayout().blockBoundingRect(text.document.lastBlock()).bottom()
    room = PAGES * HEIGHT - end if pages <= PAGES else 0.0
    for notes in range(min(int(room / LINE), MAX_NOTES), 1, -1):
        candidate = SheetSizes(sizes.style, sizes.lines, sizes.picture, notes)
        if SheetText(content, candidate).paginate(HEIGHT) == PAGES:
            return candidate
    return sizes


def write_pdf(text: SheetText, title: str) -> bytes:
    """Return ``text`` as a PDF of A4 pages with ``title`` at the foot of each.

    Raises:
        PlaygroundError: it cannot be written.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setCreator("NN Playground")
    writer.setTitle(title)
    page = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    painter = QPainter()
    if not painter.begin(writer):
        raise PlaygroundError(f"{title}: the PDF could not be written")
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        pages, document = text.paginate(HEIGHT), text.document
        for number in range(pages):
            if number:
                writer.newPage()
            _paint_page(painter, document, number, pages, title)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _paint_page(painter: QPainter, document: QTextDocument, number: int, pages: int, title: str) -> None:
    left = (PAGE.width() - WIDTH) / 2
    painter.save()
    painter.translate(left, TOP - number * HEIGHT)
    document.drawContents(painter, QRectF(0, number * HEIGHT, WIDTH, HEIGHT))
    painter.restore()
    painter.setFont(plain_glyphs(application_font(TEXT_LABEL)))
    painter.setPen(QColor(LIGHT.muted))
    foot = QRectF(left, PAGE.height() - 40.0, WIDTH, 16.0)
    painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, f"NN Playground · {title}")
    painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"page {number + 1} of {pages}")
