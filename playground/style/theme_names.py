"""The themes of exported pictures by name, for the command line, which lists them without importing Qt."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

ThemeName: TypeAlias = Literal["light", "dark", "print"]

THEME_TITLES: Final[Mapping[ThemeName, str]] = MappingProxyType(
    {"light": "Light", "dark": "Dark", "print": "Print, black on white"}
)
"""The title of each theme in menus."""
