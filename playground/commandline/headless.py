"""Train without a window: engine and progress bar for the length of the run, and its result on the terminal."""

from __future__ import annotations

import math
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from core.errors import EngineError
from core.training.training_run import TrainingRun, new_trainer
from playground.commandline.progress_bar import progress_bar

if TYPE_CHECKING:
    from core.engine.engine_choice import EngineChoice
    from core.training.trainer import Trainer
    from playground.commandline.sources import Source

DIVERGED: Final = 1

SECONDS_BEFORE_COMPILING: Final = 3.0
"""Duration of a run below which background compilation, which takes half a minute, does not pay off."""

LONG_RUN: Final = 50_000
"""Number of steps above which a rendered run waits for the compiler; below, NumPy is faster."""


def trainer_for(source: Source, epochs: int) -> Trainer:
    """Return a trainer with the engine that suits the length of the run."""
    trainer = new_trainer(source.experiment, source.folder, "numpy")
    return new_trainer(source.experiment, source.folder) if epochs * trainer.steps_per_epoch > LONG_RUN else trainer


def trained(source: Source, *, epochs: int | None, steps: int | None, engine: EngineChoice) -> TrainingRun:
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


def print_result(run: TrainingRun) -> int:
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
