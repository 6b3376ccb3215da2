"""Shipped files are found in a wheel and in a checkout, and missing ones are reported."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest

import core.assets
from core.assets import asset
from tests.support import load_module


def test_finds_files_in_a_checkout() -> None:
    assert asset("fonts/OFL.txt").read_text(encoding="utf-8").startswith("Copyright")
    assert asset("icons").is_dir()


def test_names_the_missing_file() -> None:
    with pytest.raises(FileNotFoundError, match=r"^datasets/none\.csv: .* missing \(looked in .*assets"):
        asset("datasets/none.csv")


def installed_finder(site: Path) -> ModuleType:
    """Load the finder from a copy of ``core`` in ``site``, with the layout of a pip installation."""
    (site / "core").mkdir()
    return load_module("installed_assets", shutil.copy(core.assets.__file__, site / "core" / "assets.py"))


def test_finds_files_in_a_wheel_before_unrelated_ones(tmp_path: Path) -> None:
    for folder in ("playground/_assets", "assets"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "one.txt").write_text(folder, encoding="utf-8")
    assert installed_finder(tmp_path).asset("one.txt").read_text(encoding="utf-8") == "playground/_assets"
