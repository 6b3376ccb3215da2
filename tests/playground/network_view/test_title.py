"""The title of an exported network describes its settings."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.experiment.presets import preset
from playground.network_view import NetworkView
from playground.session import Session
from playground.style.theme import LIGHT, Style


def title(session: Session) -> str:
    view = NetworkView(session, Style(LIGHT))
    name = view.figure_text().name
    view.deleteLater()
    return name


@pytest.mark.usefixtures("fonts")
def test_the_title_follows_the_settings() -> None:
    session = Session(preset("vanishing-gradient"))
    assert title(session) == "Network · Vanishing gradient"
    session.edit_all_layers("Activation", activation="relu")
    assert title(session) == "Network · Vanishing gradient, activation sigmoid → ReLU"
    session.undo()
    assert title(session) == "Network · Vanishing gradient"
    changed = session.experiment
    session.redo()
    # A later start restores the experiment under the name of the preset.
    assert title(Session(session.experiment)) == "Network · Vanishing gradient, activation sigmoid → ReLU"
    assert title(Session(changed)) == "Network · Vanishing gradient"


@pytest.mark.usefixtures("fonts")
def test_an_unnamed_experiment_is_titled_by_its_changes() -> None:
    session = Session(Experiment())
    assert title(session) == "Network"
    session.set_depth(5)
    assert title(session) == "Network · hidden layers 2 → 5"
    own = Session(Experiment(name="Mine"))
    assert title(own) == "Network · Mine"
