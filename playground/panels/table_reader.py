"""Reads a user's table beside the window: the preview first, then what each choice of columns would give."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.data.tables.tables import preview_table, read_table
from core.errors import TableError
from core.experiment import TableSource


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


class TableReader(QObject):
    """Reads the table at ``path`` in a thread that ends when there is nothing to do.

    A plain thread rather than a QThread, which would end the program if the dialog went while it runs.

    Signals:
        previewed: its :class:`core.data.tables.tables.TablePreview`.
        failed: why the file cannot be used.
        checked: a :class:`TableCheck`.
    """

    previewed = Signal(object)
    failed = Signal(str)
    checked = Signal(object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._lock = threading.Lock()
        self._request: TableSource | None = None
        self._worker: threading.Thread | None = None
        self._stopped = False

    @property
    def is_reading(self) -> bool:
        """Whether the thread is at work."""
        return self._worker is not None

    def start(self) -> None:
        """Read the preview."""
        with self._lock:
            self._begin(self._preview)

    def check(self, source: TableSource) -> None:
        """Ask what ``source`` gives; only the latest request is answered."""
        with self._lock:
            self._request = source
            if self._worker is None and not self._stopped:
                self._begin(self._answer)

    def stop(self) -> None:
        """Answer nothing more, and wait until nothing runs."""
        with self._lock:
            self._stopped = True
            worker = self._worker
        if worker is not None:
            worker.join()

    def _begin(self, work: Callable[[], None]) -> None:
        self._worker = threading.Thread(target=work, name="table reader", daemon=True)
        self._worker.start()

    def _preview(self) -> None:
        try:
            self.previewed.emit(preview_table(self._path))
        except TableError as error:
            self.failed.emit(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must see it
            self.failed.emit(_unexpected(self._path, error))
        self._answer()

    def _answer(self) -> None:
        while True:
            with self._lock:
                source, self._request = self._request, None
                if source is None or self._stopped:
                    self._worker = None
                    return
            self.checked.emit(_check(source))


def _check(source: TableSource) -> TableCheck:
    try:
        raw = read_table(source)
    except TableError as error:
        return TableCheck(source, problem=str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, the user must see it
        return TableCheck(source, problem=_unexpected(Path(source.csv), error))
    what = f"{raw.classes} classes" if raw.task == "classification" else "a number"
    inputs = raw.inputs.shape[1]
    sentence = f"{raw.samples} samples, {inputs} {'input' if inputs == 1 else 'inputs'}, {what} to predict."
    dropped = raw.table.dropped_sentence() if raw.table is not None else ""
    return TableCheck(source, sentence=sentence, dropped=dropped)


def _unexpected(path: Path, error: Exception) -> str:
    return f"{path.name}: the table cannot be read ({type(error).__name__}: {error})"
