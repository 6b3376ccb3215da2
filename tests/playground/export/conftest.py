"""Fixtures of the tests of exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.playground.export.tex import preload


@pytest.fixture(scope="session")
def preloaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A format of LaTeX in which the packages of the exports are loaded."""
    return preload(tmp_path_factory.mktemp("tex"))
