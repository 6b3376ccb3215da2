"""Sources for FILE on the command line: a path, a share link, a preset or a lesson."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from core.data.tables.files.file_kinds import looks_like_table
from core.errors import PlaygroundError
from core.experiment import DataSettings, Experiment, TableSource
from core.experiment.experiment_file import load
from core.experiment.presets import is_preset, preset, preset_names
from core.experiment.tf_playground_link import looks_like_link, parse_link
from core.files import exists, real_path
from core.training.origins.picture_names import looks_like_deck, looks_like_picture

if TYPE_CHECKING:
    from core.training.origins.origin import Origin
    from core.training.pins.pinned_run import StoredRun
    from core.training.training_state import TrainingState


class Source(Struct, frozen=True):
    """An Experiment with the file it came from.

    Attributes:
        experiment: the settings.
        file: the file, ``None`` for a preset or a link.
        notes: differences from a link, one sentence each.
        table: a table whose target has not been chosen yet.
        lesson: the file of a lesson, which starts with the Experiment.
        picture: an exported picture or deck with the Experiment in its metadata.
        state: the training state that the picture shows, if it is there, too.
        run: that state with the curves that led to it, if they are there, too.
    """

    experiment: Experiment
    file: Path | None
    notes: tuple[str, ...] = ()
    table: Path | None = None
    lesson: Path | None = None
    picture: Path | None = None
    state: TrainingState | None = None
    run: StoredRun | None = None

    @property
    def folder(self) -> Path | None:
        """Base folder of a table's relative path."""
        return self.file.parent if self.file is not None else None


def open_source(name: str, *, commands: tuple[str, ...] = ()) -> Source:
    """Open ``name``: an existing file (Experiment, picture, table or lesson), else a link, else a preset, else a lesson's key.

    Args:
        name: as typed by the user.
        commands: additional words to suggest for an unknown name.

    Raises:
        PlaygroundError: the message names the file and the location of the error in it.
    """
    if not name.strip():
        raise PlaygroundError('expected a file, preset, lesson or link, got ""')
    path = Path(name)
    if path.suffix.lower() == ".md":
        return _lesson_source(path)
    if exists(path) and looks_like_picture(path):
        return _picture_source(path)
    if exists(path) and looks_like_table(path):
        return Source(Experiment(), None, table=path)
    if exists(path):
        return Source(load(path), path)
    if looks_like_link(name):
        imported = parse_link(name)
        return Source(imported.experiment, None, imported.notes)
    if is_preset(name):
        return Source(preset(name), None)
    if path.suffix or os.sep in name or (os.altsep is not None and os.altsep in name):
        return Source(load(path), path)  # raises with the reason why the file cannot be read
    from core.lessons.catalogue import lesson_files  # imported late: only needed for lessons

    lessons = lesson_files()
    if name in lessons:
        return _lesson_source(lessons[name])
    known = (*preset_names(), *lessons, *commands)
    close = difflib.get_close_matches(name.lower(), known, n=1)
    hint = f'did you mean "{close[0]}"?' if close else f"the presets are {', '.join(preset_names())}"
    raise PlaygroundError(f'there is no file, preset or lesson called "{name}"; {hint}')


def with_target(source: Source, target: str | None, *, also: str = "") -> Source:
    """Return ``source`` with ``target`` as the column to predict, which is required for tables only.

    Args:
        source: what was opened.
        target: name of the column.
        also: other missing options, which the message names, too.

    Raises:
        PlaygroundError: a table without a target, or a target without a table.
    """
    table = source.table
    if table is None:
        if target is not None:
            raise PlaygroundError(f'--target: FILE is not a table, so there is no column to predict ("{target}")')
        return source
    if target is None:
        from core.data.tables.tables import preview_table  # imported late: only needed for tables

        preview = preview_table(table)
        names = [column.name for column in preview.columns]
        shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
        raise PlaygroundError(
            f"{table}: this is a table: name the column to predict, "
            f'such as --target "{preview.suggested_target}"{also} (the columns are {shown})'
        )
    data = DataSettings(dataset=TableSource(csv=str(real_path(table)), target=target), split="stratified")
    return Source(Experiment(name=table.stem, data=data), None)


def _lesson_source(path: Path) -> Source:
    from core.lessons.changes import initial_experiment
    from core.lessons.file_format.reading import read_lesson

    return Source(initial_experiment(read_lesson(path).front), None, lesson=path)


def _picture_source(path: Path) -> Source:
    if looks_like_deck(path):
        from core.training.origins.deck_origin import load_deck_origin  # imported late: only needed for decks

        origin, note = load_deck_origin(path)
        return _source_of(origin, path, (note,) if note else ())
    from core.training.origins.picture_origin import load_origin  # imported late: only needed for pictures

    return _source_of(load_origin(path), path, ())


def _source_of(origin: Origin, path: Path, notes: tuple[str, ...]) -> Source:
    run = None if origin.runs is None else origin.runs.current
    return Source(origin.experiment, None, notes, picture=path, state=origin.state, run=run)
