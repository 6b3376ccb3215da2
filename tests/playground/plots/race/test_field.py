"""The parts of a path that a surface in 3-D hides."""

from __future__ import annotations

import numpy as np

from playground.plots.race.field import runs_of


def test_the_parts_of_a_path_that_a_surface_hides_are_drawn_by_themselves() -> None:
    assert runs_of(np.array([True, True, False, True])) == [(0, 2), (2, 4)]
    assert runs_of(np.array([False, True, True])) == [(0, 3)], "with the point from which the line comes"
    assert runs_of(np.zeros(3, dtype=np.bool_)) == []
