"""Each rule detects its problem, and nothing is reported for healthy networks."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from msgspec.structs import replace
from msgspec.structs import replace as with_settings

from core.analysis.diagnosis import RULES, Case, examine
from core.analysis.diagnosis.finding import SEVERITIES
from core.analysis.diagnosis.words import number
from core.analysis.gradient_flow import (
    dead_neurons,
    delta_magnitudes,
    distinct_neurons,
    first_to_last,
    saturated_share,
    weight_gradient_norms,
)
from core.data.settings import DrawnSource
from core.experiment import Experiment
from core.experiment.presets import preset
from tests.core.analysis.diagnosis.support import (
    HEALTHY,
    ILL,
    Patient,
    findings,
    layers,
    network,
    relu,
    table_of_large_numbers,
    trained,
)

ENOUGH = 0.6
"""Share of the baseline's loss that a cured network must beat."""

CURED_EPOCHS = {
    "exploding": 20,
    "too_small": 60,
    "saturated": 200,
    "clones": 200,
    "vanishing": 100,
    "threshold": 100,
    "dead": 250,
}


@pytest.fixture(scope="module")
def ill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Experiment, Case]]:
    """For each rule a trained experiment and its case."""
    table = table_of_large_numbers(tmp_path_factory.mktemp("table"))
    every = {**ILL, "unscaled": (table, 5)}
    return {key: (experiment, trained(experiment, epochs)[0]) for key, (experiment, epochs) in every.items()}


@pytest.mark.parametrize("key", RULES)
def test_each_rule_detects_its_problem(ill: dict[str, tuple[Experiment, Case]], key: str) -> None:
    found = findings(ill[key][1])
    assert key in found
    finding = found[key]
    assert finding.severity in SEVERITIES
    assert finding.evidence.endswith(".")
    assert len(finding.evidence) < 260
    assert finding.numbers
    assert finding.is_problem == (key != "learned")


@pytest.mark.parametrize("key", [key for key in RULES if key != "learned"])
def test_the_cure_is_one_valid_change_after_which_the_rule_is_silent(
    ill: dict[str, tuple[Experiment, Case]], key: str
) -> None:
    experiment, case = ill[key]
    cure = findings(case)[key].cure
    assert cure is not None
    assert cure.change(experiment) != experiment
    patient = Patient(experiment)
    epochs = ILL[key][1] if key in ILL else 5
    patient.after(epochs)
    patient.take(cure)
    after = patient.after((0 if cure.rewinds else epochs) + CURED_EPOCHS.get(key, 60))
    assert key not in findings(after)
    assert "diverged" not in findings(after)
    assert after.remaining < ENOUGH


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_wrong_with_a_network_that_learns(name: str) -> None:
    for case in trained(HEALTHY[name], 0, 1, 3, 10, 30, 100):
        assert [key for key, finding in findings(case).items() if finding.is_problem] == []


def test_the_worst_comes_first(ill: dict[str, tuple[Experiment, Case]]) -> None:
    order = list(RULES)
    for _, case in ill.values():
        found = examine(case)
        assert found is not None
        ranks = [(SEVERITIES.index(each.severity), order.index(each.key)) for each in found]
        assert ranks == sorted(ranks)


def test_an_examination_can_be_cancelled(ill: dict[str, tuple[Experiment, Case]]) -> None:
    case = ill["clones"][1]
    assert examine(case, lambda done, _total: done < 2) is None


def test_non_finite_numbers_are_not_evidence(ill: dict[str, tuple[Experiment, Case]]) -> None:
    case = ill["vanishing"][1]
    broken = case.network.parameters.copy()
    broken[3] = np.nan
    assert findings(replace(case, network=replace(case.network, parameters=broken))) == {}
    assert findings(replace(case, train_loss=math.inf)) == {}


# -- the evidence holds the core's numbers -----------------------------------------------------------------------------


def test_divergence_names_step_layer_and_quantity(ill: dict[str, tuple[Experiment, Case]]) -> None:
    experiment, case = ill["diverged"]
    assert case.overflow is not None
    finding = findings(case)["diverged"]
    assert f"step {case.overflow.step}, {case.overflow.quantity} of {case.overflow.layer.lower()} " in finding.evidence
    assert finding.cure is not None
    rate = finding.cure.change(experiment).training.learning_rate
    assert case.initial_eigenvalue is not None
    assert 0.4 * 2.0 / case.initial_eigenvalue < rate <= 0.5 * 2.0 / case.initial_eigenvalue, "half the speed limit"
    assert finding.cure.rewinds


def test_after_a_divergence_the_overflowing_weights_are_no_evidence() -> None:
    _, case = _preset_after("exploding-gradient", 1)
    assert case.overflow is not None
    blown_up = replace(case, overflow=None)
    assert {"diverged"} == set(findings(case)) != set(findings(blown_up))
    _, wide = _preset_after("exploding-gradient", 0)
    assert "exploding" in findings(wide) or "too_large" in findings(wide)


