"""Helpers for the tests of tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.data.raw_data import RawData
from core.data.tables.tables import read_table
from core.experiment import TableSource

Write = Callable[[str | bytes], Path]


def read(path: Path, **choices: Any) -> RawData:
    """Read the table at ``path``, whose target is column "y" unless ``choices`` name another."""
    return read_table(TableSource(**{"csv": str(path), "target": "y"} | choices))
