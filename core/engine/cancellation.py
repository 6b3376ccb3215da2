"""Let another thread end a training step before it is done."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class StepCancelled(Exception):  # noqa: N818 - not an error
    """A step was cancelled; nothing has changed."""


class Cancellation:
    """A request to end the current step, checked between layers by either engine."""

    def __init__(self) -> None:
        self._requested = False
        self._flag = np.zeros(1, dtype=np.uint64)

    @property
    def is_requested(self) -> bool:
        """Whether the current step is to end."""
        return self._requested

    def request(self) -> None:
        """End the current step, and any later one until :meth:`clear`; from any thread."""
        self._requested = True
        self._flag[0] = 1

    def clear(self) -> None:
        """Withdraw the request, so that further steps run."""
        self._requested = False

    def watch(self, flag: npt.NDArray[np.uint64]) -> None:
        """Set ``flag`` (1,), which compiled code reads, to 1 on request."""
        self._flag = flag
        if self._requested:  # checked last, so that no request is missed
            flag[0] = 1

    def check(self) -> None:
        """Raise :class:`StepCancelled` on request."""
        if self._requested:
            raise StepCancelled
