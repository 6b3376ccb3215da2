"""While the phases of a step are shown, the inspector shows that step with its dropout masks, or says that it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.sample import Sample
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.phases import PHASES, PhaseStep, phase_step
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from playground.inspector import InspectorPanel
from playground.inspector.figure import PageFigure
from playground.session import Session
from playground.session.selection import Selection
from playground.style.consistent_digits import value_of
from playground.style.numbers import short, signed
from tests.core.support import new_trainer
from tests.playground.factory import snapshot_of

TAKEN = 5
HIDDEN = HiddenLayer(units=6, activation="tanh", dropout=0.5)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    network = NetworkSettings(hidden=(HIDDEN, HIDDEN), input_dropout=0.2)
    return snapshot_of(Experiment(network=network, training=TrainingSettings(batch_size=4)), steps=TAKEN)


@pytest.fixture
def trainer(snapshot: Snapshot) -> Trainer:
    trainer = new_trainer(snapshot.experiment, engine="numpy")
    trainer.run(TAKEN)
    return trainer


def walked(session: Session, trainer: Trainer, portion: str) -> PhaseStep:
    step = phase_step(trainer, portion)  # type: ignore[arg-type]
    assert isinstance(step, PhaseStep)
    session.take_phases(0, step)
    return step


def by_hand(snapshot: Snapshot, masks: list[np.ndarray], row: int) -> list[np.ndarray]:
    """Return z of each layer for one training sample."""
    passed, zs = snapshot.data.x_train[row] * masks[0], []
    for layer in range(len(snapshot.network.architecture.layers)):
        z = passed @ snapshot.network.weights(layer) + snapshot.network.bias(layer)
        zs.append(z)
        passed = np.tanh(z) * (masks[layer + 1] if layer + 1 < len(masks) else 1.0)
    return zs


def test_row09_every_neuron_shows_the_pass_with_the_masks_of_the_step(
    session: Session, panel: InspectorPanel, snapshot: Snapshot, trainer: Trainer
) -> None:
    step = walked(session, trainer, "sample")
    row = int(step.batch[0])
    masks = [np.asarray(mask)[0] for mask in step.trace.masks]
    zs = by_hand(snapshot, masks, row)
    assert any((mask == 0.0).any() for mask in masks[1:])
    for layer in range(2):
        for neuron in range(6):
            session.select(Selection("neuron", layer, neuron))
            page = panel.page_of("neuron")
            assert panel.sample == Sample(row)
            assert page.z.text == short(float(zs[layer][neuron]))
            text = panel.accessibleDescription()
            expected = "dropped in" if masks[layer + 1][neuron] == 0.0 else "with the dropout of"
            assert text.endswith(f"; {expected} step {TAKEN + 1}")
            if masks[layer + 1][neuron] == 0.0:
                assert page.delta.text == "0"
    session.select(None)
    assert panel.summary.sample.prediction.text == f"prediction ŷ {short(float(np.tanh(zs[-1][0])))}"


@pytest.mark.parametrize("phase", PHASES[:-1])
def test_row06_the_paths_add_up_to_the_slope_of_the_step(
    session: Session, panel: InspectorPanel, trainer: Trainer, phase: str
) -> None:
    step = walked(session, trainer, "sample")
    session.show_phase(phase)  # type: ignore[arg-type]
    for source in range(6):
        session.select(Selection("weight", 1, 2, source))
        page = panel.page_of("weight")
        index = step.network.architecture.layers[1].weight_index(source, 2)
        assert page.ledger.sum == pytest.approx(float(step.gradients.flat[index]), rel=1e-10, abs=1e-15)
        assert page.ledger.agrees
        assert page.gradient.label.startswith(f"step {TAKEN + 1}: ∂L/∂")
        assert value_of(page.gradient.text) == pytest.approx(float(step.gradients.flat[index]), rel=6e-3)
        plain = -step.before.experiment.training.learning_rate * float(panel._snapshot.gradients.flat[index])
        assert page.slice.shown.step == pytest.approx(plain, rel=1e-12), "the curve is that of all samples"
        mean = short(float(panel._snapshot.gradients.flat[index]), 3)
        own = short(float(step.gradients.flat[index]), 3)
        assert page.slice.sentence == f"Mean slope {mean}, of this step {own}", (
            "no direction that the step may not take"
        )
        assert (page.step.label, page.step.text) == (f"step {TAKEN + 1}", signed(float(step.update[index]), 3))


def test_a_batch_uses_its_masks_and_samples_outside_it_are_reported(
    session: Session, panel: InspectorPanel, snapshot: Snapshot, trainer: Trainer
) -> None:
    step = walked(session, trainer, "batch")
    session.select(Selection("neuron", 1, 3))
    page = panel.page_of("neuron")
    for place, row in enumerate(step.batch.tolist()):
        session.select_sample(Sample(row))
        zs = by_hand(snapshot, [np.asarray(mask)[place] for mask in step.trace.masks], row)
        assert page.z.text == short(float(zs[1][3]))
    other = next(row for row in range(len(snapshot.data.x_train)) if row not in step.batch.tolist())
    for sample in (Sample(other), Sample(0, is_test=True), None):
        session.select_sample(sample)
        assert panel.accessibleDescription().endswith(f"; without the dropout of step {TAKEN + 1}")
    assert panel._sentence.text().endswith(f"without the dropout of step {TAKEN + 1}")


def test_the_picture_of_a_page_shows_the_same_pass_and_leaving_the_phases_ends_it(
    session: Session, panel: InspectorPanel, snapshot: Snapshot, trainer: Trainer
) -> None:
    session.select(Selection("neuron", 1, 3))
    step = walked(session, trainer, "sample")
    masks = [np.asarray(mask)[0] for mask in step.trace.masks]
    zs = by_hand(snapshot, masks, int(step.batch[0]))
    figure = panel.figure
    assert isinstance(figure, PageFigure)
    rows = [row for row in figure.figure_table().rows if short(zs[1][3]) in map(str, row) or zs[1][3] in row]
    assert rows
    session.leave_phases()
    trace = snapshot.network.forward(snapshot.data.x_train[step.batch])
    assert panel.page_of("neuron").z.text == short(float(trace.pre_activations[1][0, 3]))
    assert "dropout of step" not in panel.accessibleDescription()
