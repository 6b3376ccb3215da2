"""Play, pause, step, rewind and speed: the toolbar's commands to the training thread."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QObject, Signal

from playground.session.playback.speed import WATCHABLE_SPEED
from playground.session.shared.shared_jobs import SharedJobs
from playground.worker.commands import Pause, Play, SetPlane, SetSpeed, Step, StepKind


class Playback(QObject):
    """Sends playback commands and tracks the playback state.

    Signals:
        playing_changed: bool.
        rewound: training restarts at step 0.
        speed_changed: steps per second, or ``None`` for the maximum.
        command: a :data:`playground.worker.commands.Command` for the training thread.

    Attributes:
        speed: maximum steps per second; ``None`` for unlimited.
        jobs: coordinates the background jobs of the views with one another and with the window.
    """

    playing_changed = Signal(bool)
    rewound = Signal()
    speed_changed = Signal(object)
    command = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = SharedJobs(self)
        self._playing = False
        self.speed: float | None = None
        self._slower: float = WATCHABLE_SPEED

    @property
    def playing(self) -> bool:
        """Whether training is running."""
        return self._playing

    def play(self) -> None:
        """Start training."""
        self.command.emit(Play())
        self.set_playing(True)

    def pause(self) -> None:
        """Pause training."""
        self.command.emit(Pause())
        self.set_playing(False)

    def toggle(self) -> None:
        """Start or pause training."""
        self.pause() if self._playing else self.play()

    def set_playing(self, playing: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        """Set whether the thread is training (it also pauses by itself on divergence)."""
        if playing != self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)

    def step(self, kind: StepKind = "batch", count: int = 1) -> None:
        """Take one step, or ``count`` batches, and stay paused."""
        self.command.emit(Step(kind, count))
        self.set_playing(False)

    @abstractmethod
    def reset(self) -> None:
        """Return to step 0 with the same initial weights, as one undoable edit."""

    def set_speed(self, steps_per_second: float | None) -> None:
        """Limit the steps per second; ``None`` for unlimited."""
        self.speed = steps_per_second
        if steps_per_second is not None:
            self._slower = steps_per_second
        self.command.emit(SetSpeed(steps_per_second))
        self.speed_changed.emit(steps_per_second)

    def toggle_full_speed(self) -> None:
        """Toggle between unlimited and the previous speed."""
        self.set_speed(None if self.speed is not None else self._slower)

    def set_plane(self, axes: tuple[int, int]) -> None:
        """Show the input space along the two inputs ``axes``."""
        self.command.emit(SetPlane(axes))
