"""The formats that pictures are exported in: one entry each.

Reading this file needs no Qt, so that the command line can list the formats without it; each writer imports what it needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playground.export.hidden_view import Look
    from playground.widgets.figure import Figure

Format: TypeAlias = str
"""Key in ``FORMATS``: a file's suffix without the dot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFormat:
    """One format.

    Attributes:
        key: the suffix without the dot.
        label: its text in menus.
        write: returns the file's content.
        is_table: whether it holds the data behind the picture, for which size and theme do not count.
        clipboard_type: under which MIME type the content goes to the clipboard beside the picture; empty: it does not.
    """

    key: Format
    label: str
    write: Callable[[Figure, Look], bytes]
    is_table: bool = False
    clipboard_type: str = ""


def _png(figure: Figure, look: Look) -> bytes:
    from playground.export.hidden_view import image_of
    from playground.export.raster import png_of

    return png_of(image_of(figure, look), figure.figure_title)


def _svg(figure: Figure, look: Look) -> bytes:
    from playground.export.vector import svg_of

    return svg_of(figure, look)


def _pdf(figure: Figure, look: Look) -> bytes:
    from playground.export.vector import pdf_of

    return pdf_of(figure, look)


def _csv(figure: Figure, _look: Look) -> bytes:
    from playground.export.tables import csv_of

    return csv_of(figure)


def _table_of(*formats: FigureFormat) -> Mapping[Format, FigureFormat]:
    return MappingProxyType({each.key: each for each in formats})


FORMATS: Final[Mapping[Format, FigureFormat]] = _table_of(
    FigureFormat(key="png", label="PNG · picture", write=_png),
    FigureFormat(key="svg", label="SVG · vector picture", write=_svg, clipboard_type="image/svg+xml"),
    FigureFormat(key="pdf", label="PDF · vector page", write=_pdf),
    FigureFormat(key="csv", label="CSV · the data behind it", write=_csv, is_table=True, clipboard_type="text/csv"),
)
"""Every format by key, in menu order."""
