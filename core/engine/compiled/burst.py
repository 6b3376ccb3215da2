"""Run bursts of compiled steps: draw the random numbers, run the loop, and roll back if a step diverges."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers
from core.data.prepared_data import PreparedData
from core.engine.cancellation import Cancellation
from core.engine.compiled import arguments
from core.engine.compiled import loop as compiled_loop
from core.engine.compiled import passes as compiled_passes
from core.engine.compiled.arguments import Batches, Rule, Vectors
from core.engine.compiled.evaluation import CompiledEvaluator
from core.engine.compiled.kernel import load
from core.engine.compiled.workspace import Workspace, aligned
from core.engine.draws import Draws, Samples
from core.experiment import TrainingSettings
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.network.architecture import Architecture
from core.network.dropout import Masks

_DRAWN_AT_ONCE: Final = 2**18
"""Maximum number of random numbers and samples drawn per burst; more would cost memory and save no time."""


class State(Struct, frozen=True):
    """What a step changes: the parameters, the optimizer's state, and the position in the epoch.

    Attributes:
        parameters: (P,).
        optimizer_state: the optimizer's two state vectors, each (P,).
        updates: number of updates that the optimizer has made.
        order: sample order of the current epoch; arbitrary between two epochs.
        position: number of samples used in the current epoch.
    """

    parameters: Floats
    optimizer_state: tuple[Floats, Floats]
    updates: int
    order: Integers
    position: int


class Burst(Struct, frozen=True):
    """The result of a burst of steps.

    Attributes:
        steps: number of steps taken, at least one.
        epochs: number of epochs completed.
        state: the state after the last step.
        update: change of the parameters in the last step, (P,).
        gradient: ∂L/∂(every parameter) in the last step, (P,), penalties and clipping excluded.
        batch: indices of the last step's samples.
        masks: dropout masks of the last step.
    """

    steps: int
    epochs: int
    state: State
    update: Floats
    gradient: Floats
    batch: Integers
    masks: Masks


class CompiledLoop:
    """Runs bursts for one trainer, and caches its data and workspace between bursts.

    Attributes:
        evaluator: evaluates whole sets with the same compiled code.
    """

    def __init__(self) -> None:
        """Load the compiled code.

        Raises:
            EngineError: it is not available.
        """
        self._kernel = load()
        self._data: PreparedData | None = None
        self._workspace: Workspace | None = None
        self.evaluator = CompiledEvaluator(self._kernel)

    def burst(
        self,
        steps: int,
        batch_size: int,
        architecture: Architecture,
        data: PreparedData,
        settings: TrainingSettings,
        state: State,
        draws: Draws,
        cancellation: Cancellation | None = None,
        trail: list[Floats] | None = None,
    ) -> Burst | None:
        """Take up to ``steps`` steps and return the result; ``None`` if the first step would diverge or is cancelled.

        ``state`` is not modified. The generators in ``draws`` advance by exactly the steps taken.

        Args:
            steps: maximum number of steps; fewer are taken if they need too many random numbers or if one diverges.
            batch_size: samples per step.
            architecture: the network's architecture.
            data: the data, whose training set is used.
            settings: learning rate, optimizer, penalties and clipping.
            state: the state before the first step.
            draws: the random generators.
            cancellation: ends a burst of one step; several steps take milliseconds.
            trail: the parameters after each step are appended to it.
        """
        dropped = sum(width for width, p in zip(architecture.fan_ins, architecture.dropout_rates, strict=True) if p)
        steps = min(steps, max(1, _DRAWN_AT_ONCE // (batch_size * max(1, dropped))))
        while steps:
            shuffler = draws.batches.bit_generator.state
            samples = draws.samples(
                steps, batch_size, len(data.x_train), state.order, state.position, shuffle=settings.shuffle
            )
            masks = draws.masks(architecture, len(samples.indices))
            points: list[Floats] | None = None if trail is None else []
            taken, burst = self._run(architecture, data, settings, state, samples, masks, cancellation, points)
            if burst is not None:
                if trail is not None and points is not None:
                    trail.extend(points)
                return burst
            # The state is unchanged: repeat the steps before the failed one, with the same draws.
            draws.put_masks_back(masks)
            draws.batches.bit_generator.state = shuffler
            steps = taken
        return None

    def _run(
        self,
        architecture: Architecture,
        data: PreparedData,
        settings: TrainingSettings,
        state: State,
        samples: Samples,
        masks: Masks,
        cancellation: Cancellation | None,
        points: list[Floats] | None,
    ) -> tuple[int, Burst | None]:
        """Return how many steps succeeded, and the burst if all did; append each step's parameters."""
        kernel, loss = self._kernel, LOSSES[architecture.loss]
        workspace = self._prepare(architecture, data, int(samples.sizes.max()))
        drawn = [mask.ravel() if isinstance(mask, np.ndarray) else np.zeros(0) for mask in masks]
        workspace.table[0, compiled_passes.STOP] = 0
        if cancellation is not None and len(samples.sizes) == 1:
            cancellation.watch(workspace.table[0, compiled_passes.STOP : compiled_passes.STOP + 1])
        workspace.table[:, compiled_passes.DROPS] = [mask.size > 0 for mask in drawn]
        starts: Integers = np.cumsum([0, *(mask.size for mask in drawn[:-1])], dtype=np.int64)
        after = aligned(architecture.size)
        after[:] = state.parameters
        first_state, second_state = _state_vectors(settings, state)
        before, gradient = np.empty(architecture.size), np.empty(architecture.size)
        rule = Rule(
            kernel.addresses.loss[loss.key],
            loss.takes == "pre_activation",
            kernel.addresses.optimizer[settings.optimizer],
            _numbers(settings),
            np.array(settings.optimizer_arguments(), dtype=np.float64),
        )
        batches = Batches(
            self._x,
            self._y,
            samples.indices.astype(np.int64, copy=False).view(np.uint64),
            samples.sizes.astype(np.int64, copy=False).view(np.uint64),
            np.concatenate(drawn),
            starts.view(np.uint64),
        )
        passed = np.empty(0 if points is None else len(samples.sizes) * architecture.size)
        vectors = Vectors(
            *(after, first_state, second_state, before, gradient, workspace.gradient_beside(after), passed, np.empty(0))
        )
        taken = kernel.train(
            workspace.table, compiled_loop.DESCENT, state.updates, rule, batches, vectors, workspace.buffers
        )
        steps, rows = len(samples.sizes), int(samples.sizes[-1])
        if taken < steps:
            return int(taken), None
        if points is not None:
            points.extend(passed.reshape(-1, architecture.size))
        return steps, Burst(
            steps=steps,
            epochs=samples.epochs,
            state=State(after, (first_state, second_state), state.updates + steps, samples.order, samples.position),
            update=np.subtract(after, before, out=before),
            gradient=gradient,
            batch=samples.indices[-rows:],
            masks=tuple(mask[-rows:] if isinstance(mask, np.ndarray) else mask for mask in masks),
        )

    def _prepare(self, architecture: Architecture, data: PreparedData, rows: int) -> Workspace:
        """Cache the data, and return a workspace for ``rows`` samples."""
        if data is not self._data:
            # Copy, because Numba would compile another version for the data's read-only arrays.
            self._data, self._x, self._y = data, data.x_train.ravel().copy(), data.y_train.ravel().copy()
        if self._workspace is None or not self._workspace.holds(architecture, rows):
            self._workspace = Workspace.of(architecture, rows, self._kernel.addresses)
        return self._workspace


def _numbers(settings: TrainingSettings) -> Floats:
    """Return the loop's vector of settings; with decoupled weight decay, L2 is not added to the gradient."""
    numbers = np.zeros(arguments.SETTINGS)
    decoupled = OPTIMIZERS[settings.optimizer].decoupled_decay
    numbers[arguments.LEARNING_RATE] = settings.learning_rate
    numbers[arguments.L1] = settings.l1
    numbers[arguments.DECAY if decoupled else arguments.L2] = settings.l2
    numbers[arguments.CLIP_NORM] = np.inf if settings.clip_norm is None else settings.clip_norm
    return numbers


def _state_vectors(settings: TrainingSettings, state: State) -> tuple[Floats, Floats]:
    """Return the state vectors (P,) for the loop, which reads those that the optimizer does not use but writes none of them."""
    used = len(OPTIMIZERS[settings.optimizer].state)
    first, second = (
        vector.copy() if index < used or not vector.flags.writeable else vector
        for index, vector in enumerate(state.optimizer_state)
    )
    return first, second
