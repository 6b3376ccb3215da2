"""Which goals of a lesson were reached, and where a lesson that is opened again begins."""

from __future__ import annotations

from msgspec import Struct

from core.lessons.blocks import Lesson
from core.lessons.file_format.reading import goal_of
from core.lessons.progress.record import LessonProgress


class Outcome(Struct, frozen=True):
    """The goals of a lesson.

    Attributes:
        goals: numbers of the steps with a goal, from 1.
        missed: those whose goal was not reached.
    """

    goals: tuple[int, ...]
    missed: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every goal was reached."""
        return not self.missed

    @property
    def reached(self) -> int:
        """Number of goals that were reached."""
        return len(self.goals) - len(self.missed)

    @property
    def in_short(self) -> str:
        """A few words for a list, such as ``4 of 7 goals``; empty for a lesson without goals."""
        return f"{self.reached} of {len(self.goals)} goals" if self.goals else ""

    @property
    def in_words(self) -> str:
        """A sentence, such as ``4 of 7 goals reached; skipped: steps 2, 3 and 5.``; empty for a lesson without goals."""
        if not self.goals:
            return ""
        if self.is_complete:
            return "Its goal was reached." if len(self.goals) == 1 else f"All {len(self.goals)} goals reached."
        if len(self.goals) == 1:
            return "Its goal was not reached."
        if self.reached == 0:
            return f"None of its {len(self.goals)} goals was reached."
        *first, last = (str(number) for number in self.missed)
        steps = f"steps {', '.join(first)} and {last}" if first else f"step {last}"
        return f"{self.in_short} reached; skipped: {steps}."


def outcome_of(lesson: Lesson, progress: LessonProgress) -> Outcome:
    """Return what ``progress`` has reached in ``lesson``."""
    goals = tuple(number for number, step in enumerate(lesson.steps, start=1) if goal_of(step) is not None)
    return Outcome(goals, tuple(number for number in goals if number not in progress.reached))


def begins_again(lesson: Lesson, progress: LessonProgress) -> bool:
    """Return whether ``lesson`` opens at its first step with its own experiment, because it was finished before.

    If the learner left it while reviewing it, it continues there; a challenge always continues.
    """
    ends = (1, len(lesson.steps))
    return progress.finished and lesson.front.challenge is None and progress.step in ends
