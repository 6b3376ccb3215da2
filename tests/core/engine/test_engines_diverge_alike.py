"""Both engines stop before the same step and report the same quantity for every kind of overflow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.errors import PlaygroundError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.activations import ACTIVATIONS
from core.formulas.optimizers import OPTIMIZERS
from core.training.divergence import Divergence
from core.training.training_run import new_trainer

pytest.importorskip("numba")

Z, LOSS, L2, UPDATE = "the pre-activation z", "the loss", "the gradient with L2", "the weight update"


def experiment(
    hidden: list[tuple[int, str, float]], output: tuple[str, float], dataset: str = "circle", **training: Any
) -> Experiment:
    """Return an Experiment with hidden layers (units, activation, gain), an output (activation, gain) and these settings."""
    layers = tuple(HiddenLayer(units=units, activation=key, gain=gain) for units, key, gain in hidden)
    return Experiment(
        data=DataSettings(dataset=dataset, samples=60),
        network=NetworkSettings(hidden=layers, output_activation=output[0], output_gain=output[1]),
        training=TrainingSettings(**training),
    )


def both(chosen: Experiment, steps: int = 400) -> tuple[Divergence | None, Divergence | None]:
    return new_trainer(chosen, engine="numpy").run(steps), new_trainer(chosen, engine="compiled").run(steps)


CASES: dict[str, tuple[Experiment, str, str]] = {
    "L2 alone, behind units without a slope": (
        experiment([(8, "threshold", 1.0)] * 2, ("tanh", 300.0), l2=100.0, learning_rate=1.0),
        "Output",
        L2,
    ),
    "an infinite z behind a saturated output": (
        experiment([(1, "relu", 1.0)], ("tanh", 1.0), l2=100.0, learning_rate=1.0),
        "Output",
        Z,
    ),
    "an infinite z of a sigmoid whose loss is 0": (
        experiment([(3, "relu", 1.0)], ("auto", 1.0), loss="binary_cross_entropy", l2=100.0, learning_rate=1.0),
        "Output",
        Z,
    ),
    "an infinite z in the middle": (
        experiment([(3, "identity", 1.0), (3, "tanh", 1.0)], ("tanh", 1.0), l2=100.0, learning_rate=1.0),
        "Hidden 2",
        Z,
    ),
    "a square of the loss": (
        experiment([(4, "relu", 1.0)], ("identity", 1.0), learning_rate=900.0),
        "the output",
        LOSS,
    ),
    "velocity": (
        experiment(
            [(8, "threshold", 1.0)], ("tanh", 1.0), optimizer="momentum", momentum=0.9, l2=100.0, learning_rate=1.0
        ),
        "Output",
        L2,
    ),
    "decay that takes the weights directly": (
        experiment([(2, "threshold", 1.0)], ("tanh", 1.0), optimizer="adamw", l2=100.0, learning_rate=50.0),
        "Output",
        UPDATE,
    ),
    "a step that is too long": (
        experiment(
            [(8, "leaky_relu", 1000.0)] * 17, ("identity", 1000.0), loss="huber", learning_rate=1000.0, dataset="sine"
        ),
        "Hidden 7",
        Z,
    ),
    "a clipped gradient does not hide it": (
        experiment([(3, "relu", 1.0)], ("tanh", 1.0), optimizer="adamw", l2=100.0, learning_rate=10.0, clip_norm=1.0),
        "Output",
        Z,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_overflow_is_reported(name: str) -> None:
    chosen, layer, quantity = CASES[name]
    mine, compiled = both(chosen)
    assert mine is not None
    assert (mine.layer, mine.quantity) == (layer, quantity)
    assert compiled == mine


LAYERS = st.tuples(st.integers(1, 8), st.sampled_from(list(ACTIVATIONS)), st.sampled_from([0.1, 1.0, 30.0, 1000.0]))
MODEST = 1e25
"""Five layers of eight units with such weights cannot overflow, not even the square of the loss."""

OUTPUTS = st.tuples(st.sampled_from(["auto", "identity", "tanh", "relu", "sigmoid"]), st.sampled_from([1.0, 300.0]))


@settings(max_examples=80, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(
    hidden=st.lists(LAYERS, max_size=4),
    output=OUTPUTS,
    loss=st.sampled_from(["squared_error", "binary_cross_entropy", "cross_entropy", "huber"]),
    optimizer=st.sampled_from(list(OPTIMIZERS)),
    momentum=st.sampled_from([0.0, 0.9, 0.99]),
    learning_rate=st.sampled_from([1.0, 30.0, 1000.0]),
    l2=st.sampled_from([0.0, 1.0, 100.0]),
    clip_norm=st.sampled_from([None, None, 1.0]),
    batch_size=st.sampled_from([1, 7, 10, 0]),
)
def test_both_engines_diverge_at_the_same_step(
    hidden: list[tuple[int, str, float]], output: tuple[str, float], loss: str, **training: Any
) -> None:
    dataset = {"cross_entropy": "iris", "huber": "sine"}.get(loss, "circle")
    chosen = experiment(hidden, output, dataset, loss=loss, **training)
    try:
        reference, compiled = new_trainer(chosen, engine="numpy"), new_trainer(chosen, engine="compiled")
    except PlaygroundError:
        assume(False)  # an output that the loss does not allow
    # Most runs do not diverge, and NumPy needs ten times as long to find out. It is asked where the compiled engine
    # diverges, and where the weights become so large that something may overflow unnoticed.
    scout = new_trainer(chosen, engine="compiled")
    assume(scout.run(300) is not None or not np.abs(scout.parameters).max() < MODEST)
    found = reference.run(300)
    assume(found is not None)
    assert found is not None
    before = compiled.run(found.step - 1)
    # Where 1 - tanh² is 0 in one engine and 1e-16 in the other, a factor of 1e200 makes the two runs differ.
    assume(before is None and np.allclose(compiled.parameters, reference.parameters, rtol=1e-6, atol=0.0))
    assert compiled.run(1) == found
    assert compiled.step == found.step - 1
    assert np.isfinite(compiled.parameters).all()
