"""Where an Experiment's table lies, as seen from another folder."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from core.experiment import Experiment


def with_absolute_table(experiment: Experiment, folder: Path | None, target: Path | None) -> Experiment:
    """Return ``experiment`` with its table's path right for a file in ``target``: relative inside it, else absolute."""
    source = experiment.data.dataset
    if isinstance(source, str):
        return experiment
    path = Path(source.csv)
    absolute = (path if path.is_absolute() or folder is None else folder / path).resolve()
    written = absolute
    if target is not None and absolute.is_relative_to(target.resolve()):
        written = absolute.relative_to(target.resolve())
    return replace(experiment, data=replace(experiment.data, dataset=replace(source, csv=str(written))))
