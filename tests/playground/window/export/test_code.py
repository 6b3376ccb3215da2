"""Exporting code and the network from the window."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from playground.code_view import CodeCard
from playground.export import code_saving
from playground.window.main_window import MainWindow

Opener = Callable[..., MainWindow]


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Answer every question for a path with one in this folder."""

    def answer(_parent: object, _folder: Path, stem: str | None, suffix: str) -> Path:
        return tmp_path / "saved" / f"{stem}.{suffix}"

    monkeypatch.setattr(code_saving, "ask_path", answer)
    (tmp_path / "saved").mkdir()
    return tmp_path / "saved"


def opened(open_window: Opener, qtbot: QtBot) -> tuple[MainWindow, list[str]]:
    window = open_window()
    said: list[str] = []
    window.session.message.connect(lambda sentence, _level: said.append(sentence))
    qtbot.waitUntil(lambda: window.session.snapshot is not None)
    assert window.cards  # the menus are filled when all cards are there
    return window, said


def test_the_menu_saves_a_script_that_runs(open_window: Opener, qtbot: QtBot, chosen: Path) -> None:
    window, said = opened(open_window, qtbot)
    assert all(window.findChild(QAction, f"code-{key}") is not None for key in FRAMEWORKS)
    window.session.edit_training("Learning rate", learning_rate=0.25)
    qtbot.waitUntil(lambda: window.session.snapshot.experiment.training.learning_rate == 0.25)
    window.findChild(QAction, "code-numpy").trigger()
    qtbot.waitUntil(lambda: bool(said))
    (path,) = chosen.iterdir()
    assert said == [f"Saved {path}"]
    names = runpy.run_path(str(path), init_globals={})
    assert names["LEARNING_RATE"] == 0.25
    snapshot = window.session.snapshot
    assert names["history"][0][0] == pytest.approx(snapshot.scores.train_loss, abs=1e-9)


def test_the_menu_saves_the_current_network(open_window: Opener, qtbot: QtBot, chosen: Path) -> None:
    window, said = opened(open_window, qtbot)
    window.session.edit_parameter(0, 1.25, "Weight")
    qtbot.waitUntil(lambda: window.session.snapshot.network.parameters[0] == 1.25)
    for number, key in enumerate(MODEL_FORMATS, start=1):
        window.findChild(QAction, f"network-{key}").trigger()
        qtbot.waitUntil(lambda number=number: len(said) == number)
    assert {path.suffix for path in chosen.iterdir()} == {f".{key}" for key in MODEL_FORMATS}
    with np.load(next(chosen.glob("*.npz"))) as archive:
        assert archive["W1"][0, 0] == 1.25


def test_the_card_saves_its_framework_and_a_failure_is_one_sentence(
    open_window: Opener, qtbot: QtBot, chosen: Path
) -> None:
    window, said = opened(open_window, qtbot)
    window.findChild(QAction, "showCodeAction").trigger()
    card = cast("CodeCard", window.cards["code"])
    qtbot.waitUntil(lambda: card.script is not None)
    assert card.isVisible()
    card.choice.menu().actions()[1].trigger()
    card.save_button.click()
    qtbot.waitUntil(lambda: len(said) == 1)
    (path,) = chosen.iterdir()
    assert "import keras" in path.read_text(encoding="utf-8")
    path.unlink()
    chosen.rmdir()
    card.save_button.click()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[1].startswith(f"{path}: cannot be written (")
    assert not path.exists()


def test_the_code_follows_a_change_in_the_window(open_window: Opener, qtbot: QtBot) -> None:
    window, _ = opened(open_window, qtbot)
    window.workspace.reveal("code")
    card = cast("CodeCard", window.cards["code"])
    qtbot.waitUntil(lambda: card.script is not None)
    window.session.edit_training("Optimizer", optimizer="adam")
    qtbot.waitUntil(lambda: card.script is not None and "torch.optim.Adam(" in card.script.text)
    window.session.undo()
    qtbot.waitUntil(lambda: card.script is not None and "torch.optim.SGD(" in card.script.text)
