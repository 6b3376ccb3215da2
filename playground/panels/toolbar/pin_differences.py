"""Show in the toolbar how its numbers differ from those of the compared pinned run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from playground.style.numbers import signed, thousands

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.panels.toolbar.read_out import ReadOut
    from playground.session.pins import Pins


def show_differences(
    read_outs: tuple[ReadOut, ReadOut, ReadOut, ReadOut], pins: Pins, snapshot: Snapshot | None
) -> bool:
    """Show the differences of epoch, losses and accuracy between ``snapshot`` and the compared pin.

    Returns:
        Whether the width of a readout changed.
    """
    pin = pins.compared
    before = read_outs[0].minimumWidth()
    if pin is None or snapshot is None:
        for read_out in read_outs:
            read_out.show_difference(None)
        return read_outs[0].minimumWidth() != before
    other = pin.run.snapshot
    now, then = snapshot.scores, other.scores
    epochs = round(snapshot.epoch - other.epoch)
    texts = (
        _with_sign(thousands(epochs), epochs),
        _loss(now.train_loss - then.train_loss),
        _loss(now.test_loss - then.test_loss),
        _points(now.test_accuracy - then.test_accuracy),
    )
    for read_out, text in zip(read_outs, texts, strict=True):
        read_out.show_difference(f"Δ {text}" if text else "")
    return read_outs[0].minimumWidth() != before


def _with_sign(text: str, value: float) -> str:
    return f"+{text}" if value > 0 else text


def _loss(value: float) -> str:
    """Format a difference of losses with its sign and as many decimals as the losses; empty if it is not finite."""
    if not math.isfinite(value):
        return ""
    if 0.0001 <= abs(value) < 100.0:
        return _with_sign(f"{value:.4f}".replace("-", "−"), value)
    return signed(value, 3)


def _points(value: float) -> str:
    return (
        ""
        if not math.isfinite(value)
        else _with_sign(f"{100.0 * value:.1f}".replace("-", "−"), round(value, 4)) + " pp"
    )
