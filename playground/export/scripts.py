"""Write the script of a figure of source code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import PlaygroundError
from playground.export.renamed import RenamedFigure
from playground.widgets.figure import Scripted

if TYPE_CHECKING:
    from playground.widgets.figure import Figure


def accepts(figure: Figure) -> bool:
    """Return whether ``figure`` shows source code."""
    return _scripted(figure) is not None


def script_of(figure: Figure) -> str:
    """Return the script that ``figure`` shows.

    Raises:
        PlaygroundError: it shows something else, or the script needs a file with samples beside it.
    """
    scripted = _scripted(figure)
    if scripted is None:
        raise PlaygroundError(f"{figure.figure_title}: only the picture of the code can be saved as a script")
    return scripted.figure_script()


def _scripted(figure: Figure) -> Scripted | None:
    shown: object = figure.original if isinstance(figure, RenamedFigure) else figure
    return shown if isinstance(shown, Scripted) else None
