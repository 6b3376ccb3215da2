"""The slides of a deck before they are written."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from core.training.origins.origin import Origin
from playground.export.deck.design import Box
from playground.export.display_list import DisplayList
from playground.export.hidden_view import Look
from playground.widgets.figure import Chart, Table

SIDE_BY_SIDE: Final = "-side-by-side"
"""End of the key of a figure of two runs side by side."""

ABOVE: Final = 330_000
"""Height of the words above one of several figures in EMU: two lines if they are smaller."""

BELOW: Final = 480_000
"""Height of the words below one of several figures in EMU."""


class Panel(Struct, frozen=True, eq=False):
    """One figure on a slide, recorded in the GUI thread.

    Attributes:
        key: key of the figure.
        content: an editable chart or table, or the paint commands of a picture.
        look: the look of the picture.
        box: where it is.
        description: alternative text.
        origin: what it shows; ``None`` for nothing.
        is_moment: whether it shows a moment that is over.
        beside: what other moments show whose values its axes cover, too.
        heading: what is written above it; may be empty.
        differences: what is written below it; may be empty.
        span: left and width of the words above and below it, in EMU.
    """

    key: str
    content: Chart | Table | DisplayList
    look: Look
    box: Box
    description: str
    origin: Origin | None = None
    is_moment: bool = False
    beside: tuple[Origin, ...] = ()
    heading: str = ""
    differences: str = ""
    span: tuple[int, int] = (0, 0)


class DeckSlide(Struct, frozen=True, eq=False):
    """One slide, recorded in the GUI thread.

    Attributes:
        title: the finding, or the name, as the user may have edited it.
        subtitle: the name with its note; may be empty.
        usual: title and subtitle as the figure gave them.
        caption: what is compared, and the run; may be empty.
        is_captioned: whether the run is part of the caption.
        panels: the figures.
        recipe: the run, for the notes; may be empty.
    """

    title: str
    subtitle: str
    usual: tuple[str, str]
    caption: str
    is_captioned: bool
    panels: tuple[Panel, ...]
    recipe: str = ""
