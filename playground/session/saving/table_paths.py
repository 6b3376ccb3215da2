"""Paths of users' tables in saved experiments, and of pasted tables."""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from core.data.tables.files.file_kinds import located
from core.experiment import Experiment, TableSource
from core.files import real_path


def pasted_path(folder: Path) -> Path:
    """Return the path in ``folder`` for a table that is pasted now.

    Raises:
        OSError: the folder cannot be created.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = datetime.now().astimezone().strftime("pasted %Y-%m-%d %H.%M.%S")
    names = (f"{stem}{'' if number == 1 else f' ({number})'}.tsv" for number in itertools.count(1))
    return next(folder / name for name in names if not (folder / name).exists())


def with_absolute_table(experiment: Experiment, folder: Path | None, target: Path | None) -> Experiment:
    """Return ``experiment`` with a table path that is valid in a file in ``target``.

    Paths inside that folder are relative, others absolute; paths that start with ``~`` are valid anywhere.
    """
    source = experiment.data.dataset
    if not isinstance(source, TableSource) or source.csv.startswith("~"):
        return experiment
    absolute = real_path(located(source.csv, folder))
    written = absolute
    if target is not None and absolute.is_relative_to(real_path(target)):
        written = absolute.relative_to(real_path(target))
    return replace(experiment, data=replace(experiment.data, dataset=replace(source, csv=str(written))))
