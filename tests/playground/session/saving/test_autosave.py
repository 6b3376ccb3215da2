"""Checkpoints after one that failed: nothing that it should have written is left out."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from core.experiment import Experiment
from playground.session import Session
from playground.session.saving.autosave import Autosave
from playground.session.saving.last_state import LastState
from playground.worker.checkpoint import Checkpoint
from tests.playground.factory import pinned_run
from tests.playground.full_disk import small_files


def autosaved(folder: Path, settings: QSettings) -> tuple[Autosave, LastState, list[Checkpoint]]:
    """Return the autosave of a session with an edit and a pin, its files, and the checkpoints that it requests."""
    session, last = Session(), LastState(settings, folder)
    autosave = Autosave(session, last)
    sent: list[Checkpoint] = []
    session.command.connect(lambda command: sent.append(command) if isinstance(command, Checkpoint) else None)
    session.edit_data("Noise", noise=0.5)
    session.pins.add(pinned_run(Experiment(), 2))
    return autosave, last, sent


def written_files(last: LastState) -> list[bool]:
    return [path.is_file() for path in (last.experiment, last.history, last.pins)]


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX systems do")
def test_what_did_not_fit_on_the_disk_is_written_later(tmp_path: Path, settings: QSettings, qapp: object) -> None:
    autosave, last, sent = autosaved(tmp_path, settings)
    autosave.write()
    with small_files():
        assert "File too large" in sent[0].write(None)
    autosave.write()
    assert sent[1].write(None) == ""
    assert written_files(last) == [True] * 3
    autosave.write()
    assert sent[2].others == (), "what has not changed is not written again"
    autosave.stop()


def test_closing_writes_the_pins_that_did_not_fit(tmp_path: Path, settings: QSettings, qapp: object) -> None:
    autosave, last, sent = autosaved(tmp_path, settings)
    autosave.write()
    sent[0].failed()
    autosave.stop()
    assert last.pins.is_file()


def test_a_deleted_folder_is_created_again(tmp_path: Path, settings: QSettings, qapp: object) -> None:
    folder = tmp_path / "deep" / "state"
    folder.mkdir(parents=True)
    autosave, last, sent = autosaved(folder, settings)
    autosave.write()
    assert sent[0].write(None) == ""
    shutil.rmtree(tmp_path / "deep")
    autosave.write()
    assert sent[1].write(None) == ""
    assert written_files(last) == [True] * 3
    assert (folder / "last.running").is_file()
    autosave.stop()
