"""Reference runs are deterministic, share shape and data, and expose networks that do not learn."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.normal_ranges import Ranges, State, measure, outliers, ranges_of
from core.errors import ExperimentError
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.experiment_file import checked
from core.experiment.presets import preset
from core.network.architecture import architecture_for
from core.training.many_runs.reference_runs import (
    MAX_STEPS,
    MIN_STEPS,
    MOMENTS,
    reference_key,
    reference_run,
    reference_runs,
    steps_of,
    varied,
)
from core.training.trainer import Trainer
from tests.core.support import data_of

SMALL = Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=6), HiddenLayer(units=4))))


def always(_done: int, _total: int) -> bool:
    return True


def test_runs_have_the_same_shape_and_data_and_differ_in_the_rest() -> None:
    runs = [checked(varied(SMALL, number)) for number in range(40)]
    assert {run.data for run in runs} == {SMALL.data}
    assert {tuple(layer.units for layer in run.network.hidden) for run in runs} == {(6, 4)}
    assert len({run.network.hidden[0].activation for run in runs}) > 3
    assert len({run.network.hidden[0].initializer for run in runs}) > 3
    assert len({run.training.learning_rate for run in runs}) == 40
    assert varied(SMALL, 7) == runs[7]


def test_the_key_ignores_what_the_runs_vary_and_nothing_else() -> None:
    same = replace(
        SMALL,
        name="Other",
        network=replace(
            SMALL.network, seed=9, hidden=tuple(replace(h, activation="relu") for h in SMALL.network.hidden)
        ),
        training=TrainingSettings(learning_rate=3.0, optimizer="adam", l2=0.1),
    )
    assert reference_key(same) == reference_key(SMALL)
    others = (
        replace(SMALL, data=replace(SMALL.data, noise=0.2)),
        replace(SMALL, network=replace(SMALL.network, hidden=SMALL.network.hidden[:1])),
        replace(SMALL, training=replace(SMALL.training, batch_size=20)),
    )
    assert all(reference_key(other) != reference_key(SMALL) for other in others)


def test_runs_do_not_depend_on_how_they_are_grouped() -> None:
    data = data_of(SMALL)
    together = reference_runs(SMALL, data, 0, 12, always)
    assert together is not None
    last = max(number for number, run in enumerate(together) if run.learned)
    (alone,) = reference_runs(SMALL, data, last, 1, always) or ()
    assert together[last].remaining == alone.remaining
    assert len(alone.measurements) == len(MOMENTS)
    for before, after in zip(together[last].measurements, alone.measurements, strict=True):
        for key in before:
            np.testing.assert_array_equal(before[key], after[key])


def test_the_last_measurements_are_those_of_the_network_at_the_end() -> None:
    data = data_of(SMALL)
    runs = ((number, reference_run(SMALL, data, number, engine="numpy")) for number in range(12))
    number, run = next((number, run) for number, run in runs if run is not None and run.learned)
    trainer = Trainer(varied(SMALL, number), data, "numpy")
    last = steps_of(trainer.architecture, len(data.x_train), SMALL.training.batch_size)
    for share, seen in zip(MOMENTS, run.measurements, strict=True):
        trainer.run(round(share * last) - trainer.step)
        trace, gradients = trainer.evaluator.differentiate(trainer.network, data.x_train, data.y_train)
        expected = measure(State(trainer.network, trace, gradients, trainer.last_update))
        for key, values in expected.items():
            np.testing.assert_array_equal(seen[key], values)


def test_runs_that_have_not_learned_are_not_measured() -> None:
    runs = reference_runs(SMALL, data_of(SMALL), 0, 40, always)
    assert runs is not None
    assert {run.learned for run in runs} == {True, False}
    for run in runs:
        assert bool(run.measurements) == run.learned


def test_reference_runs_can_be_cancelled() -> None:
    assert reference_runs(SMALL, data_of(SMALL), 0, 50, lambda done, _total: done < 2) is None


def test_settings_that_contradict_the_data_are_refused() -> None:
    broken = replace(
        SMALL,
        training=replace(SMALL.training, loss="cross_entropy"),
        network=replace(SMALL.network, output_activation="tanh"),
    )
    with pytest.raises(ExperimentError):
        reference_runs(broken, data_of(SMALL), 0, 1, always)


def test_the_length_depends_on_the_shape_alone() -> None:
    data = data_of(SMALL)
    small = architecture_for(SMALL, data)
    wide = architecture_for(replace(SMALL, network=NetworkSettings(hidden=(HiddenLayer(units=512),) * 2)), data)
    assert steps_of(small, 250, 10) == MAX_STEPS
    assert steps_of(wide, 250, 10) == MIN_STEPS
    assert MIN_STEPS <= steps_of(small, 250, 0) < MAX_STEPS


@pytest.fixture(scope="module")
def ranges() -> dict[str, Ranges]:
    result = {}
    for name in ("default", "vanishing-gradient"):
        runs = reference_runs(preset(name), data_of(preset(name)), 0, 60, always)
        assert runs is not None
        result[name] = ranges_of(runs)
    return result


def measured(experiment: Experiment, epochs: int) -> dict[str, np.ndarray]:
    trainer = Trainer(experiment, data_of(experiment))
    trainer.run(epochs * trainer.steps_per_epoch)
    X, Y = trainer.data.x_train, trainer.data.y_train
    trace, gradients = trainer.evaluator.differentiate(trainer.network, X, Y)
    return dict(measure(State(trainer.network, trace, gradients, trainer.last_update)))


def test_row07_a_vanishing_gradient_lies_far_below_the_normal_range(ranges: dict[str, Ranges]) -> None:
    found = outliers(ranges["vanishing-gradient"], measured(preset("vanishing-gradient"), 4))
    (ratio,) = (each for each in found if each.key == "gradient_ratio")
    assert ratio.value < 1e-3 * ratio.low
    assert any(each.key == "variance" and each.value < each.low for each in found), "sigmoids hardly vary"


def test_a_network_that_learns_is_within_the_ranges(ranges: dict[str, Ranges]) -> None:
    assert ranges["default"].learned >= 40
    assert outliers(ranges["default"], measured(preset("default"), 20)) == ()


def test_saturated_layers_lie_above(ranges: dict[str, Ranges]) -> None:
    default = preset("default")
    hidden = tuple(replace(layer, gain=100.0) for layer in default.network.hidden)
    found = outliers(ranges["default"], measured(replace(default, network=replace(default.network, hidden=hidden)), 1))
    assert {each.index for each in found if each.key == "saturated" and each.value > each.high} == {0, 1}


def test_a_run_can_be_cancelled_within() -> None:
    calls: list[int] = []

    def twice(_done: int, _total: int) -> bool:
        calls.append(1)
        return len(calls) < 3

    assert reference_run(SMALL, data_of(SMALL), 0, twice) is None
    assert len(calls) == 3
