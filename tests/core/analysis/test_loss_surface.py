"""The loss on a plane through the current parameters, and the path at its true loss."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from msgspec.structs import replace as replace_field

from core.analysis import loss_surface as surfaces
from core.analysis.landscape import mean_loss, path_directions
from core.analysis.loss_surface import PLANES, LossSurface, OtherRun, Request, explained, loss_surface
from core.arrays import Floats
from core.engine.evaluation import NumpyEvaluator
from core.experiment import Experiment, TrainingSettings
from core.network import Network
from core.training.training_run import new_trainer


def request_for(steps: int = 60, side: int = 9) -> Request:
    trainer = new_trainer(Experiment(training=TrainingSettings(learning_rate=0.1)), engine="numpy")
    points = [trainer.parameters]
    for _ in range(steps // 5):
        trainer.run(5)
        points.append(trainer.parameters)
    data = trainer.data
    return Request(trainer.network, data.x_train, data.y_train, tuple(points), (0, 5), 1, side)


def surface_of(request: Request, choice: str) -> LossSurface:
    surface = loss_surface(request, choice, lambda _done, _every: True)
    assert surface is not None
    return surface


@pytest.mark.parametrize("choice", PLANES)
def test_each_point_of_the_surface_is_the_loss_at_its_parameters(choice: str) -> None:
    request = request_for()
    plane = surface_of(request, choice).plane
    for row, column in ((0, 0), (4, 4), (8, 3)):
        place: Floats = (
            request.network.parameters
            + plane.first_offsets[column] * plane.first
            + plane.second_offsets[row] * plane.second
        )
        expected = mean_loss(Network(request.network.architecture, place), request.X, request.Y)
        assert plane.losses[row, column] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("choice", PLANES)
def test_row18_every_point_of_the_path_has_its_true_loss_and_distance(choice: str) -> None:
    request = request_for()
    surface = surface_of(request, choice)
    path, plane = surface.path, surface.plane
    assert path is not None
    assert len(path.losses) == len(request.points)
    for index, point in enumerate(request.points):
        assert path.losses[index] == pytest.approx(
            mean_loss(Network(request.network.architecture, point), request.X, request.Y), rel=1e-12
        )
        seen = request.network.parameters + path.first[index] * plane.first + path.second[index] * plane.second
        assert path.distances[index] == pytest.approx(np.linalg.norm(point - seen), abs=1e-9)
    assert (path.first[-1], path.second[-1], path.distances[-1]) == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)
    for offsets, along in ((plane.first_offsets, path.first), (plane.second_offsets, path.second)):
        assert offsets[0] <= along.min() <= along.max() <= offsets[-1], "the surface contains the path"


def test_principal_components_explain_most_of_the_path() -> None:
    request = request_for()
    shares = {choice: surface_of(request, choice).explained for choice in PLANES}
    assert sum(shares["path"]) > max(sum(shares["random"]), sum(shares["weights"]))
    assert 0.9 < sum(shares["path"]) <= 1.0 + 1e-12
    points = np.stack(request.points)
    values = np.linalg.svd(points - points.mean(axis=0), compute_uv=False) ** 2
    assert shares["path"] == pytest.approx(tuple(values[:2] / values.sum()), rel=1e-9)


def test_the_plane_of_two_weights_varies_only_those() -> None:
    plane = surface_of(request_for(), "weights").plane
    assert np.flatnonzero(plane.first).tolist() == [0]
    assert np.flatnonzero(plane.second).tolist() == [5]


def test_a_surface_without_training_has_no_path() -> None:
    request = request_for(steps=0)
    for choice in PLANES:
        surface = surface_of(request, choice)
        assert surface.path is None
        assert np.isfinite(surface.plane.losses).all()
        assert np.isnan(surface.explained).all()


def test_before_any_step_the_plane_of_the_path_has_random_directions() -> None:
    request = request_for(steps=0)
    surface, expected = surface_of(request, "path"), surface_of(request, "random")
    assert (surface.choice, surface.spanned_by) == ("path", "random")
    np.testing.assert_array_equal(surface.plane.first, expected.plane.first)
    np.testing.assert_array_equal(surface.plane.losses, expected.plane.losses)
    moved = request_for()
    assert surface_of(moved, "path").spanned_by == "path"
    other = OtherRun(moved.network.architecture, moved.X, moved.Y, moved.points)
    assert surface_of(replace_field(request, others=(other,)), "path").spanned_by == "path"


def test_across_a_straight_path_the_surface_is_as_wide_as_along_it() -> None:
    whole = request_for(steps=5)
    assert len(whole.points) == 2, "the start and the current parameters"
    plane = surface_of(whole, "path").plane
    moved = float(np.linalg.norm(whole.points[1] - whole.points[0]))
    for offsets in (plane.first_offsets, plane.second_offsets):
        assert np.ptp(offsets) == pytest.approx(1.5 * moved), "a quarter of it beyond each end"
    assert np.ptp(plane.losses, axis=0).max() > 1e-6 * plane.losses.max(), "it is not one curve"


def test_computation_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = surface_of(request_for(), "path")
    monkeypatch.setattr(surfaces, "NUMBERS_TOGETHER", 0)  # a part for each row
    np.testing.assert_allclose(surface_of(request_for(), "path").plane.losses, whole.plane.losses, rtol=1e-12)
    calls = []

    def advance(done: int, every: int) -> bool:
        calls.append((done, every))
        return done < 3

    assert loss_surface(request_for(), "path", advance) is None
    assert calls == [(0, 9), (1, 9), (2, 9), (3, 9)]


@pytest.mark.parametrize("choice", PLANES)
def test_paths_of_other_runs_keep_their_own_true_loss_and_lie_on_the_surface(choice: str) -> None:
    request, other = request_for(), request_for(steps=20)
    experiment = Experiment(training=TrainingSettings(learning_rate=0.1))
    hidden = tuple(replace(layer, activation="relu") for layer in experiment.network.hidden)
    relu = new_trainer(
        replace(experiment, network=replace(experiment.network, hidden=hidden)), engine="numpy"
    ).architecture
    broken = np.full(len(other.points[0]), np.nan)
    run = OtherRun(relu, other.X, other.Y, (*other.points, broken))
    surface = surface_of(replace_field(request, others=(run,)), choice)
    (path,) = surface.others
    plane = surface.plane
    assert len(path.losses) == len(other.points)
    for index, point in enumerate(other.points):
        assert path.losses[index] == pytest.approx(mean_loss(Network(relu, point), other.X, other.Y), rel=1e-12)
        seen = request.network.parameters + path.first[index] * plane.first + path.second[index] * plane.second
        assert path.distances[index] == pytest.approx(np.linalg.norm(point - seen), abs=1e-9)
    for offsets, along in ((plane.first_offsets, path.first), (plane.second_offsets, path.second)):
        assert offsets[0] <= along.min() <= along.max() <= offsets[-1]


def test_another_run_does_not_change_the_path_of_this_one() -> None:
    request = request_for()
    alone = surface_of(request, "random").path
    other = OtherRun(request.network.architecture, request.X, request.Y, request.points[:3])
    together = surface_of(replace_field(request, others=(other,)), "random").path
    assert alone is not None
    assert together is not None
    np.testing.assert_array_equal(alone.first, together.first)
    np.testing.assert_array_equal(alone.losses, together.losses)


def test_an_evaluator_computes_the_same_surface_and_path() -> None:
    request = request_for(side=5)
    expected = surface_of(request, "path")
    found = surface_of(replace_field(request, evaluator=NumpyEvaluator()), "path")
    np.testing.assert_allclose(found.plane.losses, expected.plane.losses, rtol=1e-12)
    assert found.path is not None
    assert expected.path is not None
    np.testing.assert_allclose(found.path.losses, expected.path.losses, rtol=1e-12)


def test_shares_of_huge_movements_are_those_of_small_ones() -> None:
    rng = np.random.default_rng(1)
    moved, first, second = rng.normal(size=(5, 4)), rng.normal(size=4), rng.normal(size=4)
    with np.errstate(all="raise"):
        assert explained(1e200 * moved, first, second) == pytest.approx(explained(moved, first, second), rel=1e-12)


def test_the_explained_fractions_are_those_of_the_variance() -> None:
    rng = np.random.default_rng(3)
    points = 5.0 + rng.normal(size=(30, 6)).cumsum(axis=0)  # far from the origin: the variance is about the mean
    first, second = path_directions(points)
    covariance = np.cov(points.T)
    expected = [each @ covariance @ each / np.trace(covariance) for each in (first, second)]
    assert explained(points, first, second) == pytest.approx(expected, rel=1e-12)
    assert explained(points - points[-1], first, second) == pytest.approx(expected, rel=1e-12)
    assert explained(np.ones((3, 6)), first, second) == (0.0, 0.0)
