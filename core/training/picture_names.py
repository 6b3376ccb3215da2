"""Tell exported pictures by their names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SUFFIXES: Final = (".png", ".svg", ".pdf", ".gif", ".webp")
"""Suffixes of pictures that can have an origin."""


def looks_like_picture(path: Path) -> bool:
    """Return whether the name of ``path`` is that of a picture which can have an origin."""
    return path.suffix.lower() in SUFFIXES
