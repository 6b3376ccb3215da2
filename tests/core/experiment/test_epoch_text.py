"""Epochs are written alike everywhere, with as many digits as say something."""

from __future__ import annotations

import pytest

from core.experiment.epoch_text import epoch_text


@pytest.mark.parametrize(
    ("epoch", "text"),
    [
        (0.0, "0"),
        (500.0, "500"),
        (12_000.0, "12\u2009000"),
        (2.4, "2.40"),
        (99.996, "100.00"),
        (234.1904762, "234.2"),
        (12_345.67, "12\u2009345.7"),
        (0.1 + 0.2 + 0.7, "1"),
        (2.9999999999, "3"),
    ],
)
def test_whole_epochs_have_no_decimals_and_others_one_or_two(epoch: float, text: str) -> None:
    assert epoch_text(epoch) == text
