"""Save the pinned runs when they change, and restore them in the background at the next start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from core.errors import PlaygroundError
from core.training.pins.pinned_run import PinnedRun
from playground.session.pins import Pin, Pins
from playground.session.saving.table_paths import with_absolute_table
from playground.worker.background import Advance, Background

if TYPE_CHECKING:
    from core.data.prepared_data import PreparedData
    from core.training.pins.pin_file import StoredPin

Restored = tuple[list[tuple["StoredPin", PinnedRun]], list[str]]


class PinStore(QObject):
    """Saves and restores the pins of one session.

    Signals:
        failed: a message; pins could not be restored.
        restored: restoring ended, with or without success.
    """

    failed = Signal(str)
    restored = Signal()

    def __init__(self, pins: Pins, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pins = pins
        self._is_new = False
        self._is_restoring = False
        self._jobs = Background("pins", self)
        self._jobs.succeeded.connect(self._take)
        self._jobs.failed.connect(self._fail)
        pins.stored_changed.connect(self._note)

    def restore(self, path: Path) -> None:
        """Read and evaluate the pins in the file at ``path``, if it exists, and then add them."""
        if path.exists():
            self._is_restoring = True
            self._jobs.submit(lambda advance: _read(path, advance))

    def discard(self, path: Path) -> None:
        """Overwrite the file at ``path``, if it exists, with the current pins at the next save."""
        self._is_new = self._is_new or path.exists()

    def rewrite(self) -> None:
        """Treat the file as out of date, because it could not be written or was deleted."""
        self._is_new = True

    def changed_content(self, folder: Path | None) -> Callable[[], bytes] | None:
        """Return a function that builds the file's content on any thread, or ``None`` if the file is up to date.

        Args:
            folder: base folder of relative table paths.
        """
        if not self._is_new or self._is_restoring:
            return None
        self._is_new = False
        pins = self._pins.all  # immutable, so another thread can write them while the user continues
        return lambda: _encoded(pins, folder)

    def wait(self) -> None:
        """Block until the pins are read; do not call this on the GUI thread of a running app."""
        self._jobs.wait()

    def settle(self) -> None:
        """Wait until the pins that are being read are restored."""
        if self._is_restoring:
            self._jobs.wait()
            self._jobs.deliver()

    def stop(self) -> None:
        """Stop reading."""
        self._jobs.stop()

    def _note(self) -> None:
        self._is_new = True

    def _take(self, result: object) -> None:
        runs, problems = cast("Restored", result)
        for stored, run in runs:
            self._pins.add(run, name=stored.name, colour=stored.colour, hidden=stored.hidden)
        self._end(problems)
        if len(runs) and not problems:
            self._is_new = False  # the file holds just these

    def _fail(self, error: Exception) -> None:
        self._end([str(error)])

    def _end(self, problems: list[str]) -> None:
        self._is_restoring = False
        if problems:
            self.failed.emit(f"Pinned runs could not be restored: {'; '.join(problems)}")
        self.restored.emit()


def _encoded(pins: Sequence[Pin], folder: Path | None) -> bytes:
    from core.training.pins.pin_file import StoredPin, encode
    from core.training.pins.pinned_run import StoredRun

    stored = []
    for pin in pins:
        run = StoredRun.of(pin.run)
        state = replace(run.state, experiment=with_absolute_table(run.state.experiment, folder, None))
        stored.append(StoredPin(replace(run, state=state), pin.given_name, pin.colour, pin.hidden))
    return encode(stored)


def _read(path: Path, advance: Advance) -> Restored | None:
    """Return the pins in the file at ``path`` and errors; ``None`` if cancelled. Runs on a background thread."""
    from core.training.pins.pin_file import load_pins
    from core.training.pins.pinned_run import data_for

    runs: list[tuple[StoredPin, PinnedRun]] = []
    problems: list[str] = []
    known: dict[object, PreparedData] = {}
    pins = load_pins(path)
    for number, pin in enumerate(pins):
        if not advance(number, len(pins)):
            return None
        experiment = pin.run.state.experiment
        # Runs on the same data share one copy; the prepared data depend on these settings alone.
        key = (experiment.data, experiment.training.loss, experiment.network.output_activation)
        try:
            if key not in known:
                known[key] = data_for(experiment)
            runs.append((pin, pin.run.restored(known[key])))
        except PlaygroundError as error:
            problems.append(str(error))
    return runs, problems
