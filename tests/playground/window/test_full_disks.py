"""A full disk, a folder that vanishes or is read-only: one sentence for all that is written from the window, and no file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.code_export.files import write_script
from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from core.errors import PlaygroundError
from core.experiment import Experiment
from core.training.pins.pinned_run import pinned
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground.export.code_saving import CodeSaving
from playground.export.deck.refresh import write_refreshed
from playground.export.formats import FORMATS
from playground.export.storyboard.dialog import FORMATS as STORYBOARD_FORMATS
from playground.export.storyboard.dialog import StoryboardDialog
from playground.export.storyboard.pictures import Shot
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.widgets.figure import Figure
from playground.window.export.moment_cards import MomentCards
from playground.window.lessons.files import write_lesson
from playground.window.main_window import MainWindow
from tests.core.code_export.cases import plan_of, trainer_of
from tests.playground.export.dialog_support import choose, message, opened, tick, written
from tests.playground.export.figures import CurveFigure
from tests.playground.full_disk import small_files

Opener = Callable[..., MainWindow]

pytestmark = pytest.mark.usefixtures("fonts")

REASONS = {
    "full": "File too large",
    "gone": "No such file or directory",
    "read-only": "Permission denied",
}


class Blocked(NamedTuple):
    """A folder in which nothing can be written during ``writing()``, and the end of each message."""

    folder: Path
    writing: Callable[[], AbstractContextManager[Any]]
    reason: str


@pytest.fixture(params=REASONS)
def blocked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blocked]:
    folder = tmp_path / "saved"
    folder.mkdir()
    if request.param == "read-only":
        folder.chmod(0o555)
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write everywhere")
    if request.param == "gone":
        folder.rmdir()
    writing = small_files if request.param == "full" else nullcontext
    yield Blocked(folder, writing, f"cannot be written ({REASONS[request.param]})")
    if folder.exists():
        folder.chmod(0o755)
        assert list(folder.iterdir()) == []


class ScriptFigure(CurveFigure):
    """A figure that is also a script."""

    figure_key = "code"

    def figure_script(self) -> str:
        return "print('a script longer than a hundred bytes')\n" * 9


def test_no_format_is_written_by_the_export_dialog(qtbot: QtBot, settings: QSettings, blocked: Blocked) -> None:
    figures: list[Figure] = [CurveFigure(), ScriptFigure()]
    dialog = opened(qtbot, figures, settings)
    for key, kind in FORMATS.items():
        choose(dialog, "Format", key)
        for row, figure in enumerate(figures):
            tick(dialog, row, on=kind.accepts(figure) and (row == 1 or kind.combine is not None))
        path = blocked.folder / f"talk.{key}"
        with blocked.writing():
            dialog.save_to(path)
            qtbot.waitUntil(lambda: not dialog._queue.is_busy, timeout=30_000)
        assert message(dialog) == f"{path}: {blocked.reason}"
        assert dialog.isVisible()
    assert dialog.written == []


def test_files_before_the_one_that_fails_are_counted(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> None:
    first, second = CurveFigure(), ScriptFigure()
    first.x = first.x[:1]
    first.y = first.y[:1]
    dialog = opened(qtbot, [first, second], settings)
    choose(dialog, "Format", "csv")
    tick(dialog, 1)
    with small_files(200):
        dialog.save_to(tmp_path)
        written(dialog, qtbot)
    assert (
        message(dialog) == f"{tmp_path / 'code.csv'}: cannot be written (File too large). 1 file was saved before it."
    )
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == ["loss.csv"]


def test_no_storyboard_is_written(qtbot: QtBot, settings: QSettings, blocked: Blocked) -> None:
    trainer = new_trainer(Experiment(), engine="numpy")
    session = Session(trainer.experiment)
    assert session.pins.add(pinned(trainer, RunHistory(), (0, 1))) is not None
    drawing = MomentCards()
    dialog = StoryboardDialog(session, (Shot("loss", "Loss", ""),), drawing, Style(LIGHT), settings=settings)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog._save.isEnabled(), timeout=30_000)
    said = dialog.findChild(QLabel, "storyboardMessage")
    for row, (_, value) in enumerate(STORYBOARD_FORMATS):
        dialog._format.setCurrentIndex(row)
        path = blocked.folder / f"talk.{value.split()[0]}"
        with blocked.writing():
            dialog.save_to(path)
            qtbot.waitUntil(lambda path=path: said.text() == f"{path}: {blocked.reason}", timeout=30_000)
        assert dialog._save.isEnabled()
    dialog.done(0)
    drawing.close()


def test_no_script_network_experiment_or_lesson_is_written(open_window: Opener, qtbot: QtBot, blocked: Blocked) -> None:
    window = open_window()
    said: list[str] = []
    window.session.message.connect(lambda sentence, _level: said.append(sentence))
    saving, snapshot, folder = CodeSaving(window.session, window), window.session.snapshot, blocked.folder
    assert snapshot is not None
    writers: list[tuple[Path, Callable[[Path], object]]] = [
        *(
            (folder / f"{key}.py", lambda path, key=key: saving.save_script_to(path, key, snapshot))
            for key in FRAMEWORKS
        ),
        *((folder / f"net.{key}", lambda path: saving.save_model_to(path, snapshot)) for key in MODEL_FORMATS),
        (folder / "mine.json", window.menus._parts.files.save_to),
        (folder / "lesson.md", lambda path: write_lesson(window.menus._parts, path, lambda _path: None)),
    ]
    for number, (path, write) in enumerate(writers, start=1):
        with blocked.writing():
            write(path)
            qtbot.waitUntil(lambda number=number: len(said) == number, timeout=30_000)
        assert said[-1] == f"{path}: {blocked.reason}"
    assert window.session.file is None
    before = window.session.snapshot.step
    window.findChild(QAction, "playAction").trigger()  # the window is alive
    qtbot.waitUntil(lambda: window.session.snapshot.step > before, timeout=30_000)
    window.findChild(QAction, "playAction").trigger()


def test_what_was_written_before_a_file_that_fails_is_removed(tmp_path: Path) -> None:
    """A script has its samples in a file of their own; a deck that is refreshed is copied."""
    if Path("/dev/full").exists():
        script = tmp_path / "train.py"
        script.symlink_to("/dev/full")
        with pytest.raises(PlaygroundError, match=r"train\.py: cannot be written \(No space left on device\)"):
            write_script(plan_of(trainer_of("data in a file")), "numpy", script)
        script.unlink()
    deck = tmp_path / "talk.pptx"
    deck.write_bytes(b"before")
    with small_files(), pytest.raises(PlaygroundError, match=r"talk\.pptx: cannot be written"):
        write_refreshed(deck, b"before", bytes(1000), keep_copy=True)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("talk.pptx", b"before")]
