"""A PowerPoint deck: one slide for each figure, with its finding as the title and the run as the notes.

Figures that can be are charts and tables that can be edited in PowerPoint, the others pictures that are sharp at 4K.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from PySide6.QtGui import QImage

from core.errors import PlaygroundError
from core.training.origin import Origin
from core.training.picture_origin import png_with_origin
from playground.export.display_list import DisplayList
from playground.export.frame import usual_words
from playground.export.hidden_view import Look, play_picture, record_picture
from playground.export.raster import png_of
from playground.style.theme import LIGHT, Theme
from playground.widgets.figure import Chart, Charted, Figure, Table

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide, SlideLayout

WIDTH: Final = 12_192_000
HEIGHT: Final = 6_858_000
"""Size of a 16:9 slide in EMU, 914 400 to the inch."""

INCH: Final = 914_400
EDGE: Final = 0.5
TITLE_TOP: Final = 0.3
TITLE_HEIGHT: Final = 0.85
SUBTITLE_HEIGHT: Final = 0.4
CAPTION_HEIGHT: Final = 0.4
SHARPNESS: Final = 288
"""Pixels per inch of pictures: a slide of 13.3 inches has 3840."""


class DeckSlide(Struct, frozen=True, eq=False):
    """One slide, recorded in the GUI thread.

    Attributes:
        title: the finding, or the name.
        subtitle: the name with its note; may be empty.
        caption: what is compared, and the run; may be empty.
        content: an editable chart or table, or the paint commands of a picture.
        look: the look of the picture.
    """

    title: str
    subtitle: str
    caption: str
    content: Chart | Table | DisplayList
    look: Look


def prepare_deck(
    figures: Sequence[Figure],
    origin: Origin | None,
    *,
    caption: str = "",
    theme: Theme = LIGHT,
    template: Path | None = None,
) -> Callable[[], bytes]:
    """Record ``figures``, and return a function that builds the deck on any thread.

    Args:
        figures: the figures, one for each slide.
        origin: the run, which the notes describe and the pictures keep; ``None`` for nothing.
        caption: what is written below each figure; may be empty.
        theme: colours of pictures and charts.
        template: a deck whose layouts and master are used; its slides are kept, and the new ones follow.

    Raises:
        PlaygroundError: the returned function raises it if the template cannot be used.
    """
    slides = [_slide_of(figure, caption, theme) for figure in figures]
    return lambda: _deck(slides, origin, theme, template)


def _slide_of(figure: Figure, caption: str, theme: Theme) -> DeckSlide:
    _left, _top, width, height = _body()
    size = (round(width / INCH * SHARPNESS), round(height / INCH * SHARPNESS))
    look = Look(size, theme, titled=False)
    content: Chart | Table | DisplayList | None = None
    if isinstance(figure, Charted):
        content = figure.figure_chart(look.style)
    if content is None:
        content = record_picture(figure, look)
    text = figure.figure_text()
    title, subtitle = usual_words(text)
    below = " · ".join(filter(None, (text.differences, caption)))
    return DeckSlide(title, subtitle, below, content, look)


def _body() -> tuple[int, int, int, int]:
    """Return left, top, width and height of the space between subtitle and caption, in EMU."""
    top = round((TITLE_TOP + TITLE_HEIGHT + SUBTITLE_HEIGHT) * INCH)
    edge = round(EDGE * INCH)
    return edge, top, WIDTH - 2 * edge, HEIGHT - top - round((CAPTION_HEIGHT + 0.2) * INCH)


def _deck(slides: Sequence[DeckSlide], origin: Origin | None, theme: Theme, template: Path | None) -> bytes:
    deck = _opened(template)
    layout = _layout(deck)
    across, down = int(deck.slide_width or WIDTH) / WIDTH, int(deck.slide_height or HEIGHT) / HEIGHT
    for slide in slides:
        _add(deck.slides.add_slide(layout), slide, origin, theme, (across, down), own_design=template is None)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _opened(template: Path | None) -> Presentation:
    import pptx

    if template is None:
        deck = pptx.Presentation()
        deck.slide_width, deck.slide_height = WIDTH, HEIGHT
        return deck
    try:
        return pptx.Presentation(str(template))
    except OSError as error:
        raise PlaygroundError(f"{template}: cannot be read ({error.strerror or error})") from None
    except Exception as error:  # noqa: BLE001 - the library raises whatever a damaged file makes its parts raise
        raise PlaygroundError(f"{template}: not a PowerPoint file ({error})") from None


def _layout(deck: Presentation) -> SlideLayout:
    """Return the layout with a title and as little else as possible."""
    titled = [layout for layout in deck.slide_layouts if any(_is_title(each) for each in layout.placeholders)]
    if not titled:
        raise PlaygroundError("The template has no layout with a title.")
    return min(titled, key=lambda layout: len(layout.placeholders))


def _is_title(placeholder: Any) -> bool:  # noqa: ANN401 - untyped library
    from pptx.enum.shapes import PP_PLACEHOLDER

    return placeholder.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


def _add(
    page: Slide, slide: DeckSlide, origin: Origin | None, theme: Theme, scale: tuple[float, float], *, own_design: bool
) -> None:
    from pptx.util import Pt

    from playground.export.native_charts import add_chart, add_table

    def box(left: float, top: float, width: float, height: float) -> tuple[int, int, int, int]:
        across, down = scale
        return round(left * across), round(top * down), round(width * across), round(height * down)

    left, top, width, height = _body()
    if page.shapes.title is not None:
        page.shapes.title.text_frame.text = slide.title
        if own_design:
            place = box(left, TITLE_TOP * INCH, width, TITLE_HEIGHT * INCH)
            shape = page.shapes.title
            shape.left, shape.top, shape.width, shape.height = place
            shape.text_frame.word_wrap = True
            _format(shape, Pt(24), theme.ink, bold=True)
    if slide.subtitle:
        _write(page, slide.subtitle, box(left, (TITLE_TOP + TITLE_HEIGHT) * INCH, width, SUBTITLE_HEIGHT * INCH), theme)
    if slide.caption:
        _write(
            page, slide.caption, box(left, HEIGHT - (CAPTION_HEIGHT + 0.1) * INCH, width, CAPTION_HEIGHT * INCH), theme
        )
    body = box(left, top, width, height)
    match slide.content:
        case Chart():
            shape = add_chart(page.shapes, slide.content, body, theme)
        case Table():
            shape = add_table(page.shapes, slide.content, body)
        case _:
            shape = _add_picture(page, slide, play_picture(slide.content, slide.look), body, origin)
    _describe(shape, " – ".join(filter(None, (slide.title, slide.subtitle))))
    notes = page.notes_slide.notes_text_frame
    if notes is not None:
        recipe = origin.recipe if origin is not None and origin.recipe not in slide.caption else ""
        notes.text = "\n".join(filter(None, (f"{slide.title}.", slide.subtitle, slide.caption, recipe)))


def _add_picture(
    page: Slide, slide: DeckSlide, image: QImage, body: tuple[int, int, int, int], origin: Origin | None
) -> Any:  # noqa: ANN401 - untyped library
    content = png_of(image, slide.title)
    if origin is not None:
        content = png_with_origin(content, origin)
    left, top, width, height = body
    return page.shapes.add_picture(io.BytesIO(content), left, top, width, height)


def _write(page: Slide, text: str, box: tuple[int, int, int, int], theme: Theme) -> None:
    from pptx.util import Pt

    frame = page.shapes.add_textbox(*box)
    frame.text_frame.text = text
    frame.text_frame.word_wrap = True
    _format(frame, Pt(14), theme.muted)


def _format(shape: Any, size: int, colour: str, *, bold: bool = False) -> None:  # noqa: ANN401 - untyped library
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN

    for paragraph in shape.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold = size, bold
            run.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())


def _describe(shape: Any, text: str) -> None:  # noqa: ANN401 - untyped library
    """Set the alternative text of ``shape``."""
    shape._element._nvXxPr.cNvPr.set("descr", text)
