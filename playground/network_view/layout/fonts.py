"""Fonts of the names, captions and chips in the picture, which its layout makes room for."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtGui import QFont

from playground.style.resources import application_font
from playground.style.theme import Style

MIN_TYPE: Final = 9.0
"""Smallest font size in pixels at scale 1, so that the names of a small network stay legible."""


@lru_cache(maxsize=8)
def name_font(style: Style) -> QFont:
    """Return the font of a column's name."""
    return application_font(max(style.type_px(12), MIN_TYPE), QFont.Weight.DemiBold, family=style.family)


@lru_cache(maxsize=8)
def caption_font(style: Style) -> QFont:
    """Return the font of captions and markers."""
    return application_font(max(style.type_px(11), MIN_TYPE), family=style.family)


@lru_cache(maxsize=8)
def chip_font(style: Style) -> QFont:
    """Return the font of the chips of inactive features."""
    return application_font(max(style.type_px(10), MIN_TYPE), family=style.family)


def label_font(style: Style) -> QFont:
    """Return the font of feature and output names."""
    return application_font(max(style.type_px(11.5), MIN_TYPE), QFont.Weight.Medium, family=style.family)
