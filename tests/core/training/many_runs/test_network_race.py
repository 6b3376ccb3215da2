"""Racers on a network are the trainer's own runs from one start, and their points lie at their true loss."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.landscape import mean_loss
from core.analysis.loss_surface import PLANES
from core.analysis.race import Racer, three_racers
from core.engine.engine_choice import EngineChoice
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.network import Network
from core.training.many_runs.network_race import NetworkRace, NetworkRun, raced
from core.training.trainer import Trainer
from tests.core.support import data_of

STEPS = 60
EXPERIMENT = Experiment()
DATA = data_of(EXPERIMENT)
RACERS = three_racers(0.03, 10, 0.03)


def finished(racers: tuple[Racer, ...] = RACERS, **options: object) -> tuple[NetworkRace, tuple[NetworkRun, ...]]:
    race = NetworkRace(EXPERIMENT, DATA, racers, STEPS, **options)  # type: ignore[arg-type]
    while not race.is_over:
        race.advance()
    return race, race.runs()


def test_row18_every_racer_is_the_trainers_run_from_the_same_start() -> None:
    _, runs = finished()
    for run in runs:
        trainer = Trainer(raced(EXPERIMENT, run.racer), DATA)
        for step, point, loss in zip(run.steps.tolist(), run.points, run.losses, strict=True):
            np.testing.assert_array_equal(point, trainer.parameters)
            assert trainer.step == step
            assert loss == mean_loss(trainer.network, DATA.x_train, DATA.y_train)
            trainer.run(1)
    assert len({run.points[0].tobytes() for run in runs}) == 1


def test_row18_mini_batches_zigzag_and_momentum_smooths_them() -> None:
    _, (whole, batches, momentum) = finished()
    straight = float(np.linalg.norm(whole.points[-1] - whole.points[0]))
    length = float(np.linalg.norm(np.diff(whole.points, axis=0), axis=1).sum())
    assert whole.detours[-1] == pytest.approx(length / straight, rel=1e-12)
    assert whole.detours[-1] < 0.7 * batches.detours[-1]
    assert momentum.detours[-1] < batches.detours[-1]


@pytest.mark.parametrize("choice", PLANES)
def test_row18_every_point_on_the_plane_has_its_true_loss(choice: str) -> None:
    race, runs = finished()
    pair = (int(np.argmax(np.ptp(np.concatenate([run.points for run in runs]), axis=0))), 3)
    found = race.plane(runs, 7, lambda _done, _every: True, choice, pair)
    assert found is not None
    plane = found.plane
    for row, column in ((0, 0), (3, 5), (6, 2)):
        point = (
            race.network.parameters
            + plane.first_offsets[column] * plane.first
            + plane.second_offsets[row] * plane.second
        )
        true = mean_loss(Network(race.network.architecture, point), DATA.x_train, DATA.y_train)
        assert plane.losses[row, column] == pytest.approx(true, rel=1e-12)
    for run, path, distances in zip(runs, found.paths, found.distances, strict=True):
        moved = run.points - race.network.parameters
        in_plane = np.outer(path[:, 0], plane.first) + np.outer(path[:, 1], plane.second)
        np.testing.assert_allclose(np.linalg.norm(moved - in_plane, axis=1), distances, atol=1e-9)
        np.testing.assert_allclose(path[0], 0.0, atol=1e-12)
        assert plane.first_offsets[0] < path[:, 0].min() <= path[:, 0].max() < plane.first_offsets[-1]
    assert (0.5 if choice == next(iter(PLANES)) else 0.0) < sum(found.explained) <= 1.0 + 1e-12
    if PLANES[choice].of_weights:
        assert [np.flatnonzero(each).tolist() for each in (plane.first, plane.second)] == [[pair[0]], [pair[1]]]
    assert race.plane(runs, 7, lambda _done, _every: False) is None


def test_the_plane_covers_other_points_on_request() -> None:
    race, runs = finished()
    own = race.plane(runs, 7, lambda _done, _every: True)
    assert own is not None
    far = race.network.parameters + 50.0 * own.plane.first - 20.0 * own.plane.second
    gone = np.full_like(far, np.inf)
    found = race.plane(runs, 7, lambda _done, _every: True, also=[np.stack([far, gone])])
    assert found is not None
    assert found.plane.first_offsets[-1] > 50.0
    assert found.plane.second_offsets[0] < -20.0
    assert np.isfinite(found.plane.first_offsets).all()
    np.testing.assert_array_equal(found.paths[0], own.paths[0])


def test_the_arrival_is_the_first_step_at_the_goal() -> None:
    race, runs = finished(share=0.9)
    assert race.goal == pytest.approx(0.9 * runs[0].losses[0], rel=1e-15)
    arrived = [run for run in runs if run.arrival is not None]
    assert arrived
    for run in arrived:
        assert run.arrival is not None
        assert run.losses[run.arrival] <= race.goal < run.losses[: run.arrival].min()
    for run in set(runs) - set(arrived):
        assert run.losses.min() > race.goal


def test_all_can_start_from_given_weights() -> None:
    start = np.random.default_rng(1).normal(size=Trainer(EXPERIMENT, DATA).architecture.size)
    before = start.copy()
    race, runs = finished(start=start)
    for run in runs:
        np.testing.assert_array_equal(run.points[0], before)
        assert not np.array_equal(run.points[-1], before)
    np.testing.assert_array_equal(start, before)
    np.testing.assert_array_equal(race.network.parameters, before)


def test_a_racer_that_diverges_stops_and_the_others_continue() -> None:
    experiment = replace(
        EXPERIMENT,
        network=NetworkSettings(hidden=(HiddenLayer(units=4, activation="relu"),), output_activation="identity"),
    )
    racers = (Racer(optimizer="sgd", learning_rate=1e6), Racer(optimizer="sgd", learning_rate=0.01))
    race = NetworkRace(experiment, data_of(experiment), racers, STEPS)
    while not race.is_over:
        race.advance()
    fast, slow = race.runs()
    assert fast.diverged
    assert len(fast.losses) < STEPS + 1 == len(slow.losses)
    assert not slow.diverged
    assert np.isfinite(fast.points).all()


def test_a_large_network_keeps_fewer_points(monkeypatch: pytest.MonkeyPatch) -> None:
    size = Trainer(EXPERIMENT, DATA).architecture.size
    monkeypatch.setattr("core.training.many_runs.network_race.MAX_NUMBERS", 15 * size)
    _, runs = finished()
    for run in runs:
        assert run.steps.tolist() == list(range(0, STEPS + 1, 4))
        assert len(run.losses) == STEPS + 1


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize(
    ("activation", "dropout", "rate"), [("tanh", 0.0, 0.03), ("prelu", 0.3, 0.03), ("relu", 0.0, 1e200)]
)
def test_many_steps_in_one_call_are_the_same_to_the_bit(
    engine: EngineChoice, activation: str, dropout: float, rate: float
) -> None:
    layers = (HiddenLayer(units=5, activation=activation, dropout=dropout),) * 2
    experiment = replace(EXPERIMENT, network=NetworkSettings(hidden=layers))
    racers = (Racer(optimizer="sgd", learning_rate=rate, batch_size=7), *RACERS)
    runs = []
    for stride in (1, 17):
        race = NetworkRace(experiment, DATA, racers, STEPS, engine=engine)
        while not race.is_over:
            race.advance(stride)
        assert race.step == STEPS
        runs.append(race.runs())
    assert runs[0][0].diverged == (rate > 1.0)
    for one, many in zip(*runs, strict=True):
        for name in ("steps", "points", "losses", "detours"):
            np.testing.assert_array_equal(getattr(one, name), getattr(many, name), err_msg=name)
        assert (one.arrival, one.diverged) == (many.arrival, many.diverged)


def test_a_call_takes_fewer_steps_of_a_larger_network() -> None:
    strides = []
    for units in (2, 40, 400):
        experiment = replace(EXPERIMENT, network=NetworkSettings(hidden=(HiddenLayer(units=units),) * 2))
        strides.append(NetworkRace(experiment, DATA, RACERS, STEPS).stride)
    assert strides == sorted(strides, reverse=True)
    assert strides[0] > strides[-1] == 1
