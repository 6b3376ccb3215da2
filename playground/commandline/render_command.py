"""The command ``render``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from core.errors import PlaygroundError
from playground.commandline.animation_options import (
    SIZE,
    Animate,
    AnimationOptions,
    Every,
    FrameCount,
    Rate,
    What,
    animation_options,
)
from playground.commandline.arguments import File, Target, check_length, opened, print_notes
from playground.commandline.headless import print_result, trained, trainer_for
from playground.commandline.picture_options import (
    Caption,
    Code,
    Deck,
    Formats,
    Out,
    PictureLook,
    Size,
    Template,
    Theme,
    Wanted,
    parse_size,
    picture_look,
    wanted,
)
from playground.commandline.progress_bar import progress_bar
from playground.commandline.requirements import need_qt

if TYPE_CHECKING:
    from core.training.training_run import TrainingRun
    from playground.commandline.sources import Source

SLIDES: Final = Path("slides")
EPOCHS_WITHOUT_SCREEN: Final = 100


def render(
    file: File,
    out: Out,
    epochs: Annotated[int, typer.Option("--epochs", metavar="N", help="Train for N epochs.")],
    formats: Formats = None,
    size: Size = None,
    theme: Theme = "light",
    code: Code = None,
    deck: Deck = None,
    template: Template = None,
    animate: Animate = None,
    what: What = None,
    frames: FrameCount = None,
    every: Every = None,
    fps: Rate = None,
    target: Target = None,
    *,
    caption: Caption = False,
) -> int:
    """Train FILE without a window, then write plots, network diagram, animations, scripts or the trained network into DIR."""
    check_length("--epochs", epochs)
    files = wanted(formats, code, deck, template, animates=animate is not None)
    if files.draws or animate is not None:
        need_qt()
    look = picture_look(size, theme, captioned=caption)
    animation = animation_options(out, animate, what, epochs, frames, every, fps, parse_size(size or SIZE))
    source = opened(file, target)
    if out.exists() and not out.is_dir():
        raise PlaygroundError(f"--out: {out} is not a folder")
    if animation is not None:
        run = _animate(source, epochs, out, animation, look)
        if files == Wanted():
            return print_result(run)
    write = _render if files.draws else _write_code
    return write(source, epochs, out, files, look)


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
    need_qt()
    return _render(source, EPOCHS_WITHOUT_SCREEN, SLIDES, Wanted(kinds=("png", "svg")), PictureLook())


def _render(source: Source, epochs: int, out: Path, files: Wanted, look: PictureLook) -> int:
    """Train ``source`` and write pictures, scripts and the network."""
    from playground.commandline.export_run import export_run, offscreen_application

    application = offscreen_application()
    trainer = trainer_for(source, epochs)
    with progress_bar("training") as advance:
        run = export_run(
            trainer,
            epochs,
            out,
            files.kinds,
            look.size,
            look.theme,
            advance,
            captioned=look.captioned,
            deck=files.deck,
            template=files.template,
        )
    _say_written([*run.files, *_code_files(run.training, epochs, out, files)], out)
    if run.left_out:
        sys.stdout.write(f"Omitted because they do not apply: {', '.join(run.left_out)}\n")
    del application
    return print_result(run.training)


def _animate(source: Source, epochs: int, out: Path, options: AnimationOptions, look: PictureLook) -> TrainingRun:
    """Train ``source`` and write the animation."""
    from playground.commandline.animate_run import record_run
    from playground.commandline.export_run import offscreen_application
    from playground.export.export import make_folder

    make_folder(out)
    application = offscreen_application()
    trainer = trainer_for(source, epochs)
    with progress_bar("training") as advance:
        run = record_run(trainer, epochs, options, look.theme, advance, captioned=look.captioned)
    with progress_bar("writing") as advance:
        files = run.write(options, advance)
    _say_written(list(files), out)
    del application
    return run.training


def _write_code(source: Source, epochs: int, out: Path, files: Wanted, _look: PictureLook) -> int:
    """Write scripts and, after training, the network; pictures, and therefore Qt, are not needed."""
    run = trained(source, epochs=epochs, steps=None, engine="auto")
    _say_written(_code_files(run, epochs, out, files), out)
    return print_result(run)


def _code_files(run: TrainingRun, epochs: int, out: Path, files: Wanted) -> list[Path]:
    from core.code_export.files import write_all
    from core.code_export.plan import Plan

    plan = Plan(experiment=run.experiment, data=run.data, architecture=run.final.architecture, epochs=epochs)
    return write_all(plan, run.final, out, files.frameworks, files.models)


def _say_written(files: list[Path], out: Path) -> None:
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    sys.stdout.write(f"{count} in {out}{'' if str(out).endswith('/') else '/'}\n")
