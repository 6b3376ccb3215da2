"""Train without a window, then export every plot and the network diagram."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QApplication, QWidget

from core.experiment.experiment_file import write_atomically
from core.training.origin import Origin
from core.training.trainer import Trainer
from core.training.training_run import Advance, TrainingRun
from playground.commandline.shown_run import train_shown
from playground.export.export import Format, export_all
from playground.export.origin import origin_of, with_runs
from playground.session import Session
from playground.style.theme import THEMES, Style
from playground.style.theme_names import ThemeName
from playground.widgets.figure import Figure
from playground.widgets.live_card import LiveCard
from playground.window.cards import CARDS
from playground.window.deck_views import views_of

LOOKS: Final = 30
"""Number of snapshots during the run, for plots with a history."""

VIEW_SIZE: Final = QSize(960, 540)


@dataclass(frozen=True, slots=True)
class ExportedRun:
    """A run and its exported files.

    Attributes:
        training: the result of the run.
        files: the pictures and tables written.
        left_out: keys of the cards that do not apply to this experiment.
    """

    training: TrainingRun
    files: tuple[Path, ...]
    left_out: tuple[str, ...]


def offscreen_application() -> QApplication:
    """Return the application, by default (without ``QT_QPA_PLATFORM``) on the offscreen platform."""
    from playground.style.resources import application_font, load_fonts
    from playground.style.theme import TEXT_CONTROL

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    application.setStyle("Fusion")
    load_fonts()
    application.setFont(application_font(TEXT_CONTROL))
    pg.setConfigOptions(antialias=False, imageAxisOrder="row-major", useOpenGL=False)
    return application


def export_run(
    trainer: Trainer,
    epochs: int,
    folder: Path,
    formats: Sequence[Format],
    size: tuple[int, int],
    theme: ThemeName,
    advance: Advance | None = None,
    *,
    captioned: bool = False,
    deck: Path | None = None,
    template: Path | None = None,
) -> ExportedRun:
    """Train ``trainer`` for ``epochs`` epochs and write every figure to ``folder``.

    Args:
        trainer: at step 0.
        epochs: length of the run.
        folder: output folder; created if necessary.
        formats: file formats.
        size: width and height of the pictures in pixels.
        theme: their colours.
        advance: called periodically, to show progress.
        captioned: write the run in one line below each picture.
        deck: a PowerPoint file for all figures; ``None`` for none.
        template: its design; ``None`` for the app's own.

    Raises:
        PlaygroundError: a file cannot be written; the message names it.
    """

    def export(views: Sequence[Figure], origin: Origin) -> list[Path]:
        files = export_all(views, folder, formats, size, theme, origin=origin, captioned=captioned)
        return files if deck is None else [*files, _write_deck(views, deck, origin, theme, template)]

    holder = QWidget()  # never shown; owns the views
    try:
        return _export_run(trainer, epochs, holder, advance, export)
    finally:
        holder.deleteLater()
        QCoreApplication.sendPostedEvents(holder, QEvent.Type.DeferredDelete.value)


def _export_run(
    trainer: Trainer,
    epochs: int,
    holder: QWidget,
    advance: Advance | None,
    export: Callable[[Sequence[Figure], Origin], list[Path]],
) -> ExportedRun:
    session = Session(trainer.experiment, parent=holder)
    session.is_reproducible = True
    views = _views(session, Style(THEMES["light"]), holder)
    moments = {round(epochs * look / (LOOKS - 1)) for look in range(LOOKS)}
    run, last = train_shown(trainer, epochs, session, views.values(), moments, advance=advance)
    left_out = tuple(key for key in views if not CARDS[key].applies_to(last))
    figures = [figure for key, card in views.items() if key not in left_out for figure in card.rendered_figures]
    origin = with_runs(origin_of(last, None), last, session, views_of(views, session), timed=False)
    return ExportedRun(run, tuple(export(figures, origin)), left_out)


def _write_deck(views: Sequence[Figure], path: Path, origin: Origin, theme: ThemeName, template: Path | None) -> Path:
    from playground.export.deck import prepare_deck  # imported late: only needed for decks

    content = prepare_deck(views, origin, caption=origin.recipe, theme=THEMES[theme], template=template)
    write_atomically(path, content())
    return path


def _views(session: Session, style: Style, holder: QWidget) -> dict[str, LiveCard]:
    """Return every card with an exportable picture, by key, inside ``holder``."""
    cards = {key: entry.make(session, style, holder) for key, entry in CARDS.items()}
    for card in cards.values():
        card.resize(VIEW_SIZE)
    return {key: card for key, card in cards.items() if card.has_figures}
