"""Read a user's table on a background thread: first a preview, then a check of each choice of columns."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from core.data.settings import DataSettings
from core.data.split import split
from core.data.tables.limits import Advance, ReadCancelled
from core.data.tables.tables import TablePreview, preview_table, read_table
from core.errors import TableError
from core.experiment import TableSource
from playground.style.numbers import thousands
from playground.worker.background import Background


class TableCheck(Struct, frozen=True):
    """The result of checking a choice of columns.

    Attributes:
        source: the choice.
        problem: why the choice is invalid; empty if it is valid.
        sentence: number of samples, inputs and classes.
        dropped: sentence on the rows left out; empty if there are none.
        cautions: warnings, one sentence each.
    """

    source: TableSource
    problem: str = ""
    sentence: str = ""
    dropped: str = ""
    cautions: tuple[str, ...] = ()


class TableReader(QObject):
    """Reads the table at ``path`` on background threads.

    Signals:
        previewed: the :class:`core.data.tables.tables.TablePreview`.
        progressed: (done, total) of reading the file.
        failed: why the file cannot be read.
        checked: a :class:`TableCheck`.
    """

    previewed = Signal(object)
    progressed = Signal(int, int)
    failed = Signal(str)
    checked = Signal(object)

    def __init__(self, path: Path, data: DataSettings, parent: QObject | None = None) -> None:
        """Create a reader; :meth:`start` reads the file.

        Args:
            path: the file.
            data: provides the seed and the split of the samples.
            parent: the parent object.
        """
        super().__init__(parent)
        self._path = path
        self._data = data
        self._preview = Background("table preview", self)
        self._preview.succeeded.connect(self.previewed)
        self._preview.progressed.connect(self.progressed)
        self._preview.failed.connect(lambda error: self.failed.emit(_sentence(path, error)))
        self._checks = Background("table check", self)
        self._checks.succeeded.connect(self.checked)

    @property
    def is_reading(self) -> bool:
        """Whether a thread is running."""
        return self._preview.is_busy or self._checks.is_busy

    def start(self, choices: TableSource | None = None) -> None:
        """Read the preview with the options in ``choices``, cancelling earlier requests."""
        self._preview.cancel()
        self._checks.cancel()
        path, seed = self._path, self._data.seed
        self._preview.submit(lambda advance: _read_preview(path, choices, seed, advance))

    def check(self, source: TableSource) -> None:
        """Check ``source``; only the latest request is answered."""
        data = replace(self._data, dataset=source)
        self._checks.submit(lambda advance: _check(source, data, advance))

    def stop(self) -> None:
        """Stop the threads without further signals."""
        self._preview.stop()
        self._checks.stop()


def _read_preview(path: Path, choices: TableSource | None, seed: int, advance: Advance) -> TablePreview | None:
    try:
        try:
            return preview_table(path, choices, seed=seed, advance=advance)
        except TableError:
            if choices is None or not choices.columns:
                raise
            # Columns with settings may no longer exist; show the table without the settings.
            return preview_table(path, replace(choices, columns=()), seed=seed, advance=advance)
    except ReadCancelled:
        return None


def _check(source: TableSource, data: DataSettings, advance: Advance) -> TableCheck | None:
    try:
        raw = read_table(source, seed=data.seed, advance=advance)
    except ReadCancelled:
        return None
    except TableError as error:
        return TableCheck(source, problem=str(error))
    except Exception as error:  # noqa: BLE001 - any error must be shown to the user
        return TableCheck(source, problem=_unexpected(Path(source.csv), error))
    target = f"{raw.classes} classes" if raw.task == "classification" else "a number"
    inputs = raw.inputs.shape[1]
    noun = "input" if inputs == 1 else "inputs"
    sentence = f"{thousands(raw.samples)} samples, {thousands(inputs)} {noun}, {target} to predict."
    if raw.task == "classification" and data.test_fraction > 0:
        sentence += (
            " The split is stratified." if data.split == "stratified" else " The split is random, not stratified."
        )
    dropped, cautions = ("", ()) if raw.table is None else (raw.table.dropped_sentence(), raw.table.cautions)
    return TableCheck(source, sentence=sentence, dropped=dropped, cautions=(*cautions, *split(raw, data).cautions))


def _sentence(path: Path, error: Exception) -> str:
    return str(error) if isinstance(error, TableError) else _unexpected(path, error)


def _unexpected(path: Path, error: Exception) -> str:
    return f"{path.name}: the table cannot be read ({type(error).__name__}: {error})"
