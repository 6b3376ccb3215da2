"""The engine is a function of the shape alone."""

from __future__ import annotations

import pytest

from core.datasets import load
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.prepared_data import prepare
from core.resolution import resolve
from core.trainer import Trainer

pytest.importorskip("numba")


def trainer_of(*units: int) -> Trainer:
    experiment = Experiment(network=NetworkSettings(hidden=tuple(HiddenLayer(units=each) for each in units)))
    raw = load(experiment.data, folder=None)
    data = prepare(raw, experiment.data, resolve(experiment, raw.task, raw.classes).coding)
    return Trainer(experiment, data, "auto")


@pytest.mark.parametrize(
    ("units", "engine"),
    [
        ((), "compiled"),
        ((4, 2), "compiled"),
        ((16,) * 20, "compiled"),
        ((512,), "compiled"),
        ((400, 400), "compiled"),
        ((400, 401), "numpy"),
        ((512, 512), "numpy"),
    ],
)
def test_wide_layers_go_to_numpy(units: tuple[int, ...], engine: str) -> None:
    trainer = trainer_of(*units)
    assert trainer.engine == engine
    assert not trainer.engine_note


def test_the_choice_follows_the_shape_while_training() -> None:
    trainer, narrow, wide = trainer_of(2), trainer_of(3), trainer_of(450, 400)
    for shape, engine in ((wide, "numpy"), (narrow, "compiled"), (wide, "numpy")):
        trainer.apply(shape.experiment, shape.data)
        assert trainer.engine == engine
        assert trainer.run(2) is None


def test_what_was_asked_for_is_used_for_every_shape() -> None:
    trainer = trainer_of(450, 400)
    trainer.use_engine("compiled")
    assert trainer.engine == "compiled"
    assert trainer.run(1) is None
    trainer.use_engine("numpy")
    assert trainer.engine == "numpy"
