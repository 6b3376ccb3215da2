"""Train without a window and write an animation of cards."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.training.animation_origin import animation_with_origin
from core.training.origin import Origin
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from core.training.training_run import Advance, TrainingRun
from playground.commandline.animation_options import AnimationOptions
from playground.commandline.export_run import VIEW_SIZE
from playground.commandline.requirements import check_writable
from playground.commandline.shown_run import train_shown
from playground.export.animation_frames import Frames
from playground.export.export import named
from playground.export.hidden_view import Look, image_of
from playground.export.origin import origin_of
from playground.export.raster import pixels_of
from playground.export.renamed import RenamedFigure
from playground.session import Session
from playground.style.theme import THEMES, Style
from playground.style.theme_names import ThemeName
from playground.widgets.figure import Figure
from playground.widgets.live_card import LiveCard
from playground.window.cards import CARDS

DEFAULT: Final = "output"
"""Key of the card that is animated by default."""


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run and the frames of its animations.

    Attributes:
        training: the result of the run.
        frames: the frames for each file.
        origin: the experiment and its state at the last frame, which the files keep in their metadata.
    """

    training: TrainingRun
    frames: Mapping[Path, Frames]
    origin: Origin

    def write(self, options: AnimationOptions, advance: Callable[[int, int], None]) -> tuple[Path, ...]:
        """Write the files and return them; ``advance`` is called with (frames written, frames in total).

        Raises:
            PlaygroundError: a file cannot be written; the message names it.
        """
        total, written = sum(map(len, self.frames.values())), 0
        for path, frames in self.frames.items():
            content = options.kind.encode(frames, _Offset(advance, written, total))
            write_atomically(path, animation_with_origin(content, self.origin))
            written += len(frames)
        return tuple(self.frames)


@dataclass(frozen=True, slots=True)
class _Offset:
    """Reports the progress of one of several files as that of all."""

    advance: Callable[[int, int], None]
    before: int
    total: int

    def __call__(self, done: int, _of: int) -> None:
        self.advance(self.before + done, self.total)


def record_run(
    trainer: Trainer,
    epochs: int,
    options: AnimationOptions,
    theme: ThemeName,
    advance: Advance | None = None,
    *,
    captioned: bool = False,
) -> RecordedRun:
    """Train ``trainer`` for ``epochs`` epochs and draw the cards at the chosen moments.

    If training diverges, the last frame is where it ended.

    Args:
        trainer: at step 0.
        epochs: length of the run.
        options: cards, moments and files.
        theme: colours of the frames.
        advance: called periodically, to show progress.
        captioned: write the run in one line below each frame.

    Raises:
        PlaygroundError: a card does not exist, or does not apply to the experiment; or a file cannot be written.
    """
    _check_keys(options.keys)
    holder = QWidget()  # never shown; owns the cards
    try:
        session = Session(trainer.experiment, parent=holder)
        session.is_reproducible = True
        style = Style(THEMES["light"])  # of the cards; that of the frames is in the look
        cards = {key: CARDS[key].make(session, style, holder) for key in options.keys or (DEFAULT,)}
        recording = _Recording(cards, options, Look(options.size, THEMES[theme]), captioned=captioned)
        for card in cards.values():
            card.resize(VIEW_SIZE)
        # The last moment is drawn in any case, after the run, which may have ended early.
        moments = options.moments[:-1]
        run, last = train_shown(
            trainer, epochs, session, cards.values(), moments, advance=advance, shown=recording.draw
        )
        recording.draw(last)
        return RecordedRun(run, recording.frames, origin_of(last, None))
    finally:
        holder.deleteLater()
        QCoreApplication.sendPostedEvents(holder, QEvent.Type.DeferredDelete.value)


def _check_keys(keys: tuple[str, ...]) -> None:
    for key in keys:
        if key not in CARDS:
            close = difflib.get_close_matches(key, CARDS, n=1)
            hint = f'did you mean "{close[0]}"?' if close else f"the cards are {', '.join(CARDS)}"
            raise PlaygroundError(f'--what: there is no card called "{key}"; {hint}')


class _Recording:
    """Draws cards, and keeps the frames of each file."""

    def __init__(
        self, cards: Mapping[str, LiveCard], options: AnimationOptions, look: Look, *, captioned: bool
    ) -> None:
        self._cards, self._options, self._look, self._captioned = cards, options, look, captioned
        self.frames: dict[Path, Frames] = {}

    def draw(self, snapshot: Snapshot) -> None:
        """Add a frame to each file."""
        figures = [figure for card in self._cards.values() for figure in card.rendered_figures]
        if not self.frames:
            self._begin(figures, snapshot)
        caption = origin_of(snapshot, None).recipe if self._captioned else ""
        look = replace(self._look, caption=caption)
        for figure, frames in zip(figures, self.frames.values(), strict=True):
            frames.add(pixels_of(image_of(_retitled(figure, snapshot), look)))

    def _begin(self, figures: list[Figure], snapshot: Snapshot) -> None:
        """Check, before training, that there is something to draw and that the files can be written."""
        for key, card in self._cards.items():
            if not card.rendered_figures:
                raise PlaygroundError(f'--what: the card "{key}" has no picture without a window')
            if not CARDS[key].applies_to(snapshot):
                raise PlaygroundError(f'--what: the card "{key}" does not apply to this experiment')
        for _, stem in named(figures):
            path = self._options.path_of(stem, len(figures))
            check_writable(path)
            self.frames[path] = Frames(self._options.size, self._options.rate)


def _retitled(figure: Figure, snapshot: Snapshot) -> Figure:
    """Return ``figure`` under a title that does not change, because one of another height would move the picture."""
    text = figure.figure_text()
    parts = (f"epoch {snapshot.epoch:g}", text.finding or text.note)
    return RenamedFigure(figure, text.name, " · ".join(filter(None, parts)))
