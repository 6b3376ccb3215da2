"""Draw the findings as a list, for exported figures."""

from __future__ import annotations

from typing import Final

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
        left, width = rect.left() + style.px(INDENT), rect.width() - style.px(INDENT)
        top, metrics = rect.top(), QFontMetricsF(label_font(style))
        for finding in data.findings:
            lines = [finding.evidence] if finding.cure is None else [finding.evidence, f"Cure: {finding.cure.label}"]
            heights = [metrics.boundingRect(QRectF(0, 0, width, 1e6), WRAPPED, line).height() for line in lines]
            heading = wrapped(style, finding.title, width, size=TEXT_TITLE, bold=True, max_lines=MAX_HEADING)
            title = text_height(style, size=TEXT_TITLE)
            if top + len(heading) * title + sum(heights) > rect.bottom():
                more = len(data.findings) - data.findings.index(finding)
                write(p, style, QPointF(left, rect.bottom() - title / 2), f"+ {more} more", colour=style.theme.muted)
                return
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(severity_colour(finding, style.theme)))
            p.drawEllipse(QPointF(rect.left() + style.px(5), top + title / 2), style.px(4), style.px(4))
            for words in heading:
                at = QPointF(left, top + title / 2)
                write(p, style, at, words, colour=style.theme.ink, bold=True, size=TEXT_TITLE)
                top += title
            for line, height, colour in zip(lines, heights, (style.theme.ink, style.theme.muted), strict=False):
                p.setFont(label_font(style))
                p.setPen(QColor(colour))
                p.drawText(QRectF(left, top, width + 2.0, height + 2.0), WRAPPED, line)
                top += height
            top += style.px(GAP)
