"""The phases of a step show the network's numbers, update bit for bit like a real step, and can be stepped back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.presets import preset
from core.training.divergence import Divergence
from core.training.phases import PHASES, PhaseStep, Portion, phase_step, take_portion
from core.training.trainer import Trainer
from tests.core.support import new_trainer
from tests.core.training.support import assert_same_state

PORTIONS: tuple[Portion, ...] = ("row", "sample", "batch")

VARIANTS: dict[str, Any] = {
    "sgd": {},
    "adam with L2": {"optimizer": "adam", "l2": 0.01},
    "momentum with clipping": {"optimizer": "momentum", "momentum": 0.9, "clip_norm": 0.1},
    "L1": {"l1": 0.01},
    "whole set": {"batch_size": 0},
    "as TF Playground": {"as_tf_playground": True},
}


def trainer_with(*, dropout: float = 0.0, **training: Any) -> Trainer:
    hidden = (HiddenLayer(units=4, dropout=dropout), HiddenLayer(units=3))
    experiment = Experiment(network=NetworkSettings(hidden=hidden), training=TrainingSettings(**training))
    trainer = new_trainer(experiment)
    trainer.run(7)
    return trainer


def taken_apart(trainer: Trainer, portion: Portion, row: int = 0) -> PhaseStep:
    step = phase_step(trainer, portion, row)
    assert isinstance(step, PhaseStep)
    return step


@pytest.mark.parametrize("portion", PORTIONS)
@pytest.mark.parametrize("variant", list(VARIANTS))
@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_the_update_is_that_of_the_real_step_bit_for_bit(portion: Portion, variant: str, dropout: float) -> None:
    trainer = trainer_with(dropout=dropout, **VARIANTS[variant])
    before = trainer.state()
    step = taken_apart(trainer, portion, 11)
    assert_same_state(trainer.state(), before)
    assert take_portion(trainer, portion, 11) is None
    assert trainer.parameters.tobytes() == step.after.tobytes()
    assert trainer.last_batch.tolist() == step.batch.tolist()
    assert trainer.last_update.tobytes() == step.update.tobytes()
    np.testing.assert_allclose(step.gradients.flat, trainer.last_gradient, rtol=1e-12, atol=1e-17)
    assert trainer.step == step.number
    trainer.restore(step.before)
    assert_same_state(trainer.state(), before)
    assert take_portion(trainer, portion, 11) is None
    assert trainer.parameters.tobytes() == step.after.tobytes()


@pytest.mark.parametrize("portion", PORTIONS)
def test_the_phases_are_the_network_s_own_numbers(portion: Portion) -> None:
    trainer = trainer_with()
    step = taken_apart(trainer, portion, 11)
    X, Y = trainer.data.x_train[step.batch], trainer.data.y_train[step.batch]
    assert len(step.batch) == (10 if portion == "batch" else 1)
    assert portion != "row" or step.batch.tolist() == [11]
    np.testing.assert_array_equal(step.trace.prediction, trainer.network.predict(X))
    np.testing.assert_allclose(step.losses, 0.5 * ((step.trace.prediction - Y) ** 2)[:, 0], rtol=1e-14)
    assert step.loss == pytest.approx(float(step.losses.mean()), rel=1e-14)
    nudged = trainer.parameters.copy()
    slopes = np.zeros_like(nudged)
    for index in range(nudged.size):
        ends = []
        for h in (1e-6, -1e-6):
            nudged[index] = trainer.parameters[index] + h
            network = type(step.network)(step.network.architecture, nudged)
            ends.append(float(network.loss(network.forward(X), Y).mean()))
        nudged[index] = trainer.parameters[index]
        slopes[index] = (ends[0] - ends[1]) / 2e-6
    np.testing.assert_allclose(step.gradients.flat, slopes, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(step.update, -0.03 * step.gradient, rtol=1e-9, atol=1e-17)


@pytest.mark.parametrize("row", [0, 5, 17])
def test_row03_after_one_step_on_a_row_its_loss_falls_for_a_small_alpha(row: int) -> None:
    experiment = preset("student-day")
    for rate in (1e-3, 0.01, 0.1):
        small = replace(experiment, training=replace(experiment.training, learning_rate=rate))
        trainer = new_trainer(small)
        step = taken_apart(trainer, "row", row)
        take_portion(trainer, "row", row)
        X, Y = trainer.data.x_train[row : row + 1], trainer.data.y_train[row : row + 1]
        network = trainer.network
        assert step.loss_after == float(network.loss(network.forward(X), Y)[0])
        assert step.loss_after < step.loss


def test_row03_the_row_of_the_notes_is_in_the_table() -> None:
    data = new_trainer(preset("student-day")).data
    rows = np.concatenate([data.positions_train, data.positions_test]).tolist()
    labels = np.concatenate([data.labels_train, data.labels_test]).tolist()
    assert data.class_names[int(labels[rows.index([2.0, 4.0, 8.0])])] == "pass"


def test_a_step_on_a_row_leaves_the_epoch_where_it_is() -> None:
    trainer = trainer_with()
    epoch, following = trainer.epoch, taken_apart(trainer, "batch").batch.tolist()
    take_portion(trainer, "row", 3)
    assert trainer.epoch == epoch
    assert taken_apart(trainer, "batch").batch.tolist() == following


def test_a_step_that_would_diverge_says_why() -> None:
    trainer = new_trainer(
        Experiment(training=TrainingSettings(learning_rate=1000.0), data=DataSettings(dataset="plane"))
    )
    found = None
    for _ in range(50):
        found = phase_step(trainer, "batch")
        if not isinstance(found, PhaseStep):
            break
        take_portion(trainer, "batch")
    assert isinstance(found, Divergence)
    before = trainer.state()
    assert take_portion(trainer, "batch") == found
    assert_same_state(trainer.state(), before)


def test_a_row_that_does_not_exist_gives_no_step() -> None:
    assert phase_step(trainer_with(), "row", 10**6) is None
    assert phase_step(trainer_with(), "row", -1) is None
    assert PHASES == ("forward", "loss", "backward", "update")
