"""Activations: derivatives compared with differences, closed forms, PyTorch's values, and no overflow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.arrays import Floats
from core.formulas.activations import (
    ACTIVATIONS,
    OUTPUT_ACTIVATIONS,
    SOFTMAX,
    Activation,
    saturated,
    softmax,
    softmax_backward,
)
from tests.core.support import golden

GOLDEN = golden("registries")
ENTRIES = list(ACTIVATIONS.values())
WITH_ALPHA = [entry for entry in ENTRIES if entry.alpha is not None]
# No point is within a difference step of 0, where some have a kink.
GRID = np.linspace(-8.03, 7.97, 321)
EXTREMES = np.array([-1e300, -1000.0, -37.5, -1.0, -1e-300, 0.0, 5e-324, 1e-16, 1.0, 37.5, 1000.0, 1e300])

every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)


def alphas(entry: Activation) -> list[float]:
    return [0.0] if entry.alpha is None else [entry.alpha, 0.0, 0.7, 2.5]


def test_the_keys_are_those_of_the_contract_in_menu_order() -> None:
    names = "identity threshold sigmoid tanh relu leaky_relu prelu elu selu gelu swish softplus mish"
    assert list(ACTIVATIONS) == names.split()
    assert list(OUTPUT_ACTIVATIONS) == [*ACTIVATIONS, "softmax"]


def test_default_alphas_and_learned_alphas() -> None:
    assert {entry.key: entry.alpha for entry in WITH_ALPHA} == {
        "leaky_relu": 0.01,
        "prelu": 0.25,
        "elu": 1.0,
        "swish": 1.0,
    }
    assert [entry.key for entry in ENTRIES if entry.learns_alpha] == ["prelu"]
    assert all(bool(entry.alpha_label) == bool(entry.alpha_hint) == (entry.alpha is not None) for entry in ENTRIES)


@pytest.mark.parametrize("entry", OUTPUT_ACTIVATIONS.values(), ids=lambda entry: entry.key)
def test_exactly_the_bounded_activations_stay_between_minus_one_and_one(entry: Activation) -> None:
    z = np.concatenate([GRID, EXTREMES])
    outputs = entry.function(np.stack([z, -z, 0.5 * z], axis=1), 0.0 if entry.alpha is None else entry.alpha)
    assert entry.bounded == bool(np.all(np.abs(outputs) <= 1.0))


@pytest.mark.parametrize("entry", OUTPUT_ACTIVATIONS.values(), ids=lambda entry: entry.key)
def test_class_targets_are_within_the_range_of_the_activation(entry: Activation) -> None:
    assert (entry.class_coding == "one_hot") == entry.row_wise
    if entry.bounded:
        lowest = float(entry.function(np.stack([GRID, -GRID], axis=1), 0.0).min())
        assert (entry.class_coding == "signed") == (lowest < -0.5)
    else:
        assert entry.class_coding == "signed"


@every_entry
def test_row13_derivative_agrees_with_central_differences(entry: Activation) -> None:
    step = 1e-5
    for alpha in alphas(entry):
        slope = (entry.function(GRID + step, alpha) - entry.function(GRID - step, alpha)) / (2 * step)
        np.testing.assert_allclose(entry.derivative(GRID, alpha), slope, rtol=1e-8, atol=1e-9)


@every_entry
def test_second_derivative_agrees_with_central_differences(entry: Activation) -> None:
    step = 1e-5
    for alpha in alphas(entry):
        slope = (entry.derivative(GRID + step, alpha) - entry.derivative(GRID - step, alpha)) / (2 * step)
        np.testing.assert_allclose(entry.second_derivative(GRID, alpha), slope, rtol=1e-8, atol=1e-9)
        if entry.learns_alpha:
            change = (entry.derivative(GRID, alpha + step) - entry.derivative(GRID, alpha - step)) / (2 * step)
            np.testing.assert_allclose(entry.derivative_alpha(GRID, alpha), change, rtol=1e-8, atol=1e-9)


@every_entry
def test_alpha_derivative_agrees_with_central_differences(entry: Activation) -> None:
    step = 1e-5
    for alpha in alphas(entry):
        slope = (entry.function(GRID, alpha + step) - entry.function(GRID, alpha - step)) / (2 * step)
        np.testing.assert_allclose(entry.alpha_derivative(GRID, alpha), slope, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("entry", OUTPUT_ACTIVATIONS.values(), ids=lambda entry: entry.key)
def test_nothing_overflows_and_every_result_is_a_new_array(entry: Activation) -> None:
    z = EXTREMES.reshape(4, 3)
    for function in (
        entry.function,
        entry.derivative,
        entry.second_derivative,
        entry.alpha_derivative,
        entry.derivative_alpha,
    ):
        kept = z.copy()
        result = function(z, 0.3)
        assert result.shape == z.shape
        assert result.dtype == np.float64
        assert np.all(np.isfinite(result))
        assert not np.shares_memory(result, z)
        np.testing.assert_array_equal(z, kept)


@every_entry
def test_value_and_slope_match_pytorch(entry: Activation) -> None:
    z = GOLDEN["activations/z"]
    alpha = entry.alpha or 0.0
    value, slope = GOLDEN[f"activations/{entry.key}/value"], GOLDEN[f"activations/{entry.key}/slope"]
    assert 0.0 in z  # the kinks are part of the comparison
    np.testing.assert_allclose(entry.function(z, alpha), value, rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(entry.derivative(z, alpha), slope, rtol=1e-14, atol=1e-14)


def test_row13_prelu_alpha_gradient_matches_pytorch() -> None:
    mine = np.sum(ACTIVATIONS["prelu"].alpha_derivative(GOLDEN["activations/z"], 0.25))
    np.testing.assert_allclose(mine, GOLDEN["activations/prelu/alpha_gradient"][0], rtol=1e-13)


def test_softmax_forward_and_backward_match_pytorch() -> None:
    A = softmax(GOLDEN["softmax/Z"])
    np.testing.assert_allclose(A, GOLDEN["softmax/A"], rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(softmax_backward(A, GOLDEN["softmax/dA"]), GOLDEN["softmax/dZ"], rtol=1e-13, atol=1e-15)


@every_entry
def test_largest_slope_is_the_documented_one(entry: Activation) -> None:
    slopes = np.abs(entry.derivative(np.linspace(-30.0, 30.0, 600_001), entry.alpha or 0.0))
    assert np.max(slopes) <= entry.max_slope * (1.0 + 1e-15)
    assert np.max(slopes) == pytest.approx(entry.max_slope, rel=1e-8)


def test_row02_a_neuron_fires_above_its_threshold() -> None:
    z = np.array([-0.1, 0.0, 0.1])
    fires = {entry.key: list(entry.function(z, entry.alpha or 0.0) > entry.fires_above) for entry in ENTRIES}
    assert fires["sigmoid"] == fires["relu"] == fires["leaky_relu"] == fires["tanh"] == [False, False, True]
    assert fires["threshold"] == [False, True, True]
    assert {entry.key for entry in ENTRIES if entry.fires_above == 0.5} == {"sigmoid", "threshold"}


def test_row07_the_slope_of_the_sigmoid_is_at_most_a_quarter() -> None:
    slope = ACTIVATIONS["sigmoid"].derivative(np.linspace(-20, 20, 4001), 0.0)
    assert np.max(slope) == 0.25 == slope[2000]
    assert np.sum(slope == 0.25) == 1


def test_row08_a_weight_of_500_makes_the_factor_exactly_125() -> None:
    assert ACTIVATIONS["sigmoid"].derivative(np.zeros(1), 0.0)[0] * 500.0 == 125.0


def test_row11_tanh_is_the_notes_formula_and_its_slope_is_1_only_at_0() -> None:
    z = np.linspace(-5.0, 5.0, 1001)
    e = np.exp(-2.0 * z)
    np.testing.assert_allclose(ACTIVATIONS["tanh"].function(z, 0.0), (1 - e) / (1 + e), rtol=1e-12, atol=1e-15)
    slope = ACTIVATIONS["tanh"].derivative(z, 0.0)
    assert np.all((slope > 0.0) & (slope <= 1.0))
    assert list(np.flatnonzero(slope == 1.0)) == [500]


def test_row11_the_threshold_passes_no_gradient() -> None:
    np.testing.assert_array_equal(ACTIVATIONS["threshold"].function(np.array([-1e-9, 0.0, 2.0]), 0.0), [0, 1, 1])
    assert not np.any(ACTIVATIONS["threshold"].derivative(EXTREMES, 0.0))
    assert np.all(saturated(EXTREMES, 0.0, ACTIVATIONS["threshold"]))


def test_row12_relu_has_slope_0_or_1_and_leaky_relu_never_0() -> None:
    z = np.array([-3.0, 0.0, 2.0])
    np.testing.assert_array_equal(ACTIVATIONS["relu"].derivative(z, 0.0), [0.0, 0.0, 1.0])
    np.testing.assert_array_equal(ACTIVATIONS["leaky_relu"].derivative(z, 0.01), [0.01, 0.01, 1.0])


@given(arrays(np.float64, array_shapes(max_dims=2), elements=st.floats(-1e6, 1e6)))
def test_row13_prelu_with_alpha_0_is_relu_and_with_001_leaky(z: Floats) -> None:
    relu, leaky, prelu = (ACTIVATIONS[key] for key in ("relu", "leaky_relu", "prelu"))
    np.testing.assert_array_equal(prelu.function(z, 0.0), relu.function(z, 0.0))
    np.testing.assert_array_equal(prelu.derivative(z, 0.0), relu.derivative(z, 0.0))
    np.testing.assert_array_equal(prelu.function(z, 0.01), leaky.function(z, 0.01))


def test_row13_closed_forms_of_smooth_activations() -> None:
    z = np.linspace(-6.0, 6.0, 97)
    sigma = 1.0 / (1.0 + np.exp(-z))
    expected = {
        "sigmoid": sigma,
        "swish": z * sigma,
        "softplus": np.log(1.0 + np.exp(z)),
        "mish": z * np.tanh(np.log(1.0 + np.exp(z))),
        "elu": np.where(z > 0, z, np.exp(z) - 1.0),
    }
    for key, values in expected.items():
        np.testing.assert_allclose(ACTIVATIONS[key].function(z, 1.0), values, rtol=1e-12, atol=1e-15)


def test_tails_keep_their_relative_accuracy() -> None:
    z = np.array([-700.0, -40.0, -20.0])
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].function(z, 0.0), np.exp(z), rtol=1e-8)
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].derivative(-z, 0.0), np.exp(z), rtol=1e-8)
    np.testing.assert_allclose(ACTIVATIONS["tanh"].derivative(z / 2, 0.0), 4.0 * np.exp(z), rtol=1e-8)


finite_rows = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=7), elements=st.floats(-1000, 1000))


@given(finite_rows, st.floats(-1000, 1000))
def test_row14_softmax_sums_to_one_and_ignores_a_shift(Z: Floats, shift: float) -> None:
    A = softmax(Z)
    assert np.all((A >= 0.0) & (A <= 1.0))
    np.testing.assert_allclose(A.sum(axis=1), 1.0, rtol=1e-14)
    # The shift itself is rounded, by half a unit in the last place of a number up to 2000, for two entries.
    np.testing.assert_allclose(softmax(Z + shift), A, rtol=1e-11, atol=1e-300)
    assert np.all(np.take_along_axis(A, Z.argmax(axis=1)[:, None], axis=1)[:, 0] == A.max(axis=1))


def test_row14_softmax_at_plus_and_minus_1000() -> None:
    A = softmax(np.array([[1000.0, -1000.0, 1000.0], [-1000.0, -1000.0, -1000.0]]))
    np.testing.assert_allclose(A, [[0.5, 0.0, 0.5], [1 / 3, 1 / 3, 1 / 3]], rtol=1e-15)


def test_softmax_backward_is_the_jacobian_times_the_gradient() -> None:
    rng = np.random.default_rng(3)
    Z, dA = rng.normal(0.0, 2.0, (4, 5)), rng.normal(size=(4, 5))
    expected, step = np.empty_like(Z), 1e-6
    for k in range(5):
        nudge = step * np.eye(5)[k]
        expected[:, k] = np.sum(dA * (softmax(Z + nudge) - softmax(Z - nudge)), axis=1) / (2 * step)
    np.testing.assert_allclose(softmax_backward(softmax(Z), dA), expected, atol=1e-9)


def test_the_softmax_entry_has_the_common_interface() -> None:
    Z = np.random.default_rng(4).normal(size=(3, 4))
    np.testing.assert_array_equal(SOFTMAX.function(Z, 0.0), softmax(Z))
    diagonal = [softmax_backward(softmax(Z), np.tile(np.eye(4)[k], (3, 1)))[:, k] for k in range(4)]
    np.testing.assert_allclose(SOFTMAX.derivative(Z, 0.0), np.transpose(diagonal), rtol=1e-13)
    assert [entry.key for entry in OUTPUT_ACTIVATIONS.values() if entry.row_wise] == ["softmax"]


def test_saturated_means_below_a_twentieth_of_the_largest_slope() -> None:
    # σ′(z) = 0.0125 at z = ln of the larger root of e² + (2 − 80)·e + 1.
    edge = np.log(39.0 + np.sqrt(39.0**2 - 1.0))
    z = np.array([-edge - 1e-9, -edge + 1e-9, 0.0, edge - 1e-9, edge + 1e-9])
    np.testing.assert_array_equal(saturated(z, 0.0, ACTIVATIONS["sigmoid"]), [True, False, False, False, True])
    assert ACTIVATIONS["sigmoid"].zone == "saturated"


def test_the_dead_zone_of_the_relu_family_is_where_the_slope_is_0() -> None:
    z = np.array([-2.0, 0.0, 1.0])
    np.testing.assert_array_equal(saturated(z, 0.0, ACTIVATIONS["relu"]), [True, True, False])
    assert not np.any(saturated(z, 0.01, ACTIVATIONS["leaky_relu"]))
    np.testing.assert_array_equal(saturated(z, 0.0, ACTIVATIONS["prelu"]), [True, True, False])
    assert ACTIVATIONS["relu"].zone == "dead"


def test_saturation_of_elu_is_relative_to_its_current_alpha() -> None:
    # With α = 40 the largest slope is 40, so a slope of 1 counts as saturated.
    elu = ACTIVATIONS["elu"]
    np.testing.assert_array_equal(saturated(np.array([-4.0, -1.0, 1.0]), 40.0, elu), [True, False, True])
    np.testing.assert_array_equal(saturated(np.array([-4.0, -1.0, 1.0]), 1.0, elu), [True, False, False])


def test_row13_swish_goes_from_half_of_z_to_relu_as_alpha_grows() -> None:
    swish, z = ACTIVATIONS["swish"], np.linspace(-5.0, 5.0, 101)
    np.testing.assert_allclose(swish.function(z, 0.0), z / 2.0)
    np.testing.assert_allclose(swish.function(z, 1.0), z / (1.0 + np.exp(-z)), rtol=1e-14)
    np.testing.assert_allclose(swish.function(z, 200.0), np.maximum(z, 0.0), atol=2e-3)


@pytest.mark.parametrize("alpha", [-10.0, -1.0, 0.5, 10.0])
def test_the_largest_slope_of_swish_does_not_depend_on_alpha(alpha: float) -> None:
    swish = ACTIVATIONS["swish"]
    slopes = np.abs(swish.derivative(np.linspace(-80.0, 80.0, 800_001), alpha))
    assert slopes.max() == pytest.approx(swish.max_slope, rel=1e-5)
    far = np.array([-1e308, 1e308])
    with np.errstate(over="ignore"):
        assert np.isfinite(swish.derivative(far, alpha)).all()
        assert np.isfinite(swish.alpha_derivative(far, alpha)).all()
