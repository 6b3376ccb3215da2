"""Split one training step into its phases, forward, loss, backward and update, with the numbers of each."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers
from core.data.prepared_data import PreparedData
from core.data.sample import Sample
from core.engine.descent import regularized_gradient
from core.network import Gradients, Network, Trace
from core.network.dropout import Masks
from core.training.divergence import Divergence
from core.training.step_pass import StepPass, masks_of
from core.training.trainer import Trainer
from core.training.training_state import StateError, TrainingState

Phase: TypeAlias = Literal["forward", "loss", "backward", "update"]

PHASES: Final[tuple[Phase, ...]] = ("forward", "loss", "backward", "update")
"""The phases of a step, in order."""

Portion: TypeAlias = Literal["row", "sample", "batch"]
"""The samples of a step: a selected training sample, the next one, or the next batch."""


class PhaseStep(Struct, frozen=True, kw_only=True, eq=False):
    """The numbers of one step, in the order of the computation.

    Attributes:
        portion: the kind of samples.
        before: the training state before the step.
        data: the samples, of which the step uses a few.
        batch: indices of its training samples, (B,).
        targets: their coded targets, (B, K).
        network: the network before the step.
        trace: forward phase: the pass of these samples, with the step's dropout masks.
        losses: loss phase: loss of each sample, (B,).
        gradients: backward phase: gradients of the mean loss, penalties and clipping excluded.
        gradient: the optimizer's input, (P,), with L2 and clipping.
        after: update phase: the parameters after the step, (P,).
        loss_after: the mean loss of the same samples, with the same masks, after the step.
    """

    portion: Portion
    before: TrainingState
    data: PreparedData
    batch: Integers
    targets: Floats
    network: Network
    trace: Trace
    losses: Floats
    gradients: Gradients
    gradient: Floats
    after: Floats
    loss_after: float

    @property
    def step_pass(self) -> StepPass:
        """The pass of its samples, with their masks."""
        return StepPass(self.number, self.batch, self.trace.masks, self.gradients.flat, self.update)

    def masks_of(self, sample: Sample | None) -> Masks | None:
        """Return the dropout masks of ``sample`` alone; ``None`` if the step does not use it."""
        return masks_of(self.batch, self.trace.masks, sample)

    @property
    def number(self) -> int:
        """The number of the step, from 1."""
        return self.before.step + 1

    @property
    def loss(self) -> float:
        """The mean loss of the samples before the step."""
        return self.gradients.loss

    @property
    def update(self) -> Floats:
        """The change of the parameters, (P,)."""
        return self.after - self.network.parameters


def take_portion(trainer: Trainer, portion: Portion, row: int = 0) -> Divergence | None:
    """Take a step of ``trainer`` on ``portion``; ``row`` is the selected training sample.

    Returns:
        The divergence, if the step would have diverged and was not taken.
    """
    if portion == "row":
        return trainer.run_rows(np.array([row]))
    return trainer.run_sample() if portion == "sample" else trainer.run(1)


def phase_step(trainer: Trainer, portion: Portion, row: int = 0) -> PhaseStep | Divergence | None:
    """Return the numbers of the step that :func:`take_portion` would take; ``trainer`` is not changed.

    ``after`` equals the parameters after that step bit for bit. Activations and gradients are computed with NumPy; the
    compiled engine agrees to 1e-9.

    Returns:
        The numbers; the divergence if the step would diverge; or ``None`` if there are no samples.
    """
    if trainer.data.missing or (portion == "row" and not 0 <= row < len(trainer.data.x_train)):
        return None
    before = trainer.state()
    twin = Trainer(trainer.experiment, trainer.data, "numpy" if trainer.engine == "numpy" else "auto")
    twin.restore(before)
    network = twin.network
    divergence = take_portion(twin, portion, row)
    if divergence is not None:
        return divergence
    batch, masks = twin.last_batch, twin.last_masks
    X, Y = trainer.data.x_train[batch], trainer.data.y_train[batch]
    with np.errstate(over="ignore", invalid="ignore"):
        trace = network.forward(X, masks)
        gradients = network.backward(trace, Y)
        is_weight, settings = network.architecture.is_weight, trainer.experiment.training
        gradient = regularized_gradient(gradients.flat, network.parameters, is_weight, settings)
        after = twin.network
        losses_after = after.loss(after.forward(X, masks), Y)
    return PhaseStep(
        portion=portion,
        before=before,
        data=trainer.data,
        batch=batch,
        targets=Y,
        network=network,
        trace=trace,
        losses=network.loss(trace, Y),
        gradients=gradients,
        gradient=gradient,
        after=twin.parameters,
        loss_after=float(losses_after.mean()),
    )


def is_before_step(trainer: Trainer, step: PhaseStep) -> bool:
    """Return whether ``trainer`` is in the state that ``step`` starts from."""
    return trainer.step == step.before.step and np.array_equal(trainer.parameters, step.before.parameters)


def repeat_step(trainer: Trainer, step: PhaseStep) -> Divergence | None:
    """Repeat ``step`` with ``trainer``, which must be in the state before it; return the divergence, if it diverges."""
    return take_portion(trainer, step.portion, int(step.batch[0]))


def return_to(trainer: Trainer, state: TrainingState) -> bool:
    """Return ``trainer`` to ``state``; return False without a change if that has other settings."""
    if state.experiment != trainer.experiment:
        return False
    try:
        trainer.restore(state)
    except StateError:
        return False
    return True
