"""Digests of arrays: by their numbers, and computed once for each array."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest

from core.training.array_digests import ArrayDigests


def test_equal_numbers_have_equal_digests_and_others_do_not() -> None:
    digests, values = ArrayDigests(), np.arange(6.0)
    assert digests.of(values) == digests.of(values.copy())
    assert digests.of(values) == digests.of(np.arange(12.0)[::1][:6])
    for other in (values[::-1], values[:5], values + 1e-15, np.array([0.0, 1.0, 2.0, 3.0, 5.0, 4.0])):
        assert digests.of(other) != digests.of(values)
    assert digests.of(np.array([0.0])) != digests.of(np.array([-0.0])), "resuming must be exact to the bit"
    assert digests.of(np.zeros(0)) != digests.of(np.zeros(1))


def test_an_array_is_hashed_once_and_a_new_one_at_its_address_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[int] = []

    def counted(content: Any) -> Any:
        hashed.append(1)
        return original(content)

    original = hashlib.sha256
    monkeypatch.setattr(hashlib, "sha256", counted)
    digests, values = ArrayDigests(), np.arange(6.0)
    assert digests.of(values) == digests.of(values)
    assert len(hashed) == 1
    found = set()
    for number in range(50):  # many of them get the memory and the id of the one before
        found.add(digests.of(np.full(6, float(number))))
    assert len(found) == 50
