"""Opening an exported picture restores the experiment that made it, to the same numbers."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QCheckBox, QInputDialog
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, TableSource
from core.experiment.presets import preset
from core.training.origins.origin import Origin
from core.training.origins.picture_origin import WITHOUT, load_origin
from playground import __main__ as program
from playground.export.animation.formats import ANIMATION_FORMATS
from playground.export.deck.deck import deck_slide, prepare_slides
from playground.export.deck.design import own_design
from playground.export.dialog.dialog import ExportDialog
from playground.export.origin import deck_origin, origin_of
from playground.style.theme import LIGHT
from playground.window.main_window import MainWindow
from tests.playground.export.figures import CurveFigure

Opener = Callable[..., MainWindow]


def exported(window: MainWindow, qtbot: QtBot, path: Path, *, keep: bool = True) -> Path:
    """Train a little in ``window``, pause, and export the loss plot to ``path``."""
    session = window.session
    session.play()
    qtbot.waitUntil(lambda: session.snapshot is not None and session.snapshot.step > 60, timeout=30_000)
    session.pause()
    qtbot.waitUntil(lambda: not session.snapshot.playing)
    if session.snapshot.epoch.is_integer():  # only inside an epoch does a state depend on the number of samples
        session.step()
        qtbot.waitUntil(lambda: not session.snapshot.epoch.is_integer())
    dialog = ExportDialog(
        window.exportable(),
        window.appearance.style,
        window,
        chosen=window.cards["loss"],
        origin=lambda: origin_of(session.snapshot, session.folder),
    )
    dialog.findChild(QCheckBox, "exportOriginBox").setChecked(keep)
    dialog._format.setCurrentIndex(dialog._format.findData(path.suffix[1:]))
    dialog.save_to(path)
    qtbot.waitUntil(lambda: dialog.written == [path])
    dialog.deleteLater()
    return path


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "pptx"])
def test_a_dropped_picture_restores_its_experiment(
    open_window: Opener, qtbot: QtBot, tmp_path: Path, suffix: str
) -> None:
    window = open_window(preset("spiral"))
    path = exported(window, qtbot, tmp_path / f"loss.{suffix}")
    before = window.session.snapshot
    window.session.replace_all(Experiment(), None)
    qtbot.waitUntil(lambda: window.session.snapshot.experiment == Experiment())
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, no_button, no_key))
    qtbot.waitUntil(lambda: window.session.snapshot.step == before.step)
    after = window.session.snapshot
    assert after.experiment == before.experiment
    assert np.array_equal(after.network.parameters, before.network.parameters)
    assert after.scores == before.scores
    assert not after.playing
    assert window.session.file is None


def test_an_animation_restores_its_experiment(
    open_window: Opener, qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["render", "spiral", "--epochs", "4", "--out", str(tmp_path), "--what", "loss", "--size", "160x90"]
    formats = [each for each in ANIMATION_FORMATS.values() if not each.missing()]
    for each in formats:
        assert program.main([*run, "--animate", f"run.{each.key}", "--frames", "2"]) == 0
    trained = ["train", "spiral", "--epochs", "4", "--engine", "numpy"]  # the engine that trains for pictures
    assert program.main([*trained, "--report", str(tmp_path / "report.json")]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    window = open_window()
    for each in formats:
        window.session.replace_all(Experiment(), None)
        qtbot.waitUntil(lambda: window.session.snapshot.step == 0)
        assert window.files.open_path(tmp_path / f"run.{each.key}")
        qtbot.waitUntil(lambda: window.session.snapshot.step == report["steps"])
        network = window.session.snapshot.network
        for number, layer in enumerate(report["layers"]):
            assert network.weights(number).tolist() == layer["weights"]
    capsys.readouterr()


def test_a_deck_of_several_experiments_asks_which(
    open_window: Opener, qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    window = open_window(preset("spiral"))
    first = deck_origin(window.session, {})
    second = Origin(preset("iris"), None, "iris")
    design = own_design()
    slides = [deck_slide(CurveFigure(), origin, origin.recipe, LIGHT, design) for origin in (first, second, first)]
    path = tmp_path / "talk.pptx"
    path.write_bytes(prepare_slides(slides, design, LIGHT)())

    def answer(row: int) -> None:
        question = window.findChild(QInputDialog)
        question.setTextValue(question.comboBoxItems()[row])
        assert question.comboBoxItems() == ["Slide 1: Loss & friends", "Slide 2: Loss & friends"]
        question.accept() if row else question.reject()

    QTimer.singleShot(50, lambda: answer(0))
    assert not window.files.open_path(path)
    assert window.session.experiment == preset("spiral")
    QTimer.singleShot(50, lambda: answer(1))
    assert window.files.open_path(path)
    assert window.session.experiment == preset("iris")
    assert program.main(["train", str(path), "--epochs", "1"]) == 0
    said = capsys.readouterr()
    assert "talk.pptx: opened the first of 2 experiments, that of slide 1." in said.err
    assert said.out.startswith("Spiral: 1 epochs")


def test_without_the_option_nothing_is_kept(open_window: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    path = exported(window, qtbot, tmp_path / "loss.png", keep=False)
    said: list[str] = []
    window.session.message.connect(lambda sentence, _level: said.append(sentence))
    before = window.session.experiment
    assert not window.files.open_path(path)
    assert said == [f"{path}: there is no experiment in it; {WITHOUT}"]
    assert window.session.experiment is before


def test_the_picture_stays_a_picture(open_window: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    kept = exported(window, qtbot, tmp_path / "a.png")
    image = QImage(str(kept))
    assert (image.width(), image.height()) == (1920, 1080)
    assert image.text("Description").startswith("circle, 2-4-2-1 tanh, Xavier uniform, SGD α = 0.03, B = 10, epoch ")


@pytest.mark.skipif(shutil.which("pdfdetach") is None, reason="pdfdetach (poppler-utils) is not installed")
def test_the_attachment_of_a_pdf_is_found_by_other_programs(open_window: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    path = exported(open_window(), qtbot, tmp_path / "a.pdf")
    listed = subprocess.run(["pdfdetach", "-list", str(path)], capture_output=True, text=True, check=True).stdout
    assert "experiment.nn-playground" in listed


@pytest.mark.usefixtures("qapp")
def test_rendered_pictures_have_the_experiment_and_can_be_trained_again(
    short_runs: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    command = ["render", "default", "--epochs", "3", "--out", str(out), "--format", "png", "--size", "320x180"]
    assert program.main(command) == 0
    origin = load_origin(out / "gradient.png")
    assert origin.state is not None
    assert origin.state.epoch == 3
    assert origin.experiment == preset("default")
    capsys.readouterr()
    assert program.main(["train", str(out / "network.png"), "--epochs", "3"]) == 0
    again = capsys.readouterr().out
    assert program.main(["train", "default", "--epochs", "3"]) == 0
    loss = "train loss "
    assert again.split(loss)[1] == capsys.readouterr().out.split(loss)[1]


def test_a_picture_without_an_experiment_is_one_sentence_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "photo.png"
    assert QImage(4, 4, QImage.Format.Format_RGB32).save(str(path))
    assert program.main(["train", str(path), "--epochs", "1"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"nn-playground: {path}: there is no experiment in it")
    assert error.count("\n") == 1


def test_changed_data_is_reported_and_training_starts_over(open_window: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b,y\n" + "\n".join(f"{n},{n * n % 7},{n % 2}" for n in range(60)), encoding="utf-8")
    data = DataSettings(dataset=TableSource(csv=str(table), target="y"))
    window = open_window(Experiment(data=data))
    path = exported(window, qtbot, tmp_path / "loss.png")
    table.write_text("a,b,y\n" + "\n".join(f"{n},{n * n % 7},{n % 2}" for n in range(90)), encoding="utf-8")
    window.session.replace_all(Experiment(), None)
    qtbot.waitUntil(lambda: window.session.snapshot.experiment == Experiment())
    said: list[str] = []
    window.session.message.connect(lambda sentence, _level: said.append(sentence))
    assert window.files.open_path(path)
    qtbot.waitUntil(lambda: len(window.session.snapshot.data.labels_train) == 45)
    qtbot.waitUntil(lambda: any("training starts over" in sentence for sentence in said))
    assert window.session.snapshot.step == 0
    table.unlink()
    window.session.replace_all(Experiment(), None)
    assert window.files.open_path(path)
    qtbot.waitUntil(lambda: any(str(table) in sentence for sentence in said))
    qtbot.waitUntil(lambda: window.session.experiment == Experiment())
