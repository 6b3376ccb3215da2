"""The command ``train``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from core.errors import PlaygroundError
from playground.commandline.arguments import File, Target, check_length, one_of, opened
from playground.commandline.headless import print_result, trained
from playground.commandline.requirements import check_writable

if TYPE_CHECKING:
    from core.engine.engine_choice import EngineChoice


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
    check_length("--steps" if epochs is None else "--epochs", epochs if epochs is not None else steps or 0)
    if with_data and report is None:
        raise PlaygroundError("--with-data requires a report; add --report OUT.json")
    chosen = cast("EngineChoice", one_of("--engine", engine, ("auto", "numpy", "compiled")))
    has_length = epochs is not None or steps is not None
    source = opened(file, target, also="" if has_length else " --epochs 200")
    if not has_length:
        raise PlaygroundError("the length of the run is missing: give --epochs N or --steps N")
    if report is not None:
        check_writable(report)
    run = trained(source, epochs=epochs, steps=steps, engine=chosen)
    if report is not None:
        from core.training.report import write_report

        write_report(run, report, with_data=with_data)
    return print_result(run)
