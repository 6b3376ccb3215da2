"""The code card shows the script of the current settings, lights up what changed, and copies and exports it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as replaced
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.plan import Plan
from core.experiment import DataSettings, DrawnSource, Experiment
from core.training.snapshot import Snapshot
from playground.code_view import CodeCard
from playground.code_view.code_text import changed_lines
from playground.code_view.tokens import shown_line, tokens
from playground.export.export import export_figure
from playground.session import Session
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, rgb


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(Experiment(), 75)


@pytest.fixture
def card(qtbot: QtBot, fonts: None, snapshot: Snapshot) -> CodeCard:
    session = Session(snapshot.experiment)
    card = CodeCard(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(620, 460)
    with qtbot.waitExposed(card):
        card.show()
    return card


def show(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    before = card.script
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.script is not None and card.script is not before and card._jobs.is_idle)


def with_rate(snapshot: Snapshot, rate: float) -> Snapshot:
    experiment = snapshot.experiment
    changed = replace(experiment, training=replace(experiment.training, learning_rate=rate))
    return replaced(snapshot, experiment=changed)


def expected(snapshot: Snapshot, framework: str, epochs: int) -> str:
    plan = Plan(
        experiment=snapshot.experiment,
        data=snapshot.data,
        architecture=snapshot.network.architecture,
        epochs=epochs,
    )
    return FRAMEWORKS[framework].script(plan).text


def test_the_script_is_that_of_the_settings_for_the_epochs_so_far(
    card: CodeCard, snapshot: Snapshot, qtbot: QtBot
) -> None:
    show(card, snapshot, qtbot)
    assert card.script is not None
    assert card.script.text == expected(snapshot, "torch", 3)
    shown = card.text.toPlainText().split("\n")
    assert shown == [shown_line(line) for line in card.script.text.rstrip("\n").split("\n")]
    assert max(map(len, shown)) < 200
    assert any("complete when copied" in line for line in shown)


def test_a_changed_setting_lights_up_its_lines_and_nothing_else(
    card: CodeCard, snapshot: Snapshot, qtbot: QtBot
) -> None:
    show(card, snapshot, qtbot)
    assert not card.text.is_flashing
    show(card, with_rate(snapshot, 0.5), qtbot)
    lines = card.text.toPlainText().split("\n")
    assert "LEARNING_RATE = 0.5" in [lines[number] for number in card.text.changed]
    assert len(card.text.changed) == 2  # the recipe at the top, and the constant
    assert card.text.is_flashing
    highlighted = [selection.cursor.blockNumber() for selection in card.text.extraSelections()]
    assert highlighted == card.text.changed
    qtbot.waitUntil(lambda: not card.text.is_flashing)
    assert card.text.extraSelections() == []


def test_every_kind_of_change_shows_the_right_text(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    base = snapshot.experiment
    deep = replace(base, network=replace(base.network, hidden=base.network.hidden * 3))
    clipped = replace(base, training=replace(base.training, clip_norm=1.0, l1=0.01, optimizer="adam"))
    for experiment in (base, deep, clipped, base, replace(base, name="other"), deep):
        current = snapshot_of(experiment)
        show(card, current, qtbot)
        assert card.script is not None
        text = [shown_line(line) for line in card.script.text.rstrip("\n").split("\n")]
        assert card.text.toPlainText().split("\n") == text
        assert card.script.text == expected(current, "torch", 100)


def test_the_same_settings_are_not_written_again(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    show(card, snapshot, qtbot)
    script = card.script
    card.show_snapshot(replaced(snapshot, playing=True, epoch=99.0, step=7))
    assert not card._jobs.is_busy
    assert card.script is script


def test_the_menu_switches_the_framework_without_flashing(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    show(card, snapshot, qtbot)
    for number, framework in list(enumerate(FRAMEWORKS.values()))[::-1]:
        before = card.script
        card.choice.menu().actions()[number].trigger()
        qtbot.waitUntil(lambda before=before: card.script is not before)
        assert card.framework == framework.key
        assert card.script is not None
        assert card.script.text == expected(snapshot, framework.key, 3)
        assert not card.text.is_flashing


def test_copy_puts_the_whole_script_on_the_clipboard(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    show(card, snapshot, qtbot)
    said: list[str] = []
    card._session.message.connect(lambda sentence, _level: said.append(sentence))
    qtbot.mouseClick(card.copy_button, Qt.MouseButton.LeftButton)
    assert card.script is not None
    assert QGuiApplication.clipboard().text() == card.script.text
    assert said == ["Copied the PyTorch script."]
    QGuiApplication.clipboard().setText("")
    qtbot.keyClick(card.text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == card.script.text


def test_ctrl_c_copies_the_selection_if_there_is_one(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    show(card, snapshot, qtbot)
    cursor = card.text.textCursor()
    cursor.setPosition(3)
    cursor.setPosition(9, cursor.MoveMode.KeepAnchor)
    card.text.setTextCursor(cursor)
    qtbot.keyClick(card.text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == card.text.toPlainText()[3:9]


def test_save_asks_for_the_framework_shown(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    show(card, snapshot, qtbot)
    with qtbot.waitSignal(card.script_requested) as asked:
        card.save_button.click()
    assert asked.args == ["torch"]


def test_missing_samples_are_reported_and_disable_the_buttons(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    show(card, snapshot, qtbot)
    empty = snapshot_of(Experiment(data=DataSettings(dataset=DrawnSource(points=()))))
    card.show_snapshot(empty)
    qtbot.waitUntil(lambda: card.script is None)
    assert empty.data.missing in card._sentence.text()
    assert card.text.toPlainText() == ""
    assert not card.copy_button.isEnabled()
    assert card.figure is None
    show(card, snapshot, qtbot)
    assert card.copy_button.isEnabled()


def test_many_samples_are_reported_to_be_saved_beside_the_script(card: CodeCard, qtbot: QtBot) -> None:
    show(card, snapshot_of(Experiment(data=DataSettings(samples=6000))), qtbot)
    assert "file beside the script" in card._sentence.text()


def test_a_hidden_card_does_not_animate(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    show(card, snapshot, qtbot)
    show(card, with_rate(snapshot, 0.5), qtbot)
    card.hide()
    assert not card.text.is_flashing
    show(card, with_rate(snapshot, 0.7), qtbot)
    assert not card.text.is_flashing


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_figure_is_coloured_and_exports_in_every_format(
    card: CodeCard, snapshot: Snapshot, qtbot: QtBot, tmp_path: Path, theme: object
) -> None:
    show(card, snapshot, qtbot)
    figure = card.figure
    assert figure is not None
    for suffix in ("png", "svg", "pdf", "csv", "py"):
        export_figure(figure, tmp_path / f"code.{suffix}", size=(960, 540), theme=theme.name)  # type: ignore[attr-defined]
    image = QImage(str(tmp_path / "code.png"))
    corner = image.copy(0, 0, 400, 400).convertToFormat(QImage.Format.Format_RGB32)
    seen = colours(corner)
    assert len(seen) > 20
    assert rgb(theme.panel) in seen  # type: ignore[attr-defined]
    with (tmp_path / "code.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert card.script is not None
    assert "\n".join(row[1] for row in rows[1:]) + "\n" == card.script.text
    assert (tmp_path / "code.py").read_text(encoding="utf-8") == card.script.text


def test_the_style_can_change(card: CodeCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    show(card, snapshot, qtbot)
    size = card.text.font().pixelSize()
    card.set_style(Style(DARK, scale=2.0))
    assert card.text.font().pixelSize() == 2 * size


def test_changed_lines_are_the_new_ones() -> None:
    assert changed_lines(["a", "b", "c"], ["a", "x", "c", "d"]) == [1, 3]
    assert changed_lines(["a", "b", "c"], ["a", "c"]) == []


def test_a_docstring_over_several_lines_is_a_comment() -> None:
    kinds, inside = tokens('"""Title', in_docstring=False)
    assert [token.kind for token in kinds] == ["comment"]
    assert inside
    kinds, inside = tokens('def f(x): return 1.5 # "no string"', in_docstring=True)
    assert [token.kind for token in kinds] == ["comment"]
    kinds, inside = tokens('end""" + print("a", 2)', in_docstring=True)
    assert not inside
    assert [token.kind for token in kinds] == ["comment", "builtin", "string", "number"]
    kinds, _ = tokens("def first(x):  # -- no heading", in_docstring=False)
    assert [token.kind for token in kinds] == ["keyword", "name", "comment"]
