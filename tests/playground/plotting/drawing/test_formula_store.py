"""The formula store can postpone typesetting until the first frame has been drawn."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from playground.plotting.drawing.formula_store import FormulaStore


def test_formulas_are_queued_until_release(qtbot: QtBot) -> None:
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
