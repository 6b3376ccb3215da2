"""The progress of a run, apart from its parameters."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct, field

from core.arrays import Integers

NO_ORDER: Final = np.zeros(0, dtype=np.int64)
"""The order of samples between two epochs."""


class Progress(Struct):
    """The training progress apart from the parameters."""

    step: int = 0
    epoch: int = 0
    position: int = 0
    order: Integers = field(default_factory=lambda: NO_ORDER)
    update_count: int = 0
