"""An open lesson: its current step, goal and answers, and the learner's requests."""

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
"""Longest time after a restart for which snapshots of the run before it are ignored."""


class LessonRun(QObject):
    """The model of the panel: it checks the goal with each snapshot and turns requests into edits of the session.

    Signals:
        step_changed: another step is shown.
        goal_changed: the state of the goal changed.
        goal_reached: the goal of the current step was reached just now.
        progress_changed: something that must be saved changed.

    Attributes:
        lesson: the lesson.
        progress: what has been done in it.
        notice: shown above the current step; gone once another step is shown.
        solver: does a goal's solution.

    Args:
        lesson: the lesson.
        progress: what was done in it before.
        session: the session, which already shows the lesson's experiment.
        resumed: whether the experiment is the one that was left, so that the step's change is not applied again.
        notice: shown above the step with which the lesson opens.
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
        self._passed = self._passed_before() if resumed else set()
        self._watch: GoalTracker | None = None
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
            self._apply(self._as_in_text(self._index), lesson.steps[self._index].title)
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
        """Whether the goal of the current step was reached, now or before."""
        return self._index + 1 in self.progress.reached

    @property
    def done(self) -> frozenset[int]:
        """Indices of the steps with a tick."""
        return frozenset(number - 1 for number in self.progress.reached)

    @property
    def outcome(self) -> Outcome:
        """What was reached, now or before."""
        return outcome_of(self.lesson, self.progress)

    @property
    def is_last(self) -> bool:
        """Whether the current step is the last one."""
        return self._index >= len(self.lesson.steps) - 1

    @property
    def truth(self) -> Snapshot | None:
        """The snapshot in which the goal of the current step was reached, for the truth of predictions."""
        return self._truths.get(self._index)

    def shows(self) -> list[Show]:
        """Return what the current step points at."""
        return [block for block in self.step.content if isinstance(block, Show)] if self.step is not None else []

    # -- moving ------------------------------------------------------------------------------------------------------

    def next(self) -> None:
        """Go to the next step; after the last one, the lesson is finished."""
        step = self.step
        if step is not None and goal_of(step) is None:
            self._passed.add(self._index)
            self._tick()
        if self.is_last:
            self._save(self._replaced(finished=True))
            return
        self.go_to(self._index + 1)

    def back(self) -> None:
        """Go to the previous step; the experiment stays as it is."""
        if self._index > 0:
            self._move(self._index - 1, change=False)

    def go_to(self, index: int) -> None:
        """Go to the step ``index``; for steps that were skipped, the changes that their text asks for are made."""
        if not 0 <= index < len(self.lesson.steps) or index == self._index:
            return
        skips = index > self._index and any(number not in self._passed for number in range(self._index, index))
        if skips:
            self._apply(self._as_in_text(index), self.lesson.steps[index].title)
        self._move(index, change=index > self._index)

    def reset_step(self) -> None:
        """Return to the experiment and the weights at the entry of the current step, as one undoable edit."""
        self.solver.stop()
        self._session.pause()
        entry = self._entries.get(self._index)
        if entry is not None:
            self._session.restore_run(entry, "Reset this step")
        else:
            self._apply(self._as_in_text(self._index), "Reset this step")
            self._session.reset()
        self._begin_watch()

    def keep(self, progress: LessonProgress) -> None:
        """Keep ``progress``, such as with the result of a challenge."""
        self._save(progress)

    def do_it(self) -> None:
        """Apply the solution of the goal and train, from the beginning of the step if the learner has left it."""
        goal = None if self.step is None else goal_of(self.step)
        if goal is None:
            return
        if self._index not in self._passed and self._has_left_the_entry():
            self.reset_step()  # otherwise the solution might not reach the goal
        self.solver.start(goal.solution)

    def _has_left_the_entry(self) -> bool:
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
        if snapshot.generation < self._generation or self._is_of_the_run_before(snapshot):
            return
        self._snapshot = snapshot
        self._check()

    def _is_of_the_run_before(self, snapshot: Snapshot) -> bool:
        """Return whether ``snapshot`` shows the run as it was before the step's change restarted it."""
        if self._restarted is None:
            return False
        moment, step = self._restarted
        if 0 < step <= snapshot.step and time.monotonic() - moment < REWIND_SECONDS:
            return True
        self._restarted = None
        return False

    def _check(self) -> None:
        watch, snapshot = self._watch, self._snapshot
        if watch is None or snapshot is None:
            return
        before, self._state = self._state, watch.update(snapshot, time.monotonic())
        state = self._state
        if state.reached and self._index not in self._truths:
            self._truths[self._index] = snapshot
            if self.step is not None:
                self._save(self.progress.with_measured(measure_truths(self.step, self._index + 1, snapshot)))
        if state.reached:
            self._passed.add(self._index)
        if state.reached and not (before is not None and before.reached) and not self.is_reached:
            self._tick()
            self.goal_reached.emit()
        if state != before:
            self.goal_changed.emit()
        if state.holds and not state.reached:
            self._hold.start()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _move(self, index: int, *, change: bool) -> None:
        self.solver.stop()
        self._index, self.notice = index, None
        self._save(self._replaced(step=index + 1))
        self._enter(change=change)

    def _enter(self, *, change: bool) -> None:
        """Make the step's change, remember the run for :meth:`reset_step`, and watch the goal."""
        step, index = self.step, self._index
        made = None if step is None else change_of(step)
        if change and step is not None and ((made is not None and made.restart) or predictions_in(step)):
            self._session.pause()  # a learner reads and predicts before anything happens
        if change and made is not None and step is not None:
            try:
                experiment = apply_change(self._session.experiment, made)
            except PlaygroundError as error:
                self._session.message.emit(str(error), "error")
            else:
                self._apply(experiment, step.title)
                if made.restart:
                    self._restart()
        if index not in self._entries and step is not None and change:
            self._session.request_run(lambda run: self._entries.setdefault(index, run))
        self._begin_watch()
        self.step_changed.emit()

    def _restart(self) -> None:
        snapshot, self._snapshot = self._session.snapshot, None
        self._restarted = (time.monotonic(), 0 if snapshot is None else snapshot.step)
        self._session.reset()

    def _begin_watch(self) -> None:
        goal = None if self.step is None else goal_of(self.step)
        self._watch = None if goal is None else GoalTracker(goal)
        self._state = None
        self._hold.stop()
        self._generation = self._session.generation

    def _apply(self, experiment: Experiment, label: str) -> None:
        self._session.edit(experiment, label)

    def _as_in_text(self, index: int) -> Experiment:
        """Return the experiment at the entry of step ``index`` for a learner who followed the text up to there."""
        experiment = initial_experiment(self.lesson.front)
        for number, step in enumerate(self.lesson.steps[: index + 1]):
            made, goal = change_of(step), goal_of(step)
            if made is not None:
                experiment = apply_change(experiment, made)
            if goal is not None and number < index:
                experiment = apply_change(experiment, goal.solution)
        return experiment

    def _tick(self) -> None:
        self._save(self.progress.with_reached(self._index + 1))
        if self.is_last and len(self.progress.reached) == len(self.lesson.steps):
            self._save(self._replaced(finished=True))

    def _passed_before(self) -> set[int]:
        """Return the steps whose changes are in the experiment that was left."""
        reached = set(self.done)
        # When a finished lesson is opened again, later steps have ticks, too.
        return {number for number in reached if number < self._index} if self.progress.finished else reached

    def _replaced(self, **fields: object) -> LessonProgress:
        return replace(self.progress, **fields)

    def _save(self, progress: LessonProgress) -> None:
        if progress != self.progress:
            self.progress = progress
            self.progress_changed.emit()


def predictions_in(step: Step) -> list[Predict]:
    """Return the predictions of ``step``, in order."""
    return [block for block in step.content if isinstance(block, Predict)]
