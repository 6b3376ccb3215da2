"""Reads a user's table beside the window: the preview first, then what each choice of columns would give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.data.tables.tables import preview_table, read_table
from core.errors import TableError
from core.experiment import TableSource
from playground.worker.background import Background


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
    """Reads the table at ``path`` beside the window.

    Signals:
        previewed: its :class:`core.data.tables.tables.TablePreview`.
        failed: why the file cannot be used.
        checked: a :class:`TableCheck`.
    """

    previewed = Signal(object)
    failed = Signal(str)
    checked = Signal(object)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._preview = Background("table preview", self)
        self._preview.succeeded.connect(self.previewed)
        self._preview.failed.connect(lambda error: self.failed.emit(_sentence(path, error)))
        self._checks = Background("table check", self)
        self._checks.succeeded.connect(self.checked)

    @property
    def is_reading(self) -> bool:
        """Whether a thread is at work."""
        return self._preview.is_busy or self._checks.is_busy

    def start(self) -> None:
        """Read the preview."""
        self._preview.submit(lambda _advance: preview_table(self._path))

    def check(self, source: TableSource) -> None:
        """Ask what ``source`` gives; only the latest request is answered."""
        self._checks.submit(lambda _advance: _check(source))

    def stop(self) -> None:
        """Answer nothing more."""
        self._preview.stop()
        self._checks.stop()


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


def _sentence(path: Path, error: Exception) -> str:
    return str(error) if isinstance(error, TableError) else _unexpected(path, error)


def _unexpected(path: Path, error: Exception) -> str:
    return f"{path.name}: the table cannot be read ({type(error).__name__}: {error})"
