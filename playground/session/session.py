"""The Session: the current Experiment with its undo history, selection, file and latest snapshot; the interface of the views."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from typing_extensions import Unpack, override

from core.arrays import Floats
from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.changes import change_in_words
from core.experiment.experiment_file import checked
from core.experiment.presets import titled
from core.network.parameters import Spot
from core.training.pins.pinned_run import PinnedRun
from core.training.snapshot import Snapshot
from playground.session.editing.editing import Editing
from playground.session.editing.undo_history import Edit, ExperimentEdit, ParameterEdit, ParametersEdit, UndoHistory
from playground.session.opened import Aside, Opened
from playground.session.pins import Pins
from playground.session.selection import Selection, known_counts, selection_of
from playground.session.shared.shared_findings import SharedFindings
from playground.session.shared.shared_ranges import SharedRanges
from playground.session.shared.stability import Stability
from playground.worker.commands import ApplyExperiment, ApplyOptions, PinRun, ResumeFrom, SetParameter, SetParameters


class Session(Editing):
    """Holds the user's work; views call its methods to edit and redraw on its signals.

    Signals:
        experiment_changed: (old, new) Experiment.
        selection_changed: Selection or ``None``.
        history_changed: what can be undone or redone changed.
        file_changed: the file's path or the "unsaved changes" state changed.
        hovered: Selection under the mouse in any view, or ``None``.
        replaced: a sentence on what was open before; :meth:`go_back` returns to it.
        opening: another Experiment or other data are about to be used, so that earlier errors about opening are out of date.
        leaving: something else is about to be opened, so that a lesson can end and give the user's own work back first.

    Attributes:
        pins: the runs with which the current one is compared.
        snapshot: the newest snapshot, or ``None``.
        stability: the curvature that bounds the learning rate.
        normal_ranges: the ranges in which diagnostics lie in networks that learned.
        is_reproducible: whether cards leave out what depends on the machine's speed, so that equal runs give equal pictures.
    """

    experiment_changed = Signal(object, object)
    selection_changed = Signal(object)
    history_changed = Signal()
    file_changed = Signal()
    hovered = Signal(object)
    replaced = Signal(str)
    opening = Signal()
    leaving = Signal()

    def __init__(
        self, experiment: Experiment | None = None, file: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.is_reproducible = False
        self._experiment = experiment or Experiment()
        self._history = UndoHistory()
        self._selection: Selection | None = None
        self._saved = self._experiment
        self._file = file
        self._folder = file.parent if file else None
        self._generation = 0
        self._before_opening: Opened | None = None
        self._previous: Opened | None = None
        self._opened_in: int | None = None
        self._undone_to: int | None = None
        self._run_takers: deque[Callable[[PinnedRun], object] | None] = deque()
        self.snapshot: Snapshot | None = None
        self.stability = Stability(self)
        self.normal_ranges, self.findings = SharedRanges(self), SharedFindings(self)
        self.pins = Pins(self._experiment, self)
        self.pins.refused.connect(lambda sentence: self.message.emit(sentence, "warning"))
        self.experiment_changed.connect(lambda _old, new: self.pins.follow(new))

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    @override
    def experiment(self) -> Experiment:
        """The current settings."""
        return self._experiment

    @property
    def generation(self) -> int:
        """Generation number of the current Experiment; snapshots of older ones are ignored."""
        return self._generation

    @property
    def selection(self) -> Selection | None:
        """The selected element, or ``None``."""
        return self._selection

    @property
    def file(self) -> Path | None:
        """The file that the Experiment was opened from or saved to."""
        return self._file

    @property
    def folder(self) -> Path | None:
        """Base folder of relative table paths."""
        return self._folder

    @property
    def unsaved(self) -> bool:
        """Whether there are changes that have not been saved."""
        return self._experiment != self._saved

    @property
    def subject(self) -> str:
        """The Experiment's name for titles and file names: its preset's name followed by its changes."""
        now, fresh = self._experiment, Experiment()
        name = "" if now.name == fresh.name else now.name
        original = (titled(name) or self._saved) if name else fresh
        return ", ".join(part for part in (name, change_in_words(original, now)) if part)

    @property
    def undo_label(self) -> str | None:
        """Label of the edit that can be undone next."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """Label of the edit that can be redone next."""
        return self._history.redo_label

    # -- editing the Experiment --------------------------------------------------------------------------------------

    @override
    def edit(
        self,
        experiment: Experiment,
        label: str,
        merge_key: str | None = None,
        *,
        rewinds: bool = False,
        spot: Spot | None = None,
    ) -> bool:
        """Apply ``experiment`` as one undoable edit with ``label``."""
        if experiment == self._experiment and not rewinds:
            return True
        try:
            checked(experiment)
        except PlaygroundError as error:
            self.message.emit(str(error), "error")
            return False
        if experiment.data.dataset != self._experiment.data.dataset:
            self.opening.emit()
        edit = ExperimentEdit(label, self._experiment, experiment, self._generation, spot, rewinds)
        self._put(experiment, continues=self._history.push(edit, merge_key), rewinds=rewinds, spot=spot)
        self.history_changed.emit()
        if rewinds:
            self.rewound.emit()
        return True

    @override
    def reset(self) -> None:
        self.edit(self._experiment, "Rewind", rewinds=True)

    def hold_edits(self, on: bool) -> None:  # noqa: FBT001 - a slot of LabelledSlider.held
        """Merge all edits while a slider is held into one undoable edit."""
        self._history.hold(on)

    def undo(self) -> None:
        """Undo the last edit."""
        edit = self._history.undo(self._generation)
        self._replay(edit, backwards=True)
        if isinstance(edit, ExperimentEdit):
            self._undone_to = self._generation

    def redo(self) -> None:
        """Redo the last undone edit."""
        self._replay(self._history.redo(self._generation), backwards=False)

    def _replay(self, edit: Edit | None, *, backwards: bool) -> None:
        match edit:
            case ExperimentEdit(left=left, spot=spot, rewinds=rewinds):
                experiment = edit.old if backwards else edit.new
                self._put(experiment, returning=True, returns_to=left, spot=spot, rewinds=rewinds)
            case ParameterEdit():
                self.command.emit(SetParameter(edit.index, edit.old if backwards else edit.new))
            case ParametersEdit():
                self.command.emit(SetParameters(edit.old if backwards else edit.new))
            case None:
                return
        self.history_changed.emit()

    def _replay_to_experiment(self, *, backwards: bool) -> None:
        """Replay up to the next change of the Experiment, including preceding edits of weights."""
        while True:
            edit = (self._history.undo if backwards else self._history.redo)(self._generation)
            self._replay(edit, backwards=backwards)
            if not isinstance(edit, ParameterEdit | ParametersEdit):
                return

    def pin(self) -> None:
        """Pin the current run for comparison."""
        self.request_run(None)

    def request_run(self, take: Callable[[PinnedRun], object] | None) -> None:
        """Have the training thread return the current run to ``take``; ``None`` pins it."""
        self._run_takers.append(take)
        self.command.emit(PinRun())

    def take_run(self, run: PinnedRun) -> bool:
        """Receive a requested ``run``; return whether to pin it."""
        take = self._run_takers.popleft() if self._run_takers else None
        if take is not None:
            take(run)
        return take is None

    def reopen(self, key: int) -> None:
        """Restore the pinned run ``key`` with its weights and curves, as one undoable edit."""
        pin = self.pins.find(key)
        if pin is not None:
            self.restore_run(pin.run, "Reopen pinned run")

    def restore_run(self, run: PinnedRun, label: str) -> None:
        """Restore ``run`` with its weights and curves, as one undoable edit with ``label``."""
        self._history.push(ExperimentEdit(label, self._experiment, run.experiment, self._generation))
        self._put(run.experiment, resume=run)
        self.history_changed.emit()

    def _put(self, experiment: Experiment, **options: Unpack[ApplyOptions]) -> None:
        old, self._experiment = self._experiment, experiment
        self._generation += 1
        self.command.emit(ApplyExperiment(experiment, self._generation, self._folder, **options))
        if self._selection is not None and not self._selection.exists_in(known_counts(experiment)):
            self.select(None)
        if old.data != experiment.data:
            self.select_sample(None)
        self.experiment_changed.emit(old, experiment)
        self.file_changed.emit()

    # -- files -------------------------------------------------------------------------------------------------------

    def replace_all(
        self,
        experiment: Experiment,
        file: Path | None,
        *,
        folder: Path | None = None,
        state: ResumeFrom | None = None,
    ) -> None:
        """Open another Experiment with an empty history and no selection.

        Args:
            experiment: the Experiment.
            file: its file, or ``None``.
            folder: base folder of relative table paths; by default the file's folder.
            state: a training state to resume from, its file, or one with its history.
        """
        self.leaving.emit()
        usable = self.snapshot is not None and self.snapshot.generation == self._generation
        before = self._opened(None if usable else self._before_opening)
        folder = folder or (file.parent if file else None)
        self._open(Opened(experiment, experiment, file, folder, UndoHistory()), before, state)

    def _open(self, opened: Opened, before: Opened, state: ResumeFrom | None = None) -> None:
        """Open ``opened``; keep ``before`` to go back to, and return to it if ``opened`` is unusable."""
        self._previous = before
        self.opening.emit()
        self._switch_to(opened, restart=True, state=state)
        self._before_opening, self._opened_in = before, self._generation

    @property
    def previous_name(self) -> str | None:
        """Name of what was open before, or ``None``."""
        return self._previous.experiment.name if self._previous is not None else None

    def go_back(self) -> None:
        """Return to what was open before, with its training and history; calling it again toggles."""
        self.leaving.emit()
        if self._previous is not None:
            self._open(self._previous, self._opened(None))

    # -- own work put aside, for lessons -----------------------------------------------------------------------------

    def put_aside(self) -> Aside:
        """Return all of the current work, which :meth:`give_back` restores; so that other work can be shown until then."""
        return Aside(self._opened(None), self._previous, self.pins.all)

    def switch_to(self, opened: Opened, *, state: Path | None = None, discard: bool = False) -> None:
        """Switch to ``opened`` without a way back; for work that was put aside before.

        Args:
            opened: what to open; its training is resumed if the thread still has it.
            state: else a training state to resume from.
            discard: whether the training that it replaces is not kept.
        """
        self._previous = None
        self.pins.clear()
        self.opening.emit()
        self._switch_to(opened, restart=True, state=state, discard=discard)
        self._opened_in = None

    def give_back(self, aside: Aside, state: Path) -> None:
        """Restore what was put aside, from the file ``state`` if the training thread no longer has the training."""
        self.switch_to(aside.opened, state=state, discard=True)
        self._previous = aside.previous
        self.pins.restore(aside.pins)
        self.file_changed.emit()

    def adopt_history(self, history: UndoHistory) -> None:
        """Adopt the undo ``history`` of the last session, which led to the current Experiment."""
        self._history = history
        self.history_changed.emit()

    @property
    def history(self) -> UndoHistory:
        """The undo history."""
        return self._history

    def _opened(self, before: Opened | None) -> Opened:
        return Opened(self._experiment, self._saved, self._file, self._folder, self._history, before, self._generation)

    def refuse(self, generation: int, text: str) -> None:
        """Revert an Experiment that the thread rejected because its data could not be loaded, and show why."""
        self.message.emit(text, "error")
        if generation != self._generation:
            return
        if generation == self._opened_in and self._before_opening is not None:
            self._switch_to(self._before_opening, restart=False)
            self._previous = None
        elif generation == self._undone_to and self._history.redo_label is not None:
            # An undo led to data that no longer exists: return to the previous Experiment.
            self._replay_to_experiment(backwards=False)
            self._undone_to = self._generation
        elif self._history.undo_label is not None:
            self._replay_to_experiment(backwards=True)
            self._history.forget_redo()
            self.history_changed.emit()
        elif self._before_opening is not None:
            self._switch_to(self._before_opening, restart=False)
            self._previous = None
        elif self._experiment != Experiment():
            self._switch_to(Opened(Experiment(), Experiment(), None, None, UndoHistory()), restart=True)

    def _switch_to(
        self, opened: Opened, *, restart: bool, state: ResumeFrom | None = None, discard: bool = False
    ) -> None:
        self._file, self._folder = opened.file, opened.folder
        self._saved, self._history = opened.saved, opened.history
        self._before_opening = opened.before
        self.select(None)
        kept = opened.generation if restart else None
        self._put(opened.experiment, restart=restart, kept=kept, state=state, discard=discard)
        self.history_changed.emit()

    def mark_saved(self, file: Path) -> None:
        """Record that the Experiment has been saved to ``file``.

        The folder does not change, so that table paths here and in the history keep their meaning.
        """
        self._file, self._saved = file, self._experiment
        self.file_changed.emit()

    # -- training ----------------------------------------------------------------------------------------------------

    def start(self, *, playing: bool = True, state: Path | None = None) -> None:
        """Send the Experiment to the training thread for the first time, to resume from the training ``state`` if any."""
        self.command.emit(ApplyExperiment(self._experiment, self._generation, self._folder, restart=True, state=state))
        if playing:
            self.play()

    def edit_parameter(self, index: int, value: float, label: str, merge_key: str | None = None) -> None:
        """Set the parameter at flat ``index`` as an undoable edit; quick edits with one ``merge_key`` become one entry."""
        seen = self.settable(self.snapshot)
        if seen is None or self.refuses(selection_of(seen.network.architecture, index)):
            return
        self._history.push(ParameterEdit(label, index, float(seen.network.parameters[index]), value), merge_key)
        self.command.emit(SetParameter(index, value))
        self.history_changed.emit()

    def edit_parameters(self, values: Floats, label: str) -> None:
        """Set all parameters to ``values (P,)`` as one undoable edit; ignored for a network of another size."""
        seen = self.settable(self.snapshot)
        if seen is None or len(values) != len(seen.network.parameters) or self.refuses_all():
            return
        self._history.push(ParametersEdit(label, seen.network.parameters.copy(), values))
        self.command.emit(SetParameters(values))
        self.history_changed.emit()

    # -- selection ---------------------------------------------------------------------------------------------------

    def select(self, selection: Selection | None) -> None:
        """Select an element of the network, or nothing."""
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)
