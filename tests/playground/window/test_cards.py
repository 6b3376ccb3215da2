"""The table of cards: one entry is enough for window, menus, export dialog and headless render."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.commandline.picture_options import PictureLook
from playground.export.dialog.dialog import ExportDialog
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.plot_card import PlotCard, columns
from playground.plotting.pictures.picture import Picture
from playground.session import Session
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.window.card_entry import CardEntry, table_of
from playground.window.cards import CARDS
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS, CONTROLS
from tests.playground.commandline.rendered import rendered

Opener = Callable[..., MainWindow]


class StepPicture(Picture[list[int]]):
    """An empty canvas."""

    def _arrange(self, _data: list[int], style: Style, _before: list[int] | None) -> None:
        self._canvas.arrange(style, left=8, bottom=8, top=8, right=8)


class StepPlot(PlotCard[list[int]]):
    """A plot of the step number for tests."""

    figure_key = "steps"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Steps", "stepPlot", session, style, parent)
        self.steps: list[int] = []

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.steps.append(snapshot.step)
        self.redraw()

    def make_picture(self, canvas: Canvas) -> StepPicture:
        return StepPicture(canvas)

    def shown(self) -> list[int]:
        return self.steps

    def table_of(self, data: list[int] | None) -> Table:
        return columns(step=data or [])


@pytest.fixture
def with_steps(monkeypatch: pytest.MonkeyPatch) -> CardEntry:
    entry = CardEntry(key="steps", make=StepPlot, rate=12.0, word="steps", tooltip="The number of the step.")
    for user in ("window.main_window", "commandline.headless_cards", "commandline.picture_names"):
        monkeypatch.setattr(f"playground.{user}.CARDS", table_of(*CARDS.values(), entry))
    return entry


def test_a_card_of_one_entry_is_in_the_window_and_its_menus(
    with_steps: CardEntry, open_window: Opener, qtbot: object
) -> None:
    window = open_window()
    card = window.cards[with_steps.key]
    assert window.findChild(StepPlot, "stepPlot") is card
    window.findChild(QAction, "enlarge-stepPlot").trigger()
    assert card.isVisible()
    qtbot.waitUntil(lambda: bool(card.steps))  # type: ignore[attr-defined]


def test_a_card_of_one_entry_is_in_the_export_dialog(with_steps: CardEntry, open_window: Opener) -> None:
    window = open_window()
    dialog = ExportDialog(window.exportable(), window.appearance.style, window, chosen=window.cards["steps"])
    assert dialog.chosen == [window.cards["steps"]]
    dialog.deleteLater()


def test_a_card_of_one_entry_is_rendered_without_a_window(
    with_steps: CardEntry, qapp: object, fonts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user in ("headless_cards", "picture_names"):  # without the cards that take long
        monkeypatch.setattr(f"playground.commandline.{user}.CARDS", table_of(CARDS["loss"], with_steps))
    files, _ = rendered(new_trainer(Experiment()), 2, tmp_path, ("csv",), PictureLook())
    assert tmp_path / "steps.csv" in files
    assert (tmp_path / "steps.csv").read_text().splitlines()[-1] == "50"


def test_the_keys_are_those_of_the_entries() -> None:
    assert all(key == entry.key for key, entry in CARDS.items())


@pytest.mark.parametrize("arrangement", ARRANGEMENTS, ids=lambda each: each.key)
def test_an_arrangement_names_cards_of_the_table(arrangement: object) -> None:
    assert arrangement.contents() <= {*CARDS, CONTROLS}  # type: ignore[attr-defined]


def test_a_card_that_does_not_apply_is_not_offered(open_window: Opener) -> None:
    window = open_window()
    assert window.cards["confusion"] not in window.exportable()


def test_a_plot_without_a_required_method_is_rejected_at_definition() -> None:
    with pytest.raises(TypeError, match="HalfPlot lacks shown, table_of"):

        class HalfPlot(PlotCard[list[int]]):
            def make_picture(self, canvas: Canvas) -> StepPicture:
                return StepPicture(canvas)
