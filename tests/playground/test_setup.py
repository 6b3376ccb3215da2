"""The set-up installs once, again when dependencies change, and installs Qt's libraries or prints the command for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.support import load_module

SETUP = Path(__file__).parents[2] / ".setup"
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system libraries are Linux's")


def program(folder: Path, name: str, text: str) -> None:
    """Write an executable shell script ``name``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose Python only records its arguments."""
    shutil.copytree(SETUP, tmp_path / ".setup", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pyproject.toml").write_text("first\n", encoding="utf-8")
    program(tmp_path / ".venv" / "bin", "python", f'echo "$*" >>"{tmp_path}/log"')
    return tmp_path


def set_up(checkout: Path, level: str) -> list[str]:
    """Set up ``checkout`` and return the recorded installations and checks."""
    log = checkout / "log"
    log.unlink(missing_ok=True)
    subprocess.run([checkout / ".setup" / "environment", level], check=True, capture_output=True)
    return [
        line.split()[-1] for line in log.read_text(encoding="utf-8").splitlines() if "install" in line or "qt_" in line
    ]


CHECK = ".setup/qt_libraries.py"


def test_installs_once_and_checks_qt_each_time(checkout: Path) -> None:
    assert set_up(checkout, "dev") == [".[dev]", CHECK]
    assert set_up(checkout, "dev") == [CHECK]
    assert set_up(checkout, "app") == [CHECK]


def test_running_needs_less_than_testing(checkout: Path) -> None:
    assert set_up(checkout, "app") == [".", CHECK]
    assert set_up(checkout, "dev") == [".[dev]", CHECK]


def test_changed_dependencies_are_installed(checkout: Path) -> None:
    set_up(checkout, "dev")
    (checkout / "pyproject.toml").write_text("second\n", encoding="utf-8")
    assert set_up(checkout, "dev") == [".[dev]", CHECK]
    assert set_up(checkout, "dev") == [CHECK]


def test_a_failed_installation_is_tried_again(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    working = python.read_text(encoding="utf-8")
    program(python.parent, "python", 'case "$*" in *install*) exit 1;; esac')
    failed = subprocess.run([checkout / ".setup" / "environment", "dev"], capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert "pip could not install" in failed.stderr
    python.write_text(working, encoding="utf-8")
    assert set_up(checkout, "dev") == [".[dev]", CHECK]


def test_a_missing_python_is_reported(tmp_path: Path) -> None:
    shutil.copytree(SETUP, tmp_path / ".setup", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pyproject.toml").touch()
    environment = {**os.environ, "PYTHON": "python-of-nowhere"}
    command = [tmp_path / ".setup" / "environment", "app"]
    failed = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert failed.returncode == 1
    assert "no Python 3.11 or newer found (tried python-of-nowhere)" in failed.stderr


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The check of Qt's libraries, for a user without root rights on a machine that lacks two of them."""
    bin_folder = tmp_path / "bin"
    program(
        bin_folder, "ldd", r'printf "\tlibEGL.so.1 => not found\n\tlibglib-2.0.so.0 => not found\n\tlibc.so.6 => /c\n"'
    )
    program(bin_folder, "apt-get", "exit 1")
    program(bin_folder, "apt-cache", "exit 0")
    monkeypatch.setenv("PATH", str(bin_folder))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return load_module("qt_libraries", SETUP / "qt_libraries.py")


def test_without_root_rights_the_command_is_printed(libraries: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert libraries.main() == 1
    said = capsys.readouterr().err.splitlines()
    assert "libEGL.so.1, libglib-2.0.so.0" in said[0]
    assert said[1] == "apt-get install -y --no-install-recommends libegl1 libglib2.0-0"


def test_the_package_is_named_as_this_release_names_it(
    libraries: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = 'case "$2" in libegl1|libglib2.0-0t64) echo "  Candidate: 1.0";; *) echo "  Candidate: (none)";; esac'
    program(tmp_path / "bin", "apt-cache", known)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    libraries.main()
    assert "libegl1 libglib2.0-0t64" in capsys.readouterr().err


def test_other_systems_get_the_list_of_libraries(
    libraries: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bin" / "apt-get").unlink()
    assert libraries.main() == 1
    assert "Qt needs libEGL.so.1, libglib-2.0.so.0; install the packages" in capsys.readouterr().err


def test_root_installs_missing_packages_and_checks_again(
    libraries: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    bin_folder = tmp_path / "bin"
    program(bin_folder, "env", 'shift; exec "$@"')
    # Package lists are empty until they are updated; the libraries are missing until they are installed.
    program(bin_folder, "apt-cache", f'[ -e {tmp_path}/updated ] && echo "  Candidate: 1"')
    script = f'echo "$*" >>{tmp_path}/asked; case $1 in update) : >{tmp_path}/updated;; install) : >{tmp_path}/installed;; esac'
    program(bin_folder, "apt-get", script)
    program(bin_folder, "ldd", rf'[ -e {tmp_path}/installed ] || printf "\tlibEGL.so.1 => not found\n"')
    monkeypatch.setattr(libraries, "LOADED", tmp_path / "updated")
    assert libraries.main() == 0
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert asked == ["update", "install -y --no-install-recommends libegl1"]
