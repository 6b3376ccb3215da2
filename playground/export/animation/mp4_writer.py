"""Write an animation as MP4 (H.264), with PyAV, which is an optional extra."""

from __future__ import annotations

import importlib.util
import io
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from playground.export.animation.frames import Encoded, Frames
from playground.export.png_writer import Pixels

PACKAGE: Final = "av"
EXTRA: Final = "mp4"

_QUALITY: Final = "18"
"""Constant rate factor of x264, from 0 (lossless) to 51; text and thin lines are clean at 18."""

_BT709: Final = 1
"""Number of the colour space of HDTV, which players assume for large pictures, in ITU-T H.273."""

_LIMITED: Final = 1
"""Number of the usual range of brightness, 16 to 235."""


_LUMA: Final = (0.2126, 0.7152, 0.0722)
"""Weights of red, green and blue in the brightness of HDTV, in ITU-R BT.709."""


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
            frame = av.VideoFrame.from_ndarray(yuv420_of(_even(pixels)), format="yuv420p")
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


def yuv420_of(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """Return RGB ``pixels`` as planes Y, Cb and Cr with half the resolution in colour, one below the other.

    With K = (0.2126, 0.7152, 0.0722), Y' = K·(R, G, B), Y = 16 + 219·Y', Cb = 128 + 224·(B − Y') / 1.8556 and
    Cr = 128 + 224·(R − Y') / 1.5748, for components from 0 to 1 (ITU-R BT.709, limited range). The converter of FFmpeg reads
    beyond the ends of rows, so that equal frames gave different bytes.

    Args:
        pixels: the picture, (H, W, 3), with even sides.

    Returns:
        The planes, (3·H / 2, W).
    """
    height, width, _ = pixels.shape
    rgb = pixels.astype(np.float32) / np.float32(255)
    luma = rgb @ np.array(_LUMA, np.float32)
    quarters = rgb.reshape(height // 2, 2, width // 2, 2, 3).mean(axis=(1, 3))
    mean = quarters @ np.array(_LUMA, np.float32)
    blue = 128 + 224 * (quarters[..., 2] - mean) / (2 - 2 * _LUMA[2])
    red = 128 + 224 * (quarters[..., 0] - mean) / (2 - 2 * _LUMA[0])
    values = np.concatenate([(16 + 219 * luma).ravel(), blue.ravel(), red.ravel()])
    planes: npt.NDArray[np.uint8] = np.rint(values).astype(np.uint8).reshape(3 * height // 2, width)
    return planes


def _even(pixels: Pixels) -> Pixels:
    """Return ``pixels`` with even sides, by repeating the last row or column."""
    height, width, _ = pixels.shape
    return np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
