"""The store of typeset formulas: it can be told to leave the first frame alone."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from playground.inspector.formulas import FormulaStore


def test_formulas_wait_until_they_are_released(qtbot: QtBot) -> None:
    store = FormulaStore()
    store.hold()
    assert store.drawing("z") is None
    store.wait()
    assert store.drawing("z") is None
    with qtbot.waitSignal(store.ready):
        store.release()
    drawing = store.drawing("z")
    assert drawing is not None
    assert drawing.startswith(b"<svg")
    store.wait()
