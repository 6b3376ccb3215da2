"""The registry of the file formats of animations.

This module does not import Qt, so that the command line can check its options without it; writers are imported late.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from core.errors import PlaygroundError
from playground.export.animation.frames import Encoded, Frames

if TYPE_CHECKING:
    from collections.abc import Mapping


class AnimationFormat(Struct, frozen=True, kw_only=True):
    """One file format of animations.

    Attributes:
        key: the suffix without the dot.
        label: text in menus.
        max_side: maximum width and height in pixels.
        missing: returns how to install what it needs; empty if nothing is missing.
        encode: returns the content of a file that loops the frames endlessly; each frame is kept, even if it is identical to
            the one before it, so that the file has as many frames as moments were chosen.
    """

    key: str
    label: str
    max_side: int
    encode: Callable[[Frames, Encoded], bytes]
    missing: Callable[[], str] = str


def _gif(frames: Frames, encoded: Encoded) -> bytes:
    from playground.export.animation.gif_writer import gif_of

    return gif_of(frames, encoded)


def _webp(frames: Frames, encoded: Encoded) -> bytes:
    from playground.export.animation.webp_writer import webp_of

    return webp_of(frames, encoded)


def _mp4(frames: Frames, encoded: Encoded) -> bytes:
    from playground.export.animation.mp4_writer import mp4_of

    return mp4_of(frames, encoded)


def _missing_for_mp4() -> str:
    from playground.export.animation.mp4_writer import missing_package

    return missing_package()


def _table_of(*formats: AnimationFormat) -> Mapping[str, AnimationFormat]:
    return MappingProxyType({each.key: each for each in formats})


ANIMATION_FORMATS: Final[Mapping[str, AnimationFormat]] = _table_of(
    AnimationFormat(key="gif", label="GIF · 255 colours", max_side=65_535, encode=_gif),
    AnimationFormat(key="webp", label="WebP · all colours", max_side=16_383, encode=_webp),
    AnimationFormat(key="mp4", label="MP4 · video", max_side=8_192, encode=_mp4, missing=_missing_for_mp4),
)
"""Every format by key, in menu order."""


def animation_format_of(path: Path, size: tuple[int, int]) -> AnimationFormat:
    """Return the format given by the suffix of ``path``.

    Raises:
        PlaygroundError: the suffix is not that of a format, the format does not allow ``size``, or it needs a package.
    """
    found = ANIMATION_FORMATS.get(path.suffix.lower().removeprefix("."))
    if found is None:
        *most, last = (f".{key}" for key in ANIMATION_FORMATS)
        raise PlaygroundError(f"{path}: expected a name that ends in {', '.join(most)} or {last}")
    if max(size) > found.max_side:
        raise PlaygroundError(f"{path}: expected at most {found.max_side} pixels per side, got {size[0]} × {size[1]}")
    missing = found.missing()
    if missing:
        raise PlaygroundError(f"{path}: {missing}")
    return found
