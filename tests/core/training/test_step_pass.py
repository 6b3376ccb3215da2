"""The pass of one step: each sample has its own masks, and no other sample has any."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.sample import Sample
from core.training.step_pass import StepPass

KEPT = np.array([[2.0, 0.0, 2.0], [0.0, 0.0, 2.0]])
STEP = StepPass(7, np.array([5, 3]), (1.0, KEPT), np.zeros(4), np.zeros(4))


@pytest.mark.parametrize(("row", "place"), [(5, 0), (3, 1)])
def test_row09_a_sample_of_the_step_has_its_own_masks(row: int, place: int) -> None:
    masks = STEP.masks_of(Sample(row))
    assert masks is not None
    assert masks[0] == 1.0
    assert np.asarray(masks[1]).tolist() == [KEPT[place].tolist()]
    assert [STEP.drops_neuron(0, neuron, Sample(row)) for neuron in range(3)] == (KEPT[place] == 0.0).tolist()
    assert not STEP.drops_neuron(-1, 0, Sample(row))
    assert not STEP.drops_neuron(1, 0, Sample(row)), "nothing is dropped behind the last layer"


@pytest.mark.parametrize("sample", [Sample(4), Sample(5, is_test=True), None])
def test_other_samples_have_none(sample: Sample | None) -> None:
    assert STEP.masks_of(sample) is None
    assert not STEP.drops_neuron(0, 1, sample)


def test_a_step_without_dropout_drops_nothing() -> None:
    assert STEP.drops
    assert not StepPass(7, np.array([5]), (1.0, 0.5), np.zeros(4), np.zeros(4)).drops
