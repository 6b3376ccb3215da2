"""Find the figures of a slide again after a program dropped what the app kept in it and on its notes page.

The names of shapes, the origins in pictures, and the speaker notes are left. The notes say which texts were not edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from core.errors import PlaygroundError
from core.training.origins.picture_origin import find
from playground.export.deck.native_charts import row_names
from playground.export.deck.parts import SHAPE, ShownFigure, SlideData, Written
from playground.export.deck.plan import is_picture, shapes_of
from playground.export.deck.slides import CAPTION, SUBTITLE, notes_text
from playground.style.theme import THEMES
from playground.widgets.figure import Chart, Table

if TYPE_CHECKING:
    from pptx.slide import Slide

_NAME: Final = re.compile(rf"{re.escape(SHAPE)}: (\S+)(?: \d+)?")


def recovered(slide: Slide) -> SlideData | None:
    """Return what is known of a ``slide`` without the app's own data; ``None`` if it has no figure of the app.

    Figures that stand beside others are moments of a storyboard. A picture without an origin may be another one.
    """
    shapes = list(shapes_of(slide.shapes))
    found = [
        (shape.name, match[1]) for shape in shapes if _has_figure(shape) and (match := _NAME.fullmatch(shape.name))
    ]
    if not found:
        return None
    figures = tuple(ShownFigure(name, key, is_moment=len(found) > 1) for name, key in found)
    texts = {shape.name: shape.text_frame.text for shape in shapes if shape.has_text_frame}
    title = slide.shapes.title.text_frame.text if slide.shapes.title is not None else ""
    subtitle, caption = texts.get(SUBTITLE, ""), texts.get(CAPTION, "")
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    notes, words = "" if frame is None else frame.text, notes_text(title, subtitle, caption, "")
    theme = _theme_of(slide)
    if not notes.startswith(words):  # a text was edited
        return SlideData(figures, theme=theme, is_captioned=bool(caption))
    is_captioned = bool(caption) and notes == words
    return SlideData(figures, title, subtitle, caption, notes, theme, is_captioned)


def written_before(native: Any, content: object) -> Written | None:  # noqa: ANN401 - untyped library
    """Return what the app wrote in a chart or table, as far as the new ``content`` tells; ``None`` for a picture.

    Series of other names are the user's.

    Raises:
        PlaygroundError: nothing in it has a name of the new figure.
    """
    match content:
        case Chart():
            here = {series.name for series in native.chart.series}
            names = tuple(series.name for series in (*content.series, *content.lines) if series.name in here)
            if names:
                return Written(names)
        case Table():
            rows = tuple(row.cells[0].text for row in native.table.rows)
            columns = tuple(cell.text for cell in native.table.rows[0].cells)
            if rows[1:] == row_names(content)[1:] and columns[1:] == tuple(content.columns)[1:]:
                return Written(row_names(content), tuple(content.columns))
        case _:
            return None
    raise PlaygroundError("its chart or table is of other data, and what the app wrote is lost")


def _has_figure(shape: Any) -> bool:  # noqa: ANN401 - untyped library
    if is_picture(shape):
        return find(shape.image.blob) is not None
    return bool(getattr(shape, "has_chart", False) or getattr(shape, "has_table", False))


def _theme_of(slide: Slide) -> str:
    """Return the theme whose background the slide has; by default the light one."""
    colours = {str(each).upper() for each in _backgrounds(slide)}
    return next((name for name, theme in THEMES.items() if theme.panel.lstrip("#").upper() in colours), "light")


def _backgrounds(slide: Slide) -> Iterator[str]:
    yield from slide._element.xpath("./p:cSld/p:bg/p:bgPr/a:solidFill/a:srgbClr/@val")
