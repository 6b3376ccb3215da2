"""The frames of an animation, their durations, and the moments of a run at which they are drawn."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import numpy as np

from playground.export.png_writer import Pixels

Encoded: TypeAlias = Callable[[int, int], None]
"""Called with (frames encoded, frames in total)."""

TICK: Final = 10
"""Durations are multiples of this, in ms, because GIF allows no others."""

LAST_DURATION: Final = 2000
"""Duration of the last frame in ms, so that the result can be read before the animation starts over."""

MAX_FRAMES: Final = 1000
FRAME_RATES: Final = (1, 50)
"""Minimum and maximum number of frames per second; browsers slow down a GIF with more than 50."""


class Frames:
    """The frames of an animation, kept compressed, because a thousand of them would not fit into memory.

    Attributes:
        size: width and height in pixels.
        duration: duration of every frame but the last, in ms.
    """

    def __init__(self, size: tuple[int, int], rate: int) -> None:
        """Start without frames; ``rate`` is their number per second, rounded to what a GIF can have."""
        self.size = size
        self.duration = max(TICK, round(1000 / rate / TICK) * TICK)
        self._packed: list[bytes] = []

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[Pixels]:
        width, height = self.size
        for packed in self._packed:
            yield np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, width, 3)

    def add(self, pixels: Pixels) -> None:
        """Append a frame.

        Raises:
            ValueError: its size is another.
        """
        width, height = self.size
        if pixels.shape != (height, width, 3):
            raise ValueError(f"expected a frame of {width} × {height} pixels, got {pixels.shape}")
        self._packed.append(zlib.compress(pixels.tobytes(), 1))

    @property
    def durations(self) -> tuple[int, ...]:
        """The duration of each frame in ms."""
        return (*[self.duration] * (len(self) - 1), LAST_DURATION) if self._packed else ()


def log_spaced(epochs: int, count: int) -> tuple[int, ...]:
    """Return ``count`` different epochs from 0 to ``epochs``, or all if there are fewer, whose ratio is constant.

    Early epochs, of which not enough exist for a constant ratio, follow one another without a gap.
    """
    chosen = [0]
    while chosen[-1] < epochs:
        left = count - len(chosen)
        if left <= 0:
            break
        last = max(chosen[-1], 1)
        ratio = (epochs / last) ** (1 / left)
        chosen.append(min(epochs, max(chosen[-1] + 1, round(last * ratio))))
    return tuple(chosen)


def evenly_spaced(epochs: int, every: int) -> tuple[int, ...]:
    """Return 0, ``every``, twice ``every``, … and the last epoch."""
    return tuple(dict.fromkeys((*range(0, epochs, every), epochs)))
