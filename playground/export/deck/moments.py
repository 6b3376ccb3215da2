"""Pictures of moments of a run on axes that they have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from playground.export.deck.content import Panel
from playground.export.deck.deck import look_for
from playground.export.hidden_view import Look, record_picture
from playground.widgets.figure import Alignable, Figure

if TYPE_CHECKING:
    from core.training.origins.origin import Origin
    from playground.export.deck.design import Box
    from playground.style.theme import Theme

CELL: Final = (1280, 960)
"""Size in pixels at which each picture is recorded."""

TEXT_SCALE: Final = 1.25
"""Factor on text and lines of a picture, which is shown at a third of a slide."""


def cell_look(theme: Theme) -> Look:
    """Return the look of each picture."""
    return Look(CELL, theme, titled=False, text_scale=TEXT_SCALE)


def shown_in(figure: Figure | None) -> object | None:
    """Return what :func:`beside` needs of ``figure`` at another moment; ``None`` if its axes never change."""
    return figure.figure_data() if figure is not None and isinstance(figure, Alignable) else None


def beside(figure: Figure, others: Iterable[object | None]) -> Figure:
    """Return ``figure`` on axes that also cover what it shows at the ``other`` moments, so that a reader can compare."""
    known = [each for each in others if each is not None]
    return figure.aligned(known) if known and isinstance(figure, Alignable) else figure


def moment_panel(figure: Figure, box: Box, theme: Theme, origin: Origin, description: str) -> Panel:
    """Return a new picture of a moment for ``box``, at least as sharp as at first, with text in the same proportion."""
    sharp = look_for(box, theme).size
    larger = max(CELL[0] / sharp[0], CELL[1] / sharp[1], 1.0)
    look = replace(cell_look(theme), size=(round(sharp[0] * larger), round(sharp[1] * larger)))
    return Panel(figure.figure_key, record_picture(figure, look), look, box, description, origin, is_moment=True)
