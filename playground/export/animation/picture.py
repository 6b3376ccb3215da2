"""One frame of an animation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from core.experiment import Experiment
from core.experiment.epoch_text import epoch_text
from playground.export.animation.job import Tile
from playground.export.animation.window_picture import window_image
from playground.export.hidden_view import Look, image_of
from playground.export.renamed import RenamedFigure
from playground.widgets.figure import Figure

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot


def frame_image(figures: Sequence[tuple[Tile, Figure]], look: Look, snapshot: Snapshot) -> QImage:
    """Return the frame that shows ``snapshot``: a single figure, or several at their places in a window.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    if len(figures) == 1:
        return image_of(with_epoch(figures[0][1], snapshot), look)
    named = [(tile, _with_finding(figure)) for tile, figure in figures]
    epoch = f"epoch {epoch_text(snapshot.epoch)}"
    name = snapshot.experiment.name
    return window_image(named, look, epoch.capitalize() if name == Experiment().name else f"{name} · {epoch}")


def with_epoch(figure: Figure, snapshot: Snapshot) -> Figure:
    """Return ``figure`` under a title that does not change, because one of another height would move the picture."""
    text = figure.figure_text()
    parts = (f"epoch {epoch_text(snapshot.epoch)}", text.finding or text.note)
    return RenamedFigure(figure, text.name, " · ".join(filter(None, parts)))


def _with_finding(figure: Figure) -> Figure:
    text = figure.figure_text()
    return RenamedFigure(figure, text.name, text.finding or text.note or " ")
