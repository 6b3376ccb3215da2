"""The programs beside the tests (fuzzing, random events, …) can still import what they need after modules move."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
PROGRAMS = sorted(path.parent.name for path in FOLDER.glob("*/run.py"))


def test_there_are_programs() -> None:
    assert {"fuzz", "monkey", "kills"} <= set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_can_be_started(name: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(FOLDER.parent)}
    result = subprocess.run(
        [sys.executable, str(FOLDER / name / "run.py"), "--help"],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "usage" in result.stdout
