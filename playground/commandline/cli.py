"""The headless commands: train, render, schema, lessons."""

from __future__ import annotations

import json
import math
import re
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from core.errors import EngineError, PlaygroundError
from core.training.training_run import TrainingRun, new_trainer
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
from playground.commandline.lesson_commands import lessons_app
from playground.commandline.progress_bar import progress_bar
from playground.commandline.requirements import check_writable, need_qt
from playground.commandline.sources import Source, open_source, with_target
from playground.export.formats import FORMATS

if TYPE_CHECKING:
    from core.engine.engine_choice import EngineChoice
    from core.training.trainer import Trainer
    from playground.export.export import ThemeName
    from playground.export.formats import Format

DIVERGED: Final = 1
INTERRUPTED: Final = 130

SLIDES: Final = Path("slides")
PICTURE_SIZE: Final = "1920x1080"
EPOCHS_WITHOUT_SCREEN: Final = 100

SECONDS_BEFORE_COMPILING: Final = 3.0
"""Number of steps below which background compilation, which takes half a minute, does not pay off."""

LONG_RUN: Final = 50_000
"""Number of steps above which a rendered run waits for the compiler; below, NumPy is faster."""

MAX_STEPS: Final = 10**12

# The base class of typer's UsageError and BadParameter; its module depends on typer's version.
_UsageProblem: Final = cast("type[Exception]", typer.BadParameter.__mro__[2])

# playground.__main__ distinguishes the commands without importing typer, so a new command must also be listed in COMMANDS
# and HELP there.
app = typer.Typer(name="nn-playground", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(lessons_app, name="lessons")

File = Annotated[
    str,
    typer.Argument(metavar="FILE", help="An experiment file, an exported picture, a table, a link, or a preset."),
]

Target = Annotated[str | None, typer.Option("--target", metavar="COLUMN", help="The column of a table to predict.")]


def run_command(arguments: list[str]) -> int:
    """Run the command in ``arguments`` and return the exit status.

    Raises:
        PlaygroundError: an error that the user can fix.
    """
    try:
        status = app(arguments, standalone_mode=False, prog_name="nn-playground")
    except _UsageProblem as error:
        text = str(error.format_message())  # type: ignore[attr-defined]
        raise PlaygroundError(text[:1].lower() + text[1:].rstrip(".")) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    if status == INTERRUPTED:  # newer versions of typer return a status instead of raising
        raise KeyboardInterrupt
    return int(status or 0)


@app.command()
def train(
    file: File,
    epochs: Annotated[int | None, typer.Option("--epochs", metavar="N", help="Train for N epochs.")] = None,
    steps: Annotated[int | None, typer.Option("--steps", metavar="N", help="Train for N steps.")] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="OUT.json", help="Write a report to this file.")
    ] = None,
    target: Target = None,
    *,
    with_data: Annotated[bool, typer.Option("--with-data", help="Include the samples in the report.")] = False,
    engine: Annotated[str, typer.Option("--engine", help="The engine: auto, numpy or compiled.")] = "auto",
) -> int:
    """Train FILE without a window.

    Losses are computed at epoch 0, 1, …; a run that ends inside an epoch also reports the losses at its end.
    """
    if epochs is not None and steps is not None:
        raise PlaygroundError("give either --epochs or --steps, not both")
    if epochs is None and steps is None:
        raise PlaygroundError("the length of the run is missing: give --epochs N or --steps N")
    _check_length("--steps" if epochs is None else "--epochs", epochs if epochs is not None else steps or 0)
    if with_data and report is None:
        raise PlaygroundError("--with-data requires a report; add --report OUT.json")
    chosen = cast("EngineChoice", _one_of("--engine", engine, ("auto", "numpy", "compiled")))
    source = _opened(file, target)
    if report is not None:
        check_writable(report)
    run = _trained(source, epochs=epochs, steps=steps, engine=chosen)
    if report is not None:
        from core.training.report import write_report

        write_report(run, report, with_data=with_data)
    return _print_result(run)


