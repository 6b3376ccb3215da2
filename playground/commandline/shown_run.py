"""Train without a window while cards show snapshots of the run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

from core.analysis.plane import default_axes
from core.engine.cost import max_evaluated_samples
from core.training.observer import observe
from core.training.recorders.gradient_history import GradientRecorder
from core.training.recorders.loss_curve import LossRecorder
from core.training.recorders.parameter_path import PathRecorder
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from core.training.training_run import Advance, TrainingRun, train
from playground.commandline.resuming import Ending, ended_at
from playground.session import Session
from playground.widgets.live_card import LiveCard

MEASURED: Final = 240
"""Number of points of the gradient history."""


def _ignore(_snapshot: Snapshot) -> None:
    """Do nothing."""


def train_shown(
    trainer: Trainer,
    epochs: int,
    session: Session,
    cards: Iterable[LiveCard],
    moments: Collection[int],
    *,
    advance: Advance | None = None,
    ending: Ending | None = None,
    shown: Callable[[Snapshot], None] = _ignore,
    axes: tuple[int, int] | None = None,
) -> tuple[TrainingRun, Snapshot]:
    """Train ``trainer`` for ``epochs`` epochs, and return the run and its last snapshot, which the cards show in the end.

    Args:
        trainer: at the beginning of the run.
        epochs: length of the run.
        session: session of the cards.
        cards: they show the snapshots.
        moments: epochs at which they show one.
        advance: called periodically, to show progress.
        ending: where the run ends; by default where training ends.
        shown: called with each snapshot that the cards show at a moment.
        axes: the two inputs along which the snapshots show the input space; ``None`` for the default.
    """
    cards = tuple(cards)
    recorder, gradient_recorder, path_recorder = LossRecorder(), GradientRecorder(), PathRecorder()
    plane = axes or default_axes(trainer.data)
    measured = {round(epochs * look / (MEASURED - 1)) for look in range(MEASURED)}

    def show(run: TrainingRun | None = None) -> Snapshot:
        snapshot = observe(
            trainer,
            recorder,
            axes=plane,
            gradient_recorder=gradient_recorder,
            path_recorder=path_recorder,
            generation=session.generation,
            divergence=run.divergence if run is not None else None,
        )
        session.snapshot = snapshot
        for card in cards:
            card.show_snapshot(snapshot)
        return snapshot

    def at_epoch(train_loss: float, test_loss: float, _seconds: float) -> None:
        # The time differs from run to run; without it, the same run gives the same files.
        penalty = trainer.penalty()
        recorder.record(epoch=trainer.epoch, step=trainer.step, train=train_loss, test=test_loss, penalty=penalty)
        if round(trainer.epoch) in moments:
            shown(show())
        elif round(trainer.epoch) in measured:
            _record_gradient(trainer, gradient_recorder)
            path_recorder.record(step=trainer.step, parameters=trainer.parameters)

    run = ended_at(ending, trainer, train(trainer, epochs=epochs, advance=advance, at_epoch=at_epoch))
    if ending is not None and ending.past is not None:
        past = ending.past.history()
        recorder, gradient_recorder = past.recorder, past.gradients
        path_recorder = path_recorder if ending.is_repeated else past.path
    return run, show(run)


def _record_gradient(trainer: Trainer, recorder: GradientRecorder) -> None:
    """Record the current gradient over the samples that a snapshot uses."""
    limit = max_evaluated_samples(trainer.architecture)
    X, Y = trainer.data.x_train[:limit], trainer.data.y_train[:limit]
    _, gradients = trainer.evaluator.differentiate(trainer.network, X, Y)
    recorder.record(epoch=trainer.epoch, step=trainer.step, network=trainer.network, gradients=gradients)
