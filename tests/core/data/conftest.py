"""Fixtures for the tests of tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.data.support import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes ``t.csv`` and returns its path."""

    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "t.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file
