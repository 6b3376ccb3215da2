"""How an epoch is written, everywhere: in captions, file names, names of pins and readouts."""

from __future__ import annotations

from typing import Final

_DETAILED: Final = 100.0
"""Epochs below this one have two decimals, later ones one."""

_WHOLE: Final = 1e-6
"""Largest difference to a whole epoch that is a rounding error: no training set has a million batches."""


def epoch_text(epoch: float) -> str:
    """Return ``500``, ``12 000``, or, in the middle of an epoch, ``2.40`` or ``234.2``."""
    if abs(epoch - round(epoch)) < _WHOLE:
        return f"{round(epoch):,}".replace(",", "\u2009")
    return f"{epoch:,.{2 if epoch < _DETAILED else 1}f}".replace(",", "\u2009")
