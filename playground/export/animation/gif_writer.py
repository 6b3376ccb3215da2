"""Write an animation as GIF: one palette for all frames, without dithering, which would flicker.

Pillow compresses the frames; the blocks around them are written here, because Pillow merges identical frames into one.
Format: https://www.w3.org/Graphics/GIF/spec-gif89a.txt
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import GifImagePlugin, Image

from playground.export.animation.frames import TICK, Encoded, Frames
from playground.export.png_writer import Pixels

COLOURS: Final = (255, 127, 63)
"""Numbers of colours to try: the first whose file is small enough, or the last."""

DENSITY: Final = 5e6 / (960 * 540 * 10)
"""Maximum bytes per pixel and second: 5 MB for ten seconds at 960 × 540, which most mail and chat programs accept."""

TRANSPARENT: Final = 255
"""Index of the pixels that keep the colour of the frame before."""

EXACT: Final = 24
"""Number of the most frequent colours, such as the background, that are kept exactly."""

_SAMPLES: Final = 400_000

Colours = NDArray[np.uint32]
Indices = NDArray[np.uint8]


def gif_of(frames: Frames, encoded: Encoded) -> bytes:
    """Return the content of a GIF that loops ``frames`` endlessly, with fewer colours if it would become large."""
    colours, counts = _histogram(frames)
    limit = DENSITY * frames.size[0] * frames.size[1] * sum(frames.durations) / 1000
    content = b""
    for most in COLOURS:
        content = _with_palette(frames, colours, _palette(colours, counts, most), encoded)
        if len(content) <= limit:
            break
    return content


def _with_palette(frames: Frames, colours: Colours, palette: Pixels, encoded: Encoded) -> bytes:
    table = _nearest(colours, palette)
    width, height = frames.size
    entries = np.zeros((256, 3), np.uint8)
    entries[: len(palette)] = palette
    pieces = [
        # 0xF7: a global table of 256 colours with 8 bits per channel.
        b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + entries.tobytes(),
        b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00",  # loop endlessly
    ]
    before: Indices | None = None
    for number, (pixels, duration) in enumerate(zip(frames, frames.durations, strict=True), start=1):
        indices = table[_packed(pixels)]
        pieces.append(_control(duration, keeps=before is not None) + _image(indices, before))
        before = indices
        encoded(number, len(frames))
    return b"".join((*pieces, b"\x3b"))


def _control(duration: int, *, keeps: bool) -> bytes:
    """Return the block before an image: its duration, and whether transparent pixels keep the frame before it."""
    return b"\x21\xf9\x04" + struct.pack("<BHBB", 0x05 if keeps else 0x04, duration // TICK, TRANSPARENT, 0)


def _image(indices: Indices, before: Indices | None) -> bytes:
    """Return the block of the rectangle that differs from the frame ``before``; of one pixel if nothing does."""
    if before is None:
        return _compressed(indices, (0, 0))
    changed = indices != before
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return _compressed(indices[:1, :1], (0, 0))
    area = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    corner = (int(columns[0]), int(rows[0]))
    sparse = np.where(changed[area], indices[area], np.uint8(TRANSPARENT))
    return min(_compressed(sparse, corner), _compressed(indices[area], corner), key=len)


def _compressed(indices: Indices, corner: tuple[int, int]) -> bytes:
    image = Image.fromarray(np.ascontiguousarray(indices))
    return b"".join(GifImagePlugin.getdata(image, corner))


def _packed(pixels: Pixels) -> Colours:
    """Return each pixel's colour as one number."""
    red, green, blue = (pixels[..., channel].astype(np.uint32) for channel in range(3))
    return (red << np.uint32(16)) | (green << np.uint32(8)) | blue


def _histogram(frames: Frames) -> tuple[Colours, NDArray[np.int64]]:
    """Return all colours in ascending order, and the number of pixels of each."""
    colours, counts = np.zeros(0, np.uint32), np.zeros(0, np.int64)
    for pixels in frames:
        new, number = np.unique(_packed(pixels), return_counts=True)
        colours, places = np.unique(np.concatenate((colours, new)), return_inverse=True)
        counts = np.bincount(places, np.concatenate((counts, number))).astype(np.int64)
    return colours, counts


def _channels(colours: Colours) -> Pixels:
    return np.stack([colours >> np.uint32(16), colours >> np.uint32(8), colours], axis=-1).astype(np.uint8)


def _palette(colours: Colours, counts: NDArray[np.int64], max_colours: int) -> Pixels:
    """Return at most ``max_colours`` colours, (n, 3), that represent ``colours``."""
    if len(colours) <= max_colours:
        return _channels(colours)
    order = np.argsort(-counts, kind="stable")
    exact, others = colours[order[:EXACT]], np.sort(order[EXACT:])
    # The square root gives thin lines and text, of few pixels, enough weight beside large areas.
    weights = np.sqrt(counts[others])
    repeats = np.maximum(1, np.round(weights * (_SAMPLES / weights.sum()))).astype(np.int64)
    samples = _channels(np.repeat(colours[others], repeats))
    image = Image.fromarray(samples.reshape(1, -1, 3))
    reduced = image.quantize(max_colours - EXACT, Image.Quantize.MEDIANCUT, kmeans=1).getpalette() or []
    return np.concatenate((_channels(exact), np.array(reduced, np.uint8).reshape(-1, 3)[: max_colours - EXACT]))


def _nearest(colours: Colours, palette: Pixels) -> Indices:
    """Return the index of the nearest entry of ``palette`` for each of ``colours``, in a table over all colours."""
    table = np.zeros(1 << 24, np.uint8)
    entries = palette.astype(np.float32)
    lengths = (entries**2).sum(axis=1)
    for start in range(0, len(colours), 16_384):
        some = colours[start : start + 16_384]
        # The nearest entry minimizes ‖p‖² − 2 c·p; all terms are integers below 2²⁴ and therefore exact.
        distances = lengths - 2 * _channels(some).astype(np.float32) @ entries.T
        table[some] = distances.argmin(axis=1)
    return table
