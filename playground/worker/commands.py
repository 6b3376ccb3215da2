"""What the window can ask of the training thread; each is a small frozen value in its queue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from core.experiment import Experiment

StepKind: TypeAlias = Literal["sample", "batch", "epoch"]


@dataclass(frozen=True, slots=True)
class ApplyExperiment:
    """Put ``experiment`` in force, keeping the weights that can be kept.

    Attributes:
        experiment: the new settings.
        generation: its number; snapshots carry it back.
        folder: where relative table paths start.
        restart: begin at step 0 with initial weights (a newly opened file).
        returning: it is an earlier value that comes back (undo, redo): what was lost on the way comes back with it.
        state: with ``restart``, a file of a training state to go on from; ignored when it does not fit.
        kept: with ``restart``, the generation under which this was in force before: its training is taken up again.
    """

    experiment: Experiment
    generation: int
    folder: Path | None = None
    restart: bool = False
    state: Path | None = None
    returning: bool = False
    kept: int | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """Train until told to pause."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop after the running step."""


@dataclass(frozen=True, slots=True)
class Step:
    """Pause and take one step on a sample, a batch, or to the end of the epoch."""

    kind: StepKind = "batch"


@dataclass(frozen=True, slots=True)
class Reset:
    """Go back to step 0 and the same initial weights."""


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Take at most this many steps a second; ``None`` is as fast as possible."""

    steps_per_second: float | None


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Give the parameter at flat ``index`` the ``value``."""

    index: int
    value: float


@dataclass(frozen=True, slots=True)
class SetPlane:
    """Show the input space along these two inputs."""

    axes: tuple[int, int]


Command: TypeAlias = ApplyExperiment | Play | Pause | Step | Reset | SetSpeed | SetParameter | SetPlane
