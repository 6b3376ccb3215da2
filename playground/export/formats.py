"""The registry of export formats.

This module does not import Qt, so that the command line can list the formats without it; each writer imports it lazily.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playground.export.hidden_view import Look
    from playground.widgets.figure import Figure

Content: TypeAlias = "Callable[[], bytes]"
"""Builds the content of a file, on any thread."""

Format: TypeAlias = str
"""Key in ``FORMATS``: a file suffix without the dot."""


def _accepts_any(_figure: Figure) -> bool:
    return True


class FigureFormat(Struct, frozen=True, kw_only=True):
    """One export format.

    Attributes:
        key: the suffix without the dot.
        label: text in menus.
        alias: another name on the command line; empty for none.
        prepare: does the part that needs the GUI thread, and returns a function that builds the content on any thread.
        is_table: whether the file contains the figure's data, to which size and theme do not apply.
        text: returns the text that is put on the clipboard for data; ``None`` for a picture.
        accepts: returns whether a figure can be written in this format.
        combine: like ``prepare``, for several figures in one file; ``None`` if each has its own file.
        takes_template: whether the user's own template gives the design.
        clipboard_type: MIME type under which the content is also put on the clipboard; empty for none.
    """

    key: Format
    label: str
    prepare: Callable[[Figure, Look], Content]
    alias: str = ""
    is_table: bool = False
    clipboard_type: str = ""
    text: Callable[[Figure], str] | None = None
    accepts: Callable[[Figure], bool] = _accepts_any
    combine: Callable[[Sequence[Figure], Look], Content] | None = None
    takes_template: bool = False

    def write(self, figure: Figure, look: Look) -> bytes:
        """Return the file's content."""
        return self.prepare(figure, look)()


def _png(figure: Figure, look: Look) -> Content:
    from playground.export.hidden_view import play_picture, record_picture
    from playground.export.raster import png_of

    picture, title = record_picture(figure, look), figure.figure_title
    return lambda: png_of(play_picture(picture, look), title, look.origin)


def _svg(figure: Figure, look: Look) -> Content:
    from playground.export.vector import prepare_svg

    return prepare_svg(figure, look)


def _pdf(figure: Figure, look: Look) -> Content:
    from playground.export.vector import prepare_pdf

    return prepare_pdf(figure, look)


def _deck(figures: Sequence[Figure], look: Look) -> Content:
    from playground.export.deck.deck import prepare_deck

    return prepare_deck(figures, look.origin, theme=look.theme, caption=look.caption, template=look.template)


def _tex(figure: Figure, look: Look) -> Content:
    from playground.export.latex.tikz import prepare_tikz

    return prepare_tikz(figure, look)


def _accepts_script(figure: Figure) -> bool:
    from playground.export.scripts import accepts

    return accepts(figure)


def _script_text(figure: Figure) -> str:
    from playground.export.scripts import script_of

    return script_of(figure)


def _script(figure: Figure, _look: Look) -> Content:
    text = _script_text(figure)
    return text.encode


def _tabbed(figure: Figure) -> str:
    from playground.export.tables import tabbed_text

    return tabbed_text(figure.figure_table())


def _csv(figure: Figure, _look: Look) -> Content:
    from playground.export.tables import csv_text

    table = figure.figure_table()
    return lambda: csv_text(table).encode()


def _table_of(*formats: FigureFormat) -> Mapping[Format, FigureFormat]:
    return MappingProxyType({each.key: each for each in formats})


FORMATS: Final[Mapping[Format, FigureFormat]] = _table_of(
    FigureFormat(key="png", label="PNG · picture", prepare=_png),
    FigureFormat(key="svg", label="SVG · vector picture", prepare=_svg, clipboard_type="image/svg+xml"),
    FigureFormat(key="pdf", label="PDF · vector page", prepare=_pdf),
    FigureFormat(
        key="pptx",
        label="PowerPoint · slides",
        prepare=lambda figure, look: _deck([figure], look),
        combine=_deck,
        takes_template=True,
    ),
    FigureFormat(key="tex", alias="tikz", label="LaTeX · pgfplots and TikZ", prepare=_tex),
    FigureFormat(key="csv", label="CSV · data", prepare=_csv, is_table=True, clipboard_type="text/csv", text=_tabbed),
    FigureFormat(
        key="py",
        label="Python · the script of the code",
        prepare=_script,
        accepts=_accepts_script,
        is_table=True,
        clipboard_type="text/x-python",
        text=_script_text,
    ),
)
"""Every format by key, in menu order."""
