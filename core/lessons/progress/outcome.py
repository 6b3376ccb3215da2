"""Which goals of a lesson were reached, and whether a lesson starts over when it is reopened."""

from __future__ import annotations

from msgspec import Struct

from core.lessons.blocks import Lesson
from core.lessons.file_format.reading import goal_of
from core.lessons.progress.record import LessonProgress


class Outcome(Struct, frozen=True):
    """Which goals of a lesson were reached.

    Attributes:
        goals: numbers of the steps with a goal, from 1.
        missed: numbers of the steps whose goal was not reached.
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
    def summary(self) -> str:
        """A short form for lists, such as ``4 of 7 goals``; empty for a lesson without goals."""
        return f"{self.reached} of {len(self.goals)} goals" if self.goals else ""

    @property
    def sentence(self) -> str:
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
        return f"{self.summary} reached; skipped: {steps}."


def outcome_of(lesson: Lesson, progress: LessonProgress) -> Outcome:
    """Return which goals of ``lesson`` have been reached in ``progress``."""
    goals = tuple(number for number, step in enumerate(lesson.steps, start=1) if goal_of(step) is not None)
    return Outcome(goals, tuple(number for number in goals if number not in progress.reached))


def starts_over(lesson: Lesson, progress: LessonProgress) -> bool:
    """Return whether ``lesson`` opens at its first step with its own experiment, because it was finished before.

    A lesson that was left while being reviewed continues at that step, and a challenge always continues.
    """
    first_and_last = (1, len(lesson.steps))
    return progress.finished and lesson.front.challenge is None and progress.step in first_and_last
