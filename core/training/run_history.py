"""The history of a run: its loss curve, the changes of settings, and a state to roll back to on divergence."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.engine.cancellation import Cancellation
from core.engine.cost import max_evaluated_samples
from core.engine.step import take
from core.experiment import Experiment
from core.experiment.changes import change_in_words, changed_settings
from core.training.divergence import Divergence, diagnose
from core.training.recorders.gradient_history import GradientRecorder
from core.training.recorders.loss_curve import OTHER_SAMPLES, WEIGHTS_SET, LossRecorder, next_landmark
from core.training.recorders.parameter_path import PathRecorder
from core.training.snapshot import Snapshot, losses_of
from core.training.trainer import Trainer
from core.training.training_state import TrainingState

LANDMARK_SHARE: Final = 0.1
"""Maximum share of the time spent on additional points of the loss curve, …"""

LANDMARK_SECONDS: Final = 0.1
"""… plus this much at the start of a run, where the first steps matter most."""

KEEPING_SHARE: Final = 0.02
"""Maximum share of the time spent on saving states to roll back to."""

MERGE_SECONDS: Final = 1.0
"""Changes of the same settings within this time, such as by dragging a slider, share one mark."""

MAX_REPLAY_SECONDS: Final = 0.5
"""If more time has passed, roll back to the saved state instead of searching for the last finite step."""


class _Change(Struct, frozen=True):
    """The last change: the settings, the Experiment before it, the time and the step."""

    settings: frozenset[str]
    old: Experiment
    time: float
    step: int


class _Edit(Struct, frozen=True, eq=False):
    """The last edit of the weights: its time, the step, and the parameters (P,) before the first edit at this step."""

    time: float
    step: int
    before: Floats


class RunHistory:
    """The history of one trainer's run.

    Attributes:
        recorder: records the losses.
        gradients: records the gradient norms.
        path: records the parameters.
    """

    def __init__(self) -> None:
        self.recorder = LossRecorder()
        self.gradients = GradientRecorder()
        self.path = PathRecorder()
        self._landmark = 1
        self._began = time.perf_counter()
        self._evaluation_seconds = 0.0
        self._changed: _Change | None = None
        self._edit: _Edit | None = None
        self._kept: tuple[TrainingState, float] | None = None
        self._keep_after = 0.0

    def clear(self) -> None:
        """Discard everything, for a new run from step 0."""
        self.recorder.clear()
        self.gradients.clear()
        self.path.clear()
        self._landmark, self._changed, self._edit, self._kept = 1, None, None, None
        self._began, self._evaluation_seconds = time.perf_counter(), 0.0

    @classmethod
    def resumed(cls, snapshot: Snapshot) -> RunHistory:
        """Return a history that continues the curve, gradients and path of ``snapshot``."""
        history = cls()
        history.recorder.resume(snapshot.curve)
        history.gradients.resume(snapshot.gradient_history)
        history.path.resume(snapshot.path)
        return history

    def copied(self) -> RunHistory:
        """Return an independent copy, which shares the points of the path."""
        other = copy.copy(self)
        other.recorder, other.gradients = copy.deepcopy(self.recorder), copy.deepcopy(self.gradients)
        other.path = self.path.copied()
        return other

    def timed(self, take: Callable[..., Divergence | None], *arguments: int | Cancellation | None) -> Divergence | None:
        """Return what ``take``, which takes steps, returns, and add its time to that spent on training."""
        began = time.perf_counter()
        try:
            return take(*arguments)
        finally:
            self.recorder.seconds += time.perf_counter() - began

    # -- the curve -----------------------------------------------------------------------------------------------------

    def steps_to_landmark(self, trainer: Trainer) -> int:
        """Return the number of steps until :meth:`record_if_due` is due."""
        if not trainer.step < self._landmark <= next_landmark(trainer.step):
            self._landmark = next_landmark(trainer.step)
        return self._landmark - trainer.step

    def record_if_due(self, trainer: Trainer) -> None:
        """Add a point to the curve and the path if one is due and evaluation has not taken too much time."""
        if trainer.step < self._landmark:
            return
        self._landmark = next_landmark(trainer.step)
        began = time.perf_counter()
        if self._evaluation_seconds > LANDMARK_SECONDS + LANDMARK_SHARE * (began - self._began):
            return
        train, test = losses_of(trainer.network, trainer.data, trainer.evaluator)
        if np.isfinite(train):
            self.recorder.record(
                epoch=trainer.epoch, step=trainer.step, train=train, test=test, penalty=trainer.penalty()
            )
            # Between two snapshots, as of an epoch taken at once, a path would be a straight line.
            self.path.record(step=trainer.step, parameters=trainer.parameters)
        self._evaluation_seconds += time.perf_counter() - began

    def changed(self, old: Experiment, trainer: Trainer, *, continues: bool = False) -> None:
        """Mark the change from ``old`` to the trainer's Experiment on the curve; one that ``continues`` shares the last mark."""
        new, now = trainer.experiment, time.monotonic()
        settings = changed_settings(old, new)
        last, merge = self._changed, False
        if last is not None and (
            last.step == trainer.step or continues or (last.settings == settings and now - last.time < MERGE_SECONDS)
        ):
            # Steps between two opposite changes were taken with other settings, so both are marked.
            merge = last.step == trainer.step or bool(change_in_words(last.old, new))
            old = last.old if merge else old
        self._changed = _Change(settings, old, now, trainer.step)
        self.discard_saved_state()
        self.recorder.mark(epoch=trainer.epoch, step=trainer.step, text=change_in_words(old, new), merge=merge)

    def weights_set(self, before: Floats, trainer: Trainer) -> None:
        """Mark that weights were set from ``before (P,)`` to those of the trainer, unless that takes it back.

        Edits within a second, such as by dragging, share one mark.
        """
        now, last = time.monotonic(), self._edit
        if last is not None and last.step == trainer.step:
            before = last.before
        self._edit = _Edit(now, trainer.step, before)
        self.discard_saved_state()
        is_drag = last is not None and last.step < trainer.step and now - last.time < MERGE_SECONDS
        if not (is_drag and self.recorder.has_noted(WEIGHTS_SET)):
            changed = not np.array_equal(before, trainer.parameters)
            self.recorder.note(epoch=trainer.epoch, step=trainer.step, text=WEIGHTS_SET, on=changed)

    def took_other_samples(self, trainer: Trainer) -> None:
        """Mark that steps were taken on other samples than training would have used; consecutive ones share one mark."""
        if not self.recorder.has_noted(OTHER_SAMPLES):
            self.recorder.note(epoch=trainer.epoch, step=trainer.step, text=OTHER_SAMPLES)

    # -- rollback --------------------------------------------------------------------------------------------------------

    def candidate(self, trainer: Trainer) -> TrainingState | None:
        """Return the state of ``trainer``, to be kept if it turns out finite; ``None`` if that would take too much time."""
        began = time.perf_counter()
        if began < self._keep_after:
            return None
        state = trainer.state()
        now = time.perf_counter()
        self._keep_after = now + (now - began) / KEEPING_SHARE
        return state

    def keep(self, state: TrainingState | None) -> None:
        """Keep the finite ``state`` to roll back to; ``None`` keeps the previous one."""
        if state is not None:
            self._kept = (state, time.perf_counter())

    def discard_saved_state(self) -> None:
        """Discard the saved state, because settings or weights were edited."""
        self._kept, self._keep_after = None, 0.0

    def last_finite(self, trainer: Trainer, found: Divergence | None) -> Divergence | None:
        """Roll ``trainer`` back to the last step with a finite loss and gradient over all samples.

        The loss of a batch may be finite although that of the training set is not; the step that led there diverged.

        Args:
            trainer: not changed if it is finite or no finite state is known.
            found: why it stopped by itself, or ``None``.

        Returns:
            Why training must stop: the first step that diverged, else ``found``.
        """
        if self._kept is None or is_finite(trainer):
            return found
        state, kept_at = self._kept
        broken, sound = trainer.step, state.step
        if time.perf_counter() - kept_at > MAX_REPLAY_SECONDS:
            found = found or _why(trainer)
        else:
            back = 1
            while broken - sound > 1:
                # Search back from the end with doubling strides, then bisect.
                middle = max(broken - back, sound + 1) if back else (broken + sound) // 2
                replay(trainer, state, middle)
                if is_finite(trainer):
                    sound, back = middle, 0
                else:
                    broken, back = middle, 2 * back
            replay(trainer, state, broken)
            found = _why(trainer)
        replay(trainer, state, sound)
        return found


