"""Walk through the phases of training steps: the current phase, and what the trainer must do for the next or previous."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from core.training.phases import PHASES, Phase, PhaseStep

Need: TypeAlias = Literal["nothing", "step", "update", "return"]
"""What a move requests: the numbers of another step, taking the step, or undoing it."""

MAX_DONE: Final = 100
"""Maximum number of steps that can be undone."""


class PhaseWalk:
    """Steps through forward → loss → backward → update and the next steps, in both directions.

    Up to and including ``backward`` the trainer has not moved; at ``update`` it has taken the step.

    Attributes:
        step: the step whose phases are shown, or ``None``.
        phase: the phase shown.
    """

    def __init__(self) -> None:
        self.step: PhaseStep | None = None
        self.phase: Phase = "forward"
        self._done: list[PhaseStep] = []

    @property
    def is_active(self) -> bool:
        """Whether a walk is in progress."""
        return self.step is not None

    @property
    def next_phase(self) -> Phase:
        """The phase that :meth:`advance` leads to."""
        if self.step is None or self.phase == "update":
            return "forward"
        return PHASES[PHASES.index(self.phase) + 1]

    @property
    def can_go_back(self) -> bool:
        """Whether there is a previous phase."""
        return self.step is not None and (self.phase != "forward" or bool(self._done))

    def begin(self, step: PhaseStep) -> None:
        """Show the forward phase of ``step``, which follows the current step if the trainer has taken that one."""
        if self.step is not None and self.phase == "update":
            self._done = [*self._done, self.step][-MAX_DONE:]
        self.step, self.phase = step, "forward"

    def advance(self) -> Need:
        """Go to the next phase, and return what the trainer must do for it.

        Before the first phase and after an update, :meth:`begin` follows with another step.
        """
        phase = self.next_phase
        if phase == "forward":
            return "step"
        self.phase = phase
        return "update" if phase == "update" else "nothing"

    def back(self) -> Need:
        """Go to the previous phase (from a forward phase, to the previous update), and return what the trainer must do."""
        if not self.can_go_back:
            return "nothing"
        if self.phase == "forward":
            self.step, self.phase = self._done.pop(), "update"
            return "nothing"
        taken_back = self.phase == "update"
        self.phase = PHASES[PHASES.index(self.phase) - 1]
        return "return" if taken_back else "nothing"

    def leave(self) -> None:
        """End the walk without changing the trainer."""
        self.step, self.phase, self._done = None, "forward", []
