"""What one call of ``render`` writes, and the work on each of its files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from msgspec import Struct

from core.errors import PlaygroundError
from core.training.training_run import train
from playground.commandline.headless import print_result, trained, trainer_for
from playground.commandline.picture_options import PictureLook, Wanted
from playground.commandline.progress_bar import progress_bar
from playground.commandline.requirements import need_qt
from playground.commandline.resuming import ended_at, length_of

if TYPE_CHECKING:
    from pathlib import Path

    from core.training.pins.pinned_run import PinnedRun
    from core.training.training_run import TrainingRun
    from playground.commandline.animation_options import AnimationOptions
    from playground.commandline.outputs import Output
    from playground.commandline.picture_names import Choice
    from playground.commandline.sources import Source


class Order(Struct, frozen=True, kw_only=True):
    """Everything that is written for each file.

    Attributes:
        epochs: length of the runs; ``None`` ends each in the training state of its picture.
        wanted: pictures, decks, scripts and networks.
        look: how pictures look.
        animation: how an animation is recorded; ``None`` for none.
        names: names of the pictures; empty for the default.
        compared: a run that is drawn into each picture; ``None`` for none.
    """

    epochs: int | None
    wanted: Wanted
    look: PictureLook
    animation: AnimationOptions | None = None
    names: tuple[str, ...] = ()
    compared: Source | None = None

    @property
    def draws(self) -> bool:
        """Whether anything is drawn, for which Qt is needed."""
        return self.wanted.draws or self.animation is not None

    def check(self) -> None:
        """Check what can be checked before any file is opened.

        Raises:
            PlaygroundError: Qt is missing, or there is no picture of a name.
        """
        if self.draws:
            need_qt()
            self.choice()

    def choice(self) -> Choice:
        """Return the chosen pictures."""
        from playground.commandline.picture_names import choice_of

        return choice_of(self.names, compares=self.compared is not None)

    def prepare(self, output: Output) -> None:
        """Create the folder of ``output``, and check that it can be written to.

        Raises:
            PlaygroundError: it cannot.
        """
        output.prepare(self.wanted.deck, self.animation.name if self.animation is not None else None)


def render_source(source: Source, output: Output, order: Order, counted: str = "") -> int:
    """Train ``source`` and write what is ordered; return the exit status.

    Args:
        source: the file.
        output: where its files go.
        order: what is written.
        counted: number and name of the file among several, for progress bars.

    Raises:
        PlaygroundError: a file cannot be written; the message names it.
    """
    if not order.draws:
        return _write_code(source, output, order)
    from playground.commandline.headless_cards import compared_run, offscreen_application

    application = offscreen_application()
    compared = None
    if order.compared is not None:
        with progress_bar(f"{counted}training {order.compared.experiment.name}") as advance:
            length = length_of(order.compared, order.epochs, advance)
            compared = compared_run(length.trainer, length.epochs, advance, length.ending)
    run = None
    if order.animation is not None:
        run = _animate(source, output, order, order.animation, compared, counted)
    if order.wanted.draws:
        run = _draw(source, output, order, compared, counted)
    elif run is not None and order.wanted != Wanted():
        _say_written(_code_files(run, output, order), output)
    del application
    return print_result(run) if run is not None else 0


def _draw(source: Source, output: Output, order: Order, compared: PinnedRun | None, counted: str) -> TrainingRun:
    """Train ``source`` and write pictures, decks, scripts and the network."""
    from playground.commandline.export_run import train_cards
    from playground.commandline.headless_cards import headless_cards

    wanted = order.wanted
    with progress_bar(f"{counted}training") as advance:
        length = length_of(source, order.epochs, advance)
    with headless_cards(length.trainer, order.choice(), compared) as cards:
        with progress_bar(f"{counted}training") as advance:
            run = train_cards(cards, length.trainer, length.epochs, wanted.kinds, advance, ending=length.ending)
        if order.names and not run.figures:
            raise PlaygroundError(f"--what: {', '.join(order.names)} does not apply to {source.experiment.name}")
        with progress_bar(f"{counted}writing") as written:
            files = run.write(output.folder, wanted.kinds, order.look, written)
        if wanted.deck is not None:
            with progress_bar(f"{counted}writing {wanted.deck}"):
                files.append(run.write_deck(output.path(wanted.deck), order.look, wanted.template))
        left_out = run.left_out
    _say_written([*files, *_code_files(run.training, output, order)], output)
    if left_out:
        sys.stdout.write(f"Omitted because they do not apply: {', '.join(left_out)}\n")
    return run.training


def _animate(
    source: Source,
    output: Output,
    order: Order,
    options: AnimationOptions,
    compared: PinnedRun | None,
    counted: str,
) -> TrainingRun:
    """Train ``source`` and write the animation."""
    from playground.commandline.animate_run import record_run

    epochs = options.moments[-1]
    trainer, path = trainer_for(source, epochs), output.path(options.name)
    choice = order.choice() if order.names else None
    with progress_bar(f"{counted}drawing frames") as advance:
        run = record_run(trainer, epochs, options, order.look, path, choice=choice, advance=advance, compared=compared)
    with progress_bar(f"{counted}writing {options.name}") as advance:
        files = run.write(options, advance)
    _say_written(list(files), output)
    return run.training


def _write_code(source: Source, output: Output, order: Order) -> int:
    """Write scripts and, after training, the network; pictures, and therefore Qt, are not needed."""
    if order.epochs is None:
        length = length_of(source, None)
        run = ended_at(length.ending, length.trainer, train(length.trainer, epochs=length.epochs))
    else:
        run = trained(source, epochs=order.epochs, steps=None, engine="auto")
    _say_written(_code_files(run, output, order), output)
    return print_result(run)


def _code_files(run: TrainingRun, output: Output, order: Order) -> list[Path]:
    from core.code_export.files import write_all
    from core.code_export.plan import Plan

    wanted = order.wanted
    epochs = order.epochs if order.epochs is not None else int(run.epochs)
    plan = Plan(experiment=run.experiment, data=run.data, architecture=run.final.architecture, epochs=epochs)
    return write_all(plan, run.final, output.folder, wanted.frameworks, wanted.models)


def _say_written(files: list[Path], output: Output) -> None:
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    sys.stdout.write(f"{count} in {output.folder}{'' if str(output.folder).endswith('/') else '/'}\n")
