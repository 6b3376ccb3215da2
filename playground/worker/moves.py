"""Single steps of the trainer: on a sample or a batch, by phases, and back."""

from __future__ import annotations

from collections.abc import Callable

from core.engine.cancellation import Cancellation
from core.training.divergence import Divergence
from core.training.phases import is_before_step, repeat_step, return_to
from core.training.run_history import RunHistory
from core.training.trainer import Trainer
from playground.worker.commands import ReturnTo, Step, TakePhaseStep


def move(
    command: Step | TakePhaseStep | ReturnTo, trainer: Trainer, history: RunHistory, cancellation: Cancellation | None
) -> Divergence | None:
    """Carry out ``command``; an epoch is left to the caller, as it may take long, and a batch can be cancelled.

    Returns:
        Why a step was not taken, if it would have diverged.
    """
    match command:
        case Step(kind="batch", count=count):
            return _batches(count, trainer, history, cancellation)
        case Step(kind="sample"):
            return _on_samples(trainer.run_sample, trainer, history, other=not _uses_single(trainer))
        case TakePhaseStep(step=step) if is_before_step(trainer, step):
            other = step.portion == "row" or (step.portion == "sample" and not _uses_single(trainer))
            return _on_samples(lambda: repeat_step(trainer, step), trainer, history, other=other)
        case ReturnTo(state=state) if return_to(trainer, state):
            history.discard_saved_state()
    return None


def _on_samples(
    take: Callable[[], Divergence | None], trainer: Trainer, history: RunHistory, *, other: bool
) -> Divergence | None:
    """Take a step, and mark it if it is on ``other`` samples than training would have used."""
    before = trainer.step
    history.discard_saved_state()  # which consists of whole batches
    divergence = history.timed(take)
    if other and trainer.step > before:
        history.took_other_samples(trainer)
    return divergence


def _uses_single(trainer: Trainer) -> bool:
    """Return whether training uses single samples."""
    return (trainer.experiment.training.batch_size or len(trainer.data.x_train)) == 1


def _batches(count: int, trainer: Trainer, history: RunHistory, cancellation: Cancellation | None) -> Divergence | None:
    """Take ``count`` steps, adding to the loss curve where a point is due; end at divergence or when cancelled."""
    end = trainer.step + count
    while trainer.step < end:
        before = trainer.step
        steps = min(history.steps_to_landmark(trainer), end - before)
        divergence = history.timed(trainer.run, steps, cancellation)
        if divergence is not None or trainer.step == before:
            return divergence
        history.record_if_due(trainer)
    return None
