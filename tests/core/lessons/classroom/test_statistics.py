"""Quartiles and counts of a class agree with the standard library and with values computed by hand."""

from __future__ import annotations

import statistics

import numpy as np
import pytest

from core.lessons.classroom.statistics import choice_counts, sketch_band, spread
from core.lessons.sketches.axes import SketchAxes

LOG = SketchAxes("epoch", "loss", (0.0, 10.0), (1e-4, 1.0), log=True, by_layer=False)
LINEAR = SketchAxes("epoch", "accuracy", (0.0, 10.0), (0.0, 1.0), log=False, by_layer=False)


def test_quartiles_agree_with_the_standard_library() -> None:
    values = [3.0, 1.0, 4.0, 1.5, 9.0, 2.6]
    found = spread(values)
    assert [found.low, found.median, found.high] == pytest.approx(statistics.quantiles(values, method="inclusive"))
    assert spread([2.0]).high == 2.0


def test_quartiles_are_computed_where_sketches_have_values() -> None:
    x = np.array([0.0, 5.0, 10.0])
    sketches = [[(0.0, 1.0), (10.0, 1e-2)], [(0.0, 1e-2), (5.0, 1e-3)], [(0.0, 1e-1), (5.0, 1e-4)]]
    found = sketch_band(sketches, x, LOG)
    assert found.curves[0] == pytest.approx([0.0, -1.0, -2.0])
    assert found.median == pytest.approx([-1.0, -3.0, -2.0])
    assert found.low[0] == pytest.approx(statistics.quantiles([0.0, -2.0, -1.0], method="inclusive")[0])
    assert np.isnan(found.curves[1, 2])


def test_quartiles_are_undefined_without_sketches() -> None:
    x = np.array([0.0, 5.0, 10.0])
    found = sketch_band([[(0.0, 0.5), (5.0, 0.7)], [(0.0, 0.1), (5.0, 0.1)]], x, LINEAR)
    assert np.isnan(found.median).tolist() == [False, False, True]
    assert found.median[:2] == pytest.approx([0.3, 0.4])
    assert np.isnan(sketch_band([], x, LINEAR).median).all()
    assert np.isnan(sketch_band([[(0.0, -1.0)]], x, LOG).high).all()


def test_choices_are_counted() -> None:
    assert choice_counts([1, 3, 3], 3).tolist() == [1, 0, 2]
    assert choice_counts([], 2).tolist() == [0, 0]
