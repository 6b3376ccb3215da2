"""Read a user's file into a grid of cells with the reader for its kind, and cache the result."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from core.data.code_pages import ENCODINGS
from core.data.tables.files.decoding import Decoded, decode
from core.data.tables.files.file_kinds import kind_of, read_bytes
from core.data.tables.files.unpacking import unpacked
from core.data.tables.layout.text_table import TableText, read_text_table
from core.data.tables.limits import Advance, Progress, silent
from core.random_streams import stream

if TYPE_CHECKING:
    from pathlib import Path

    from core.data.settings import TableSource
    from core.data.tables.layout.grid import Grid


def open_grid(path: Path, choices: TableSource | None = None, *, seed: int = 1, advance: Advance = silent) -> Grid:
    """Read the cells of the table at ``path``.

    Args:
        path: the file.
        choices: the user's options; omitted ones are detected.
        seed: seed of the random sample of rows, if one is requested.
        advance: progress callback, which can cancel.

    Raises:
        TableError: the file is not a usable table; the message gives reason and location.
        ReadCancelled: ``advance`` returned false.
    """
    try:
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
    except (OSError, ValueError):  # ValueError: a null byte in the name
        # Reading again reports the precise reason; errors are not cached.
        stamp = (0, 0)
    form = () if choices is None else _form_of(choices)
    return _slot(path, stamp, form, seed if choices is not None and choices.rows else 0).read(choices, advance)


def _form_of(choices: TableSource) -> tuple[object, ...]:
    """Return the options that determine how the file is split into cells."""
    form = (choices.header, choices.delimiter, choices.decimal, choices.encoding, choices.sheet, choices.rows)
    return form if any(each is not None for each in form) else ()


class _Slot:
    """The cached grid of one version of a file; concurrent threads wait until the first one has read it."""

    def __init__(self, path: Path, seed: int) -> None:
        self._path = path
        self._seed = seed
        self._lock = threading.Lock()
        self._grid: Grid | None = None

    def read(self, choices: TableSource | None, advance: Advance) -> Grid:
        with self._lock:
            if self._grid is None:
                self._grid = _read(self._path, choices, self._seed, Progress(advance))
            return self._grid


@lru_cache(maxsize=2)
def _slot(path: Path, stamp: tuple[int, int], form: tuple[object, ...], seed: int) -> _Slot:  # noqa: ARG001 - part of the cache key
    return _Slot(path, seed)


def _read(path: Path, choices: TableSource | None, seed: int, progress: Progress) -> Grid:
    source = _text_of(path, choices, progress.part(0.0, 0.3))
    return read_text_table(source, path, choices, stream(seed, "rows"), progress.part(0.3, 1.0))


def _text_of(path: Path, choices: TableSource | None, progress: Progress) -> TableText:
    content = unpacked(read_bytes(path), path.name)
    progress.reach(0.2)
    match kind_of(content, path.name):
        case "workbook":
            from core.data.tables.formats.workbook import read_workbook

            return read_workbook(content, path.name, None if choices is None else choices.sheet, progress.part(0.2, 1))
        case "json":
            from core.data.tables.formats.json_table import read_json

            return read_json(content, path.name, progress.part(0.2, 1))
        case "html":
            from core.data.tables.formats.html_table import read_html

            return read_html(content, path.name, progress.part(0.2, 1))
        case "arff":
            from core.data.tables.formats.arff_table import read_arff

            return read_arff(content, path.name, progress.part(0.2, 1))
        case "parquet":
            from core.data.tables.formats.parquet_table import read_parquet

            return read_parquet(content, path.name, progress.part(0.2, 1))
        case "text":
            decoded = decode(content, path.name, None if choices is None else choices.encoding)
            return TableText(decoded.text, "text", decoded.encoding, notes=_note_on(decoded))


def _note_on(decoded: Decoded) -> tuple[str, ...]:
    if not decoded.guessed:
        return ()
    label = ENCODINGS[decoded.encoding]
    return (f"Read as {label}, a guess; choose another encoding under “How the file is read” if letters look wrong.",)
