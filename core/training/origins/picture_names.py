"""Recognize exported pictures and decks by their file names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SUFFIXES: Final = (".png", ".svg", ".pdf", ".gif", ".webp", ".mp4", ".pptx")
"""Suffixes of pictures and decks that can have an origin."""


DECK_SUFFIX: Final = ".pptx"


def looks_like_picture(path: Path) -> bool:
    """Return whether the name of ``path`` is that of a picture or deck which can have an origin."""
    return path.suffix.lower() in SUFFIXES


def looks_like_deck(path: Path) -> bool:
    """Return whether the name of ``path`` is that of a PowerPoint deck."""
    return path.suffix.lower() == DECK_SUFFIX