def replay(trainer: Trainer, state: TrainingState, step: int) -> None:
    """Repeat the steps of ``trainer`` from ``state`` to ``step``."""
    trainer.restore(state)
    trainer.run(step - state.step)


def is_finite(trainer: Trainer) -> bool:
    """Return whether loss and gradient over the training set are finite at the current weights."""
    limit = max_evaluated_samples(trainer.architecture)
    X, Y = trainer.data.x_train[:limit], trainer.data.y_train[:limit]
    with np.errstate(over="ignore", invalid="ignore"):
        _, gradients = trainer.evaluator.differentiate(trainer.network, X, Y)
        return bool(np.isfinite(gradients.loss) and np.isfinite(gradients.flat).all())


def _why(trainer: Trainer) -> Divergence:
    """Return the first non-finite quantity over the training set at the current weights."""
    limit = max_evaluated_samples(trainer.architecture)
    X, Y = trainer.data.x_train[:limit], trainer.data.y_train[:limit]
    nothing = np.zeros(trainer.architecture.size)
    masks = (1.0,) * len(trainer.architecture.layers)
    settings = trainer.experiment.training
    with np.errstate(all="ignore"):
        step = take(trainer.network, X, Y, masks, (nothing, nothing), 1, settings)
    return diagnose(step, trainer.architecture, settings.optimizer, trainer.step)
