"""What is written around an exported picture: the finding as its title, its name below, and a caption at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from playground.plotting.canvas.captions import is_whole, wrapped, wrapped_items
from playground.plotting.drawing.pencil import text_height, write
from playground.style.theme import Style
from playground.widgets.figure import FigureText

TITLE: Final = 15.2
"""Size of the title at scale 1, for labels of 11: 44 pixels on a slide whose labels have 32."""

SMALLER_TITLES: Final = (13.2, 11.5)
"""Sizes of titles that are longer than there is room for; the body has 11."""

EDGE: Final = 14.0
MAX_LINES: Final = 2
"""Maximum number of lines of title and caption."""

MAX_TALL_LINES: Final = 4
"""The same in a picture that is at least as high as wide."""


class Frame(Struct, frozen=True):
    """Text above and below a picture.

    Attributes:
        title: lines at the top, large.
        subtitle: the lines below them; may be empty.
        below: lines at the foot.
        style: colours and scale.
        size: width and height of the whole picture in pixels.
        title_size: size of the title at scale 1.
    """

    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    below: tuple[str, ...]
    style: Style
    size: tuple[int, int]
    title_size: float = TITLE

    @property
    def inner(self) -> QRect:
        """The rectangle between the texts."""
        width, height = self.size
        above, below = round(self._above), round(self._below)
        return QRect(0, above, width, max(height - above - below, 1))

    @property
    def _above(self) -> float:
        style = self.style
        if not self.title and not self.subtitle:
            return style.px(4)
        lines = len(self.title) * text_height(style, size=self.title_size) + len(self.subtitle) * text_height(style)
        return style.px(EDGE) + lines

    @property
    def _below(self) -> float:
        lines = len(self.below)
        return lines * text_height(self.style) + self.style.px(9 if lines else 4)

    def paint(self, p: QPainter) -> None:
        """Draw the texts."""
        style, theme = self.style, self.style.theme
        edge, y = style.px(EDGE), style.px(8)
        for line in self.title:
            height = text_height(style, size=self.title_size)
            write(p, style, QPointF(edge, y + height / 2), line, colour=theme.ink, bold=True, size=self.title_size)
            y += height
        height = text_height(style)
        for line in self.subtitle:
            write(p, style, QPointF(edge, y + height / 2), line, colour=theme.muted)
            y += height
        y = self.size[1] - style.px(7) - height / 2
        for line in reversed(self.below):
            write(p, style, QPointF(edge, y), line, colour=theme.muted)
            y -= height


def usual_words(text: FigureText) -> tuple[str, str]:
    """Return title and subtitle: the finding and the name with its note; without a finding, the name is the title."""
    heading, names = (text.finding, [text.name, text.note]) if text.finding else (text.name, [text.note])
    return heading, " · ".join(filter(None, names))


def frame_of(text: FigureText, style: Style, size: tuple[int, int], caption: str, *, titled: bool) -> Frame:
    """Return the frame of a picture.

    Args:
        text: what the figure says about itself.
        style: colours and scale.
        size: width and height of the whole picture in pixels.
        caption: what is written at the foot; may be empty.
        titled: whether there is a title.
    """
    room = size[0] - 2 * style.px(EDGE)
    max_lines = MAX_LINES if size[0] > size[1] else MAX_TALL_LINES
    below = [
        *wrapped_items(style, text.differences, room, max_lines),
        *wrapped(style, caption, room, max_lines=max_lines),
    ]
    if not titled:
        return Frame((), (), tuple(below), style, size)
    title, subtitle = usual_words(text)
    titles = (title, *text.briefer) if text.finding else (title,)
    lines, title_size = _title_lines(titles, style, room, max_lines)
    names = wrapped(style, subtitle, room, max_lines=MAX_LINES)
    return Frame(tuple(lines), tuple(names), tuple(below), style, size, title_size)


def _title_lines(titles: Sequence[str], style: Style, room: float, max_lines: int) -> tuple[list[str], float]:
    """Return the lines of the longest of ``titles`` that fits, and their size: smaller rather than without its end."""
    lines: list[str] = []
    for more, size in enumerate((TITLE, *SMALLER_TITLES)):
        for title in filter(None, titles):
            lines = wrapped(style, title, room, size=size, bold=True, max_lines=max_lines + more)
            if is_whole(title, lines):
                return lines, size
    return lines, SMALLER_TITLES[-1]
