"""Norms of many rows equal the norm of each row bit for bit, also at the limits of float64."""

from __future__ import annotations

import numpy as np

from core.arrays import norm, norms


def test_the_norms_of_rows_are_the_norm_of_each() -> None:
    rows = np.random.default_rng(1).normal(size=(40, 57)) * np.logspace(-320, 307, 40)[:, np.newaxis]
    rows[3], rows[4, 2], rows[5, 2], rows[6, 1] = 0.0, np.inf, np.nan, -np.inf
    np.testing.assert_array_equal(norms(rows), [norm(row) for row in rows])
    np.testing.assert_array_equal(norms(np.zeros((2, 0))), [0.0, 0.0])
