"""Packaging: version bounds, pins, assets in the wheel, make targets, and maximum file length."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
MAX_FILE_LINES = 400


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    """The content of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def runtime(settings: dict[str, Any]) -> list[Requirement]:
    """The runtime dependencies of the package."""
    return [Requirement(line) for line in settings["project"]["dependencies"]]


@pytest.mark.parametrize(
    ("python", "allowed", "refused"),
    [("3.11", ["6.10.3", "6.11.3"], ["6.10.2", "6.12.0"]), ("3.12", ["6.10.3", "6.12.0"], ["6.10.2"])],
)
def test_pyside_bounds(runtime: list[Requirement], python: str, allowed: list[str], refused: list[str]) -> None:
    bounds = [
        need.specifier
        for need in runtime
        if need.name == "PySide6-Essentials" and need.marker and need.marker.evaluate({"python_version": python})
    ]
    assert len(bounds) == 1
    assert all(bounds[0].contains(version) for version in allowed)
    assert not any(bounds[0].contains(version) for version in refused)


def test_every_runtime_dependency_has_a_lower_bound(runtime: list[Requirement]) -> None:
    assert [need.name for need in runtime if not any(bound.operator == ">=" for bound in need.specifier)] == []


def test_development_tools_are_pinned(settings: dict[str, Any]) -> None:
    tools = [Requirement(line) for line in settings["project"]["optional-dependencies"]["dev"]]
    assert [tool.name for tool in tools if [bound.operator for bound in tool.specifier] != ["=="]] == []


def test_the_wheel_carries_the_assets(settings: dict[str, Any]) -> None:
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["core", "playground"]
    assert wheel["force-include"] == {"assets": "playground/_assets"}
    assert settings["project"]["scripts"] == {"nn-playground": "playground.__main__:main"}
    for name in (settings["project"]["readme"], *settings["project"]["license-files"]):
        assert (ROOT / name).is_file()


def test_fonts_come_with_their_licence_and_stay_small() -> None:
    fonts = ROOT / "assets" / "fonts"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (fonts / "OFL.txt").read_text(encoding="utf-8")
    assert (
        sum(file.stat().st_size for folder in ("fonts", "icons") for file in (ROOT / "assets" / folder).iterdir())
        < 2.5e6
    )


def make(*arguments: str) -> str:
    """Run make in the checkout, independently of a make that may run these tests, and return its output."""
    environment = {
        name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "ARGS"}
    }
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=environment).stdout


def test_make_lists_its_targets() -> None:
    targets = {line.split()[1] for line in make().splitlines()}
    assert {"run", "test", "lint", "bench", "screenshots", "clean", "help"} <= targets


def recipe(target: str) -> str:
    """Return the commands that make would run for ``target``."""
    return make("-n", target)


def test_each_target_sets_up_first_and_runs_its_command() -> None:
    assert recipe("run").split() == [".setup/environment", "app", ".venv/bin/nn-playground"]
    for target, command in {
        "test": "-m pytest",
        "lint": ".venv/bin/ruff check .\n.venv/bin/ruff format --check .\n.venv/bin/mypy\n.venv/bin/lint-imports",
        "bench": "tests/bench/run.py",
        "screenshots": "tests/screenshots.py",
    }.items():
        with_display = "DISPLAY=${DISPLAY:-virtual} " if target == "bench" else ""
        assert recipe(target).startswith(f"{with_display}.setup/environment dev\n")
        assert command in recipe(target)


def test_continuous_integration_is_make_lint_and_make_test() -> None:
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert [line for line in lines if line.startswith("make ")] == ["make lint", "make test"]
    assert os.access(script, os.X_OK)


def test_no_file_is_too_long() -> None:
    files = [path for folder in ("core", "playground", "tests", ".setup") for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 30
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > MAX_FILE_LINES} == {}
