"""An α that is no longer learned is left alone by the optimizer."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from tests.core.support import new_trainer


def test_an_alpha_that_is_no_longer_learned_keeps_its_value() -> None:
    """The optimizer's moments of a learned α must not move the entry once the layer has another activation."""
    hidden = (HiddenLayer(units=3, activation="prelu"),)
    experiment = Experiment(
        network=NetworkSettings(hidden=hidden), training=TrainingSettings(optimizer="adam", learning_rate=0.03)
    )
    trainer = new_trainer(experiment, engine="numpy")
    trainer.run_epoch()
    plain = replace(experiment, network=NetworkSettings(hidden=(HiddenLayer(units=3, activation="identity"),)))
    trainer.apply(plain, trainer.data)
    trainer.run_epoch()
    twin = new_trainer(plain, engine="numpy")
    twin.restore(trainer.state())
    assert trainer.parameters[trainer.architecture.layers[0].alpha_index] == 0.0
    assert np.array_equal(trainer.parameters, twin.parameters)
