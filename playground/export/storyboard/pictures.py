"""Records the pictures of a storyboard one by one, so that the window stays responsive, and keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from playground.export.deck.moments import beside, cell_look, shown_in
from playground.export.hidden_view import record_picture
from playground.export.readiness import Readiness
from playground.export.storyboard.storyboard import Picture, Row

if TYPE_CHECKING:
    from core.training.pins.pinned_run import PinnedRun
    from playground.style.theme import Theme
    from playground.widgets.figure import Figure

Job = tuple[int, str]
"""Key of a moment, and key of a figure."""


class RunDrawing(Protocol):
    """Draws figures of one run at a time."""

    def show_run(self, run: PinnedRun) -> None:
        """Show ``run`` alone from now on."""
        ...

    def figure(self, key: str, view: str) -> Figure | None:
        """Return the figure ``key`` with the options in ``view``, or ``None``."""
        ...


class Shot(Struct, frozen=True, eq=False):
    """A figure that can be chosen.

    Attributes:
        key: key of the figure.
        title: its title.
        view: the options of its card.
    """

    key: str
    title: str
    view: str


class StoryboardPictures(QObject):
    """Records pictures between events.

    Signals:
        completed: everything that was asked for is recorded.
    """

    completed = Signal()

    def __init__(self, drawing: RunDrawing, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawing, self._theme = drawing, theme
        self._known: dict[Job, Picture | None] = {}
        self._seen: dict[Job, object | None] = {}
        self._unseen: list[Job] = []
        self._runs: dict[int, PinnedRun] = {}
        self._shots: dict[str, Shot] = {}
        self._waiting: list[Job] = []
        self._readiness = Readiness(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to record."""
        return not self._waiting

    def want(self, runs: dict[int, PinnedRun], shots: Sequence[Shot]) -> None:
        """Record the figures ``shots`` of all ``runs``, by key of the moment, unless they are known.

        All pictures of a figure have the axes in common, so that they are recorded again for other moments.
        """
        if runs.keys() != self._runs.keys():
            self._known.clear()
        self._runs, self._shots = dict(runs), {shot.key: shot for shot in shots}
        wanted = [(moment, shot.key) for moment in runs for shot in shots]
        self._unseen = [job for job in wanted if job not in self._seen]
        self._waiting = [job for job in wanted if job not in self._known]
        self._timer.start(0)

    def set_theme(self, theme: Theme) -> None:
        """Record in the colours of ``theme`` from now on."""
        self._theme = theme
        self._known.clear()

    def rows(self, moments: Sequence[int], shots: Sequence[Shot]) -> tuple[Row, ...]:
        """Return the recorded pictures; figures that apply to no moment are left out."""
        rows = (Row(shot.title, tuple(self._known.get((key, shot.key)) for key in moments)) for shot in shots)
        return tuple(row for row in rows if any(row.pictures))

    def stop(self) -> None:
        """Record nothing more."""
        self._timer.stop()
        self._readiness.release()
        self._unseen, self._waiting = [], []

    def _step(self) -> None:
        if not self._waiting:
            self.completed.emit()
            return
        moment, key = job = next(iter(self._unseen or self._waiting))
        self._drawing.show_run(self._runs[moment])
        shot = self._shots[key]
        figure = self._drawing.figure(key, shot.view)
        if figure is None:
            self._seen[job] = self._known[job] = None
            self._unseen, self._waiting = _without(self._unseen, job), _without(self._waiting, job)
            self._timer.start(0)
            return
        self._readiness.when_ready(
            [figure], self._look(job, figure) if self._unseen else self._record(job, figure, shot)
        )

    def _look(self, job: Job, figure: Figure) -> Callable[[], None]:
        def look() -> None:
            self._readiness.release()
            self._seen[job] = shown_in(figure)
            self._unseen = _without(self._unseen, job)
            self._timer.start(0)

        return look

    def _record(self, job: Job, figure: Figure, shot: Shot) -> Callable[[], None]:
        def record() -> None:
            others = [self._seen.get((moment, job[1])) for moment in self._runs if moment != job[0]]
            commands = record_picture(beside(figure, others), cell_look(self._theme))
            self._readiness.release()
            self._known[job] = Picture(commands, shot.key, shot.view)
            self._waiting = _without(self._waiting, job)
            self._timer.start(0)

        return record


def _without(jobs: Sequence[Job], job: Job) -> list[Job]:
    return [each for each in jobs if each != job]
