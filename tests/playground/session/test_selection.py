"""Selections: existence, the selected parameter, and one name in every view."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.network_view.layout.shape import Shape, shape_of
from playground.session.selection import Names, Selection, index_of, known_counts, selection_of

COUNTS = (2, 4, 3, 1)


@pytest.mark.parametrize(
    ("selection", "there"),
    [
        (Selection("feature", -1, 1), True),
        (Selection("feature", -1, 2), False),
        (Selection("feature", 0, 0), False),
        (Selection("neuron", -1, 0), False),
        (Selection("neuron", 0, 3), True),
        (Selection("neuron", 0, 4), False),
        (Selection("bias", 2, 0), True),
        (Selection("bias", 3, 0), False),
        (Selection("weight", 1, 2, 3), True),
        (Selection("weight", 1, 2, 4), False),
        (Selection("weight", 0, 0, -1), False),
        (Selection("weight", 0, -1, 0), False),
    ],
)
def test_a_selection_exists_only_within_the_network(selection: Selection, there: bool) -> None:
    assert selection.exists_in(COUNTS) is there


def test_unknown_widths_reject_nothing() -> None:
    counts = known_counts(Experiment())
    assert counts == (None, 4, 2, None)
    assert Selection("feature", -1, 99).exists_in(counts)
    assert Selection("neuron", 2, 9).exists_in(counts)
    assert not Selection("neuron", 1, 2).exists_in(counts)


@pytest.mark.parametrize("shape", ["default", "iris", "one layer", "sine"])
def test_each_parameter_has_one_selection_and_back(snapshots: dict[str, Snapshot], shape: str) -> None:
    architecture = snapshots[shape].network.architecture
    found = 0
    for index in range(architecture.size):
        selection = selection_of(architecture, index)
        if selection is not None:
            found += 1
            assert index_of(architecture, selection) == index
            assert selection.exists_in((architecture.inputs, *(layer.fan_out for layer in architecture.layers)))
    assert found == sum(layer.fan_in * layer.fan_out + layer.fan_out for layer in architecture.layers)


@pytest.mark.parametrize("shape", ["default", "iris", "one layer", "sine"])
def test_inspector_and_picture_use_the_same_names(snapshots: dict[str, Snapshot], shape: str) -> None:
    snapshot = snapshots[shape]
    names = Names.of(snapshot.network.architecture, snapshot.data)
    picture: Shape = shape_of(snapshot.experiment, snapshot)
    for column, count in enumerate(names.counts):
        for neuron in range(count):
            assert picture.called.of_neuron(column, neuron) == names.of_neuron(column, neuron)


def test_outputs_have_the_names_of_their_classes(snapshots: dict[str, Snapshot]) -> None:
    names = Names.of(snapshots["iris"].network.architecture, snapshots["iris"].data)
    last = len(names.counts) - 2
    assert names.title(Selection("neuron", last, 0)) == "Output · setosa"
    assert names.title(Selection("bias", last, 2)) == "Bias of output · virginica"


@pytest.mark.parametrize(
    ("shape", "neuron", "expected"),
    [
        ("default", Selection("neuron", 1, 1), ("H 2 · 2",)),
        ("default", Selection("neuron", 2, 0), ()),
        ("default", Selection("feature", -1, 1), ("x₂",)),
    ],
)
def test_headings_of_neurons_have_forms_for_narrow_cards(
    snapshots: dict[str, Snapshot], shape: str, neuron: Selection, expected: tuple[str, ...]
) -> None:
    names = Names.of(snapshots[shape].network.architecture, snapshots[shape].data)
    assert names.short_titles(neuron) == expected
    last = len(snapshots["iris"].network.architecture.layers) - 1
    iris = Names.of(snapshots["iris"].network.architecture, snapshots["iris"].data)
    assert iris.short_titles(Selection("neuron", last, 2)) == ("virginica",)
