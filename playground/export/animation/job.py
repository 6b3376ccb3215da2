"""The description of an animation that another process creates, and the lines that this process prints."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct

from core.data.sample import Sample
from playground.session.selection import Selection
from playground.style.theme_names import ThemeName

MODULE: Final = "playground.commandline.animate_job"
"""The module to run for a job; its only argument is the file with the job."""

DRAWING: Final = "drawing"
"""First word of the lines that the program prints while it draws, followed by (done, total)."""

WRITING: Final = "writing"
"""First word of the lines that it prints while it writes, followed by (done, total)."""

DONE: Final = "done"
"""The line that it prints at the end."""

FAILED: Final = "failed"
"""First word of the line that it prints on an error, followed by a sentence."""


class Tile(Struct, frozen=True):
    """A card in the picture of a window.

    Attributes:
        key: key of the card.
        left: left edge, as a fraction of the picture's width.
        top: upper edge, as a fraction of its height.
        width: as a fraction.
        height: as a fraction.
    """

    key: str
    left: float
    top: float
    width: float
    height: float


class AnimationJob(Struct, frozen=True, kw_only=True):
    """An animation of a run that is trained from the start.

    Attributes:
        experiment: content of an Experiment file, whose paths are absolute.
        path: the file to write; its suffix is that of a format.
        tiles: the cards; a single one fills the picture without the frame of a window.
        moments: epochs of the frames, ascending; the last is the end of the run.
        rate: frames per second.
        size: width and height in pixels.
        theme: key of the colours.
        captioned: whether to describe the run in one line below the picture.
        keeps: whether to include the experiment in the file.
        views: file with the view options of the cards.
        selection: the selected neuron or weight.
        sample: the selected sample.
        axes: the two inputs along which the input space is shown; ``None`` for the default.
    """

    experiment: str
    path: str
    tiles: tuple[Tile, ...]
    moments: tuple[int, ...]
    rate: int
    size: tuple[int, int]
    theme: ThemeName
    captioned: bool
    keeps: bool
    views: str
    selection: Selection | None = None
    sample: Sample | None = None
    axes: tuple[int, int] | None = None

    def encode(self) -> bytes:
        """Return the content of a file with this job."""
        return msgspec.json.encode(self)


def decode_job(content: bytes) -> AnimationJob:
    """Return the job in ``content``, which this program wrote."""
    return msgspec.json.decode(content, type=AnimationJob)
