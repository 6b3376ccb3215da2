"""The sentence of the phase bar describes the step that arrives, not the data that the views still show."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.presets import preset
from core.training.phases import PHASES, PhaseStep, phase_step
from core.training.training_run import new_trainer
from playground.network_view.phases.bar import PhaseBar
from playground.network_view.phases.words import PhaseWords
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.network_view.support import Show


@pytest.mark.parametrize(("shown", "next_one"), [("circle", "iris"), ("iris", "circle"), ("chain-rule", "iris")])
def test_the_step_of_new_data_arrives_before_their_snapshot(qtbot: QtBot, shown: str, next_one: str) -> None:
    session = Session(preset(shown))
    session.snapshot = snapshot_of(preset(shown), steps=1)
    bar = PhaseBar(session, Style(LIGHT))
    qtbot.addWidget(bar)
    step = phase_step(new_trainer(preset(next_one), engine="numpy"), "sample")
    assert isinstance(step, PhaseStep)
    session.take_phases(0, step)
    for phase in PHASES[:-1]:
        session.show_phase(phase)
        assert bar.sentence == f"Step 1. {PhaseWords(step, None).sentence(phase)}"


def test_row09_the_network_shows_the_neurons_that_the_step_drops(show: Show) -> None:
    layer = HiddenLayer(units=5, dropout=0.5)
    network = NetworkSettings(hidden=(layer, layer), input_dropout=0.2)
    session, view, snapshot = show(Experiment(network=network, training=TrainingSettings(batch_size=1)), 5)
    trainer = new_trainer(snapshot.experiment, engine="numpy")
    trainer.run(5)
    step = phase_step(trainer, "sample")
    assert isinstance(step, PhaseStep)
    masks = [np.asarray(mask)[0] for mask in step.trace.masks]
    session.take_phases(0, step)
    picture = view.canvas.builder.picture(1.0, None, None)
    for column, mask in enumerate(masks):
        dropped = picture.dropped[column]
        assert dropped is not None
        assert dropped.tolist() == (mask == 0.0).tolist()
    count = sum(int((mask == 0.0).sum()) for mask in masks)
    assert [entry.text for entry in view._legend.entries if entry.kind == "dropped"] == [f"{count} dropped"]
    # Beside the nodes are the numbers of this pass; what is dropped passes on nothing.
    assert picture.sample is not None
    for column, mask in enumerate(masks):
        activations = step.trace.activations[column - 1][0] if column else snapshot.data.x_train[step.batch[0]]
        np.testing.assert_array_equal(picture.sample.values[column], np.where(mask == 0.0, 0.0, activations))
    np.testing.assert_array_equal(picture.sample.values[-1], step.trace.prediction[0])
    session.leave_phases()
    picture = view.canvas.builder.picture(1.0, None, None)
    for column, before in enumerate(snapshot.dropped):
        dropped = picture.dropped[column]
        assert dropped is not None
        assert before is not None
        assert dropped.tolist() == before.tolist()


def test_row09_of_a_batch_the_network_drops_what_the_selected_sample_is_without(show: Show) -> None:
    layer = HiddenLayer(units=5, dropout=0.5)
    experiment = Experiment(network=NetworkSettings(hidden=(layer, layer)), training=TrainingSettings(batch_size=4))
    session, view, snapshot = show(experiment, 5)
    trainer = new_trainer(snapshot.experiment, engine="numpy")
    trainer.run(5)
    step = phase_step(trainer, "batch")
    assert isinstance(step, PhaseStep)
    session.take_phases(0, step)
    for place, row in enumerate(step.batch.tolist()):
        session.select_sample(Sample(row))
        picture = view.canvas.builder.picture(1.0, None, None)
        for column in (1, 2):
            mask = np.asarray(step.trace.masks[column])[place]
            dropped = picture.dropped[column]
            assert dropped is not None
            assert dropped.tolist() == (mask == 0.0).tolist()
            assert picture.sample is not None
            outputs = step.trace.activations[column - 1][place]
            np.testing.assert_allclose(picture.sample.values[column], np.where(mask == 0.0, 0.0, outputs), rtol=1e-12)
