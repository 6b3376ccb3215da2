"""List the pictures that ``render`` can write, with what each shows and its formats."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from playground.commandline.headless_cards import HeadlessCards, headless_cards
from playground.commandline.picture_names import PAIR, comparable_of, everything
from playground.commandline.shown_run import train_shown
from playground.export.formats import FORMATS
from playground.window.cards import CARDS

if TYPE_CHECKING:
    from core.training.trainer import Trainer
    from playground.widgets.figure import Figure


def print_names(trainer: Trainer, *, is_chosen: bool) -> int:
    """Print a line for each picture and return the exit status.

    Args:
        trainer: at step 0.
        is_chosen: whether the user named its experiment, so that pictures that do not apply to it are marked.
    """
    with headless_cards(trainer, everything()) as built:
        _, snapshot = train_shown(trainer, 0, built.session, built.cards.values(), ())
        applying = {figure.figure_key for figure in built.figures(snapshot)} if is_chosen else None
        lines = _lines(built)
        pairs = [key for key, card in built.cards.items() if comparable_of(card) is not None]
    widths = [max(len(line[column]) for line in lines) for column in (0, 1)]
    for name, formats, sentence in lines:
        note = "" if applying is None or name in applying else " Does not apply to FILE."
        sys.stdout.write(f"{name:<{widths[0]}}  {formats:<{widths[1]}}  {sentence}{note}\n")
    sys.stdout.write(f"\nWith --compare FILE, two runs side by side: NAME{PAIR}, NAME being {', '.join(pairs)}.\n")
    return 0


def _lines(built: HeadlessCards) -> list[tuple[str, str, str]]:
    """Return name, formats and sentence of each picture."""
    lines = []
    for key, card in built.cards.items():
        figures: dict[str, Figure] = {figure.figure_key: figure for figure in card.rendered_figures}
        for name, sentence in CARDS[key].rendered.items():
            figure = figures.get(name, card.figure)
            kinds = [kind for kind, entry in FORMATS.items() if figure is not None and entry.accepts(figure)]
            lines.append((name, " ".join(kinds), sentence))
    return lines
