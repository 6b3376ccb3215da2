"""Render a run in this process."""

from __future__ import annotations

from pathlib import Path

from core.training.trainer import Trainer
from playground.commandline.export_run import train_cards
from playground.commandline.headless_cards import headless_cards
from playground.commandline.picture_names import everything
from playground.commandline.picture_options import PictureLook


def rendered(
    trainer: Trainer, epochs: int, folder: Path, kinds: tuple[str, ...], look: PictureLook, deck: Path | None = None
) -> tuple[list[Path], tuple[str, ...]]:
    """Write every picture of a run; return the files, and the keys of the cards that do not apply."""
    with headless_cards(trainer, everything()) as cards:
        run = train_cards(cards, trainer, epochs, kinds)
        files = run.write(folder, kinds, look, lambda _done, _total: None)
        if deck is not None:
            files.append(run.write_deck(deck, look))
        return files, run.left_out
