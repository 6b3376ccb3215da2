"""The selected sample in the network: activations beside the nodes; neurons that do not fire are faded."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from core.data.sample import Sample
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.training.phases import PhaseStep, phase_step
from core.training.training_run import new_trainer
from playground.network_view.marks.sample import marks_of
from playground.style.numbers import short
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.network_view.support import Show


def experiment(activation: str) -> Experiment:
    return Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=5, activation=activation),) * 2))


@pytest.mark.parametrize(("activation", "threshold"), [("relu", 0.0), ("sigmoid", 0.5), ("tanh", 0.0)])
def test_row02_neurons_below_the_threshold_are_off(show: Show, activation: str, threshold: float) -> None:
    _, _, snapshot = show(experiment(activation), 30)
    for sample in (Sample(3), Sample(9, is_test=True)):
        marks = marks_of(snapshot, sample)
        assert marks is not None
        X, _ = sample.rows(snapshot.data)
        trace = snapshot.network.forward(X)
        for layer in (0, 1):
            assert np.array_equal(marks.off[layer + 1], trace.activations[layer][0] <= threshold)
            assert marks.texts(layer + 1) == [short(float(a), 3) for a in trace.activations[layer][0]]
        assert not marks.off[0].any()
        assert not marks.off[-1].any()


@pytest.mark.parametrize("style", [Style(LIGHT), Style(DARK)])
def test_row02_off_neurons_are_faded_in_the_picture(show: Show, style: Style) -> None:
    session, view, snapshot = show(experiment("relu"), 30, style=style)
    view.show_marks(on=False)
    before = view.canvas.grab().toImage()
    session.select_sample(Sample(3))
    after = view.canvas.grab().toImage()
    marks = marks_of(snapshot, Sample(3))
    assert marks is not None
    panel = QColor(style.theme.panel)
    layout = view.canvas.builder.layout

    def distance(image: object, x: float, y: float) -> int:
        """Return how far the colour at a place of the picture is from the panel's."""
        at = view.canvas.viewport.to_view(x, y)
        colour = image.pixelColor(round(at[0]), round(at[1]))  # type: ignore[attr-defined]
        return abs(colour.red() - panel.red()) + abs(colour.blue() - panel.blue())

    seen = set()
    for column in layout.columns[1:3]:
        for neuron, y in enumerate(column.ys.tolist()):
            place = (column.x + column.node / 4, y - column.node / 4)
            off = bool(marks.off[column.index][neuron])
            seen.add(off)
            if off and distance(before, *place) > 30:
                assert distance(after, *place) < 0.5 * distance(before, *place)
            if not off:
                assert distance(after, *place) == distance(before, *place)
    assert seen == {True, False}
    assert view._sentence.text().startswith("Sample 4: ")
    session.select_sample(None)
    assert view.canvas.grab().toImage() == before


def test_a_sample_that_no_longer_exists_is_not_drawn(show: Show) -> None:
    _, _, snapshot = show()
    assert marks_of(snapshot, Sample(10**6)) is None
    assert marks_of(snapshot, None) is None
    assert marks_of(None, Sample(0)) is None


def test_a_step_of_other_layers_is_not_shown_in_a_network_that_has_changed(show: Show) -> None:
    deeper = Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=5, dropout=0.5),) * 3))
    step = phase_step(new_trainer(deeper, engine="numpy"), "sample", 3)
    assert isinstance(step, PhaseStep)
    session, view, snapshot = show(experiment("relu"), 30)
    session.select_sample(Sample(3))
    before = view.canvas.grab().toImage()
    view.canvas.builder.set_step(step)
    assert view.canvas.grab().toImage() == before
    own = phase_step(new_trainer(snapshot.experiment, engine="numpy"), "sample", 3)
    assert isinstance(own, PhaseStep)
    view.canvas.builder.set_step(own)
    assert view.canvas.builder._shown_step is not None
