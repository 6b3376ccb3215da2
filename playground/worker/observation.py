"""Take the snapshots of the training thread, each of which reuses what the one before shows of the same parameters."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from core.analysis.plane import has_plane, takes_long
from core.training.divergence import Divergence
from core.training.observer import observe
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer


class RunStatus(Struct, frozen=True):
    """What a snapshot contains besides the trainer's numbers.

    Attributes:
        axes: the two inputs that span the plane.
        generation: generation number of the Experiment.
        playing: whether training is running.
        steps_per_second: the measured speed.
        divergence: why training stopped by itself, or ``None``.
    """

    axes: tuple[int, int]
    generation: int
    playing: bool
    steps_per_second: float
    divergence: Divergence | None


def has_slow_plane(trainer: Trainer) -> bool:
    """Return whether the fine plane of ``trainer`` takes so long that a coarser one should be shown first."""
    return has_plane(trainer.data) and takes_long(trainer.network)


class Observation:
    """Observes a trainer; after *Play* or *Pause* nothing is computed again, which takes 0.3 s for 13 million weights."""

    def __init__(self) -> None:
        self._last: Snapshot | None = None

    def snapshot(
        self, trainer: Trainer, history: RunHistory, status: RunStatus, between: Callable[[], None], *, hasty: bool
    ) -> Snapshot:
        """Return a snapshot of ``trainer``, whose losses, gradient norms and parameters are added to ``history``.

        Args:
            trainer: the trainer.
            history: its history.
            status: what the snapshot contains besides.
            between: called between the larger parts of the work.
            hasty: whether to compute the coarser plane of a running training if the fine one takes long.
        """
        self._last = observe(
            trainer,
            history.recorder,
            axes=status.axes,
            gradient_recorder=history.gradients,
            path_recorder=history.path,
            generation=status.generation,
            playing=status.playing,
            steps_per_second=status.steps_per_second,
            divergence=status.divergence,
            between=between,
            previous=self._last,
            hasty=hasty,
        )
        return self._last
