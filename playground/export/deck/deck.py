"""A PowerPoint deck: one slide for each figure, with its finding as the title and the run as the notes.

Figures that can be are charts and tables that can be edited in PowerPoint, the others pictures that are sharp at 4K. Each
slide keeps the runs that it shows, so that opening the deck restores them and *Refresh deck* draws its figures again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from core.training.origins.origin import Origin
from playground.export.deck.content import DeckSlide, Panel
from playground.export.deck.design import INCH, Box, Design, own_design, template_design
from playground.export.display_list import DisplayList
from playground.export.frame import usual_words
from playground.export.hidden_view import MAX_PIXELS, SIDES, Look, record_picture
from playground.export.renamed import RenamedFigure
from playground.export.xml_text import xml_chart, xml_table, xml_text
from playground.style.theme import LIGHT, TEXT_LABEL, Theme
from playground.widgets.figure import Chart, Charted, Figure, Table

SHARPNESS: Final = 288
"""Pixels per inch of pictures: a slide of 13.3 inches has 3840."""

LABEL_SIZE: Final = 16
"""Size of labels in points, as of subtitles and captions: 32 pixels on a slide of 1920 × 1080."""

MIN_WIDTH: Final = 330
"""Width of a picture, relative to labels of ``TEXT_LABEL``, below which they are not enlarged."""

MAX_TEXT_SCALE: Final = 1.4


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
        origin: the run, which the notes describe and the slides keep; ``None`` for nothing.
        caption: what is written below each figure; may be empty.
        theme: colours of pictures and charts.
        template: a deck whose layouts and master are used; its slides are kept, and the new ones follow.

    Raises:
        PlaygroundError: the template cannot be used.
    """
    design = own_design() if template is None else template_design(template)
    slides = [deck_slide(figure, origin, caption, theme, design) for figure in figures]
    return prepare_slides(slides, design, theme)


def prepare_slides(slides: Sequence[DeckSlide], design: Design, theme: Theme) -> Callable[[], bytes]:
    """Return a function that builds a deck of ``slides`` on any thread."""

    def build() -> bytes:
        from playground.export.deck.slides import built_deck  # imported late: only needed for decks

        return built_deck(slides, design, theme)

    return build


def deck_slide(figure: Figure, origin: Origin | None, caption: str, theme: Theme, design: Design) -> DeckSlide:
    """Record ``figure`` as a separate slide."""
    original = figure.original if isinstance(figure, RenamedFigure) else figure
    title, subtitle = words_of(figure)
    panel = panel_of(original, design.body, theme, origin, description=" – ".join(filter(None, (title, subtitle))))
    below = xml_text(" · ".join(filter(None, (figure.figure_text().differences, caption))))
    recipe = origin.recipe if origin is not None and origin.recipe not in below else ""
    return DeckSlide(title, subtitle, words_of(original), below, bool(caption), (panel,), xml_text(recipe))


def words_of(figure: Figure) -> tuple[str, str]:
    """Return title and subtitle of the slide of ``figure``."""
    title, subtitle = usual_words(figure.figure_text())
    return xml_text(title), xml_text(subtitle)


def panel_of(
    figure: Figure, box: Box, theme: Theme, origin: Origin | None, *, description: str, as_picture: bool = False
) -> Panel:
    """Record ``figure`` for ``box``, as a chart or table if it has one, unless it must be a picture."""
    look = look_for(box, theme)
    content: Chart | Table | DisplayList | None = None
    if isinstance(figure, Charted) and not as_picture:
        content = figure.figure_chart(look.style)
        if isinstance(content, Chart):
            content = xml_chart(content) if _can_be_drawn(content) else None
        elif isinstance(content, Table):
            content = xml_table(content)
    return Panel(figure.figure_key, content or record_picture(figure, look), look, box, description, origin)


def look_for(box: Box, theme: Theme) -> Look:
    """Return the look of a picture that fills ``box``."""
    width, height = max(box[2], 1), max(box[3], 1)
    sharpness = min(SHARPNESS, INCH * (MAX_PIXELS / (width * height)) ** 0.5)
    low, high = SIDES
    size = (round(width / INCH * sharpness), round(height / INCH * sharpness))
    look = Look((min(max(size[0], low), high), min(max(size[1], low), high)), theme, titled=False)
    return replace(look, text_scale=_text_scale(look, sharpness))


def _text_scale(look: Look, sharpness: float) -> float:
    """Return the factor that gives labels the size of the slide's own text, as far as they fit into the picture.

    Args:
        look: the look of the picture, whose labels are in proportion to it.
        sharpness: pixels per inch.
    """
    own = look.style.scale
    wanted = min(LABEL_SIZE / 72 * sharpness / TEXT_LABEL, look.size[0] / MIN_WIDTH)
    return min(max(wanted / own, 1.0), MAX_TEXT_SCALE)


def _can_be_drawn(chart: Chart) -> bool:
    """Return whether ``chart`` has a value that a program can draw; without any, it would be rejected."""
    return any(math.isfinite(value) and (value > 0 or not chart.log) for each in chart.series for value in each.values)
