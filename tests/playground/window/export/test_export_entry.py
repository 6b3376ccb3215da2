"""The export dialog opens only when there is something to export."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.export.dialog.dialog import ExportDialog
from playground.inspector.loss_slice import slice_numbers
from playground.inspector.pages.registry import SLICE
from playground.window.export.deck_views import views_of
from playground.window.export.export_entry import LOADING
from playground.window.main_window import MainWindow


def test_before_the_first_snapshot_there_is_nothing_to_export(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    snapshot, window.session.snapshot = window.session.snapshot, None
    with qtbot.waitSignal(window.session.message) as said:
        window.toolbar.export_requested.emit()
    window.session.snapshot = snapshot
    assert said.args == [LOADING, "warning"]
    assert not any(isinstance(each, ExportDialog) for each in QApplication.topLevelWidgets())


def test_the_options_of_all_cards_are_collected_without_computing_a_picture(
    open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    computed = {
        key: {figure.figure_key for figure in (*card.rendered_figures, *card.figures)}
        for key, card in window.cards.items()
    }
    assert SLICE in computed["inspector"]
    monkeypatch.setattr(slice_numbers, "slice_of", None)
    assert set(views_of(window.cards, window.session)) == set().union(*computed.values())
