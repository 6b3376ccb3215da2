"""The legend of classes below an exported map has several rows where their names are long."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.export.hidden_view import Look
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.plots import OutputPlot
from playground.session import Session
from playground.style.theme import LIGHT, PRINT, Style, Theme

pytestmark = pytest.mark.usefixtures("fonts")

LONG = ("Iris versicolor", "Iris setosa (wild)", "Iris virginica from Gaspé")


def texts(qtbot: QtBot, snapshot: Snapshot, names: tuple[str, ...], look: Look) -> list[tuple[float, float, str]]:
    named = replace(snapshot, data=replace(snapshot.data, class_names=names))
    card = OutputPlot(Session(named.experiment), Style(LIGHT))
    qtbot.addWidget(card)
    card.show_snapshot(named)
    found = re.findall(r'<text x="([-.\d]+)" y="([-.\d]+)"[^>]*>([^<]*)</text>', prepare_svg(card, look)().decode())
    return [(float(x), float(y), text) for x, y, text in found]


@pytest.mark.parametrize("theme", [LIGHT, PRINT])
@pytest.mark.parametrize("size", ["third", "half", "a4-column"])
def test_long_names_are_whole(qtbot: QtBot, snapshots: dict[str, Snapshot], size: str, theme: Theme) -> None:
    for scale in (1.0, 1.25):
        look = Look(SIZE_PRESETS[size].size, theme, text_scale=scale, caption="the recipe")
        found = texts(qtbot, snapshots["iris"], LONG, look)
        rows = {text: y for _, y, text in found if text in LONG}
        assert set(rows) == set(LONG)
        title, caption = (next(y for *_, y, text in found if text == name) for name in ("petal length", "the recipe"))
        assert title < min(rows.values())
        assert max(rows.values()) < caption - 10.0


def test_short_names_stay_in_one_row(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    names = ("a", "b", "c")
    found = texts(qtbot, snapshots["iris"], names, Look(SIZE_PRESETS["third"].size, LIGHT))
    assert len({y for _, y, text in found if text in names}) == 1


def test_a_name_longer_than_the_picture_is_elided_alone(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    names = ("a class name that is longer than the whole picture is wide", "b", LONG[2])
    found = texts(qtbot, snapshots["iris"], names, Look(SIZE_PRESETS["third"].size, LIGHT))
    shown = {text for *_, text in found}
    assert {"b", LONG[2]} <= shown
    assert any(text.startswith("a class name") and text.endswith(" is wide") and "…" in text for text in shown)
