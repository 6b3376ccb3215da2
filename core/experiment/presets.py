"""The Experiments that ship with the playground, by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from core.assets import asset
from core.data.datasets import DATASETS
from core.errors import PlaygroundError
from core.experiment.experiment import Experiment
from core.experiment.experiment_file import load

DEMONSTRATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "vanishing-gradient": "Ten sigmoid layers: hardly any gradient reaches the first ones, so they do not learn.",
        "chain-rule": "Three inputs, z₁ z₂ z₃, z₄ z₅, z₆: click a weight such as w₅₀ to see every path from it to the loss.",
        "exploding-gradient": "Large initial weights: the gradient grows from layer to layer until training diverges.",
    }
)
"""Presets that show an effect, each with one sentence; the others are data sets with a network that learns them."""

_ALIASES = {"circle": "default"}


def preset_names() -> tuple[str, ...]:
    """Return the names of the presets, the default first and the others in alphabetical order."""
    names = sorted(path.stem for path in asset("presets").glob("*.json"))
    return tuple(sorted(names, key=lambda name: name != "default"))


def explanation(name: str) -> str:
    """Return one sentence on the preset called ``name``, one of :func:`preset_names`."""
    dataset = preset(name).data.dataset
    return DEMONSTRATIONS.get(name) or (DATASETS[dataset].explanation if isinstance(dataset, str) else "")


@lru_cache
def titled(title: str) -> Experiment | None:
    """Return the preset whose Experiment has the name ``title``, such as ``"Vanishing gradient"``, or ``None``."""
    return next((each for each in map(preset, preset_names()) if each.name == title), None)


def is_preset(name: str) -> bool:
    """Return whether there is a preset called ``name``."""
    return _stem(name) in preset_names()


def preset(name: str) -> Experiment:
    """Return the preset called ``name``, ignoring case and treating ``_`` like ``-``.

    Raises:
        PlaygroundError: there is none; the message suggests the closest name, or lists all.
    """
    stem, names = _stem(name), preset_names()
    if stem not in names:
        import difflib

        close = difflib.get_close_matches(stem, names, n=1)
        hint = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(names)}"
        raise PlaygroundError(f'no preset is called "{name}"; {hint}')
    return load(asset(f"presets/{stem}.json"))


def _stem(name: str) -> str:
    stem = name.strip().lower().replace("_", "-").replace(" ", "-")
    return _ALIASES.get(stem, stem)
