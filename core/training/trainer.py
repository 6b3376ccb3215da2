"""The trainer: steps, epochs, live changes that keep the weights, and rollback on divergence."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from core.arrays import Booleans, Floats, Integers
from core.data.prepared_data import PreparedData
from core.engine.cancellation import Cancellation, StepCancelled
from core.engine.draws import Draws
from core.engine.engine_choice import EngineChoice, suits_compiled
from core.engine.evaluation import Evaluator, NumpyEvaluator
from core.engine.step_choice import TF_PLAYGROUND_NOTE, optimizer_state_of, take
from core.errors import EngineError
from core.experiment import Experiment
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.penalties import PENALTIES
from core.network import Network
from core.network.architecture import Architecture, architecture_for
from core.network.dropout import Masks
from core.network.parameters import Spot, scaled_parameters, unit_parameters
from core.training.adaptation import RunVectors, adapt, without_redrawn
from core.training.divergence import Divergence, diagnose
from core.training.progress import NO_ORDER, Progress
from core.training.training_state import GeneratorState, TrainingState

if TYPE_CHECKING:
    from core.engine.compiled.burst import CompiledLoop


class Trainer:
    """Trains one network on one data set; all settings can be changed while it trains.

    Attributes:
        experiment: the current settings.
        data: the samples as the network sees them.
        architecture: the current architecture.
        parameters: the flat vector (P,); replaced and never written in place, so that a reference to it is safe to keep.
        last_update: change of the parameters in the last step, (P,).
        last_batch: indices of the training samples of the last step.
        last_masks: dropout masks of the last step.
        last_gradient: ∂L/∂(every parameter) in the last step, (P,), penalties and clipping excluded.
    """

    def __init__(self, experiment: Experiment, data: PreparedData, engine: EngineChoice = "numpy") -> None:
        self.experiment = experiment
        self.data = data
        self.architecture = architecture_for(experiment, data)
        self.parameters: Floats
        self.last_update: Floats
        self.last_batch: Integers
        self.last_masks: Masks
        self._optimizer_state: tuple[Floats, Floats]
        self._progress: Progress
        self._loop: CompiledLoop | None = None
        self.reset()
        self.use_engine(engine)

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def network(self) -> Network:
        """The network at the current parameters."""
        return Network(self.architecture, self.parameters)

    @property
    def step(self) -> int:
        """Updates made since the start."""
        return self._progress.step

    @property
    def epoch(self) -> float:
        """Passes through the training set since the start, including the fraction of the current one."""
        return self._progress.epoch + self._progress.position / max(len(self.data.x_train), 1)

    @property
    def steps_to_epoch_end(self) -> int:
        """Steps until the current epoch is complete (those of a whole epoch between two epochs)."""
        batch = self._batch_size()
        return -(-(len(self.data.x_train) - self._progress.position) // batch)

    @property
    def steps_per_epoch(self) -> int:
        """Number of steps in a whole epoch."""
        return -(-len(self.data.x_train) // self._batch_size())

    @property
    def at_epoch_end(self) -> bool:
        """Whether an epoch has just been completed and the next one has not started."""
        return self._progress.position == 0 and self._progress.epoch > 0

    @property
    def engine(self) -> str:
        """The engine that computes the steps: ``numpy`` or ``compiled``."""
        if self.experiment.training.steps_like_tf_playground:
            return "numpy"
        if self._choice == "auto":
            return "compiled" if suits_compiled(self.architecture) else "numpy"
        return self._choice

    def use_engine(self, choice: EngineChoice) -> None:
        """Compute the next steps with engine ``choice``; ``auto`` depends on the shape and falls back to NumPy.

        Raises:
            EngineError: ``compiled`` was requested and cannot run here.
        """
        self._choice, self._note = choice, ""
        self._current_loop()

    @property
    def engine_note(self) -> str:
        """Why the requested engine does not run here, or empty."""
        imitates = self._choice != "numpy" and self.experiment.training.steps_like_tf_playground
        return TF_PLAYGROUND_NOTE if imitates else self._note

    def _current_loop(self) -> CompiledLoop | None:
        if self.engine == "numpy":
            return None
        if self._loop is None:
            from core.engine.compiled.burst import CompiledLoop  # imported late: NumPy takes the first steps

            try:
                self._loop = CompiledLoop()
            except EngineError as error:
                if self._choice == "compiled":
                    raise
                self._choice, self._note = "numpy", f"Training runs on NumPy: {error}"
        return self._loop

    def penalty(self) -> float:
        """Return the L1 and L2 penalty at the current weights: λ₁‖W‖₁ + ½λ₂‖W‖²; infinite where that overflows."""
        settings = self.experiment.training
        strengths = {key: strength for key in PENALTIES if (strength := getattr(settings, key))}
        if not strengths:
            return 0.0
        weights = self.parameters[self.architecture.is_weight]
        with np.errstate(over="ignore"):
            return float(sum(PENALTIES[key].value(weights, strength) for key, strength in strengths.items()))

    @property
    def evaluator(self) -> Evaluator:
        """The evaluator of the engine that computes the steps."""
        loop = self._current_loop()
        return NumpyEvaluator() if loop is None else loop.evaluator

    # -- training ----------------------------------------------------------------------------------------------------

    def run(
        self, steps: int, cancellation: Cancellation | None = None, *, trail: list[Floats] | None = None
    ) -> Divergence | None:
        """Take ``steps`` steps of one batch each; stop before a step that diverges and return the reason.

        Take none while samples are missing. A step that is cancelled changes nothing, and is the last one. The parameters
        after each step are appended to ``trail``.
        """
        if self.data.missing:
            return None
        batch_size = self._batch_size()
        loop = self._current_loop()
        last = self.step + steps
        divergence = None
        with np.errstate(over="ignore", invalid="ignore"):
            while self.step < last and divergence is None and not (cancellation and cancellation.is_requested):
                if loop is None or not self._burst(loop, last - self.step, cancellation, trail):
                    divergence = self._step(batch_size, cancellation)
                    if trail is not None and divergence is None:
                        trail.append(self.parameters)
        return divergence

    def run_sample(self) -> Divergence | None:
        """Take one step on the next single sample, or none while samples are missing."""
        if self.data.missing:
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            return self._step(1)

    def run_rows(self, rows: Integers) -> Divergence | None:
        """Take one step on the training samples ``rows``, or none while samples are missing; the epoch does not advance."""
        if self.data.missing:
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            return self._step_on(rows, is_full=True)

    def run_epoch(self) -> Divergence | None:
        """Take steps until the current epoch is complete."""
        return self.run(self.steps_to_epoch_end)

    def _batch_size(self) -> int:
        chosen = self.experiment.training.batch_size
        samples = max(len(self.data.x_train), 1)
        if self.experiment.training.steps_like_tf_playground and chosen:
            return chosen  # one that is larger than the set is never full
        return samples if chosen == 0 else min(chosen, samples)

    def _step(self, batch_size: int, cancellation: Cancellation | None = None) -> Divergence | None:
        progress = self._progress
        shuffler = None
        if progress.position == 0:
            shuffler = self._draws.batches.bit_generator.state
            progress.order = self._draws.order(len(self.data.x_train), shuffle=self.experiment.training.shuffle)
        batch = progress.order[progress.position : progress.position + batch_size]
        check, cancelled, divergence = None if cancellation is None else cancellation.check, True, None
        with contextlib.suppress(StepCancelled):
            divergence = self._step_on(batch, is_full=len(batch) == batch_size, check=check)
            cancelled = False
        if cancelled or divergence is not None:
            if shuffler is not None:
                self._draws.batches.bit_generator.state = shuffler
                progress.order = NO_ORDER
            return divergence
        progress.position += len(batch)
        if progress.position >= len(self.data.x_train):
            progress.position = 0
            progress.epoch += 1
        return None

    def _step_on(self, batch: Integers, *, is_full: bool, check: Callable[[], None] | None = None) -> Divergence | None:
        """Update the parameters on ``batch``; without a change, return why that would diverge.

        Raises:
            StepCancelled: raised by ``check``, which is called between layers; nothing is changed.
        """
        progress, settings = self._progress, self.experiment.training
        X, Y = self.data.x_train.take(batch, axis=0), self.data.y_train.take(batch, axis=0)
        masks = self._draws.masks(self.architecture, len(batch))
        count = progress.update_count + 1
        try:
            step = take(self.network, X, Y, masks, self._optimizer_state, count, settings, is_full=is_full, check=check)
        except StepCancelled:
            self._draws.put_masks_back(masks)
            raise
        if not step.is_finite:
            self._draws.put_masks_back(masks)
            return diagnose(step, self.architecture, settings.optimizer, progress.step + 1)
        self.last_update = step.parameters - self.parameters
        self.last_batch, self.last_masks, self.last_gradient = batch, masks, step.gradients.flat
        self.parameters, self._optimizer_state = step.parameters, step.optimizer_state
        progress.step += 1
        progress.update_count += 1
        return None

    def _burst(
        self, loop: CompiledLoop, steps: int, cancellation: Cancellation | None, trail: list[Floats] | None
    ) -> bool:
        """Take up to ``steps`` compiled steps; return whether any was taken (none if it would diverge or is cancelled)."""
        from core.engine.compiled.burst import State

        progress, settings = self._progress, self.experiment.training
        state = State(self.parameters, self._optimizer_state, progress.update_count, progress.order, progress.position)
        given = (self.architecture, self.data, settings, state, self._draws, cancellation, trail)
        burst = loop.burst(steps, self._batch_size(), *given)
        if burst is None:
            return False
        after = burst.state
        self.parameters, self._optimizer_state, self.last_update = after.parameters, after.optimizer_state, burst.update
        self.last_batch, self.last_masks, self.last_gradient = burst.batch, burst.masks, burst.gradient
        step, epoch = progress.step + burst.steps, progress.epoch + burst.epochs
        self._progress = Progress(step, epoch, after.position, after.order, after.updates)
        return True

    # -- saving and restoring the state ----------------------------------------------------------------------------------

    def state(self) -> TrainingState:
        """Return everything needed to resume training bit-identically; its arrays are shared, because none is modified."""
        progress = self._progress
        return TrainingState(
            experiment=self.experiment,
            parameters=self.parameters,
            drawn=self._drawn,
            first_state=self._optimizer_state[0],
            second_state=self._optimizer_state[1],
            last_update=self.last_update,
            order=progress.order if progress.position else NO_ORDER,
            last_batch=self.last_batch.copy(),  # it may be a view of those of a whole burst
            step=progress.step,
            epoch=progress.epoch,
            position=progress.position,
            update_count=progress.update_count,
            shuffler=GeneratorState.of(self._draws.batches),
            dropout=tuple(map(GeneratorState.of, self._draws.dropout)),
        )

    def restore(self, state: TrainingState) -> None:
        """Resume from ``state``, which must come from a trainer with the same settings and data.

        Raises:
            StateError: the state is damaged or does not fit; the trainer is not changed.
        """
        state.require_fit(
            self.experiment, self.architecture.size, len(self.architecture.layers), len(self.data.x_train)
        )
        self._draws = Draws(state.shuffler.generator(), [each.generator() for each in state.dropout])
        self.parameters, self._drawn = state.parameters, state.drawn
        # A state from a version in which an activation had no α yet contains 0 there.
        for layer in self.architecture.layers:
            if not layer.learns_alpha and self.parameters[layer.alpha_index] != layer.alpha:
                self.set_parameter(layer.alpha_index, layer.alpha)
        self._optimizer_state = (state.first_state, state.second_state)
        self._progress = Progress(state.step, state.epoch, state.position, state.order, state.update_count)
        self._forget_last_step()
        self.last_update, self.last_batch = state.last_update, state.last_batch

    # -- changing ----------------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Go back to step 0 with the same initial weights and the same order of samples."""
        self._drawn = unit_parameters(self.architecture, self.experiment.network.seed)
        self.parameters = scaled_parameters(self.architecture, self._drawn)
        self._optimizer_state = (np.zeros(self.architecture.size), np.zeros(self.architecture.size))
        self._progress = Progress()
        self._draws = Draws.seeded(self.experiment.training.seed, len(self.architecture.layers))
        self._forget_last_step()

    def set_parameter(self, index: int, value: float) -> None:
        """Set the parameter at flat ``index`` to ``value`` (the user edited a weight or bias)."""
        edited = self.parameters.copy()
        edited[index] = value
        self.parameters = edited

    def recall(self, parameters: Floats, drawn: Floats, where: Booleans) -> None:
        """Restore saved ``parameters`` and initial draws, both (P,), ``where`` the mask is set."""
        self.parameters = np.where(where, parameters, self.parameters)
        self._drawn = np.where(where, drawn, self._drawn)

    def apply(self, experiment: Experiment, data: PreparedData, spot: Spot | None = None) -> None:
        """Apply ``experiment`` and ``data`` while training, keeping as many weights as possible.

        * A new network seed restarts training. A new training seed affects the order of samples and the dropout from the
          next draw on.
        * A new shape keeps the weights of the remaining neurons; new neurons get initial weights. ``spot`` tells which one,
          or which layer, was added or removed; without it, the last ones were.
        * A new initializer redraws that layer's weights; a new gain rescales the part of each weight that came from the
          initial draw and keeps what training added.
        * Any other change keeps all weights.

        Kept parameters keep their optimizer state; it starts at 0 for added or redrawn weights and for a PReLU's new α.
        Adam and AdamW correct for that start with a single step count, so they then restart for all parameters; so does
        every optimizer that replaces another.
        """
        architecture = architecture_for(experiment, data)  # raises on contradictions before anything is changed
        old_experiment, old, old_data = self.experiment, self.architecture, self.data
        self.experiment, self.data, self.architecture = experiment, data, architecture
        if experiment.network.seed != old_experiment.network.seed:
            self.reset()
            return
        self._adapt(old, old_data, spot)
        if optimizer_state_of(experiment.training) != optimizer_state_of(old_experiment.training):
            self._optimizer_state = (np.zeros(self.architecture.size), np.zeros(self.architecture.size))
            self._progress.update_count = 0
        seed, layers = experiment.training.seed, len(architecture.layers)
        if seed != old_experiment.training.seed:
            self._draws = Draws.seeded(seed, layers)
        elif layers != len(self._draws.dropout):
            self._draws = self._draws.with_layers(seed, layers)
        if len(data.x_train) != len(old_data.x_train):
            self._progress.position = 0
        self._discard_outdated_results(old, old_data)

    def _discard_outdated_results(self, old: Architecture, old_data: PreparedData) -> None:
        """Keep the results of the last step where its parameters and samples still exist."""
        data = self.data
        if not self.architecture.same_shape(old) or data.feature_keys != old_data.feature_keys:
            self._forget_last_step()
            return
        self.last_update = without_redrawn(self.last_update, old, self.architecture)
        if data is not old_data:
            self.last_batch = NO_ORDER
            self.last_masks = (1.0,) * len(self.architecture.layers)

    def _adapt(self, old: Architecture, old_data: PreparedData, spot: Spot | None) -> None:
        """Carry the parameters and the optimizer's state over from the architecture ``old``."""
        inputs = None
        if not self.architecture.same_shape(old) or self.data.feature_keys != old_data.feature_keys:
            before = {key: column for column, key in enumerate(old_data.feature_keys)}
            inputs = [(before[key], column) for column, key in enumerate(self.data.feature_keys) if key in before]
        vectors, restarts = adapt(
            RunVectors(self.parameters, self._drawn, *self._optimizer_state),
            old,
            self.architecture,
            inputs,
            self.experiment.network.seed,
            spot,
        )
        if OPTIMIZERS[self.experiment.training.optimizer].corrects_start and restarts.any():
            restarts[:] = True
            self._progress.update_count = 0
        self.parameters, self._drawn = vectors.parameters, vectors.drawn
        first, second = vectors.first_state, vectors.second_state
        if restarts.any():
            first, second = np.where(restarts, 0.0, first), np.where(restarts, 0.0, second)
        self._optimizer_state = (first, second)

    def _forget_last_step(self) -> None:
        self.last_update = self.last_gradient = np.zeros(self.architecture.size)
        self.last_batch = NO_ORDER
        self.last_masks = (1.0,) * len(self.architecture.layers)
