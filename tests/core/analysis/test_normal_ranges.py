"""Normal ranges: percentiles over the runs that learned, and values outside of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis.gradient_flow import (
    dead_neurons,
    first_to_last,
    saturated_share,
    update_ratios,
    weight_gradient_norms,
)
from core.analysis.normal_ranges import DIAGNOSTICS, MIN_LEARNED, Run, State, measure, outliers, ranges_of
from core.experiment import HiddenLayer
from tests.core.analysis.diagnosis.support import network
from tests.core.support import new_trainer


@pytest.fixture(scope="module")
def state() -> State:
    hidden = (HiddenLayer(units=6, activation="tanh", gain=4.0), HiddenLayer(units=5, activation="relu", gain=3.0))
    trainer = new_trainer(network(*hidden, learning_rate=0.1))
    trainer.run(40)
    trace, gradients = trainer.evaluator.differentiate(trainer.network, trainer.data.x_train, trainer.data.y_train)
    return State(trainer.network, trace, gradients, trainer.last_update)


def test_measurements_are_those_of_the_core(state: State) -> None:
    values = measure(state)
    assert values.keys() == DIAGNOSTICS.keys()
    norms = weight_gradient_norms(state.network, state.gradients)
    assert values["gradient_ratio"].tolist() == [first_to_last(norms)]
    assert values["update_ratio"].tolist() == update_ratios(state.network, state.update).tolist()
    Z = state.trace.pre_activations
    assert values["saturated"][0] == saturated_share(state.network, Z[0], 0) > 0.0
    assert math.isnan(values["saturated"][1]), "ReLU has a dead zone, which is normal"
    assert values["dead"].tolist() == [np.mean(dead_neurons(state.network, Z[index], index)) for index in (0, 1)]
    assert values["variance"][1] == pytest.approx(
        np.mean((state.trace.activations[1] - state.trace.activations[1].mean()) ** 2)
    )


def test_without_an_update_there_is_no_update_ratio(state: State) -> None:
    still = State(state.network, state.trace, state.gradients, np.zeros_like(state.update))
    assert np.isnan(measure(still)["update_ratio"]).all()


def values(each: float) -> dict[str, np.ndarray]:
    return {key: np.array([each]) if key == "gradient_ratio" else np.array([each, math.nan]) for key in DIAGNOSTICS}


def test_ranges_are_percentiles_over_the_runs_that_learned() -> None:
    rng = np.random.default_rng(0)
    good = rng.uniform(1.0, 2.0, (100, 3))
    runs = [Run(0.4, tuple(values(each) for each in row)) for row in good]
    runs += [Run(0.51, (values(1000.0),) * 3), Run(math.inf, ())]
    ranges = ranges_of(runs)
    assert (ranges.runs, ranges.learned) == (102, 100)
    band = ranges.by_key["dead"]
    expected = np.percentile(good, [2.5, 50.0, 97.5])
    assert [band.low[0], band.middle[0], band.high[0]] == pytest.approx(expected)
    assert np.isnan([band.low[1], band.high[1]]).all()


def test_too_few_runs_that_learned_give_no_range() -> None:
    ranges = ranges_of([Run(0.1, (values(1.0),))] * (MIN_LEARNED - 1) + [Run(0.9, (values(1.0),))] * 50)
    assert ranges.by_key == {}
    assert (ranges.runs, ranges.learned) == (MIN_LEARNED + 49, MIN_LEARNED - 1)
    assert outliers(ranges, values(5.0)) == ()


def test_values_outside_a_range_are_outliers_and_values_that_do_not_apply_are_none() -> None:
    runs = [Run(0.4, (values(each),)) for each in np.linspace(1.0, 2.0, 50)]
    ranges = ranges_of(runs)
    assert outliers(ranges, values(1.5)) == ()
    found = outliers(ranges, values(3.0))
    assert [(each.key, each.index) for each in found] == [(key, 0) for key in DIAGNOSTICS]
    assert found[0].value == 3.0 > found[0].high
    assert outliers(ranges, values(0.5))[0].value < found[0].low
