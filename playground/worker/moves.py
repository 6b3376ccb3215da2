"""Single steps of the trainer: on a sample or a batch, by phases, and back."""

from __future__ import annotations

from core.engine.cancellation import Cancellation
from core.training.divergence import Divergence
from core.training.phases import return_to, stands_before, take_again
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
            history.discard_saved_state()  # which consists of whole batches
            return history.timed(trainer.run_sample)
        case TakePhaseStep(step=step) if stands_before(trainer, step):
            history.discard_saved_state()
            return history.timed(lambda: take_again(trainer, step))
        case ReturnTo(state=state) if return_to(trainer, state):
            history.discard_saved_state()
    return None


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
