"""The command ``refresh``: draw the figures of an existing deck again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import PlaygroundError
from playground.commandline.arguments import Target, check_length, opened
from playground.commandline.headless import trainer_for
from playground.commandline.progress_bar import progress_bar
from playground.commandline.requirements import need_qt

if TYPE_CHECKING:
    from core.training.origins.shown_runs import ShownRuns
    from playground.commandline.sources import Source
    from playground.export.deck.plan import SlidePlan, SlideUpdate


def refresh(
    deck: Annotated[Path, typer.Argument(metavar="DECK.pptx", help="A deck with slides that this program made.")],
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="Show this experiment on all slides, after --epochs epochs."),
    ] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", metavar="N", help="Train FILE for N epochs.")] = None,
    target: Target = None,
    *,
    no_copy: Annotated[bool, typer.Option("--no-copy", help="Do not keep a copy of the original deck.")] = False,
) -> int:
    """Draw the figures of DECK again: each slide from its own experiment, or all slides from FILE.

    Other slides, positions, formats, and titles and notes that were edited stay as they are.
    """
    if (file is None) != (epochs is None):
        raise PlaygroundError("refresh: give FILE and --epochs together, or neither")
    if epochs is not None:
        check_length("--epochs", epochs)
    need_qt()
    from playground.commandline.headless_cards import offscreen_application
    from playground.export.deck.refresh import plans_in, prepare_refresh, summary, write_refreshed

    content, plans = plans_in(deck, replaces=file is not None)
    application = offscreen_application()
    present = None if file is None else _trained(opened(file, target), epochs or 0)
    updates, left = _drawn(plans, present)
    after = prepare_refresh(content, deck, updates)()
    said = summary(deck, after.refreshed, [*left, *after.left])
    copy = write_refreshed(deck, content, after.content, keep_copy=not no_copy)
    del application
    sys.stdout.write(said + "\n")
    if copy is not None:
        sys.stdout.write(f"The original deck is in {copy}\n")
    return 0


def _drawn(plans: list[SlidePlan], present: ShownRuns | None) -> tuple[list[SlideUpdate], list[str]]:
    """Return the new slides, and a text for each that cannot be drawn."""
    from playground.export.deck.refresh import draw
    from playground.window.export.hidden_cards import HiddenCards

    updates: list[SlideUpdate] = []
    left: list[str] = []
    drawing = HiddenCards()
    with progress_bar("drawing") as advance:
        for done, plan in enumerate(plans, start=1):
            try:
                updates.append(draw(plan, drawing, present))
            except PlaygroundError as error:
                left.append(f"slide {plan.number} ({error})")
            advance(done, len(plans))
    drawing.close()
    return updates, left


def _trained(source: Source, epochs: int) -> ShownRuns | None:
    """Train ``source`` and return its run with everything that figures show."""
    from playground.commandline.shown_run import train_shown
    from playground.export.origin import origin_of, with_runs
    from playground.session import Session

    trainer = trainer_for(source, epochs)
    session = Session(trainer.experiment)
    session.is_reproducible = True
    with progress_bar("training") as advance:
        _run, last = train_shown(trainer, epochs, session, (), (), advance=advance)
    return with_runs(origin_of(last, None), last, session, {}, timed=False).runs
