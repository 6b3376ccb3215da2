"""Write the slides of a deck."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from core.training.origins.origin import encode as encode_origin
from core.training.origins.picture_origin import png_with_origin
from core.training.origins.shown_runs import encode as encode_runs
from playground.export.deck.content import ABOVE, BELOW, SIDE_BY_SIDE, DeckSlide, Panel
from playground.export.deck.design import Box, Design, layout_of
from playground.export.deck.file import content_of
from playground.export.deck.fingerprint import fingerprint
from playground.export.deck.native_charts import add_chart, add_table
from playground.export.deck.parts import SHAPE, ShownFigure, SlideData, Written, attach
from playground.export.deck.written_parts import written_of
from playground.export.hidden_view import play_picture
from playground.export.raster import png_of
from playground.widgets.figure import Chart, Table
from playground.worker.giving_way import give_way

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

    from core.training.origins.origin import Origin
    from playground.style.theme import Theme

TITLE_SIZE: Final = Pt(24)
MIN_TITLE_SIZE: Final = Pt(12)
MIN_TEXT_SIZE: Final = Pt(9)
LETTER: Final = 0.56
"""Mean width of a letter relative to its size: of a title in common fonts."""

BROAD: Final = 0.68
"""The same in broad bold fonts."""

WIDE: Final = 1.0
"""The same of Chinese letters."""

LINE_HEIGHT: Final = 1.2
EDGE: Final = 91_440
"""Distance of text from the left and right side of its shape."""

TEXT_SIZE: Final = Pt(16)
SUBTITLE: Final = f"{SHAPE}: subtitle"
CAPTION: Final = f"{SHAPE}: caption"
SMALL_SIZE: Final = Pt(12)

_NO_DATE: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - the library takes times without a zone


def built_deck(slides: Sequence[DeckSlide], design: Design, theme: Theme) -> bytes:
    """Return the content of a deck of ``slides``; equal slides give equal bytes."""
    deck = design.new_deck()
    if design.is_own:
        _describe_deck(deck, slides)
    layout = layout_of(deck)
    shared: dict[bytes, Any] = {}
    encoded: dict[int, bytes] = {}
    for slide in slides:
        give_way()
        page = deck.slides.add_slide(layout)
        for placeholder in list(page.placeholders):
            if placeholder.placeholder_format.type not in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE):
                placeholder._element.getparent().remove(placeholder._element)
        if design.is_own:
            page.background.fill.solid()
            page.background.fill.fore_color.rgb = RGBColor.from_string(theme.panel.lstrip("#").upper())
        _write_slide(page, slide, design, theme)
        _keep(page, slide, theme, shared, encoded)
    return content_of(deck)


def payload_of(origin: Origin) -> bytes:
    """Return the bytes that a slide keeps of ``origin``: its runs, or its settings and state without any."""
    return encode_origin(origin) if origin.runs is None else encode_runs(origin.runs)


def notes_text(title: str, subtitle: str, caption: str, recipe: str) -> str:
    """Return the speaker notes of a slide."""
    ended = title if title.endswith((".", "!", "?")) else f"{title}."
    return "\n".join(filter(None, (ended, subtitle, caption, recipe)))


def _notes_of(slide: DeckSlide) -> str:
    return notes_text(slide.title, slide.subtitle, slide.caption, slide.recipe)


def picture_of(panel: Panel) -> bytes:
    """Return the PNG file of the picture of ``panel``."""
    if isinstance(panel.content, Chart | Table):
        raise TypeError("a chart or table is not a picture")
    content = png_of(play_picture(panel.content, panel.look), panel.description)
    # The slide keeps the runs.
    return content if panel.origin is None else png_with_origin(content, structs.replace(panel.origin, runs=None))


def describe(shape: Any, text: str) -> None:  # noqa: ANN401 - untyped library
    """Set the alternative text of ``shape``."""
    shape._element._nvXxPr.cNvPr.set("descr", text)


def add_panel(page: Slide, panel: Panel, name: str, theme: Theme, *, is_own: bool) -> None:
    """Add the figure of ``panel`` to ``page`` as a shape called ``name``."""
    match panel.content:
        case Chart():
            shape = add_chart(page.shapes, panel.content, panel.box, theme, is_own=is_own)
        case Table():
            shape = add_table(page.shapes, panel.content, panel.box)
        case _:
            left, top, width, height = panel.box
            shape = page.shapes.add_picture(io.BytesIO(picture_of(panel)), left, top, width, height)
    shape.name = name
    describe(shape, panel.description)


def shape_names(panels: Sequence[Panel]) -> list[str]:
    """Return a name for the shape of each figure, which differ on one slide."""
    if len(panels) == 1:
        return [f"{SHAPE}: {panels[0].key}"]
    return [f"{SHAPE}: {panel.key} {number}" for number, panel in enumerate(panels, start=1)]


def fitting_size(
    text: str,
    shape: Any,  # noqa: ANN401 - untyped library
    usual: int,
    min_size: int = MIN_TITLE_SIZE,
    letter: float = LETTER,
) -> int:
    """Return the largest size in EMU up to ``usual`` at which ``text`` fits into ``shape``, by the usual width of letters."""
    size, wide = int(usual), sum(WIDE if unicodedata.east_asian_width(each) in "WF" else letter for each in text)
    while size > min_size:
        lines = -(-wide * size // max(int(shape.width) - 2 * EDGE, 1))
        if lines * size * LINE_HEIGHT <= int(shape.height):
            break
        size -= int(Pt(1))
    return size


def _title_size(page: Slide) -> int:
    """Return the size of titles in the master of ``page``."""
    found = page.slide_layout.slide_master._element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr/@sz")
    return int(Pt(int(found[0]) / 100)) if found else int(Pt(44))


def _describe_deck(deck: Presentation, slides: Sequence[DeckSlide]) -> None:
    properties = deck.core_properties
    properties.author = properties.last_modified_by = "NN Playground"
    properties.title = slides[0].title[:200] if slides else ""
    properties.created = properties.modified = _NO_DATE


def _write_slide(page: Slide, slide: DeckSlide, design: Design, theme: Theme) -> None:
    title = page.shapes.title
    if title is not None:
        title.text_frame.text = slide.title
        if design.title is not None:
            title.left, title.top, title.width, title.height = design.title
        if design.is_own:
            title.text_frame.word_wrap = True
            title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
            _format(title, fitting_size(slide.title, title, TITLE_SIZE), theme.ink, bold=True)
        else:
            usual = _title_size(page)
            size = fitting_size(slide.title, title, usual)
            if size < usual:
                title.text_frame.paragraphs[0].runs[0].font.size = size
    if slide.subtitle:
        _write(page, slide.subtitle, design.subtitle, theme, SUBTITLE, is_own=design.is_own)
    for panel, name in zip(slide.panels, shape_names(slide.panels), strict=True):
        give_way()
        add_panel(page, panel, name, theme, is_own=design.is_own)
        _write_words(page, panel, name, theme, is_own=design.is_own)
    if slide.caption:
        _write_caption(page, slide.caption, design, theme)
    notes = page.notes_slide.notes_text_frame
    if notes is not None:
        notes.text = _notes_of(slide)


def _write_caption(page: Slide, text: str, design: Design, theme: Theme) -> None:
    """Write the caption, which never goes beyond the lower edge of its area: a long one is smaller, and grows upwards."""
    frame = _write(page, text, design.caption, theme, CAPTION, is_own=design.is_own)
    _fit(frame, text, TEXT_SIZE, MSO_ANCHOR.BOTTOM, LETTER)


def _write_words(page: Slide, panel: Panel, name: str, theme: Theme, *, is_own: bool) -> None:
    """Write what is above and below one of several figures; long words are smaller, so that they never reach the figure."""
    (_left, top, _width, height), (left, width) = panel.box, panel.span
    above, below = (left, top - ABOVE, width, ABOVE), (left, top + height, width, BELOW)
    if panel.heading:
        frame = _write(page, panel.heading, above, theme, f"{name} heading", is_own=is_own, bold=True)
        _fit(frame, panel.heading, TEXT_SIZE, MSO_ANCHOR.BOTTOM, BROAD)
    if panel.differences:
        frame = _write(page, panel.differences, below, theme, f"{name} differences", is_own=is_own)
        _fit(frame, panel.differences, SMALL_SIZE, MSO_ANCHOR.TOP, BROAD)


def _fit(frame: Any, text: str, usual: int, anchor: Any, letter: float) -> None:  # noqa: ANN401 - untyped library
    """Make ``text`` so small that it fits into ``frame`` if its letters are ``letter`` as wide as high on average."""
    words = frame.text_frame
    words.margin_top = words.margin_bottom = 0
    words.vertical_anchor = anchor
    words.paragraphs[0].runs[0].font.size = fitting_size(text, frame, usual, MIN_TEXT_SIZE, letter)


def _keep(page: Slide, slide: DeckSlide, theme: Theme, shared: dict[bytes, Any], encoded: dict[int, bytes]) -> None:
    """Keep in ``page`` what its figures show."""
    figures: list[ShownFigure] = []
    runs: list[bytes] = []

    def number_of(origin: Origin) -> int:
        content = encoded[id(origin)] = encoded.get(id(origin)) or payload_of(origin)
        if content not in runs:
            runs.append(content)
        return runs.index(content)

    for panel, name in zip(slide.panels, shape_names(slide.panels), strict=True):
        if panel.origin is None:
            continue
        number, beside = number_of(panel.origin), tuple(map(number_of, panel.beside))
        view = panel.origin.views.get(panel.key.removesuffix(SIDE_BY_SIDE), "")
        written = written_of(panel.content) or _written_picture(page, name)
        figures.append(ShownFigure(name, panel.key, view, number, panel.is_moment, beside, written))
    if figures:
        title, subtitle = slide.usual
        data = SlideData(
            tuple(figures), title, subtitle, slide.caption, _notes_of(slide), theme.name, slide.is_captioned
        )
        attach(page, data, runs, shared)


def _written_picture(page: Slide, name: str) -> Written:
    """Return what the app wrote as the picture called ``name``."""
    return Written(pictures=(fingerprint(next(shape.image.blob for shape in page.shapes if shape.name == name)),))


def _write(
    page: Slide,
    text: str,
    box: Box,
    theme: Theme,
    name: str,
    *,
    is_own: bool,
    bold: bool = False,
    size: int = TEXT_SIZE,
) -> Any:  # noqa: ANN401 - untyped library
    frame = page.shapes.add_textbox(*box)
    frame.name = name
    frame.text_frame.text = text
    frame.text_frame.word_wrap = True
    _format(frame, size, (theme.ink if bold else theme.muted) if is_own else "", bold=bold)
    return frame


def _format(shape: Any, size: int, colour: str, *, bold: bool = False) -> None:  # noqa: ANN401 - untyped library
    for paragraph in shape.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold = size, bold
            if colour:
                run.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
