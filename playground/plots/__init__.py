"""The live plots: one card each, drawn by one routine on screen and in exported pictures.

A plot is a card (``RacePlot`` in ``race``), where it pays with its picture and sentence in files beside it, and an entry in
``window.cards``; what all plots are made of is in ``plotting``. A module is imported when its card is asked for: those that
the first workspace does not show cost the start nothing.
"""

from __future__ import annotations

import re
from importlib import import_module


def module_of(name: str) -> str:
    """Return the module of the card class ``name``: ``Landscape3DPlot`` is in ``landscape_3d``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "_", name.removesuffix("Plot")).lower()


def __getattr__(name: str) -> object:
    """Return the card class ``name`` from its module."""
    if not name.endswith("Plot"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module_of(name)}"), name)
