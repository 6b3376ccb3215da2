"""The formats that pictures are exported in; needs no Qt, so that the command line can list them without it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Format: TypeAlias = Literal["png", "svg", "pdf", "csv"]
"""A file's suffix without the dot."""

FORMATS: Final[Mapping[Format, str]] = MappingProxyType(
    {
        "png": "PNG · picture",
        "svg": "SVG · vector picture",
        "pdf": "PDF · vector page",
        "csv": "CSV · the data behind it",
    }
)
"""Every format with its text in menus, in menu order."""
