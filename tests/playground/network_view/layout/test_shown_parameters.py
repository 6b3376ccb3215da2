"""What is read for all layers at once agrees with what each layer gives by itself."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.training.snapshot import Snapshot
from playground.network_view.edges.values import EdgeValue, all_strengths, gap_values, strengths
from playground.network_view.layout.geometry import Layout, Request, lay_out
from playground.network_view.layout.shown_parameters import ShownParameters
from playground.network_view.nodes.biases import bias_signs
from playground.network_view.nodes.colour_scales import hidden_targets, target_scales
from playground.network_view.nodes.tiles import heat_map_tiles
from playground.style.theme import LIGHT
from playground.widgets.heat_map import colours_of, resampling
from tests.playground.factory import snapshot_of

HIDDEN = (HiddenLayer(units=60), HiddenLayer(units=3, activation="relu"), HiddenLayer(units=5, activation="relu"))


@pytest.fixture
def snapshot() -> Snapshot:
    """A trained network, too wide to be shown whole, one of whose layers has only negative biases."""
    made = snapshot_of(Experiment(network=NetworkSettings(hidden=HIDDEN)), steps=5)
    made.network.bias(1)[:] = (-0.5, 0.0, np.nan)
    return made


@pytest.fixture
def layout() -> Layout:
    """A layout in which the first hidden layer is scrolled by 20 neurons."""
    return lay_out(Request(counts=(2, 60, 3, 5, 1), width=816, height=400, scale=1.0, scroll={1: 20}))


@pytest.mark.parametrize("shows", ["weight", "gradient", "update"])
def test_edges_of_all_layers_at_once_are_those_of_each_layer(
    snapshot: Snapshot, layout: Layout, shows: EdgeValue
) -> None:
    assert layout.columns[1].first == 20
    assert layout.columns[1].shown < 60
    shown = ShownParameters().of(snapshot.network.architecture, layout)
    assert shown is not None
    found = all_strengths(snapshot, shows, layout, 0.5, shown)
    for gap, values in enumerate(found):
        expected = strengths(gap_values(snapshot, shows, layout, gap), 0.5)
        assert values.shape == expected.shape
        assert (values == expected).all()
        assert values.any()


def test_bias_signs_of_all_layers_at_once_are_those_of_each_layer(snapshot: Snapshot, layout: Layout) -> None:
    shown = ShownParameters().of(snapshot.network.architecture, layout)
    found = bias_signs(snapshot, layout, shown)
    assert [each.tolist() for each in found] == [each.tolist() for each in bias_signs(snapshot, layout)]
    assert found[2].tolist() == [-1, 0, 0]
    assert len(found[0]) == 0


def test_a_layout_of_another_shape_has_no_indices(snapshot: Snapshot, layout: Layout) -> None:
    known = ShownParameters()
    other = lay_out(Request(counts=(2, 60, 4, 5, 1), width=816, height=400, scale=1.0, scroll={}))
    assert known.of(snapshot.network.architecture, other) is None
    assert known.of(snapshot.network.architecture, layout) is not None


@pytest.mark.parametrize("value", [3.0, np.inf])
def test_scales_of_all_layers_at_once_are_those_of_each_layer(snapshot: Snapshot, layout: Layout, value: float) -> None:
    assert snapshot.plane is not None
    activations = [np.array(each) for each in snapshot.plane.activations]
    activations[1][:, :, 0] = value
    changed = replace(snapshot, plane=replace(snapshot.plane, activations=tuple(activations)))
    targets = hidden_targets(changed, layout.columns)
    assert sorted(targets) == [2, 3]  # the first layer and the output are bounded
    for index, target in targets.items():
        assert target == pytest.approx(target_scales(changed, index - 1, activations[index - 1]), rel=1e-12)


@pytest.mark.parametrize("side", [4, 7, 24, 40])
def test_a_heat_map_of_any_size_interpolates_all_points(side: int) -> None:
    values = np.random.default_rng(1).normal(size=(24, 20, 3))
    table = LIGHT.sign_table()
    tiles = heat_map_tiles([values], np.ones(3), side, table)
    upright = values.transpose(2, 0, 1)[:, ::-1]
    expected = colours_of(resampling(24, side) @ upright @ resampling(20, side).T, 1.0, table)
    for shift in (16, 8, 0):
        difference = (tiles >> shift & 0xFF).astype(np.int64) - (expected >> shift & 0xFF).astype(np.int64)
        assert np.abs(difference).max() <= 2  # single precision may round to the next of 256 colours
