"""Draw the findings as a list, for exported figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from typing_extensions import override

from core.analysis.diagnosis import Finding
from playground.plots.doctor.data import DoctorData
from playground.plots.doctor.pins import paint_pinned_lines
from playground.plots.doctor.rules_list import INDENT, paint_rules
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.captions import wrapped
from playground.plotting.drawing.pencil import label_font, text_height, write
from playground.plotting.pictures.picture import Picture
from playground.style.theme import TEXT_TITLE, Style, Theme

GAP: Final = 12.0
ENLARGED: Final = (1.25, 1.2, 1.15, 1.1, 1.05)
"""Sizes of text relative to the usual one, where there is room; a finding's title is never larger than that of the picture."""

OTHERS: Final = 0.4
"""Share of the height that the findings leave free above which the rules that found nothing are listed below them."""

MAX_HEADING: Final = 3
"""Maximum number of lines of what was found."""

WRAPPED: Final = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


def severity_colour(finding: Finding, theme: Theme) -> str:
    """Return the colour of a finding's mark."""
    return {"error": theme.error, "warning": theme.ink, "note": theme.muted}[finding.severity]


class DoctorPicture(Picture[DoctorData]):
    """Draws as much of :class:`DoctorData` on a canvas as there is room for."""

    names_pins = False  # the line of each pinned run has its name

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: DoctorData, style: Style, before: DoctorData | None) -> None:
        self._canvas.arrange(style, left=8, bottom=8, top=8, right=8)

    def _paint(self, p: QPainter, area: Area, data: DoctorData, style: Style) -> None:
        rect, pinned = QRectF(area.rect), self._drawn
        if pinned:
            rect.setBottom(paint_pinned_lines(p, rect, pinned, style) - style.px(GAP / 2))
        if not data.findings:
            paint_rules(p, rect, style)
            return
        large = _largest(data.findings, rect, style)
        bottom = _paint_findings(p, rect, data.findings, large)
        free = QRectF(rect.left(), bottom, rect.width(), rect.bottom() - bottom)
        if free.height() > OTHERS * rect.height():
            paint_rules(p, free, style, without=[finding.key for finding in data.findings])


class _Entry(Struct, frozen=True):
    """A finding as it is written.

    Attributes:
        finding: the finding.
        heading: lines of its title.
        lines: evidence and cure.
        heights: of each of ``lines``, which are wrapped.
    """

    finding: Finding
    heading: list[str]
    lines: list[str]
    heights: list[float]

    def height(self, style: Style) -> float:
        """Return its height without the gap below it."""
        return len(self.heading) * text_height(style, size=TEXT_TITLE) + sum(self.heights)


def _entry(finding: Finding, width: float, style: Style) -> _Entry:
    metrics = QFontMetricsF(label_font(style))
    lines = [finding.evidence] if finding.cure is None else [finding.evidence, f"Cure: {finding.cure.label}"]
    heights = [metrics.boundingRect(QRectF(0, 0, width, 1e6), WRAPPED, line).height() for line in lines]
    heading = wrapped(style, finding.title, width, size=TEXT_TITLE, bold=True, max_lines=MAX_HEADING)
    return _Entry(finding, heading, lines, heights)


def _largest(findings: Sequence[Finding], rect: QRectF, style: Style) -> Style:
    """Return the style with the largest type in which all ``findings`` fit, up to that of the slide's own title."""
    for factor in ENLARGED:
        large = replace(style, scale=factor * style.scale)
        entries = [_entry(finding, rect.width() - large.px(INDENT), large) for finding in findings]
        if sum(entry.height(large) + large.px(GAP) for entry in entries) <= rect.height():
            return large
    return style


def _paint_findings(p: QPainter, rect: QRectF, findings: Sequence[Finding], style: Style) -> float:
    """List ``findings``, or how many more there are than fit, and return where they end."""
    left, width, top = rect.left() + style.px(INDENT), rect.width() - style.px(INDENT), rect.top()
    title = text_height(style, size=TEXT_TITLE)
    for number, finding in enumerate(findings):
        entry = _entry(finding, width, style)
        if top + entry.height(style) > rect.bottom():  # its title says most
            entry = replace(entry, lines=[], heights=[])
        if top + entry.height(style) + (title if number < len(findings) - 1 else 0.0) > rect.bottom():
            more = f"+ {len(findings) - number} more"
            write(p, style, QPointF(left, rect.bottom() - title / 2), more, colour=style.theme.muted)
            return rect.bottom()
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(severity_colour(finding, style.theme)))
        p.drawEllipse(QPointF(rect.left() + style.px(5), top + title / 2), style.px(4), style.px(4))
        for words in entry.heading:
            write(p, style, QPointF(left, top + title / 2), words, colour=style.theme.ink, bold=True, size=TEXT_TITLE)
            top += title
        colours = (style.theme.ink, style.theme.muted)
        for line, height, colour in zip(entry.lines, entry.heights, colours, strict=False):
            p.setFont(label_font(style))
            p.setPen(QColor(colour))
            p.drawText(QRectF(left, top, width + 2.0, height + 2.0), WRAPPED, line)
            top += height
        top += style.px(GAP)
    return top
