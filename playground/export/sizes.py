"""The usual sizes of a picture, for the export dialog and the command line; this module does not import Qt."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""


class SizePreset(Struct, frozen=True):
    """A usual size.

    Attributes:
        key: name on the command line.
        label: text in menus.
        size: width and height in pixels.
    """

    key: str
    label: str
    size: Size


def _table_of(*presets: SizePreset) -> Mapping[str, SizePreset]:
    return MappingProxyType({preset.key: preset for preset in presets})


SIZE_PRESETS: Final[Mapping[str, SizePreset]] = _table_of(
    SizePreset("16:9", "Slide 16:9 · 1920 × 1080", (1920, 1080)),
    SizePreset("4:3", "Slide 4:3 · 1600 × 1200", (1600, 1200)),
    SizePreset("half", "Half of a slide · 960 × 1080", (960, 1080)),
    SizePreset("third", "Third of a slide · 640 × 1080", (640, 1080)),
    SizePreset("square", "Square · 1080 × 1080", (1080, 1080)),
    SizePreset("a4-column", "A4 column · 1004 × 700", (1004, 700)),
    SizePreset("document", "Document · 1200 × 800", (1200, 800)),
)
"""Every preset by key, in menu order."""
