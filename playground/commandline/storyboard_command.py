"""The command ``storyboard``: moments of one run side by side."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from core.errors import PlaygroundError
from core.experiment.epoch_text import epoch_text
from core.training.pins.pinned_run import MAX_PINS
from playground.commandline.arguments import File, Target, check_length, one_of, opened
from playground.commandline.headless import trainer_for
from playground.commandline.picture_options import Template, Theme, theme_of
from playground.commandline.progress_bar import progress_bar
from playground.commandline.requirements import check_writable, need_qt

if TYPE_CHECKING:
    from core.training.trainer import Trainer
    from playground.export.storyboard.storyboard import Moment, Row
    from playground.style.theme import Theme as Colours
    from playground.widgets.figure import Figure
    from playground.window.export.moment_cards import MomentCards

USUAL: Final = "network,output,loss"
SUFFIXES: Final = (".pptx", ".png", ".pdf")
MAX_MOMENTS: Final = MAX_PINS + 1


def storyboard(
    file: File,
    out: Annotated[Path, typer.Option("--out", metavar="OUT", help="A name that ends in .pptx, .png or .pdf.")],
    epochs: Annotated[str, typer.Option("--epochs", metavar="LIST", help="Moments of the run, such as 0,10,100.")],
    what: Annotated[str, typer.Option("--what", metavar="LIST", help=f"Cards; by default {USUAL}.")] = USUAL,
    theme: Theme = None,
    template: Template = None,
    target: Target = None,
) -> int:
    """Train FILE without a window, and put moments of the run side by side with what changed: as a deck or on one page."""
    moments = _epochs(epochs)
    if out.suffix.lower() not in SUFFIXES:
        raise PlaygroundError(f"--out: {out}: expected a name that ends in .pptx, .png or .pdf")
    if template is not None and out.suffix.lower() != ".pptx":
        raise PlaygroundError("--template requires a deck: --out must end in .pptx")
    check_writable(out)
    need_qt()
    from core.experiment.experiment_file import write_atomically
    from playground.commandline.headless_cards import offscreen_application
    from playground.export.deck.design import template_design
    from playground.style.theme import THEMES

    if template is not None:
        template_design(template)
    colours = THEMES[theme_of(theme, template)]
    source = opened(file, target)
    application = offscreen_application()
    trainer = trainer_for(source, moments[-1])
    shown, rows = _recorded(trainer, moments, tuple(dict.fromkeys(what.split(","))), colours)
    write_atomically(out, _content(out, shown, rows, colours, template, source.experiment.name)())
    del application
    sys.stdout.write(f"{len(shown)} moments of {source.experiment.name} in {out}\n")
    return 0


def _epochs(text: str) -> tuple[int, ...]:
    """Return the epochs in ``text`` in ascending order."""
    words = text.split(",")
    if not all(word.strip().isdecimal() and len(word) < 16 for word in words):
        raise PlaygroundError(f'--epochs: expected whole numbers such as 0,10,100, got "{text}"')
    found = tuple(sorted({int(word) for word in words}))
    if len(found) > MAX_MOMENTS:
        raise PlaygroundError(f"--epochs: expected at most {MAX_MOMENTS} moments, got {len(found)}")
    check_length("--epochs", found[-1])
    return found


def _recorded(
    trainer: Trainer, epochs: Sequence[int], keys: Sequence[str], colours: Colours
) -> tuple[tuple[Moment, ...], tuple[Row, ...]]:
    """Train, and record each figure at each moment."""
    from core.training.pins.pinned_run import PinnedRun
    from core.training.snapshot import Snapshot
    from playground.commandline.shown_run import train_shown
    from playground.export.origin import origin_of_run
    from playground.export.storyboard.storyboard import Moment, with_changes
    from playground.session import Session
    from playground.window.cards import CARDS
    from playground.window.export.moment_cards import MomentCards

    known = tuple(key for key, entry in CARDS.items() if key in entry.rendered)
    for key in keys:
        one_of("--what", key, known)
    snapshots: list[Snapshot] = []
    with progress_bar("training") as advance:
        _run, last = train_shown(
            trainer, epochs[-1], Session(trainer.experiment), (), epochs[:-1], advance=advance, shown=snapshots.append
        )
    moments = []
    for snapshot in (*snapshots, last):
        state = snapshot.portable_state
        if state is None:
            raise PlaygroundError("this network is too large for a storyboard")
        run = PinnedRun(snapshot, state)
        moments.append(Moment(f"epoch {epoch_text(snapshot.epoch)}", run, origin_of_run(run, None, {})))
    cards = MomentCards()
    rows = [_row(cards, moments, key, colours) for key in keys]
    cards.close()
    if not any(rows):
        raise PlaygroundError("--what: none of these cards applies to this experiment")
    return with_changes(moments), tuple(row for row in rows if row is not None)


def _row(cards: MomentCards, moments: Sequence[Moment], key: str, colours: Colours) -> Row | None:
    """Record one figure at each moment, all on the same axes; ``None`` if it applies to none."""
    from playground.export.deck.moments import beside, cell_look, shown_in
    from playground.export.hidden_view import record_picture
    from playground.export.storyboard.storyboard import Picture, Row

    figures: list[Figure | None] = []
    for moment in moments:
        cards.show_run(moment.run)
        figures.append(cards.figure(key, ""))
    title = next((figure.figure_title for figure in figures if figure is not None), None)
    if title is None:
        return None
    shown = [shown_in(figure) for figure in figures]
    pictures: list[Picture | None] = []
    for number, figure in enumerate(figures):
        others = (*shown[:number], *shown[number + 1 :])
        commands = None if figure is None else record_picture(beside(figure, others), cell_look(colours))
        pictures.append(None if commands is None else Picture(commands, key, ""))
    return Row(title, tuple(pictures))


def _content(
    out: Path,
    moments: tuple[Moment, ...],
    rows: tuple[Row, ...],
    colours: Colours,
    template: Path | None,
    name: str,
) -> Callable[[], bytes]:
    """Return a function that builds the file."""
    from playground.export.storyboard.storyboard import Sheet, prepare_storyboard_deck

    sheet = Sheet(moments, rows, colours)
    if out.suffix.lower() == ".png":
        return lambda: sheet.png(name)
    if out.suffix.lower() == ".pdf":
        return lambda: sheet.pdf(name)
    return prepare_storyboard_deck(moments, rows, colours, template)
