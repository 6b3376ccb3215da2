"""Write an animation as WebP without loss.

Pillow compresses the frames; the container is written here, because Pillow's encoder merges identical frames into one.
Format: https://developers.google.com/speed/webp/docs/riff_container
"""

from __future__ import annotations

import io
import struct
from typing import Final

import numpy as np
from PIL import Image, features

from core.errors import PlaygroundError
from playground.export.animation.frames import Encoded, Frames
from playground.export.png_writer import Pixels

_ANIMATED: Final = 0x12
"""Flags of a file with several frames and transparent pixels, which keep the frame before."""

_EFFORT: Final = 1
"""From 0 (fast) to 6 (small); 3 takes up to 40 % longer and saves at most 7 %."""


def webp_of(frames: Frames, encoded: Encoded) -> bytes:
    """Return the content of a WebP file that loops ``frames`` endlessly.

    Raises:
        PlaygroundError: this Pillow was built without WebP.
    """
    if not features.check("webp"):
        raise PlaygroundError("WebP cannot be written, because Pillow was built without it; choose a GIF instead")
    width, height = frames.size
    pieces = [
        _chunk(b"VP8X", bytes([_ANIMATED, 0, 0, 0]) + _three(width - 1) + _three(height - 1)),
        _chunk(b"ANIM", struct.pack("<IH", 0xFFFFFFFF, 0)),  # white below, loop endlessly
    ]
    before: Pixels | None = None
    for number, (pixels, duration) in enumerate(zip(frames, frames.durations, strict=True), start=1):
        left, top, right, bottom = _changed(pixels, before)
        place = _three(left // 2) + _three(top // 2) + _three(right - left - 1) + _three(bottom - top - 1)
        area = np.s_[top:bottom, left:right]
        image = _chunk(b"VP8L", _compressed(_sparse(pixels[area], None if before is None else before[area])))
        pieces.append(_chunk(b"ANMF", place + _three(duration) + b"\0" + image))  # 0: blend with the frame before
        before = pixels
        encoded(number, len(frames))
    return _chunk(b"RIFF", b"".join((b"WEBP", *pieces)))


def _changed(pixels: Pixels, before: Pixels | None) -> tuple[int, int, int, int]:
    """Return the rectangle that differs from the frame ``before``, with an even corner; of one pixel if nothing does."""
    height, width, _ = pixels.shape
    if before is None:
        return 0, 0, width, height
    changed = (pixels != before).any(axis=2)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return 0, 0, 1, 1
    return int(columns[0]) // 2 * 2, int(rows[0]) // 2 * 2, int(columns[-1]) + 1, int(rows[-1]) + 1


def _sparse(pixels: Pixels, before: Pixels | None) -> Pixels:
    """Return ``pixels`` with an alpha channel, transparent where nothing changed, which compresses much better."""
    if before is None:
        return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
    changed = (pixels != before).any(axis=2, keepdims=True)
    return np.where(changed, np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)]), np.uint8(0))


def _compressed(pixels: Pixels) -> bytes:
    """Return the lossless bit stream of an image."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "WEBP", lossless=True, quality=60, method=_EFFORT)
    content = buffer.getvalue()
    # A still lossless picture without metadata is RIFF, size, WEBP, VP8L, size and the bit stream.
    (size,) = struct.unpack_from("<I", content, 16)
    return content[20 : 20 + size]


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
