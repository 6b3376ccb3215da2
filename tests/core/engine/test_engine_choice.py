"""The engine is a function of the shape alone."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.raw_data import RawData
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.training.trainer import Trainer
from tests.core.support import prepared

pytest.importorskip("numba")


def trainer_of(*units: int, inputs: int = 2) -> Trainer:
    experiment = Experiment(network=NetworkSettings(hidden=tuple(HiddenLayer(units=each) for each in units)))
    rng = np.random.default_rng(1)
    names = tuple(f"column {number}" for number in range(inputs))
    raw = RawData(rng.normal(size=(20, inputs)), np.arange(20.0) % 2, "classification", names, ("no", "yes"))
    return Trainer(experiment, prepared(raw, experiment), "auto")


@pytest.mark.parametrize(
    ("units", "engine"),
    [
        ((), "compiled"),
        ((4, 2), "compiled"),
        ((16,) * 20, "compiled"),
        ((512,), "compiled"),
        ((400, 400), "compiled"),
        ((512, 512), "compiled"),
    ],
)
def test_layers_of_every_width_are_compiled(units: tuple[int, ...], engine: str) -> None:
    trainer = trainer_of(*units)
    assert trainer.engine == engine
    assert not trainer.engine_note


@pytest.mark.parametrize(("inputs", "engine"), [(1953, "compiled"), (1954, "numpy")])
def test_layers_above_a_million_weights_use_numpy(inputs: int, engine: str) -> None:
    assert trainer_of(512, inputs=inputs).engine == engine


def test_the_choice_follows_the_shape_while_training() -> None:
    trainer, narrow, wide = trainer_of(2, inputs=2000), trainer_of(3, inputs=2000), trainer_of(512, inputs=2000)
    for shape, engine in ((wide, "numpy"), (narrow, "compiled"), (wide, "numpy")):
        trainer.apply(shape.experiment, shape.data)
        assert trainer.engine == engine
        assert trainer.run(2) is None


def test_an_explicit_choice_applies_to_every_shape() -> None:
    trainer = trainer_of(512, inputs=2000)
    trainer.use_engine("compiled")
    assert trainer.engine == "compiled"
    assert trainer.run(1) is None
    trainer.use_engine("numpy")
    assert trainer.engine == "numpy"