@app.command()
def render(
    file: File,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the pictures; created if necessary.")],
    epochs: Annotated[int, typer.Option("--epochs", metavar="N", help="Train for N epochs.")],
    formats: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="LIST",
            help=f"Of {', '.join(FORMATS)}; {', '.join(MODEL_FORMATS)} for the trained network. By default png,svg; with "
            "--code or --animate alone, no pictures.",
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option("--size", metavar="WxH", help=f"Size of the pictures in pixels; by default {PICTURE_SIZE}."),
    ] = None,
    theme: Annotated[str, typer.Option("--theme", help="Colours of the pictures: light or dark.")] = "light",
    code: Annotated[
        str | None,
        typer.Option("--code", metavar="LIST", help=f"Also write the run as a script: {', '.join(FRAMEWORKS)}."),
    ] = None,
    deck: Annotated[
        Path | None,
        typer.Option("--deck", metavar="FILE.pptx", help="Also write all pictures into one PowerPoint deck."),
    ] = None,
    animate: Animate = None,
    what: What = None,
    frames: FrameCount = None,
    every: Every = None,
    fps: Rate = None,
    target: Target = None,
    *,
    caption: Annotated[bool, typer.Option("--caption", help="Write the run in one line below each picture.")] = False,
) -> int:
    """Train FILE without a window, then write plots, network diagram, animations, scripts or the trained network into DIR."""
    _check_length("--epochs", epochs)
    frameworks = _several("--code", code, tuple(FRAMEWORKS)) if code is not None else ()
    usual = None if frameworks or animate is not None else "png,svg"
    chosen = _several("--format", formats or usual, (*FORMATS, *MODEL_FORMATS)) if formats or usual else ()
    kinds = tuple(kind for kind in chosen if kind in FORMATS)
    if deck is not None and deck.suffix.lower() != ".pptx":
        raise PlaygroundError(f"--deck: {deck}: expected a name that ends in .pptx")
    models = tuple(kind for kind in chosen if kind in MODEL_FORMATS)
    if kinds or deck is not None or animate is not None:
        need_qt()
    pixels = parse_size(size or PICTURE_SIZE)
    animation = animation_options(out, animate, what, epochs, frames, every, fps, parse_size(size or SIZE))
    colours = cast("ThemeName", _one_of("--theme", theme, ("light", "dark")))
    source = _opened(file, target)
    if out.exists() and not out.is_dir():
        raise PlaygroundError(f"--out: {out} is not a folder")
    if animation is not None:
        run = _animate(source, epochs, out, animation, colours, captioned=caption)
        if not (kinds or models or frameworks or deck):
            return _print_result(run)
    if not kinds and deck is None:
        return _write_code(source, epochs, out, frameworks, models)
    return _render(source, epochs, out, kinds, pixels, colours, frameworks, models, captioned=caption, deck=deck)


