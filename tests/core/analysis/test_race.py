"""Optimizers reach the known minima, noise makes the path longer, and momentum smooths it."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.race import Racer, Run, default_racers, race
from core.analysis.surfaces import NEAR, SURFACES, Surface
from core.formulas.optimizers import OPTIMIZERS

every_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda entry: entry.key)


@every_surface
def test_row19_the_results_of_a_run_follow_from_its_path(surface: Surface) -> None:
    racers = default_racers(surface)
    for run in race(surface, racers, surface.start, 600, 1):
        assert run.path.shape == (601, 2)
        assert tuple(run.path[0]) == surface.start
        assert not run.diverged
        np.testing.assert_array_equal(run.heights, surface.function(run.path[:, 0], run.path[:, 1]))
        distances = np.linalg.norm(run.path[:, np.newaxis] - np.array(surface.minima), axis=2).min(axis=1)
        if run.arrival is None:
            assert (distances > NEAR).all()
            assert run.minimum == -1
        else:
            assert distances[run.arrival] <= NEAR < distances[: run.arrival].min(initial=np.inf)
            assert np.linalg.norm(run.path[run.arrival] - surface.minima[run.minimum]) <= NEAR
        assert run.detour >= 1.0 - 1e-12 or np.isnan(run.detour)


@every_surface
def test_row19_some_racer_reaches_a_known_minimum(surface: Surface) -> None:
    runs = race(surface, default_racers(surface), surface.start, 3000, 1)
    assert any(run.arrival is not None for run in runs)


@pytest.mark.parametrize("key", ["bowl", "ravine"])
def test_row18_noise_zigzags(key: str) -> None:
    surface = SURFACES[key]
    detours = {run.racer.label: run.detour for run in race(surface, default_racers(surface), surface.start, 600, 1)}
    assert detours["gradient descent"] < 0.7 * detours["with noise"]


def test_row18_momentum_smooths_the_zigzag() -> None:
    surface = SURFACES["ravine"]
    detours = {run.racer.label: run.detour for run in race(surface, default_racers(surface), surface.start, 600, 1)}
    assert detours["noise, momentum"] < 0.5 * detours["with noise"]


def test_the_same_seed_gives_the_same_noise() -> None:
    surface = SURFACES["camel"]
    noisy = (Racer(label="a", optimizer="sgd", learning_rate=0.01, batch_size=1),)
    one, same, other = (race(surface, noisy, surface.start, 50, seed)[0].path for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_diverging_racer_is_reported() -> None:
    surface = SURFACES["bowl"]
    (run,) = race(surface, (Racer(label="fast", optimizer="sgd", learning_rate=10.0),), surface.start, 2000, 1)
    assert run.diverged
    assert run.arrival is None
    assert np.isnan(run.detour)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_can_race(key: str) -> None:
    surface = SURFACES["bowl"]
    (run,) = race(surface, (Racer(label=key, optimizer=key, learning_rate=0.05, momentum=0.5),), (1.0, 1.0), 200, 1)
    assert run.heights[-1] < run.heights[0]


def runs_by_name(key: str, start: tuple[float, float] | None = None) -> dict[str, Run]:
    surface = SURFACES[key]
    runs = race(surface, default_racers(surface), start or surface.start, 1000, 1)
    return {run.racer.name: run for run in runs}


def test_row19_the_racers_leave_the_saddle_as_its_explanation_says() -> None:
    assert "plain descent lingers there, noise and momentum leave it sooner" in SURFACES["saddle"].explanation
    arrivals = {name: run.arrival for name, run in runs_by_name("saddle").items()}
    slow = arrivals["gradient descent"]
    assert slow is not None
    for sooner in ("with noise", "momentum", "noise, momentum"):
        arrival = arrivals[sooner]
        assert arrival is not None
        assert arrival < slow
    assert SURFACES["saddle"].explanation.endswith("from y = 0 only noise does.")
    on_the_ridge = runs_by_name("saddle", (SURFACES["saddle"].start[0], 0.0)).values()
    assert all((run.arrival is not None) == bool(run.racer.batch_size) for run in on_the_ridge)


def test_row19_descent_creeps_along_the_ravine_as_its_explanation_says() -> None:
    assert "gradient descent creeps along the floor, momentum gets through sooner" in SURFACES["ravine"].explanation
    runs = runs_by_name("ravine")
    assert runs["gradient descent"].arrival is None
    assert runs["gradient descent"].detour < 1.5  # it does not bounce between the walls
    assert runs["momentum"].arrival is not None
