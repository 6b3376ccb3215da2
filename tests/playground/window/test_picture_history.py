"""An exported picture keeps the curves of its run, and opening it restores them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.experiment.presets import preset
from core.training.origins.picture_origin import load_origin
from core.training.origins.shown_runs import MAX_PICTURE_NUMBERS
from core.training.recorders.parameter_path import thinned
from core.training.snapshot import Snapshot
from playground import __main__ as program
from playground.export.deck.deck import prepare_deck
from playground.export.export import prepare
from playground.export.origin import deck_origin
from playground.window.export.export_entry import stored_look
from playground.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("fonts")

Opener = Callable[..., MainWindow]


def trained(window: MainWindow, qtbot: QtBot) -> Snapshot:
    """Train, change the learning rate on the way, and return the last snapshot."""
    session = window.session
    for rate in (0.1, None):
        begun = session.snapshot.step if session.snapshot is not None else 0
        session.play()
        qtbot.waitUntil(lambda begun=begun: session.snapshot.step > begun + 60, timeout=30_000)
        session.pause()
        qtbot.waitUntil(lambda: not session.snapshot.playing)
        if rate is not None:
            training = replace(session.experiment.training, learning_rate=rate)
            session.edit(replace(session.experiment, training=training), "rate")
            qtbot.waitUntil(lambda: session.snapshot.experiment.training.learning_rate == 0.1)
    found: Snapshot = session.snapshot
    return found


def written(window: MainWindow, path: Path, settings: QSettings) -> Path:
    card: Any = window.cards["loss"]
    if path.suffix == ".pptx":
        path.write_bytes(prepare_deck([card], deck_origin(window.session, {}))())
    else:
        look = changed(stored_look(window._parts(), settings), size=(640, 360))
        path.write_bytes(prepare(card, path, look)())
    return path


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "pptx"])
def test_the_loss_curve_continues_where_it_ended(
    open_window: Opener, qtbot: QtBot, tmp_path: Path, settings: QSettings, suffix: str
) -> None:
    window = open_window(preset("spiral"))
    before = trained(window, qtbot)
    assert len(before.curve.step) > 5
    assert before.curve.marks
    path = written(window, tmp_path / f"loss.{suffix}", settings)
    window.session.replace_all(Experiment(), None)
    qtbot.waitUntil(lambda: window.session.snapshot.experiment == Experiment())
    assert window.files.open_path(path)
    qtbot.waitUntil(lambda: window.session.snapshot.step == before.step)
    after = window.session.snapshot
    for name in ("epoch", "step", "train", "test"):
        assert np.array_equal(getattr(after.curve, name), getattr(before.curve, name), equal_nan=True), name
    assert after.curve.marks == before.curve.marks
    assert np.array_equal(after.gradient_history.norms, before.gradient_history.norms)
    kept = before.path if suffix == "pptx" else thinned(before.path, MAX_PICTURE_NUMBERS)  # a picture stays small
    assert after.path.steps.tolist() == kept.steps.tolist()
    assert all(np.array_equal(*each) for each in zip(after.path.points, kept.points, strict=True))
    window.session.step()
    qtbot.waitUntil(lambda: window.session.snapshot.step == before.step + 1)
    assert window.session.snapshot.curve.step[0] == 0
    window.session.undo()
    window.session.go_back()
    qtbot.waitUntil(lambda: window.session.snapshot.experiment == Experiment())
    assert len(window.session.snapshot.curve.step) == 1


def test_a_rendered_picture_of_it_has_the_curves_too(
    open_window: Opener, qtbot: QtBot, tmp_path: Path, settings: QSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    window = open_window(preset("spiral"))
    before = trained(window, qtbot)
    path = written(window, tmp_path / "loss.png", settings)
    what = ["--what", "loss", "--format", "csv,svg", "--size", "640x360"]
    for folder in ("first", "second"):
        assert program.main(["render", str(path), "--out", str(tmp_path / folder), *what]) == 0
    assert "curves begin" not in capsys.readouterr().err
    rows = (tmp_path / "first" / "loss.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [float(row.split(",")[1]) for row in rows] == before.curve.step.tolist()
    assert [float(row.split(",")[2]) for row in rows] == pytest.approx(before.curve.train.tolist(), rel=1e-12)
    for name in ("loss.csv", "loss.svg"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    again = load_origin(tmp_path / "first" / "loss.svg")
    assert again.runs is not None
    assert np.array_equal(again.runs.current.curve[:, :4], load_origin(path).runs.current.curve[:, :4])  # type: ignore[union-attr]
