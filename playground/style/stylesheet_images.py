"""Icons in theme colours as in-memory Qt resources for style sheets."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Final

from PySide6.QtCore import qRegisterResourceData

from playground.style.resources import svg_source
from playground.style.theme import THEMES, Theme

_PREFIX: Final = "style"
_FORMAT: Final = 1
"""Version of Qt's resource format, without compression and time stamps."""

_DIRECTORY: Final = 2
_ANY_COUNTRY: Final = 0
_C_LANGUAGE: Final = 1


def image_url(icon: str, colour: str) -> str:
    """Return the style sheet URL of ``icon`` in ``colour``, one of :func:`register_images`' pairs."""
    return f"url(:/{_PREFIX}/{_file_name(icon, colour)})"


@lru_cache
def register_images() -> None:
    """Register every icon of the style sheets with Qt, in the colours of each theme, once per process."""
    qRegisterResourceData(_FORMAT, *_all_images())


@lru_cache
def _all_images() -> tuple[bytes, bytes, bytes]:
    """Return the resource with every image, cached because Qt keeps a pointer to it."""
    return _resource(_PREFIX, {_file_name(icon, colour): svg_source(icon, colour) for icon, colour in _pairs()})


def _pairs() -> list[tuple[str, str]]:
    return [pair for theme in THEMES.values() for pair in _pairs_of(theme)]


def _pairs_of(theme: Theme) -> list[tuple[str, str]]:
    colours = {
        "chevron-down": (theme.muted, theme.faint),
        "chevron-up": (theme.muted, theme.faint),
        "chevron-right": (theme.muted, theme.faint),
        "chevron-left": (theme.muted, theme.faint),
        "check": (theme.panel, theme.accent),
        "remove": (theme.panel,),
    }
    return [(icon, colour) for icon, shades in colours.items() for colour in shades]


def _file_name(icon: str, colour: str) -> str:
    return f"{icon}-{colour.lstrip('#').lower()}.svg"


def _resource(folder: str, files: dict[str, bytes]) -> tuple[bytes, bytes, bytes]:
    """Return the tree, names and data of a ``folder`` with ``files``, in the format of Qt's resource compiler."""
    names, data = bytearray(), bytearray()

    def named(name: str) -> int:
        offset = len(names)
        names.extend(struct.pack(">HI", len(name), _hash(name)) + name.encode("utf-16-be"))
        return offset

    def stored(content: bytes) -> int:
        offset = len(data)
        data.extend(struct.pack(">I", len(content)) + content)
        return offset

    # A node: name, flags, then children and first child (a folder) or country, language and data (a file).
    tree = bytearray(struct.pack(">IHII", 0, _DIRECTORY, 1, 1))
    tree.extend(struct.pack(">IHII", named(folder), _DIRECTORY, len(files), 2))
    for name in sorted(files, key=_hash):  # sorted, because Qt uses binary search
        tree.extend(struct.pack(">IHHHI", named(name), 0, _ANY_COUNTRY, _C_LANGUAGE, stored(files[name])))
    return bytes(tree), bytes(names), bytes(data)


def _hash(name: str) -> int:
    """Return Qt's hash of a resource's name."""
    value = 0
    for character in name:
        value = (value << 4) + ord(character)
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value
