"""Reads a person's table beside the window: the preview first, then what each choice of columns would give."""

from __future__ import annotations

import queue
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from core.errors import TableError
from core.experiment import TableSource
from core.tables import preview_table, read_table


@dataclass(frozen=True, slots=True)
class TableCheck:
    """What a choice of columns gives.

    Attributes:
        source: the choice.
        problem: why it cannot be used; empty if it can.
        sentence: inputs, samples and classes in one sentence.
        dropped: one sentence on the rows left out; empty when none was.
    """

    source: TableSource
    problem: str = ""
    sentence: str = ""
    dropped: str = ""


class TableReader(QThread):
    """Reads the table at ``path``.

    Signals:
        previewed: its :class:`core.tables.TablePreview`.
        failed: why the file cannot be used.
        checked: a :class:`TableCheck`.
    """

    previewed = Signal(object)
    failed = Signal(str)
    checked = Signal(object)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._requests: queue.SimpleQueue[TableSource | None] = queue.SimpleQueue()

    def check(self, source: TableSource) -> None:
        """Ask what ``source`` gives; only the latest request is answered."""
        self._requests.put(source)

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._requests.put(None)
        self.wait()

    @override
    def run(self) -> None:
        """Read the preview, then answer requests until :meth:`stop`."""
        try:
            self.previewed.emit(preview_table(self._path))
        except TableError as error:
            self.failed.emit(str(error))
            return
        while (source := self._latest()) is not None:
            self.checked.emit(_check(source))

    def _latest(self) -> TableSource | None:
        request = self._requests.get()
        while request is not None and not self._requests.empty():
            request = self._requests.get()
        return request


def _check(source: TableSource) -> TableCheck:
    try:
        raw = read_table(source)
    except TableError as error:
        return TableCheck(source, problem=str(error))
    what = f"{raw.classes} classes" if raw.task == "classification" else "a number"
    inputs = raw.inputs.shape[1]
    sentence = f"{raw.samples} samples, {inputs} {'input' if inputs == 1 else 'inputs'}, {what} to predict."
    dropped = raw.table.dropped_sentence() if raw.table is not None else ""
    return TableCheck(source, sentence=sentence, dropped=dropped)
