"""Train without a window and write an animation of cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.training.origins.animation_origin import animation_with_origin
from core.training.training_run import Advance, TrainingRun
from playground.commandline.animation_options import AnimationOptions
from playground.commandline.headless_cards import HeadlessCards, headless_cards
from playground.commandline.picture_names import Choice, choice_of
from playground.commandline.picture_options import PictureLook
from playground.commandline.requirements import check_writable
from playground.commandline.shown_run import train_shown
from playground.export.animation.frames import Frames
from playground.export.animation.picture import with_epoch
from playground.export.export import named
from playground.export.hidden_view import Look, image_of
from playground.export.origin import origin_of, with_history
from playground.export.raster import pixels_of
from playground.style.theme import THEMES
from playground.window.cards import CARDS

if TYPE_CHECKING:
    from core.training.origins.origin import Origin
    from core.training.pins.pinned_run import PinnedRun
    from core.training.snapshot import Snapshot
    from core.training.trainer import Trainer

DEFAULT: Final = "output"
"""Key of the card that is animated by default."""


class RecordedRun(Struct, frozen=True):
    """A run and the frames of its animations.

    Attributes:
        training: the result of the run.
        frames: the frames for each file.
        origin: the experiment and its state at the last frame, which the files keep in their metadata.
        keeps: whether the files keep it.
    """

    training: TrainingRun
    frames: Mapping[Path, Frames]
    origin: Origin
    keeps: bool = True

    def write(self, options: AnimationOptions, advance: Callable[[int, int], None]) -> tuple[Path, ...]:
        """Write the files and return them; ``advance`` is called with (frames written, frames in total).

        Raises:
            PlaygroundError: a file cannot be written; the message names it.
        """
        total, written = sum(map(len, self.frames.values())), 0
        for path, frames in self.frames.items():
            content = options.kind.encode(frames, _Offset(advance, written, total))
            write_atomically(path, animation_with_origin(content, self.origin) if self.keeps else content)
            written += len(frames)
        return tuple(self.frames)


class _Offset(Struct, frozen=True):
    """Reports the progress within one of several files as the progress of all."""

    advance: Callable[[int, int], None]
    before: int
    total: int

    def __call__(self, done: int, _of: int) -> None:
        self.advance(self.before + done, self.total)


def record_run(
    trainer: Trainer,
    epochs: int,
    options: AnimationOptions,
    look: PictureLook,
    path: Path,
    *,
    choice: Choice | None = None,
    advance: Advance | None = None,
    compared: PinnedRun | None = None,
) -> RecordedRun:
    """Train ``trainer`` for ``epochs`` epochs and draw the chosen pictures at the chosen moments.

    If training diverges, the last frame is where it ended.

    Args:
        trainer: at step 0.
        epochs: length of the run.
        options: moments, size and format.
        look: how the frames look.
        path: the file; with several pictures, their keys are appended to its stem.
        choice: the pictures; by default that of the output.
        advance: called periodically, to show progress.
        compared: a run that is drawn into each picture.

    Raises:
        PlaygroundError: a picture does not apply to the experiment; or a file cannot be written.
    """
    with headless_cards(trainer, choice_of((DEFAULT,)) if choice is None else choice, compared) as built:
        recording = _Recording(built, options, look, path)
        # The last moment is always drawn, after the run, which may have ended early.
        moments = options.moments[:-1]
        run, last = train_shown(
            trainer, epochs, built.session, built.cards.values(), moments, advance=advance, shown=recording.draw
        )
        recording.draw(last)
        origin = with_history(origin_of(last, None), last, timed=False)
        return RecordedRun(run, recording.frames, origin, keeps=look.keeps)


class _Recording:
    """Draws cards, and keeps the frames of each file."""

    def __init__(self, cards: HeadlessCards, options: AnimationOptions, look: PictureLook, path: Path) -> None:
        self._cards, self._options, self._path, self._captioned = cards, options, path, look.captioned
        caption = "A" if look.captioned else ""
        usual = Look(options.size, THEMES[look.theme], text_scale=look.text_scale, titled=look.titled, caption=caption)
        self._look = usual.with_room()
        self.frames: dict[Path, Frames] = {}

    def draw(self, snapshot: Snapshot) -> None:
        """Add a frame to each file."""
        if not self.frames:
            self._begin(snapshot)
        figures = self._cards.figures(snapshot)
        caption = origin_of(snapshot, None).recipe if self._captioned else ""
        look = replace(self._look, caption=caption)
        for figure, frames in zip(figures, self.frames.values(), strict=True):
            frames.add(pixels_of(image_of(with_epoch(figure, snapshot), look)))

    def _begin(self, snapshot: Snapshot) -> None:
        """Check, before training, that there is something to draw and that the files can be written."""
        for key in self._cards.choice.cards:
            card = self._cards.cards.get(key)
            if card is None or not card.rendered_figures:
                raise PlaygroundError(f'--what: the card "{key}" has no picture without a window')
            if not CARDS[key].applies_to(snapshot):
                raise PlaygroundError(f'--what: the card "{key}" does not apply to this experiment')
        figures = named(self._cards.figures(snapshot))
        for _, stem in figures:
            path = self._path
            path = path if len(figures) == 1 else path.with_name(f"{path.stem}-{stem}{path.suffix}")
            check_writable(path)
            self.frames[path] = Frames(self._options.size, self._options.rate)
