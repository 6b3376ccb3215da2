"""The command ``render``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from core.errors import PlaygroundError
from core.training.training_run import new_trainer
from playground.commandline.animation_options import SIZE, Animate, Every, FrameCount, Rate, animation_options
from playground.commandline.arguments import Files, Target, all_opened, check_length, opened, print_notes
from playground.commandline.outputs import Output, outputs_of
from playground.commandline.picture_options import (
    Caption,
    Code,
    Compare,
    Deck,
    Formats,
    Listing,
    NoExperiment,
    NoTitle,
    Out,
    PictureLook,
    Size,
    Template,
    Text,
    TextScale,
    Theme,
    Transparent,
    Wanted,
    What,
    parse_size,
    picture_look,
    wanted,
)
from playground.commandline.rendering import Order, render_source
from playground.commandline.requirements import need_qt
from playground.commandline.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playground.commandline.sources import Source

LENGTH: Final = "Train for N epochs. Without it, an exported picture is drawn as it was trained."
SLIDES: Final = Path("slides")
EPOCHS_WITHOUT_SCREEN: Final = 100


def render(
    files: Files = None,
    out: Out = None,
    epochs: Annotated[int | None, typer.Option("--epochs", metavar="N", help=LENGTH)] = None,
    what: What = None,
    formats: Formats = None,
    compare: Compare = None,
    size: Size = None,
    theme: Theme = None,
    text: Text = "text",
    text_scale: TextScale = 1.0,
    code: Code = None,
    deck: Deck = None,
    template: Template = None,
    animate: Animate = None,
    frames: FrameCount = None,
    every: Every = None,
    fps: Rate = None,
    target: Target = None,
    *,
    caption: Caption = False,
    no_title: NoTitle = False,
    no_experiment: NoExperiment = False,
    transparent: Transparent = False,
    listing: Listing = False,
) -> int:
    """Train each FILE without a window, then write pictures, decks, animations, scripts or the trained network into DIR."""
    if listing:
        return _list(files or [], target)
    given = _required(files, out)
    if epochs is not None:
        check_length("--epochs", epochs)
    elif animate is not None:
        raise PlaygroundError("missing option '--epochs', the length of the animation")
    order = Order(
        epochs=epochs,
        wanted=wanted(formats, code, deck, template, animates=animate is not None),
        look=picture_look(
            size,
            theme,
            captioned=caption,
            titled=not no_title,
            transparent=transparent,
            text=text,
            text_scale=text_scale,
            keeps=not no_experiment,
        ),
        animation=animation_options(animate, epochs or 0, frames, every, fps, parse_size(size or SIZE)),
        names=_words(what),
        compared=opened(compare, None) if compare is not None else None,
    )
    order.check()
    sources = all_opened(given[0], target)
    for source in (*sources, *([order.compared] if order.compared is not None else [])):
        if epochs is None and source.state is None:
            raise PlaygroundError("missing option '--epochs'")
    return _render(sources, outputs_of(given[0], sources, given[1]), order)


def _required(files: list[str] | None, out: Path | None) -> tuple[list[str], Path]:
    """Return what cannot be left out, except to list names."""
    if not files:
        raise PlaygroundError("missing argument 'FILE'; --list lists what can be written")
    if out is None:
        raise PlaygroundError("missing option '--out'")
    return files, out


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip().lower() for word in text.split(","))) if text is not None else ()


def _list(files: Sequence[str], target: str | None) -> int:
    """List the names of pictures; for one of ``files``, those that apply to it."""
    need_qt()
    from playground.commandline.headless_cards import offscreen_application
    from playground.commandline.listing import print_names

    source = opened(files[0], target) if files else open_source("default")
    application = offscreen_application()
    status = print_names(new_trainer(source.experiment, source.folder, "numpy"), is_chosen=bool(files))
    del application
    return status


def _render(sources: Sequence[Source], outputs: Sequence[Output], order: Order) -> int:
    """Render all ``sources`` and return the highest status."""
    for output in outputs:
        order.prepare(output)
    statuses = []
    for number, (source, output) in enumerate(zip(sources, outputs, strict=True), start=1):
        counted = f"{number}/{len(sources)} {output.name}: " if output.name else ""
        statuses.append(render_source(source, output, order, counted))
    return max(statuses)


def render_without_screen(source: Source) -> int:
    """Report that there is no screen, train ``source`` and write its plots to ./slides/.

    Raises:
        PlaygroundError: a table: its target has to be named.
    """
    if source.table is not None:
        raise PlaygroundError(
            f"there is no screen for the dialog of {source.table}; to train on it, run nn-playground train "
            f"{source.table} --target COLUMN"
        )
    sys.stderr.write(
        f"There is no screen: training {source.experiment.name!r} without a window; the plots go to ./{SLIDES}/.\n"
    )
    print_notes(source)
    order = Order(epochs=EPOCHS_WITHOUT_SCREEN, wanted=Wanted(kinds=("png", "svg")), look=PictureLook())
    order.check()
    return _render([source], [Output(SLIDES)], order)
