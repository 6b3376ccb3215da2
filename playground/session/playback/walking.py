"""Intents for the selected sample and for the walk through the phases of a training step."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from core.data.sample import Sample
from core.training.divergence import Divergence
from core.training.phases import PHASES, Phase, PhaseStep, Portion
from playground.session.playback.phase_walk import PhaseWalk
from playground.session.playback.playback import Playback
from playground.session.restrictions import NONE, Restrictions
from playground.session.selection import Selection
from playground.worker.commands import (
    ApplyExperiment,
    Play,
    PreparePhases,
    ReturnTo,
    SetParameter,
    SetParameters,
    Step,
    TakePhaseStep,
)

_MOVING: Final = (ApplyExperiment, Play, SetParameter, SetParameters, Step)
"""Commands that change the training state, and so end a walk."""


class Walking(Playback):
    """Holds the selected sample, and walks through training steps phase by phase while paused.

    Signals:
        sample_changed: the selected :class:`core.data.sample.Sample`, or ``None`` for the mean over all.
        phases_changed: another phase is shown, or none.
        message: (text, kind) for the message bar; kind is ``info``, ``warning`` or ``error``.
        restrictions_changed: other neurons or weights are locked or hidden.

    Attributes:
        portion: the kind of samples that a step uses.
    """

    sample_changed = Signal(object)
    phases_changed = Signal()
    message = Signal(str, str)
    restrictions_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sample: Sample | None = None
        self._walk = PhaseWalk()
        self._asked = 0
        self._restrictions = NONE
        self.portion: Portion = "sample"
        self.command.connect(self._watch)

    # -- sample ----------------------------------------------------------------------------------------------------

    @property
    def sample(self) -> Sample | None:
        """The sample that the views show, or ``None`` for the mean over all."""
        return self._sample

    def select_sample(self, sample: Sample | None) -> None:
        """Select ``sample``, or the mean over all, for all views."""
        if sample == self._sample:
            return
        self._sample = sample
        self.sample_changed.emit(sample)
        step = self._walk.step
        if self.portion == "row" and step is not None and self._row() not in (None, int(step.batch[0])):
            self._begin_again()

    def _row(self) -> int | None:
        """Return the row of the selected sample if it is a training sample."""
        sample = self._sample
        return sample.index if sample is not None and not sample.is_test else None

    # -- restrictions ------------------------------------------------------------------------------------------------

    @property
    def restrictions(self) -> Restrictions:
        """What cannot be edited or seen."""
        return self._restrictions

    def restrict(self, restrictions: Restrictions) -> None:
        """Set what cannot be edited or seen."""
        if restrictions != self._restrictions:
            self._restrictions = restrictions
            self.restrictions_changed.emit()

    def refuses(self, selection: Selection | None) -> bool:
        """Return whether the weight or bias ``selection`` cannot be edited, after saying why."""
        if selection is None or not self._restrictions.locks(selection):
            return False
        self.message.emit(self._restrictions.reason(selection), "warning")
        return True

    def refuses_all(self) -> bool:
        """Return whether some weight or bias cannot be edited, and therefore not all at once, after saying so."""
        if self._restrictions.locks_any:
            self.message.emit("The lesson has locked some weights, so that not all of them can be replaced.", "warning")
        return self._restrictions.locks_any

    # -- phases ----------------------------------------------------------------------------------------------------

    @property
    def phase_step(self) -> PhaseStep | None:
        """The step whose phases are shown, or ``None``."""
        return self._walk.step

    @property
    def phase(self) -> Phase | None:
        """The phase shown, or ``None``."""
        return self._walk.phase if self._walk.is_active else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is a previous phase."""
        return self._walk.can_go_back

    def advance_phase(self) -> None:
        """Pause, and show the next phase; after an update, the first one of another step."""
        if self.playing:
            self.pause()
        need, step = self._walk.advance(), self._walk.step
        if need == "step":
            self._ask()
            return
        if need == "update" and step is not None:
            self.command.emit(TakePhaseStep(step))
        self.phases_changed.emit()

    def back_phase(self) -> None:
        """Show the previous phase; going back past an update restores the training state before it."""
        step = self._walk.step
        if self._walk.back() == "return" and step is not None:
            self.command.emit(ReturnTo(step.before))
        self.phases_changed.emit()

    def show_phase(self, phase: Phase) -> None:
        """Show ``phase`` of the current step; without a step, start one."""
        if not self._walk.is_active:
            self.advance_phase()
            return
        while self._walk.phase != phase:
            if PHASES.index(self._walk.phase) < PHASES.index(phase):
                self.advance_phase()
            else:
                self.back_phase()

    def choose_portion(self, portion: Portion) -> None:
        """Use ``portion`` for later steps; a step that has not been taken yet is restarted."""
        self.portion = portion
        self._begin_again()

    def leave_phases(self) -> None:
        """End the walk without changing the weights."""
        if self._walk.is_active:
            self._walk.leave()
            self.phases_changed.emit()

    def take_phases(self, number: int, found: object) -> None:
        """Receive the requested numbers from the training thread."""
        if number != self._asked:
            return
        if isinstance(found, PhaseStep):
            self._walk.begin(found)
            if len(found.batch) == 1:
                self.select_sample(Sample(int(found.batch[0])))
            self.phases_changed.emit()
        elif isinstance(found, Divergence):
            self.message.emit(f"The next step cannot be shown. {found.message}", "warning")
        else:
            self.message.emit("There are no training samples.", "warning")

    def _begin_again(self) -> None:
        if self._walk.is_active and self._walk.phase != "update":
            self._ask()

    def _ask(self) -> None:
        row, sample = self._row(), self._sample
        portion: Portion = "sample" if self.portion == "row" and row is None else self.portion
        if portion != self.portion and sample is not None:  # a test sample
            self.message.emit(
                "The selected sample is in the test set, from which nothing is learned: the step takes the next training sample.",
                "info",
            )
        self._asked += 1
        self.command.emit(PreparePhases(self._asked, portion, row or 0))

    def _watch(self, command: object) -> None:
        """End the walk if another command changes the training state."""
        if isinstance(command, _MOVING):
            self._asked += 1  # ignore numbers that arrive later
            self.leave_phases()
