"""Checks before a long run: the output can be written, and Qt can be loaded."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from core.errors import PlaygroundError
from core.experiment.experiment_file import is_stream
from playground.startup import reject_bad_versions


def check_writable(path: Path) -> None:
    """Check that ``path`` can be written, before a long run rather than after it.

    Raises:
        PlaygroundError: its folder is missing or cannot be written to, or it is itself a folder.
    """
    try:
        if path.is_dir():
            raise PlaygroundError(f"{path}: cannot be written (it is a folder)")
        if not is_stream(path):
            with tempfile.TemporaryFile(dir=Path(os.path.realpath(path)).parent):
                pass
    except OSError as error:
        raise PlaygroundError(f"{path}: cannot be written ({error.strerror or error})") from None


def check_folder(folder: Path) -> None:
    """Create ``folder`` and its parents if necessary, and check that files can be created in it.

    Raises:
        PlaygroundError: it cannot be created or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlaygroundError(f"{folder}: cannot be created ({error.strerror or error})") from None
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise PlaygroundError(f"{folder}: cannot be written ({error.strerror or error})") from None


def need_qt() -> None:
    """Raise if Qt's libraries are missing or known to crash.

    Raises:
        PlaygroundError: the message names the library.
    """
    try:
        import PySide6.QtWidgets  # noqa: F401 - whether it loads is the question
    except ImportError as error:
        raise PlaygroundError(f"Qt cannot be loaded ({error}); make run installs or names what is missing") from None
    reject_bad_versions()
