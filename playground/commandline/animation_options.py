"""The options of an animation on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import Struct

from core.errors import PlaygroundError
from playground.export.animation.formats import ANIMATION_FORMATS, AnimationFormat, animation_format_of
from playground.export.animation.frames import FRAME_RATES, MAX_FRAMES, evenly_spaced, log_spaced

FRAMES: Final = 60
RATE: Final = 8
SIZE: Final = "960x540"

Animate = Annotated[
    str | None,
    typer.Option(
        "--animate",
        metavar="NAME",
        help=f"Write an animation of the run; NAME ends in {' or '.join(f'.{key}' for key in ANIMATION_FORMATS)}, and is in DIR "
        f"unless it has a folder of its own. Its size is {SIZE} unless --size is given. Axes follow the data of each frame.",
    ),
]
FrameCount = Annotated[
    int | None,
    typer.Option("--frames", metavar="N", help=f"Number of frames, at log-spaced epochs; by default {FRAMES}."),
]
Every = Annotated[
    int | None, typer.Option("--every", metavar="N", help="A frame every N epochs, instead of log-spaced frames.")
]
Rate = Annotated[
    int | None, typer.Option("--fps", metavar="N", help=f"Frames per second of the animation; by default {RATE}.")
]


class AnimationOptions(Struct, frozen=True, kw_only=True):
    """What an animation shows and when.

    Attributes:
        name: name of the file; with several pictures, their keys are appended to its stem.
        kind: its format.
        moments: epochs of the frames, ascending; the last is the end of the run.
        rate: frames per second.
        size: width and height in pixels.
    """

    name: str
    kind: AnimationFormat
    moments: tuple[int, ...]
    rate: int
    size: tuple[int, int]


def animation_options(
    name: str | None,
    epochs: int,
    frames: int | None,
    every: int | None,
    rate: int | None,
    size: tuple[int, int],
) -> AnimationOptions | None:
    """Return the checked options, or ``None`` without a ``name`` of the file.

    Raises:
        PlaygroundError: one is out of bounds, or two contradict each other.
    """
    if name is None:
        for option, value in (("--frames", frames), ("--every", every), ("--fps", rate)):
            if value is not None:
                raise PlaygroundError(f"{option} requires an animation; add --animate NAME.gif")
        return None
    moments = _moments(epochs, frames, every)
    low, high = FRAME_RATES
    if rate is not None and not low <= rate <= high:
        raise PlaygroundError(f"--fps: expected a whole number from {low} to {high}, got {rate}")
    kind = animation_format_of(Path(name), size)
    return AnimationOptions(name=name, kind=kind, moments=moments, rate=rate or RATE, size=size)


def _moments(epochs: int, frames: int | None, every: int | None) -> tuple[int, ...]:
    if frames is not None and every is not None:
        raise PlaygroundError("give either --frames or --every, not both")
    if frames is not None and not 2 <= frames <= MAX_FRAMES:
        raise PlaygroundError(f"--frames: expected a whole number from 2 to {MAX_FRAMES}, got {frames}")
    if every is None:
        return log_spaced(epochs, frames or FRAMES)
    if every < 1:
        raise PlaygroundError(f"--every: expected a whole number of at least 1, got {every}")
    if -(-epochs // every) >= MAX_FRAMES:
        least = -(-epochs // (MAX_FRAMES - 1))
        raise PlaygroundError(
            f"--every: an animation has at most {MAX_FRAMES} frames; for {epochs} epochs take at least {least}"
        )
    return evenly_spaced(epochs, every)
