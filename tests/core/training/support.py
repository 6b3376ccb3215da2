"""Comparisons shared by the tests of training."""

from __future__ import annotations

import numpy as np

from core.training.training_state import TrainingState


def assert_same_state(state: TrainingState, expected: TrainingState) -> None:
    """Compare two training states bit by bit."""
    for name in TrainingState.__struct_fields__:
        a, b = getattr(state, name), getattr(expected, name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, name
            assert a.tobytes() == b.tobytes(), name
        else:
            assert a == b, name
