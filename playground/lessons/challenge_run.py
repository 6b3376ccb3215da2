"""The open challenge: judges the live run, and trains with all seeds in the background."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, Signal

from core.errors import PlaygroundError
from core.lessons.blocks import Challenge
from core.lessons.headless.challenge import (
    ChallengeResult,
    StartResult,
    judge,
    reject_other_data,
    run_challenge,
    with_result,
)
from core.training.snapshot import Snapshot
from playground.lessons.run import LessonRun
from playground.session import Session
from playground.worker.background import Advance, Background


class ChallengeRun(QObject):
    """Runs ``challenge`` and saves the best result in the progress of ``lesson``.

    Signals:
        progressed: the completed fraction of all runs.
        finished: the :class:`core.lessons.headless.challenge.ChallengeResult` of all runs, or ``None`` if they were cancelled.
        refused: the experiment does not fit the challenge; the signal carries a sentence.
        best_changed: there is a better result.
    """

    progressed = Signal(float)
    finished = Signal(object)
    refused = Signal(str)
    best_changed = Signal()

    def __init__(
        self, lesson: LessonRun, challenge: Challenge, session: Session, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.challenge = challenge
        self._lesson, self._session = lesson, session
        self._jobs = Background("challenge", self)
        self._jobs.progressed.connect(lambda done, total: self.progressed.emit(done / max(total, 1)))
        self._jobs.succeeded.connect(lambda result: self._accept(cast("ChallengeResult", result)))
        self._jobs.failed.connect(self._refuse)
        self._is_running = False

    @property
    def is_running(self) -> bool:
        """Whether the runs are being trained."""
        return self._is_running

    @property
    def best(self) -> float | None:
        """The best score so far."""
        best = self._lesson.progress.best
        return None if best is None else best.score

    def judge(self, snapshot: Snapshot) -> StartResult:
        """Return the result of the live run, and save it if the challenge needs one run only and this one clears the bar."""
        start = judge(self.challenge, snapshot, snapshot.experiment.network.seed)
        if start.cleared and self.challenge.seeds == 1 and self._fits(snapshot):
            self._save_if_better(ChallengeResult((start,), cleared=True, score=start.score), snapshot)
        return start

    def start(self) -> None:
        """Train the current settings with all seeds, or cancel if that is going on."""
        if self._is_running:
            self.cancel()
            return
        lesson, experiment = self._lesson.lesson, self._session.experiment
        try:
            reject_other_data(lesson, experiment)
        except PlaygroundError as error:
            self.refused.emit(str(error))
            return

        def job(advance: Advance) -> ChallengeResult | None:
            def report(done: int, total: int) -> None:
                if not advance(done, total):
                    raise _CancelledError

            try:
                return run_challenge(lesson, experiment, advance=report)
            except _CancelledError:
                return None

        self._experiment = experiment
        self._is_running = True
        self._jobs.submit(job)
        self.progressed.emit(0.0)

    def cancel(self) -> None:
        """Cancel the runs."""
        if self._is_running:
            self._is_running = False
            self._jobs.cancel()
            self.finished.emit(None)

    def wait(self) -> None:
        """Block until all runs have ended; for tests only."""
        self._jobs.wait()

    def stop(self) -> None:
        """Stop for good, because the lesson closes."""
        self._is_running = False
        self._jobs.stop()

    def _accept(self, result: ChallengeResult) -> None:
        self._is_running = False
        lesson = self._lesson
        lesson.save_progress(with_result(lesson.progress, lesson.lesson, self._experiment, result))
        self.best_changed.emit()
        self.finished.emit(result)

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, PlaygroundError):
            raise error
        self._is_running = False
        self.finished.emit(None)
        self.refused.emit(str(error))

    def _fits(self, snapshot: Snapshot) -> bool:
        try:
            reject_other_data(self._lesson.lesson, snapshot.experiment)
        except PlaygroundError:
            return False
        return True

    def _save_if_better(self, result: ChallengeResult, snapshot: Snapshot) -> None:
        lesson = self._lesson
        progress = with_result(lesson.progress, lesson.lesson, snapshot.experiment, result)
        if progress != lesson.progress:
            lesson.save_progress(progress)
            self.best_changed.emit()


class _CancelledError(Exception):
    """The user cancelled the runs."""
