"""The live plots: one card each, drawn by the same code on screen and in exported figures.

Each card has a folder named after its class (``NoisePlot`` is in ``noise``): the class in ``card``, what it draws in ``data``
and ``picture``, further parts beside them; and an entry in ``window.cards``. The base classes are in ``plotting.cards``, the
other shared building blocks in ``plotting``. Modules are imported on first access, so cards that are not shown do not slow
down startup.
"""

from __future__ import annotations

import re
from importlib import import_module


def folder_of(name: str) -> str:
    """Return the folder of the card class ``name``: ``Landscape3DPlot`` is in ``landscape_3d``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "_", name.removesuffix("Plot")).lower()


def __getattr__(name: str) -> object:
    """Return the card class ``name`` from its module."""
    if not name.endswith("Plot"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{folder_of(name)}.card"), name)
