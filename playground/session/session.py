"""The Session: the current Experiment with its undo history, selection, file and latest snapshot; all that views talk to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from core.errors import PlaygroundError
from core.experiment import MAX_SEED, DataSettings, Experiment, NetworkSettings, TrainingSettings
from core.experiment.changes import change_in_words
from core.experiment.experiment_file import checked
from core.experiment.presets import titled
from core.training.snapshot import Snapshot
from playground.session import edits
from playground.session.opened import Opened
from playground.session.playback import Playback
from playground.session.selection import Selection, known_counts
from playground.session.undo_history import ExperimentEdit, ParameterEdit, UndoHistory
from playground.worker.commands import (
    ApplyExperiment,
    SetParameter,
)


class Session(Playback):
    """Holds what the user made; views emit intents by calling it and redraw on its signals.

    Signals:
        experiment_changed: (old, new) Experiment.
        selection_changed: Selection or ``None``.
        history_changed: undo or redo became possible, impossible or something else.
        file_changed: the file's path or the "unsaved changes" state changed.
        hovered: Selection under the mouse in any view, or ``None``.
        replaced: a sentence on what was open before; :meth:`go_back` takes it up again.
        message: (text, kind) for the message bar; kind is ``info``, ``warning`` or ``error``.
    """

    experiment_changed = Signal(object, object)
    selection_changed = Signal(object)
    history_changed = Signal()
    file_changed = Signal()
    hovered = Signal(object)
    replaced = Signal(str)
    message = Signal(str, str)

    def __init__(
        self, experiment: Experiment | None = None, file: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
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
        self.snapshot: Snapshot | None = None

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def experiment(self) -> Experiment:
        """The settings in force."""
        return self._experiment

    @property
    def generation(self) -> int:
        """Number of the Experiment in force; snapshots of older ones are dropped."""
        return self._generation

    @property
    def selection(self) -> Selection | None:
        """What is selected."""
        return self._selection

    @property
    def file(self) -> Path | None:
        """The file the Experiment was opened from or saved to."""
        return self._file

    @property
    def folder(self) -> Path | None:
        """Where relative table paths start."""
        return self._folder

    @property
    def unsaved(self) -> bool:
        """Whether there are changes that the file does not have."""
        return self._experiment != self._saved

    @property
    def subject(self) -> str:
        """What the Experiment is called in titles and file names: its name, and what differs from the one of that name."""
        now, fresh = self._experiment, Experiment()
        name = "" if now.name == fresh.name else now.name
        original = (titled(name) or self._saved) if name else fresh
        return ", ".join(part for part in (name, change_in_words(original, now)) if part)

    @property
    def undo_label(self) -> str | None:
        """What the next undo takes back."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """What the next redo does again."""
        return self._history.redo_label

    # -- editing the Experiment --------------------------------------------------------------------------------------

    def edit(self, experiment: Experiment, label: str, merge_key: str | None = None) -> bool:
        """Put ``experiment`` in force as one undoable change called ``label``.

        Args:
            experiment: the new value; refused with a message when it breaks a limit.
            label: for the Edit menu ("Learning rate").
            merge_key: edits with the same key in quick succession (a slider's drag) become one entry.

        Returns:
            Whether it was accepted.
        """
        if experiment == self._experiment:
            return True
        try:
            checked(experiment)
        except PlaygroundError as error:
            self.message.emit(str(error), "error")
            return False
        self._history.push(ExperimentEdit(label, self._experiment, experiment), merge_key)
        self._put(experiment)
        self.history_changed.emit()
        return True

    def hold_edits(self, on: bool) -> None:  # noqa: FBT001 - a slot of LabelledSlider.held
        """Take what is edited while a slider is held as one undoable change."""
        self._history.hold(on)

    def edit_data(self, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change fields of ``experiment.data``."""
        return self.edit_parts(label, merge_key, data=lambda data: replace(data, **changes))

    def edit_training(self, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change fields of ``experiment.training``."""
        return self.edit_parts(label, merge_key, training=lambda training: replace(training, **changes))

    def edit_network(self, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change fields of ``experiment.network``."""
        return self.edit_parts(label, merge_key, network=lambda network: replace(network, **changes))

    def edit_layer(self, index: int, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change fields of hidden layer ``index``."""
        return self.edit(edits.with_layer(self._experiment, index, changes), label, merge_key)

    def edit_all_layers(self, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change the same fields of every hidden layer; ``initializer`` and ``gain`` go to the output layer too."""
        return self.edit(edits.with_all_layers(self._experiment, changes), label, merge_key)

    def set_depth(self, depth: int) -> bool:
        """Give the network ``depth`` hidden layers: new ones, like the last one, come before the output."""
        return self.edit(edits.with_depth(self._experiment, depth), "Depth", "depth")

    def insert_layer(self, index: int) -> bool:
        """Insert a hidden layer before position ``index``, like its neighbour towards the features."""
        return self.edit(edits.with_layer_inserted(self._experiment, index), "Add layer")

    def remove_layer(self, index: int) -> bool:
        """Remove hidden layer ``index``."""
        return self.edit(edits.without_layer(self._experiment, index), "Remove layer")

    def edit_parts(
        self,
        label: str,
        merge_key: str | None = None,
        *,
        data: Callable[[DataSettings], DataSettings] | None = None,
        network: Callable[[NetworkSettings], NetworkSettings] | None = None,
        training: Callable[[TrainingSettings], TrainingSettings] | None = None,
    ) -> bool:
        """Change several parts of the Experiment in one undoable step."""
        old = self._experiment
        new = replace(
            old,
            data=data(old.data) if data else old.data,
            network=network(old.network) if network else old.network,
            training=training(old.training) if training else old.training,
        )
        return self.edit(new, label, merge_key)

    def undo(self) -> None:
        """Undo the last change."""
        edit = self._history.undo()
        self._replay(edit, backwards=True)
        if isinstance(edit, ExperimentEdit):
            self._undone_to = self._generation

    def redo(self) -> None:
        """Do the change that was taken back again."""
        self._replay(self._history.redo(), backwards=False)

    def _replay(self, edit: ExperimentEdit | ParameterEdit | None, *, backwards: bool) -> None:
        match edit:
            case ExperimentEdit():
                self._put(edit.old if backwards else edit.new, returning=True)
            case ParameterEdit():
                self.command.emit(SetParameter(edit.index, edit.old if backwards else edit.new))
            case None:
                return
        self.history_changed.emit()

    def _replay_to_experiment(self, *, backwards: bool) -> None:
        """Replay up to the next change of the Experiment, with the weights edited by hand that lie before it."""
        while True:
            edit = self._history.undo() if backwards else self._history.redo()
            self._replay(edit, backwards=backwards)
            if not isinstance(edit, ParameterEdit):
                return

    def _put(
        self,
        experiment: Experiment,
        *,
        restart: bool = False,
        returning: bool = False,
        kept: int | None = None,
        state: Path | None = None,
    ) -> None:
        old, self._experiment = self._experiment, experiment
        self._generation += 1
        self.command.emit(
            ApplyExperiment(
                experiment, self._generation, self._folder, restart, state=state, returning=returning, kept=kept
            )
        )
        if self._selection is not None and not self._selection.exists_in(known_counts(experiment)):
            self.select(None)
        self.experiment_changed.emit(old, experiment)
        self.file_changed.emit()

    # -- files -------------------------------------------------------------------------------------------------------

    def replace_all(
        self, experiment: Experiment, file: Path | None, *, folder: Path | None = None, state: Path | None = None
    ) -> None:
        """Start over with an Experiment that was opened (or made new): history and selection are forgotten.

        Args:
            experiment: the new one.
            file: where it came from, ``None`` for a new one.
            folder: where relative table paths start; by default the file's folder.
            state: a training state to go on from.
        """
        usable = self.snapshot is not None and self.snapshot.generation == self._generation
        before = self._opened(None if usable else self._before_opening)
        folder = folder or (file.parent if file else None)
        self._open(Opened(experiment, experiment, file, folder, UndoHistory()), before, state)

    def _open(self, opened: Opened, before: Opened, state: Path | None = None) -> None:
        """Take up ``opened``; ``before`` is there to go back to, and comes back if this turns out to be unusable."""
        self._previous = before
        self._take_up(opened, restart=True, state=state)
        self._before_opening, self._opened_in = before, self._generation

    @property
    def previous_name(self) -> str | None:
        """The name of what was open before this, or ``None``."""
        return self._previous.experiment.name if self._previous is not None else None

    def go_back(self) -> None:
        """Take up what was open before this, with its training and its history; once more comes back here."""
        if self._previous is not None:
            self._open(self._previous, self._opened(None))

    def adopt_history(self, history: UndoHistory) -> None:
        """Take over the undo ``history`` of the last session, which led to the present Experiment."""
        self._history = history
        self.history_changed.emit()

    @property
    def history(self) -> UndoHistory:
        """What can be undone and redone."""
        return self._history

    def _opened(self, before: Opened | None) -> Opened:
        return Opened(self._experiment, self._saved, self._file, self._folder, self._history, before, self._generation)

    def refuse(self, generation: int, text: str) -> None:
        """Take back an Experiment whose data could not be had, and say why (the thread refused it)."""
        self.message.emit(text, "error")
        if generation != self._generation:
            return
        if generation == self._opened_in and self._before_opening is not None:
            self._take_up(self._before_opening, restart=False)
            self._previous = None
        elif generation == self._undone_to and self._history.redo_label is not None:
            # An undo led to data that is gone by now: back to what was in force.
            self._replay_to_experiment(backwards=False)
            self._undone_to = self._generation
        elif self._history.undo_label is not None:
            self._replay_to_experiment(backwards=True)
            self._history.forget_redo()
            self.history_changed.emit()
        elif self._before_opening is not None:
            self._take_up(self._before_opening, restart=False)
            self._previous = None
        elif self._experiment != Experiment():
            self._take_up(Opened(Experiment(), Experiment(), None, None, UndoHistory()), restart=True)

    def _take_up(self, opened: Opened, *, restart: bool, state: Path | None = None) -> None:
        self._file, self._folder = opened.file, opened.folder
        self._saved, self._history = opened.saved, opened.history
        self._before_opening = opened.before
        self.select(None)
        self._put(opened.experiment, restart=restart, kept=opened.generation if restart else None, state=state)
        self.history_changed.emit()

    def mark_saved(self, file: Path) -> None:
        """Remember that ``file`` now holds the Experiment.

        The folder stays: table paths here and in the history start where they did, whatever was written to ``file``.
        """
        self._file, self._saved = file, self._experiment
        self.file_changed.emit()

    # -- training ----------------------------------------------------------------------------------------------------

    def start(self, *, playing: bool = True, state: Path | None = None) -> None:
        """Hand the Experiment to the training thread for the first time, to go on from the training ``state`` if any."""
        self.command.emit(ApplyExperiment(self._experiment, self._generation, self._folder, restart=True, state=state))
        if playing:
            self.play()

    def new_seed(self) -> None:
        """Draw other initial weights (and start at step 0)."""
        seed = (self._experiment.network.seed + 1) % (MAX_SEED + 1)
        self.edit_network("New seed", seed=seed)

    def edit_parameter(self, index: int, value: float, label: str, merge_key: str | None = None) -> None:
        """Set the parameter at flat ``index`` by hand, undoably; quick edits with one ``merge_key`` become one entry."""
        if self.snapshot is None:
            return
        old = float(self.snapshot.network.parameters[index])
        self._history.push(ParameterEdit(label, index, old, value), merge_key)
        self.command.emit(SetParameter(index, value))
        self.history_changed.emit()

    # -- selection ---------------------------------------------------------------------------------------------------

    def select(self, selection: Selection | None) -> None:
        """Select something in the network, or nothing."""
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)