def test_row08_too_wide_weights_are_named_as_the_cause_of_divergence() -> None:
    experiment, case = _preset_after("exploding-gradient", 1)
    finding = findings(case)["diverged"]
    assert "2 × as wide as suits the activation (hidden 1 to 10)" in finding.evidence
    assert finding.cure is not None
    assert finding.cure.label == "Use He normal"
    cured = finding.cure.change(experiment)
    assert {layer.gain for layer in cured.network.hidden} == {1.0}


def test_row15_clones_are_counted(ill: dict[str, tuple[Experiment, Case]]) -> None:
    _, case = ill["clones"]
    finding = findings(case)["clones"]
    assert dict(finding.numbers)["distinct neurons of hidden 1"] == distinct_neurons(case.network, 0) == 1
    assert "1 of 4 neurons of hidden 1 is distinct (initializer Constant)" in finding.evidence


def test_row07_the_vanishing_gradient_names_the_ratio_and_phi_as_its_cause(
    ill: dict[str, tuple[Experiment, Case]],
) -> None:
    experiment, case = ill["vanishing"]
    finding = findings(case)["vanishing"]
    numbers = dict(finding.numbers)
    assert numbers["first over last"] == first_to_last(weight_gradient_norms(case.network, case.gradients)) < 1e-4
    assert numbers["decades by φ′"] < -5.0 < numbers["decades by weights"]
    assert finding.cure is not None
    cured = finding.cure.change(experiment)
    assert {(layer.activation, layer.initializer) for layer in cured.network.hidden} == {("relu", "he_normal")}


def test_small_weights_let_the_signal_vanish_and_a_suited_initializer_cures_it() -> None:
    experiment = network(*layers(6, 8, gain=0.1))
    (case,) = trained(experiment, 10)
    finding = findings(case)["vanishing"]
    assert finding.evidence.startswith("δ₁ is ")
    assert dict(finding.numbers)["decades by weights"] < -4.0
    assert finding.cure is not None
    (after,) = trained(finding.cure.change(experiment), 60)
    assert after.remaining < 0.2


def test_a_plateau_of_two_relu_layers_is_no_vanishing_gradient() -> None:
    """All units are off for the samples that are still wrong, so their δ stops; the weights' gradients are alike."""
    stuck = network(*relu(2), data={"dataset": "xor", "standardize": True}, optimizer="adam", learning_rate=0.01)
    (case,) = trained(stuck, 100)
    assert case.remaining > 0.5
    assert first_to_last(delta_magnitudes(case.gradients)) < 1e-3
    assert first_to_last(case.gradient_norms) > 1.0
    assert findings(case) == {}


def test_a_cure_that_would_change_nothing_is_not_offered(ill: dict[str, tuple[Experiment, Case]]) -> None:
    experiment, case = ill["vanishing"]
    cure = findings(case)["vanishing"].cure
    assert cure is not None
    finding = findings(replace(case, experiment=cure.change(experiment)))["vanishing"]
    assert finding.cure is None


def test_row11_saturation_is_the_share_of_the_zone(ill: dict[str, tuple[Experiment, Case]]) -> None:
    _, case = ill["saturated"]
    finding = findings(case)["saturated"]
    assert finding.layer is not None
    expected = saturated_share(case.network, case.trace.pre_activations[finding.layer], finding.layer)
    assert dict(finding.numbers)[f"saturated share of hidden {finding.layer + 1}"] == expected
    assert f"{100 * expected:.0f}" in finding.evidence


def test_row07_a_signal_that_fades_with_the_gradient_is_reported_when_the_network_has_not_learned() -> None:
    narrow = network(*layers(6, 16, initializer="normal", gain=0.1))
    start, later = trained(narrow, 0, 10)
    assert findings(start) == {}
    assert later.remaining > 0.99
    finding = findings(later)["vanishing"]
    ratio = first_to_last(delta_magnitudes(later.gradients))
    assert 1e-3 < ratio < 1e-2
    assert dict(finding.numbers)["first over last"] == ratio
    assert finding.cure is not None
    (after,) = trained(finding.cure.change(narrow), 60)
    assert after.remaining < 0.2


def test_row12_dead_neurons_are_counted_and_leaky_revives_them_without_a_new_start(
    ill: dict[str, tuple[Experiment, Case]],
) -> None:
    experiment, case = ill["dead"]
    finding = findings(case)["dead"]
    layer = finding.layer
    assert layer is not None
    count = int(dead_neurons(case.network, case.trace.pre_activations[layer], layer).sum())
    assert finding.evidence.startswith(f"{count} of 3 neurons of hidden {layer + 1} ")
    assert finding.cure is not None
    assert (finding.cure.label, finding.cure.rewinds) == ("Use Leaky ReLU", False)
    assert "leaky_relu" in {each.activation for each in finding.cure.change(experiment).network.hidden}


