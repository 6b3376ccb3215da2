"""Train without a window, then export the chosen pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.training.training_run import Advance, TrainingRun
from playground.commandline.headless_cards import HeadlessCards
from playground.commandline.picture_options import PictureLook, theme_of
from playground.commandline.shown_run import train_shown
from playground.export.export import export_looks, named
from playground.export.formats import FORMATS
from playground.export.hidden_view import Look
from playground.export.origin import origin_of, with_runs
from playground.style.theme import THEMES
from playground.window.export.deck_views import views_of

if TYPE_CHECKING:
    from core.training.origins.origin import Origin
    from core.training.snapshot import Snapshot
    from core.training.trainer import Trainer
    from playground.commandline.resuming import Ending
    from playground.export.formats import Format
    from playground.widgets.figure import Figure

LOOKS: Final = 30
"""Number of snapshots during the run, for plots with a history."""


class ShownRun(Struct, frozen=True):
    """A run whose cards show its last snapshot, ready to be written.

    Attributes:
        training: the result of the run.
        cards: the cards.
        last: the last snapshot.
        origin: the experiment and its state in the end.
    """

    training: TrainingRun
    cards: HeadlessCards
    last: Snapshot
    origin: Origin

    @property
    def left_out(self) -> tuple[str, ...]:
        """Keys of the cards that do not apply to this experiment."""
        return self.cards.left_out(self.last)

    @property
    def figures(self) -> list[Figure]:
        """The chosen pictures that apply."""
        return self.cards.figures(self.last)

    def write(
        self, folder: Path, kinds: tuple[Format, ...], look: PictureLook, written: Callable[[int, int], None]
    ) -> list[Path]:
        """Write the pictures into ``folder`` and return the files; ``written`` is called with (files written, total).

        Raises:
            PlaygroundError: a file cannot be written; the message names it.
        """

        def progress(done: int, total: int) -> bool:
            written(done, total)
            return True

        return export_looks(self.figures, folder, kinds, self._look(look), progress)

    def write_deck(self, path: Path, look: PictureLook, template: Path | None = None) -> Path:
        """Write the pictures into the deck ``path``, in the design of ``template``, and return it.

        Raises:
            PlaygroundError: it cannot be written.
        """
        from playground.export.deck.deck import prepare_deck  # imported late: only needed for decks

        origin = self.origin
        theme = THEMES[look.theme if look.is_theme_chosen else theme_of(None, template)]
        content = prepare_deck(self.figures, origin, caption=origin.recipe, theme=theme, template=template)
        write_atomically(path, content())
        return path

    def _look(self, look: PictureLook) -> Look:
        return Look(
            look.size,
            THEMES[look.theme],
            look.transparent,
            text=look.text,
            origin=self.origin if look.keeps else None,
            text_scale=look.text_scale,
            titled=look.titled,
            caption=self.origin.recipe if look.captioned else "",
        ).with_room()


def train_cards(
    cards: HeadlessCards,
    trainer: Trainer,
    epochs: int,
    kinds: tuple[Format, ...],
    advance: Advance | None = None,
    *,
    ending: Ending | None = None,
) -> ShownRun:
    """Train ``trainer`` for ``epochs`` epochs while ``cards`` show the run.

    Args:
        cards: the cards, built for the experiment of the trainer.
        trainer: at the beginning of the run.
        epochs: length of the run.
        kinds: formats in which the pictures will be written.
        advance: called periodically, to show progress.
        ending: where the run ends; by default where training ends.

    Raises:
        PlaygroundError: none of the pictures can be written in one of the formats.
    """
    _check_kinds(cards, kinds)
    moments = {round(epochs * look / (LOOKS - 1)) for look in range(LOOKS)}
    run, last = train_shown(
        trainer, epochs, cards.session, cards.cards.values(), moments, advance=advance, ending=ending
    )
    views = views_of(cards.cards, cards.session)
    return ShownRun(run, cards, last, with_runs(origin_of(last, None), last, cards.session, views, timed=False))


def _check_kinds(built: HeadlessCards, kinds: tuple[Format, ...]) -> None:
    """Check before training that each format suits a card; those of the inspector have no picture yet."""
    figures = [card.figure for card in built.cards.values() if card.figure is not None]
    for kind in kinds:
        if len(figures) == len(built.cards) and not any(FORMATS[kind].accepts(figure) for figure in figures):
            names = ", ".join(stem for _, stem in named(figures))
            raise PlaygroundError(f"--format: a picture of {names} cannot be written as {kind}")
