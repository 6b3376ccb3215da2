"""A burst draws the same numbers as its steps one by one."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine.draws import Draws


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("epochs", [0, 1, 7])
def test_orders_drawn_together_equal_orders_drawn_one_by_one(epochs: int, *, shuffle: bool) -> None:
    together, apart = Draws.seeded(5, 1), Draws.seeded(5, 1)
    orders = np.empty((epochs, 251), dtype=np.int64)
    together.fill_with_orders(orders, shuffle=shuffle)
    assert orders.shape == (epochs, 251)
    for order in orders:
        np.testing.assert_array_equal(order, apart.order(251, shuffle=shuffle))
    assert together.batches.bit_generator.state == apart.batches.bit_generator.state