def test_row11_a_threshold_says_how_many_layers_get_no_gradient(ill: dict[str, tuple[Experiment, Case]]) -> None:
    _, case = ill["threshold"]
    finding = findings(case)["threshold"]
    assert "W₁ and W₂ get no gradient" in finding.evidence
    assert not case.gradient_norms[:2].any()
    assert case.gradient_norms[2] > 0.0


def test_row05_a_step_beyond_the_stability_limit_is_reported_in_numbers(
    ill: dict[str, tuple[Experiment, Case]],
) -> None:
    experiment, case = ill["too_large"]
    finding = findings(case)["too_large"]
    numbers = dict(finding.numbers)
    assert numbers["limit"] == pytest.approx(2.0 / numbers["largest eigenvalue"])
    assert finding.cure is not None
    assert finding.cure.change(experiment).training.learning_rate <= 0.5 * numbers["limit"]


def test_unscaled_features_are_named(ill: dict[str, tuple[Experiment, Case]]) -> None:
    _, case = ill["unscaled"]
    finding = findings(case)["unscaled"]
    expected = math.sqrt(float(np.mean(case.data.x_train[:, 0] ** 2)))
    income = case.data.x_train[:, 0]
    shown = f"income has mean {number(float(income.mean()))} and standard deviation {number(float(income.std()))}: "
    assert finding.evidence.startswith(shown), "the inspector shows both"
    assert finding.feature == 0
    assert dict(finding.numbers)["largest root mean square"] == pytest.approx(expected)


def test_features_of_very_different_spread_are_named(ill: dict[str, tuple[Experiment, Case]]) -> None:
    case = ill["too_small"][1]
    X = case.trace.inputs[0] * np.array([1.0, 0.01])
    settings = with_settings(case.experiment, data=with_settings(case.experiment.data, standardize=False))
    uneven = replace(case, experiment=settings, trace=replace(case.trace, inputs=(X, *case.trace.inputs[1:])))
    finding = findings(uneven)["unscaled"]
    assert re.match(r"x₁ has standard deviation \S+, \S+ × that of x₂: ", finding.evidence)


def test_row10_weights_collapsed_by_a_penalty_are_not_reported_as_a_vanishing_gradient() -> None:
    (case,) = trained(network(*layers(2), l2=0.2, data={}), 200)
    found = findings(case)
    assert set(found) == {"penalty"}
    assert "the weights have shrunk to less than 1\u2009% of their initial size" in found["penalty"].evidence
    assert dict(found["penalty"].numbers)["size of the weights over the initial one"] < 0.01


def test_row10_a_penalty_is_compared_with_loss_and_gradient() -> None:
    (start,) = trained(network(*layers(2), l2=1.0, data={}), 0)
    assert "exceeds the training loss" in findings(start)["penalty"].evidence
    assert start.penalty > start.train_loss
    milder = trained(network(*layers(2), l2=0.1, data={}), 20)[0]
    numbers = dict(findings(milder)["penalty"].numbers)
    assert numbers["norm of its gradient"] > 0.9 * numbers["norm of the data's gradient"]


def test_row10_the_decay_of_adamw_is_judged_by_the_weights_alone() -> None:
    for l2, epochs in ((1.0, 0), (0.1, 20)):
        (case,) = trained(network(*layers(2), l2=l2, data={}), epochs)
        assert "penalty" in findings(case)
        adamw = with_settings(case.experiment.training, optimizer="adamw")
        decayed = replace(case, experiment=with_settings(case.experiment, training=adamw))
        assert "penalty" not in findings(decayed)
        shrunk = replace(case.network, parameters=1e-3 * case.network.parameters)
        assert "have shrunk to less than" in findings(replace(decayed, network=shrunk))["penalty"].evidence


def test_row09_overfitting_names_where_the_test_loss_was_lowest(ill: dict[str, tuple[Experiment, Case]]) -> None:
    _, case = ill["overfitting"]
    finding = findings(case)["overfitting"]
    lowest = int(np.argmin(case.test))
    assert dict(finding.numbers)["lowest test loss"] == case.test[lowest]
    assert f"at step {case.steps[lowest]:.0f}" in finding.evidence


def _preset_after(name: str, epochs: int) -> tuple[Experiment, Case]:

    experiment = preset(name)
    return experiment, trained(experiment, epochs)[0]


def test_a_loss_of_zero_is_no_overfitting() -> None:
    # All targets are 0, and so is the output: the test loss is as low as it was and as the training loss.
    points = tuple((0.1 * at, 0.0) for at in range(-20, 20))
    source = DrawnSource(points=points, task="regression", inputs=1)
    (case,) = trained(network(*layers(1, initializer="zeros"), data={"dataset": source}), 20)
    assert (case.train_loss, case.test_loss, case.baseline) == (0.0, 0.0, 0.0)
    assert "overfitting" not in findings(case)
    rising = replace(case, test=np.array([1e-9, *case.test[1:]]), test_loss=1e-8)
    assert "overfitting" not in findings(rising)