@app.command()
def schema() -> int:
    """Print the JSON Schema of an experiment file."""
    from core.experiment.experiment_file import schema as experiment_schema

    sys.stdout.write(json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n")
    return 0


def _opened(file: str, target: str | None) -> Source:
    """Open ``file`` and print notes on differences."""
    source = with_target(open_source(file), target)
    print_notes(source)
    return source


def print_notes(source: Source) -> None:
    """Print notes on differences from a link."""
    for note in source.notes:
        sys.stderr.write(f"nn-playground: {note}\n")


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
    return _render(source, EPOCHS_WITHOUT_SCREEN, SLIDES, ("png", "svg"), (1920, 1080), "light")


def parse_size(text: str) -> tuple[int, int]:
    """Return (width, height) in pixels from ``1920x1080``.

    Raises:
        PlaygroundError: the text is not two numbers, or a side is out of bounds.
    """
    match = re.fullmatch(r"([0-9]{1,6})[xX×]([0-9]{1,6})", text.strip())
    if match is None:
        raise PlaygroundError(f'--size: expected WIDTHxHEIGHT such as 1920x1080, got "{text}"')
    from playground.export.hidden_view import SIDES

    low, high = SIDES
    size = (int(match[1]), int(match[2]))
    if not all(low <= side <= high for side in size):
        raise PlaygroundError(f'--size: expected {low} to {high} pixels per side, got "{text}"')
    return size


def _render(
    source: Source,
    epochs: int,
    out: Path,
    formats: tuple[Format, ...],
    size: tuple[int, int],
    theme: ThemeName,
    frameworks: tuple[str, ...] = (),
    models: tuple[str, ...] = (),
    *,
    captioned: bool = False,
    deck: Path | None = None,
) -> int:
    from playground.commandline.export_run import export_run, offscreen_application

    application = offscreen_application()
    trainer = _trainer_for(source, epochs)
    with progress_bar("training") as advance:
        run = export_run(trainer, epochs, out, formats, size, theme, advance, captioned=captioned, deck=deck)
    written = [*run.files, *_code_files(run.training, epochs, out, frameworks, models)]
    _say_written(written, out)
    if run.left_out:
        sys.stdout.write(f"Omitted because they do not apply: {', '.join(run.left_out)}\n")
    del application
    return _print_result(run.training)


def _animate(
    source: Source, epochs: int, out: Path, options: AnimationOptions, theme: ThemeName, *, captioned: bool
) -> TrainingRun:
    """Train ``source`` and write the animation."""
    from playground.commandline.animate_run import record_run
    from playground.commandline.export_run import offscreen_application
    from playground.export.export import make_folder

    make_folder(out)
    application = offscreen_application()
    trainer = _trainer_for(source, epochs)
    with progress_bar("training") as advance:
        run = record_run(trainer, epochs, options, theme, advance, captioned=captioned)
    with progress_bar("writing") as advance:
        files = run.write(options, advance)
    _say_written(list(files), out)
    del application
    return run.training


def _trainer_for(source: Source, epochs: int) -> Trainer:
    """Return a trainer with the engine that suits the length of the run."""
    trainer = new_trainer(source.experiment, source.folder, "numpy")
    return new_trainer(source.experiment, source.folder) if epochs * trainer.steps_per_epoch > LONG_RUN else trainer


def _write_code(source: Source, epochs: int, out: Path, frameworks: tuple[str, ...], models: tuple[str, ...]) -> int:
    """Write scripts and, after training, the network; pictures, and therefore Qt, are not needed."""
    run = _trained(source, epochs=epochs, steps=None, engine="auto")
    _say_written(_code_files(run, epochs, out, frameworks, models), out)
    return _print_result(run)


def _code_files(
    run: TrainingRun, epochs: int, out: Path, frameworks: tuple[str, ...], models: tuple[str, ...]
) -> list[Path]:
    from core.code_export.files import write_all
    from core.code_export.plan import Plan

    plan = Plan(experiment=run.experiment, data=run.data, architecture=run.final.architecture, epochs=epochs)
    return write_all(plan, run.final, out, frameworks, models)


def _say_written(files: list[Path], out: Path) -> None:
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    sys.stdout.write(f"{count} in {out}{'' if str(out).endswith('/') else '/'}\n")


def _trained(source: Source, *, epochs: int | None, steps: int | None, engine: EngineChoice) -> TrainingRun:
    """Train without waiting for the compiler; while it compiles, ``auto`` trains with NumPy."""
    from core.engine.compiled.compilation import EngineLoader, is_cached
    from core.training.training_run import train as train_headless

    compiles_beside = engine == "auto" and not is_cached()
    trainer = new_trainer(source.experiment, source.folder, "numpy" if compiles_beside else engine)
    loader = EngineLoader()
    thread: threading.Thread | None = None
    began = time.monotonic()
    with progress_bar("training") as show:

        def load() -> None:
            with suppress(EngineError):  # training continues on NumPy, and the result names the engine
                loader.run()

        def advance(done: int, total: int) -> None:
            nonlocal thread
            show(done, total)
            if not compiles_beside or trainer.engine == "compiled":
                return
            if loader.ready:
                trainer.use_engine("auto")
            elif thread is None and time.monotonic() - began > SECONDS_BEFORE_COMPILING:
                thread = threading.Thread(target=load, name="engine loader", daemon=True)
                thread.start()

        try:
            return train_headless(trainer, epochs=epochs, steps=steps, advance=advance)
        finally:
            loader.stop()
            if thread is not None:
                thread.join()


def _print_result(run: TrainingRun) -> int:
    """Print the result of ``run`` and return the exit status."""
    parts = [f"train loss {_shown(run.final_train_loss)}"]
    if len(run.data.x_test):
        parts.append(f"test loss {_shown(run.final_test_loss)}")
    if not math.isnan(run.test_accuracy):
        parts.append(f"test accuracy {run.test_accuracy:.1%}")
    sys.stdout.write(
        f"{run.experiment.name}: {run.epochs:g} epochs, {run.steps} steps in {run.seconds:.2f} s ({run.engine}); "
        f"{', '.join(parts)}\n"
    )
    if run.divergence is None:
        return 0
    sys.stderr.write(f"nn-playground: {run.divergence.message}\n")
    return DIVERGED


def _shown(loss: float) -> str:
    return f"{loss:.4g}" if math.isfinite(loss) else "not finite"


def _check_length(option: str, value: int) -> None:
    if not 0 <= value <= MAX_STEPS:
        raise PlaygroundError(f"{option}: expected a whole number from 0 to {MAX_STEPS}, got {value}")


def _several(option: str, text: str | None, choices: tuple[str, ...]) -> tuple[str, ...]:
    """Return the choices in the comma-separated ``text``, each once."""
    words = (text or "").split(",")
    return tuple(dict.fromkeys(_one_of(option, word.strip().lower(), choices) for word in words))


def _one_of(option: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise PlaygroundError(f'{option}: expected {", ".join(choices[:-1])} or {choices[-1]}, got "{value}"')
    return value
