"""A figure recorded once, from which its pictures are built on any thread."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtGui import QImage

from playground.export.display_list import DisplayList
from playground.export.hidden_view import Look, export_mode, hidden_view, play_picture, record
from playground.export.raster import png_of
from playground.export.vector import svg_of, use_single_lines
from playground.widgets.figure import Figure


class RecordedFigure(Struct, frozen=True):
    """The paint commands of a figure.

    Attributes:
        title: title of the figure.
        look: size and appearance of its pictures.
        pixels: commands for an image.
        lines: commands for a vector picture.
    """

    title: str
    look: Look
    pixels: DisplayList
    lines: DisplayList

    def image(self) -> QImage:
        """Return an image of ``look.size`` pixels, whatever the scale of the screen.

        Raises:
            PlaygroundError: there is not enough memory for it.
        """
        return play_picture(self.pixels, self.look)

    def png(self) -> bytes:
        """Return the content of a PNG file.

        Raises:
            PlaygroundError: there is not enough memory for it.
        """
        return png_of(self.image(), self.title, self.look.origin)

    def svg(self) -> bytes:
        """Return the content of an SVG file."""
        return svg_of(self.lines, self.title, self.look)


def record_figure(figure: Figure, look: Look) -> RecordedFigure:
    """Record ``figure``; only this needs the GUI thread.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    with hidden_view(figure, look) as view, export_mode(view, look.background):
        frame = look.frame(figure)
        pixels = record(view, frame)
        use_single_lines(view)
        lines = record(view, frame)
    if look.for_svg() != look:
        with hidden_view(figure, look.for_svg()) as view, export_mode(view, look.background):
            use_single_lines(view)
            lines = record(view, look.for_svg().frame(figure))
    return RecordedFigure(figure.figure_title, look, pixels, lines)
