"""Load the data of the current Experiment, with progress, and cancel when a newer Experiment arrives."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core.data.loading import load
from core.data.prepared_data import PreparedData, prepare
from core.data.raw_data import RawData
from core.experiment import DataSettings, DrawnSource
from core.experiment.resolution import resolve
from playground.worker.commands import ApplyExperiment

REPORT_SECONDS: Final = 0.2
"""Delay and interval of progress reports while reading."""

DONE: Final = 1.0


class DataLoader:
    """Loads and prepares data, and reuses what is still valid.

    Args:
        report: called with the fraction read if reading takes long; 1 when done.

    Attributes:
        newest: generation of the newest Experiment sent; reading for older ones is cancelled. Set by the GUI thread.
        stopping: whether to cancel reading permanently.
    """

    def __init__(self, report: Callable[[float], None]) -> None:
        self.newest = 0
        self.stopping = False
        self._report = report
        self._raw: tuple[object, RawData] | None = None
        self._prepared: tuple[object, PreparedData] | None = None

    def prepare(self, command: ApplyExperiment) -> PreparedData:
        """Return the data of the Experiment in ``command``.

        Raises:
            PlaygroundError: the data cannot be loaded.
            ReadCancelled: a newer Experiment was sent meanwhile.
        """
        experiment, settings = command.experiment, command.experiment.data
        key = _raw_key(settings, command.folder)
        if self._raw is None or self._raw[0] != key:
            self._raw = (key, self._load(command))
        raw = self._raw[1]
        coding = resolve(experiment, raw.task, len(raw.class_names)).coding
        prepared_key = (key, settings, coding)
        if self._prepared is None or self._prepared[0] != prepared_key:
            self._prepared = (prepared_key, prepare(raw, settings, coding))
        return self._prepared[1]

    def _load(self, command: ApplyExperiment) -> RawData:
        due = time.monotonic() + REPORT_SECONDS
        reported = False

        def advance(done: int, total: int) -> bool:
            nonlocal due, reported
            if time.monotonic() >= due:
                due, reported = time.monotonic() + REPORT_SECONDS, True
                self._report(min(done / total, 0.99))
            return not self.stopping and self.newest <= command.generation

        try:
            return load(command.experiment.data, folder=command.folder, advance=advance)
        finally:
            if reported:
                self._report(DONE)


def _raw_key(settings: DataSettings, folder: Path | None) -> object:
    """Return the settings that determine the raw data; for a table, noise and split do not require reading again."""
    if isinstance(settings.dataset, str):
        return settings
    if isinstance(settings.dataset, DrawnSource):
        return settings.dataset
    return settings.dataset, folder, settings.seed if settings.dataset.rows is not None else None
