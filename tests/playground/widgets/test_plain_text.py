"""Text from files is shown verbatim: markup in names, keys or paths is never rendered as HTML."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, HiddenLayer
from core.lessons.blocks import Measure, Predict, PredictText
from playground.inspector.widgets.read_out import Pinned, ReadOut
from playground.lessons.sketching.sketch import SketchPlot
from playground.network_view.canvas.editor import ValueEditor
from playground.network_view.canvas.words import Parameter
from playground.panels.controls.field_meta import field_meta
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.slider_scale import AroundOne
from playground.style.theme import LIGHT, Style
from playground.widgets.plain_text import PlainLabel, plain_tip
from playground.window.main_window import MainWindow

Opener = Callable[..., MainWindow]
ROOT = Path(__file__).parents[3] / "playground"
MARKUP = "<img src='x.png'><b>bold</b>"


def test_every_label_is_a_plain_label() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted(ROOT.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QLabel"
    ]
    assert bare == []


def test_no_label_of_the_window_renders_html(open_window: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(Experiment(name=MARKUP))
    bad = tmp_path / "bad.json"
    bad.write_text(f'{{"format": 1, "{MARKUP}": 1}}', encoding="utf-8")
    window.files.open_path(bad)
    assert MARKUP in window.message_bar.text
    labels = [label for label in window.findChildren(QLabel) if label.text()]
    assert len(labels) > 20
    assert [label.text() for label in labels if label.textFormat() != Qt.TextFormat.PlainText] == []


def test_the_save_question_shows_the_name_verbatim(open_window: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(Experiment(name=MARKUP), file=tmp_path / "run.json")
    window.session.edit_training("Learning rate", learning_rate=0.5)
    asked: list[tuple[str, Qt.TextFormat]] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append((box.text(), box.textFormat()))
        box.button(QMessageBox.StandardButton.Discard).click()

    QTimer.singleShot(50, window, answer)
    window.files.new()
    assert asked == [(f"Save the changes to “{MARKUP}” first?", Qt.TextFormat.PlainText)]
    assert window.session.experiment.name != MARKUP


def test_a_tooltip_shows_markup_as_text(qtbot: QtBot) -> None:
    label = PlainLabel(MARKUP)
    qtbot.addWidget(label)
    assert label.text() == MARKUP
    assert plain_tip("a & b") == "a & b"
    assert "<img" not in plain_tip(MARKUP)


def read_out() -> QWidget:
    shown = ReadOut(Style(LIGHT))
    shown.show_value("w", "0.5", 0.5, pinned=Pinned(MARKUP, 0.25))
    return shown


def weight_field() -> QWidget:
    area = QWidget()
    editor = ValueEditor(area)
    editor.edit(Parameter(0, 0.5, MARKUP), QPoint(50, 50), Style(LIGHT))
    return area


def locked_slider() -> QWidget:
    slider = LabelledSlider(field_meta(HiddenLayer, "gain"), AroundOne(), "gain")
    slider.explain(MARKUP)
    return slider


def question() -> QWidget:
    truth, text = Measure(measure="loss_curve"), PredictText(question=MARKUP)
    return SketchPlot(Predict(kind="curve", truth=truth, text=text, x=(0.0, 100.0), y=(1e-4, 1.0)), Style(LIGHT))


@pytest.mark.parametrize("make", [read_out, weight_field, locked_slider, question])
def test_a_name_or_a_text_of_a_file_is_shown_verbatim_in_a_tooltip(
    qtbot: QtBot, fonts: None, make: Callable[[], QWidget]
) -> None:
    widget = make()
    qtbot.addWidget(widget)
    tips = [each.toolTip() for each in (widget, *widget.findChildren(QWidget)) if "bold" in each.toolTip()]
    assert tips
    assert [tip for tip in tips if "<img" in tip] == []


def test_a_tooltip_keeps_its_lines_beside_markup() -> None:
    assert plain_tip("a\n< b") == "<p>a<br>&lt; b</p>"
