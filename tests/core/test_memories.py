"""What a change threw away comes back when the change is taken back."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.data.loading import load
from core.data.prepared_data import PreparedData, prepare
from core.experiment import Experiment, HiddenLayer
from core.experiment.resolution import resolve
from core.training.memories import MOST_NUMBERS, Memories
from core.training.trainer import Trainer


def data_of(experiment: Experiment) -> PreparedData:
    raw = load(experiment.data)
    return prepare(raw, experiment.data, resolve(experiment, raw.task, raw.classes).coding)


def hidden(experiment: Experiment, *layers: HiddenLayer) -> Experiment:
    return replace(experiment, network=replace(experiment.network, hidden=layers))


FIRST, SECOND = Experiment().network.hidden
CHANGES = {
    "a layer removed": hidden(Experiment(), FIRST),
    "many layers added": hidden(Experiment(), FIRST, *[SECOND] * 9),
    "fewer neurons": hidden(Experiment(), replace(FIRST, units=1), SECOND),
    "more neurons": hidden(Experiment(), replace(FIRST, units=9), SECOND),
    "another initializer": hidden(Experiment(), replace(FIRST, initializer="he_normal"), SECOND),
    "another seed": replace(Experiment(), network=replace(Experiment().network, seed=7)),
    "a feature off": replace(Experiment(), data=replace(Experiment().data, features=("x2",))),
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_taking_a_change_back_brings_the_trained_weights_back(changed: Experiment) -> None:
    trainer, memories = Trainer(Experiment(), data_of(Experiment())), Memories()
    trainer.run(100)
    trained = trainer.parameters.copy()
    memories.apply(trainer, changed, data_of(changed), returning=False)
    there = trainer.parameters.copy()
    memories.apply(trainer, Experiment(), data_of(Experiment()), returning=True)
    assert np.array_equal(trainer.parameters, trained)
    memories.apply(trainer, changed, data_of(changed), returning=True)
    assert np.array_equal(trainer.parameters, there)


def test_what_stayed_keeps_what_it_learned_meanwhile() -> None:
    trainer, memories = Trainer(Experiment(), data_of(Experiment())), Memories()
    trainer.run(100)
    before, output = trainer.network, trainer.network.bias(2).copy()
    fewer = CHANGES["a layer removed"]
    memories.apply(trainer, fewer, data_of(fewer), returning=False)
    trainer.run(50)
    first = trainer.network.weights(0).copy()
    memories.apply(trainer, Experiment(), data_of(Experiment()), returning=True)
    assert np.array_equal(trainer.network.weights(0), first)
    assert not np.array_equal(trainer.network.weights(0), before.weights(0))
    assert np.array_equal(trainer.network.weights(1), before.weights(1))
    assert not np.array_equal(trainer.network.bias(2), output)


def test_the_same_change_made_by_hand_begins_with_initial_weights() -> None:
    trainer, memories = Trainer(Experiment(), data_of(Experiment())), Memories()
    trainer.run(100)
    trained = trainer.network.weights(1).copy()
    fewer = CHANGES["a layer removed"]
    memories.apply(trainer, fewer, data_of(fewer), returning=False)
    memories.apply(trainer, Experiment(), data_of(Experiment()), returning=False)
    assert not np.array_equal(trainer.network.weights(1), trained)


def test_a_seed_that_comes_back_goes_on_where_it_was() -> None:
    trainer, memories = Trainer(Experiment(), data_of(Experiment())), Memories()
    trainer.run(30)
    other = CHANGES["another seed"]
    memories.apply(trainer, other, data_of(other), returning=False)
    assert trainer.step == 0
    memories.apply(trainer, Experiment(), data_of(Experiment()), returning=True)
    assert trainer.step == 30


def test_memory_is_bounded() -> None:
    wide = hidden(Experiment(), *[HiddenLayer(units=512)] * 5)
    trainer, memories = Trainer(wide, data_of(wide)), Memories()
    for units in range(1, 12):
        changed = hidden(wide, *wide.network.hidden[:4], HiddenLayer(units=units))
        memories.apply(trainer, changed, data_of(changed), returning=False)
    assert sum(memory.architecture.size for memory in memories._kept) <= MOST_NUMBERS
    assert memories._kept
