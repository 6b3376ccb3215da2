"""Every text in the window is readable, in every workspace, on every card, in both themes and in presentation mode."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment import Experiment
from core.experiment.presets import preset
from playground.plots.minima import network as minima_network
from playground.session.selection import Selection
from playground.style.appearance import ThemeChoice
from playground.style.theme import THEMES
from playground.window.cards import CARDS
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS, Part, Place
from tests.playground.window.text_items import texts_of

Opener = Callable[..., MainWindow]

EXPERIMENTS: dict[str, tuple[Experiment, Selection]] = {
    "circle": (preset("default"), Selection("weight", 1, 1, 2)),
    "iris": (preset("iris"), Selection("neuron", 1, 1)),
}


def keys_of(part: Part) -> list[list[str]]:
    """Return the keys of the cards at each place."""
    if isinstance(part, Place):
        return [[key for key in part.keys if key in CARDS]]
    return [keys for each in part.parts for keys in keys_of(each)]


def weak_texts(window: MainWindow) -> set[tuple[str, str, str]]:
    """Return text, colour and background of what is hard to read, except what is disabled."""
    faint = THEMES[window.appearance.style.theme.name].faint.lower()  # type: ignore[index]
    found = texts_of(window)
    assert len(found) > 50
    return {(t.text, t.colour.name(), t.ground.name()) for t in found if not t.is_readable and t.colour.name() != faint}


@pytest.mark.parametrize(
    ("name", "theme", "presentation"),
    [("circle", "light", False), ("circle", "dark", True), ("iris", "light", True), ("iris", "dark", False)],
)
def test_every_text_is_readable(
    open_window: Opener,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    theme: ThemeChoice,
    presentation: bool,
) -> None:
    monkeypatch.setattr(minima_network, "MAX_RESTARTS", minima_network.MIN_RESTARTS)
    experiment, selection = EXPERIMENTS[name]
    window = open_window(experiment)
    window.appearance.choose_theme(theme)
    window.findChild(QAction, "presentationAction").setChecked(presentation)
    window.session.step("batch", 5)
    qtbot.waitUntil(lambda: window.session.snapshot is not None and window.session.snapshot.step == 5)
    window.session.pin()
    qtbot.waitUntil(lambda: len(window.session.pins.all) == 1)
    window.session.select(selection)
    window.session.select_sample(Sample(0))
    window.workspace.complete()
    weak: dict[str, set[tuple[str, str, str]]] = {}
    for arrangement in ARRANGEMENTS:
        window.workspace.show_arrangement(arrangement.key)
        for turn in itertools.zip_longest(*keys_of(arrangement.root)):
            for key in filter(None, turn):
                window.workspace.bring_forward(key)
            qtbot.waitUntil(window.workspace.updatesEnabled)  # a switch of the workspace is painted in a later event
            if found := weak_texts(window):
                weak[f"{arrangement.key}: {turn}"] = found
    assert not weak
