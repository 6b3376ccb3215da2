"""Commands of the window to the training thread: small frozen values in its queue."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias, TypedDict

from msgspec import Struct
from msgspec.structs import replace

from core.arrays import Floats
from core.data.prepared_data import PreparedData
from core.experiment import Experiment
from core.network.parameters import Spot
from core.training.phases import PhaseStep, Portion
from core.training.pins.pinned_run import PinnedRun, StoredRun
from core.training.run_history import RunHistory
from core.training.trainer import Trainer
from core.training.training_state import TrainingState

StepKind: TypeAlias = Literal["sample", "batch", "epoch"]

ResumeFrom: TypeAlias = Path | TrainingState | StoredRun
"""A training state, or its file, or one with the history that led to it."""


class ApplyExperiment(Struct, frozen=True):
    """Apply ``experiment``, keeping as many weights as possible.

    Attributes:
        experiment: the new settings.
        generation: its generation number, which snapshots include.
        folder: base folder of relative table paths.
        restart: start at step 0 with initial weights (a newly opened file).
        returning: whether this is an undo or redo, which also restores discarded weights.
        returns_to: generation number of the training to restore; ``None`` if unknown.
        state: with ``restart``, what to resume from; ignored if it does not fit.
        continues: whether it is part of the same edit as the one before, such as a drag.
        kept: with ``restart``, the generation under which this was open before, whose training is resumed.
        resume: a pinned run of this experiment to resume from.
        discard: with ``restart``, whether the training that it replaces is not kept.
        rewinds: whether the edit also goes back to step 0 with the initial weights; with ``returning``, whether the edit that
            is undone or redone did, so that the training is restored as it was left, even if there was more in between.
        spot: where a layer or a neuron is added or removed, if known.
    """

    experiment: Experiment
    generation: int
    folder: Path | None = None
    restart: bool = False
    state: ResumeFrom | None = None
    returning: bool = False
    returns_to: int | None = None
    kept: int | None = None
    continues: bool = False
    resume: PinnedRun | None = None
    discard: bool = False
    rewinds: bool = False
    spot: Spot | None = None

    def state_to_resume(self, data: PreparedData) -> TrainingState | None:
        """Return the training state to resume: a pinned run's, or the initial one on ``data``; ``None`` to continue."""
        if self.resume is not None:
            return self.resume.state
        starts_over = self.rewinds and not self.returning
        return Trainer(self.experiment, data, "numpy").state() if starts_over else None

    def history_to_resume(self) -> RunHistory:
        """Return the history that comes with that state."""
        return RunHistory() if self.resume is None else RunHistory.resumed(self.resume.snapshot)


def merged_edits(command: object, following: object) -> ApplyExperiment | None:
    """Return one command to carry out instead of both, or ``None`` if each counts.

    While a slider is dragged, only the newest Experiment matters, but a requested restart must still happen. Undo and redo
    return to the very training that an edit left, so neither they nor the edit before them are skipped.
    """
    if not isinstance(command, ApplyExperiment) or not isinstance(following, ApplyExperiment):
        return None
    is_exact = command.resume is not None or command.kept is not None or command.rewinds or command.spot is not None
    if is_exact or command.returning or following.returning or following.rewinds:
        return None
    restart, continues = command.restart or following.restart, command.continues and following.continues
    return replace(following, restart=restart, continues=continues, discard=command.discard and following.discard)


class ApplyOptions(TypedDict, total=False):
    """The optional fields of :class:`ApplyExperiment`."""

    restart: bool
    state: ResumeFrom | None
    returning: bool
    returns_to: int | None
    kept: int | None
    continues: bool
    resume: PinnedRun | None
    discard: bool
    rewinds: bool
    spot: Spot | None


class Play(Struct, frozen=True):
    """Train until paused."""


class Pause(Struct, frozen=True):
    """Pause after the current step."""


class Step(Struct, frozen=True):
    """Pause, and train on one sample, on ``count`` batches unless training diverges, or to the end of the epoch."""

    kind: StepKind = "batch"
    count: int = 1


class SetSpeed(Struct, frozen=True):
    """Limit the steps per second; ``None`` means unlimited."""

    steps_per_second: float | None


class SetParameter(Struct, frozen=True):
    """Set the parameter at flat ``index`` to ``value``."""

    index: int
    value: float

    def fits(self, size: int) -> bool:
        """Return whether a network with ``size`` parameters has this one."""
        return self.index < size

    def applied(self, parameters: Floats) -> Floats:
        """Return a copy of ``parameters (P,)`` with the value."""
        edited = parameters.copy()
        edited[self.index] = self.value
        return edited


class SetParameters(Struct, frozen=True, eq=False):
    """Set all parameters to ``values``, (P,)."""

    values: Floats

    def fits(self, size: int) -> bool:
        """Return whether a network with ``size`` parameters takes them."""
        return len(self.values) == size

    def applied(self, _parameters: Floats) -> Floats:
        """Return a copy of the values."""
        return self.values.copy()


class SetPlane(Struct, frozen=True):
    """Show the input space along these two inputs."""

    axes: tuple[int, int]


class PinRun(Struct, frozen=True):
    """Return the current run."""


class PreparePhases(Struct, frozen=True):
    """Pause, and compute the numbers of the next step without taking it.

    Attributes:
        number: returned with the numbers.
        portion: what the step learns from.
        row: the training sample of choice, for ``portion`` ``"row"``.
    """

    number: int
    portion: Portion
    row: int = 0


class TakePhaseStep(Struct, frozen=True):
    """Take the step whose numbers were shown; ignored if training has moved since."""

    step: PhaseStep


class ReturnTo(Struct, frozen=True):
    """Return to an earlier training state of the same settings; ignored if it does not fit."""

    state: TrainingState


Command: TypeAlias = (
    ApplyExperiment
    | PinRun
    | Play
    | Pause
    | PreparePhases
    | TakePhaseStep
    | ReturnTo
    | Step
    | SetSpeed
    | SetParameter
    | SetParameters
    | SetPlane
)
