"""The surfaces: gradients match the functions, and the known minima are minima and are found."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.surfaces import SURFACES, Surface, descend, minima_found, nearest_minimum, random_starts
from core.formulas.optimizers import OPTIMIZERS

every_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=list(SURFACES))


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@every_surface
def test_gradient_agrees_with_central_differences(surface: Surface) -> None:
    x, y = random_starts(surface, 400, rng=rng()).T
    h = 1e-6
    by_x, by_y = surface.gradient(x, y)
    steepest = max(np.abs(by_x).max(), np.abs(by_y).max())
    slope = (surface.function(x + h, y) - surface.function(x - h, y)) / (2 * h)
    np.testing.assert_allclose(by_x, slope, rtol=1e-7, atol=1e-8 * steepest)
    slope = (surface.function(x, y + h) - surface.function(x, y - h)) / (2 * h)
    np.testing.assert_allclose(by_y, slope, rtol=1e-7, atol=1e-8 * steepest)


@every_surface
def test_known_minima_are_minima_with_the_lowest_first(surface: Surface) -> None:
    angle = np.linspace(0.0, 2 * np.pi, 60)
    heights = [float(surface.function(np.array(x), np.array(y))) for x, y in surface.minima]
    for (x, y), height in zip(surface.minima, heights, strict=True):
        assert np.hypot(*surface.gradient(np.array(x), np.array(y))) < 1e-11
        assert np.all(surface.function(x + 0.01 * np.cos(angle), y + 0.01 * np.sin(angle)) > height)
        assert surface.x_range[0] < x < surface.x_range[1]
        assert surface.y_range[0] < y < surface.y_range[1]
    grid = np.meshgrid(np.linspace(*surface.x_range, 300), np.linspace(*surface.y_range, 300))
    lowest = surface.function(*grid).min()
    assert heights[0] == min(heights) <= lowest


def test_row19_all_four_minima_of_himmelblau_are_reached_and_lie_at_zero() -> None:
    surface = SURFACES["himmelblau"]
    found = minima_found(surface, "sgd", random_starts(surface, 200, rng=rng()), 0.005, 0.0, 2000, rng=rng())
    assert set(found) == {0, 1, 2, 3}
    assert np.bincount(found).min() > 20
    assert [surface.function(*map(np.array, minimum)) for minimum in surface.minima] == pytest.approx(
        [0.0] * 4, abs=1e-20
    )


@every_surface
def test_row19_known_minima_are_reached(surface: Surface) -> None:
    """Adam, whose steps do not shrink on a plateau, reaches a minimum from every start; together the runs reach all."""
    starts = random_starts(surface, 300, rng=rng())
    found = minima_found(surface, "adam", starts, 0.05, 0.0, 6000, rng=rng())
    assert set(found) == set(range(len(surface.minima)))


def test_row19_a_bad_start_ends_in_a_local_minimum_that_noise_can_leave() -> None:
    surface = SURFACES["camel"]
    heights = [float(surface.function(np.array(x), np.array(y))) for x, y in surface.minima]
    shallowest = int(np.argmax(heights))
    starts = np.tile(np.array(surface.minima[shallowest]) + 0.05, (50, 1))
    assert set(minima_found(surface, "sgd", starts, 0.01, 0.0, 1000, rng=rng())) == {shallowest}
    noisy = descend(surface, "sgd", starts, 0.01, 0.0, 1000, 10.0, rng=rng())[-1]
    settled = minima_found(surface, "sgd", noisy, 0.01, 0.0, 1000, rng=rng())
    assert np.mean(settled == shallowest) < 0.5


def test_row05_descent_in_the_bowl_diverges_exactly_above_two_over_the_largest_curvature() -> None:
    bowl = SURFACES["bowl"]
    start = np.array([1.0, 1.0])
    curvature = 4.0
    below = descend(bowl, "sgd", start, 0.99 * 2 / curvature, 0.0, 400, rng=rng())
    above = descend(bowl, "sgd", start, 1.01 * 2 / curvature, 0.0, 400, rng=rng())
    assert np.abs(below[-1]).max() < 1e-3
    assert np.abs(above[-1]).max() > 1e3
    # Every step opposes the gradient, also in the diverging run.
    for path in (below, above):
        gradients = np.column_stack(bowl.gradient(path[:-1, 0], path[:-1, 1]))
        np.testing.assert_array_equal(np.sign(np.diff(path, axis=0)), -np.sign(gradients))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_descend_uses_the_registered_optimizers(key: str) -> None:
    surface = SURFACES["himmelblau"]
    path = descend(surface, key, np.array([0.5, -1.0]), 0.01, 0.8, 30, rng=rng())
    assert path.shape == (31, 2)
    w, a, b = np.array([0.5, -1.0]), np.zeros(2), np.zeros(2)
    for step in range(1, 31):
        g = np.array(surface.gradient(w[0], w[1]))
        w, a, b = OPTIMIZERS[key].update(w, g, a, b, step, 0.01, 0.0, *OPTIMIZERS[key].arguments({"momentum": 0.8}))
        np.testing.assert_array_equal(path[step], w)


def test_simultaneous_runs_equal_separate_runs() -> None:
    surface = SURFACES["camel"]
    starts = random_starts(surface, 5, rng=rng())
    together = descend(surface, "nesterov", starts, 0.01, 0.9, 50, rng=rng())
    for run, start in enumerate(starts):
        np.testing.assert_array_equal(together[:, run], descend(surface, "nesterov", start, 0.01, 0.9, 50, rng=rng()))


def test_noise_is_drawn_from_the_generator() -> None:
    surface, start = SURFACES["plateau"], np.array([30.0, 30.0])  # where the gradient itself is 0
    path = descend(surface, "sgd", start, 0.1, 0.0, 2000, 2.0, rng=rng(7))
    np.testing.assert_array_equal(path, descend(surface, "sgd", start, 0.1, 0.0, 2000, 2.0, rng=rng(7)))
    steps = np.diff(path, axis=0)
    assert steps.std() == pytest.approx(0.1 * 2.0, rel=0.05)
    assert abs(steps.mean()) < 0.02
    np.testing.assert_array_equal(descend(surface, "sgd", start, 0.1, 0.0, 5, rng=rng()), np.tile(start, (6, 1)))


def test_a_diverging_run_finds_no_minimum_and_does_not_warn() -> None:
    path = descend(SURFACES["ravine"], "sgd", np.array([-1.2, 1.0]), 0.1, 0.0, 200, rng=rng())
    assert not np.isfinite(path[-1]).all()
    np.testing.assert_array_equal(nearest_minimum(SURFACES["ravine"], path[-1:]), [-1])
    np.testing.assert_array_equal(path[0], [-1.2, 1.0])


def test_nearest_minimum_must_be_within_the_tolerance() -> None:
    points = np.array([[3.0, 2.05], [3.0, 2.2], [-2.8, 3.1]])
    np.testing.assert_array_equal(nearest_minimum(SURFACES["himmelblau"], points), [0, -1, 1])


def test_starts_fill_the_domain() -> None:
    surface = SURFACES["bowl"]
    starts = random_starts(surface, 2000, rng=rng())
    for values, (low, high) in zip(starts.T, (surface.x_range, surface.y_range), strict=True):
        assert low <= values.min() < low + 0.05
        assert high - 0.05 < values.max() <= high
