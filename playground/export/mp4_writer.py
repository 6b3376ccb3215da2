"""Write an animation as MP4 (H.264), with PyAV, which is an optional extra."""

from __future__ import annotations

import importlib.util
import io
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import numpy as np

from playground.export.animation_frames import Encoded, Frames, Pixels

PACKAGE: Final = "av"
EXTRA: Final = "mp4"

_QUALITY: Final = "18"
"""Constant rate factor of x264, from 0 (lossless) to 51; text and thin lines are clean at 18."""

_BT709: Final = 1
"""Number of the colour space of HDTV, which players assume for large pictures, in ITU-T H.273."""

_LIMITED: Final = 1
"""Number of the usual range of brightness, 16 to 235."""


def missing_package() -> str:
    """Return a sentence on how to install what MP4 needs, or an empty one if it is there."""
    if importlib.util.find_spec(PACKAGE) is not None:
        return ""
    return f"MP4 requires an optional package: pip install 'nn-playground[{EXTRA}]'"


def mp4_of(frames: Frames, encoded: Encoded) -> bytes:
    """Return the content of an MP4 file.

    The frames have equal durations, which every player supports, so the last one is repeated until its time is over.
    """
    import av  # imported late: optional

    width, height = frames.size
    rate = Fraction(1000, frames.duration)
    buffer = io.BytesIO()
    # Without the date and the encoder's name, the same frames give the same bytes.
    with av.open(buffer, "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        # Chroma has half the resolution, so sides must be even.
        stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
        stream.time_base = 1 / rate
        context = stream.codec_context
        context.options = {"crf": _QUALITY, "preset": "medium", "tune": "animation", "flags": "+bitexact"}
        context.thread_count = 1
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED
        for number, pixels in enumerate(_repeated(frames)):
            frame = av.VideoFrame.from_ndarray(_even(pixels), format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
            encoded(min(number + 1, len(frames)), len(frames))
        container.mux(stream.encode())
    return buffer.getvalue()


def frame_count(frames: int, durations: tuple[int, int]) -> int:
    """Return how many pictures an MP4 of ``frames`` frames has; ``durations`` are those of a frame and of the last, in ms."""
    usual, last = durations
    return frames - 1 + math.ceil(last / usual)


def _repeated(frames: Frames) -> Iterator[Pixels]:
    last: list[Pixels] = []
    for pixels in frames:
        last = [pixels]
        yield pixels
    if last:
        yield from last * (frame_count(len(frames), (frames.duration, frames.durations[-1])) - len(frames))


def _even(pixels: Pixels) -> Pixels:
    """Return ``pixels`` with even sides, by repeating the last row or column."""
    height, width, _ = pixels.shape
    return np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
