"""The open lesson: its current step, goal and answers, and the actions of the learner."""

from __future__ import annotations

import time
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.lessons.blocks import Lesson, Predict, Show, Step
from core.lessons.changes import apply_change, initial_experiment
from core.lessons.classroom.answers import Answer
from core.lessons.file_format.reading import change_of, goal_of
from core.lessons.goal_tracker import GoalState, GoalTracker
from core.lessons.progress.measured import measure_truths
from core.lessons.progress.outcome import Outcome, outcome_of
from core.lessons.progress.record import AskAnswer, LessonProgress
from core.training.pins.pinned_run import PinnedRun
from core.training.snapshot import Snapshot
from playground.lessons.cards.notice import Notice
from playground.lessons.solver import Solver
from playground.session import Session

HOLD_MS: Final = 200
"""Interval at which a goal that must hold for some time is checked while no snapshot arrives."""

REWIND_SECONDS: Final = 1.0
"""Maximum time after a restart for which snapshots of the previous run are ignored, in seconds."""


class LessonRun(QObject):
    """The model of the panel: checks the goal in each snapshot and turns the learner's actions into edits of the session.

    Signals:
        step_changed: another step is shown.
        goal_changed: the state of the goal changed.
        goal_reached: the goal of the current step has just been reached.
        progress_changed: the progress changed and must be saved.

    Attributes:
        lesson: the lesson.
        progress: the learner's progress in it.
        notice: shown above the current step until another step is shown.
        solver: applies the solution of a goal.

    Args:
        lesson: the lesson.
        progress: the learner's earlier progress in it.
        session: the session, which already shows the lesson's experiment.
        resumed: whether the session shows the experiment that was left, so that the step's change is not applied again.
        notice: shown above the first step that is shown.
    """

    step_changed = Signal()
    goal_changed = Signal()
    goal_reached = Signal()
    progress_changed = Signal()

    def __init__(
        self,
        lesson: Lesson,
        progress: LessonProgress,
        session: Session,
        parent: QObject | None = None,
        *,
        resumed: bool = False,
        notice: Notice | None = None,
    ) -> None:
        super().__init__(parent)
        self.lesson, self.progress = lesson, progress
        self.notice = notice
        self._session = session
        self._index = min(progress.step, max(len(lesson.steps), 1)) - 1
        self._completed = self._completed_before() if resumed else set()
        self._tracker: GoalTracker | None = None
        self._state: GoalState | None = None
        self._snapshot: Snapshot | None = None
        self._generation = 0
        self._restarted: tuple[float, int] | None = None
        self._entries: dict[int, PinnedRun] = {}
        self._truths: dict[int, Snapshot] = {}
        self.solver = Solver(session, self)
        self._hold = QTimer(self)
        self._hold.setInterval(HOLD_MS)
        self._hold.setSingleShot(True)
        self._hold.timeout.connect(self._check)
        if self._index > 0 and not resumed:
            self._apply(self._experiment_at_entry(self._index), lesson.steps[self._index].title)
        self._enter(change=not resumed)

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def index(self) -> int:
        """Index of the current step, from 0."""
        return self._index

    @property
    def step(self) -> Step | None:
        """The current step; ``None`` for a lesson without steps."""
        return self.lesson.steps[self._index] if self.lesson.steps else None

    @property
    def goal_state(self) -> GoalState | None:
        """The state of the goal, or ``None`` before the first snapshot or without a goal."""
        return self._state

    @property
    def is_reached(self) -> bool:
        """Whether the goal of the current step has ever been reached."""
        return self._index + 1 in self.progress.reached

    @property
    def done(self) -> frozenset[int]:
        """Indices of the steps whose goal has been reached."""
        return frozenset(number - 1 for number in self.progress.reached)

    @property
    def outcome(self) -> Outcome:
        """Which goals have ever been reached."""
        return outcome_of(self.lesson, self.progress)

    @property
    def is_last(self) -> bool:
        """Whether the current step is the last one."""
        return self._index >= len(self.lesson.steps) - 1

    @property
    def truth(self) -> Snapshot | None:
        """The snapshot in which the goal of the current step was reached, where predictions are measured."""
        return self._truths.get(self._index)

    def shows(self) -> list[Show]:
        """Return what the current step points at."""
        return [block for block in self.step.content if isinstance(block, Show)] if self.step is not None else []

    # -- navigating --------------------------------------------------------------------------------------------------

    def next(self) -> None:
        """Go to the next step, or finish the lesson after the last one."""
        step = self.step
        if step is not None and goal_of(step) is None:
            self._completed.add(self._index)
            self._mark_reached()
        if self.is_last:
            self._save(self._with_fields(finished=True))
            return
        self.go_to(self._index + 1)

    def back(self) -> None:
        """Go to the previous step; the experiment stays as it is."""
        if self._index > 0:
            self._move(self._index - 1, change=False)

    def go_to(self, index: int) -> None:
        """Go to the step ``index``; the changes that skipped steps ask for are applied."""
        if not 0 <= index < len(self.lesson.steps) or index == self._index:
            return
        skips = index > self._index and any(number not in self._completed for number in range(self._index, index))
        if skips:
            self._apply(self._experiment_at_entry(index), self.lesson.steps[index].title)
        self._move(index, change=index > self._index)

    def reset_step(self) -> None:
        """Restore the experiment and the weights from when the current step was entered, as one undoable edit."""
        self.solver.stop()
        self._session.pause()
        entry = self._entries.get(self._index)
        if entry is not None:
            self._session.restore_run(entry, "Reset this step")
        else:
            self._apply(self._experiment_at_entry(self._index), "Reset this step", rewinds=True)
        self._track_goal()

    def save_progress(self, progress: LessonProgress) -> None:
        """Replace the progress, for example by one with the result of a challenge."""
        self._save(progress)

    def apply_solution(self) -> None:
        """Apply the solution of the goal and train; first reset the step if the learner has changed or trained the network."""
        goal = None if self.step is None else goal_of(self.step)
        if goal is None:
            return
        if self._index not in self._completed and self._differs_from_entry():
            self.reset_step()  # from another state, the solution might not reach the goal
        self.solver.start(goal.solution)

    def _differs_from_entry(self) -> bool:
        entry, snapshot = self._entries.get(self._index), self._session.snapshot
        if entry is None or snapshot is None:
            return False
        return self._session.experiment != entry.experiment or snapshot.step != entry.snapshot.step

    # -- answers -----------------------------------------------------------------------------------------------------

    def answer_ask(self, number: int, choice: int) -> None:
        """Store the answer ``choice`` (from 0) to the question ``number`` (from 1) of the current step."""
        self._save(self.progress.with_ask(AskAnswer(step=self._index + 1, question=number, choice=choice + 1)))

    def predict(self, answer: Answer) -> None:
        """Store ``answer`` to a prediction."""
        self._save(self.progress.with_prediction(answer))

    def skip(self, number: int) -> None:
        """Skip the prediction ``number`` (from 1) of the current step."""
        self._save(self.progress.with_skipped(self._index + 1, number))

    # -- snapshots ---------------------------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Check the goal in ``snapshot``."""
        self.solver.show_snapshot(snapshot)
        if snapshot.generation < self._generation or self._predates_restart(snapshot):
            return
        self._snapshot = snapshot
        self._check()

    def _predates_restart(self, snapshot: Snapshot) -> bool:
        """Return whether ``snapshot`` was taken before the step's change restarted the run."""
        if self._restarted is None:
            return False
        moment, step = self._restarted
        if 0 < step <= snapshot.step and time.monotonic() - moment < REWIND_SECONDS:
            return True
        self._restarted = None
        return False

    def _check(self) -> None:
        tracker, snapshot = self._tracker, self._snapshot
        if tracker is None or snapshot is None:
            return
        before, self._state = self._state, tracker.update(snapshot, time.monotonic())
        state = self._state
        if state.reached and self._index not in self._truths:
            self._truths[self._index] = snapshot
            if self.step is not None:
                self._save(self.progress.with_measured(measure_truths(self.step, self._index + 1, snapshot)))
        if state.reached:
            self._completed.add(self._index)
        if state.reached and not (before is not None and before.reached) and not self.is_reached:
            self._mark_reached()
            self.goal_reached.emit()
        if state != before:
            self.goal_changed.emit()
        if state.holds and not state.reached:
            self._hold.start()

    # -- internal ------------------------------------------------------------------------------------------------------

    def _move(self, index: int, *, change: bool) -> None:
        self.solver.stop()
        self._index, self.notice = index, None
        self._save(self._with_fields(step=index + 1))
        self._enter(change=change)

    def _enter(self, *, change: bool) -> None:
        """Apply the step's change, remember the run for :meth:`reset_step`, and start tracking the goal."""
        step, index = self.step, self._index
        step_change = None if step is None else change_of(step)
        if change and step is not None and ((step_change is not None and step_change.restart) or predictions_in(step)):
            self._session.pause()  # the learner reads and predicts before training starts
        if change and step_change is not None and step is not None:
            try:
                experiment = apply_change(self._session.experiment, step_change)
            except PlaygroundError as error:
                self._session.message.emit(str(error), "error")
            else:
                if step_change.restart:
                    self._note_restart()
                self._apply(experiment, step.title, rewinds=step_change.restart)
        if index not in self._entries and step is not None and change:
            self._session.request_run(lambda run: self._entries.setdefault(index, run))
        self._track_goal()
        self.step_changed.emit()

    def _note_restart(self) -> None:
        snapshot, self._snapshot = self._session.snapshot, None
        self._restarted = (time.monotonic(), 0 if snapshot is None else snapshot.step)

    def _track_goal(self) -> None:
        goal = None if self.step is None else goal_of(self.step)
        self._tracker = None if goal is None else GoalTracker(goal)
        self._state = None
        self._hold.stop()
        self._generation = self._session.generation

    def _apply(self, experiment: Experiment, label: str, *, rewinds: bool = False) -> None:
        self._session.edit(experiment, label, rewinds=rewinds)

    def _experiment_at_entry(self, index: int) -> Experiment:
        """Return the experiment with which a learner who follows the text enters step ``index``."""
        experiment = initial_experiment(self.lesson.front)
        for number, step in enumerate(self.lesson.steps[: index + 1]):
            step_change, goal = change_of(step), goal_of(step)
            if step_change is not None:
                experiment = apply_change(experiment, step_change)
            if goal is not None and number < index:
                experiment = apply_change(experiment, goal.solution)
        return experiment

    def _mark_reached(self) -> None:
        self._save(self.progress.with_reached(self._index + 1))
        if self.is_last and len(self.progress.reached) == len(self.lesson.steps):
            self._save(self._with_fields(finished=True))

    def _completed_before(self) -> set[int]:
        """Return the steps whose changes the experiment that was left contains."""
        reached = set(self.done)
        # In a finished lesson, steps after the current one have been reached, too.
        return {number for number in reached if number < self._index} if self.progress.finished else reached

    def _with_fields(self, **fields: object) -> LessonProgress:
        return replace(self.progress, **fields)

    def _save(self, progress: LessonProgress) -> None:
        if progress != self.progress:
            self.progress = progress
            self.progress_changed.emit()


def predictions_in(step: Step) -> list[Predict]:
    """Return the predictions of ``step``, in order."""
    return [block for block in step.content if isinstance(block, Predict)]
