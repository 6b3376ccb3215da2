"""What two runs have in common at their start, in words."""

from __future__ import annotations

from msgspec import Struct

from core.experiment.epoch_text import epoch_text
from core.training.pins.same_start import SharedStart


class StartWords(Struct, frozen=True):
    """Sentences on a shared start.

    Attributes:
        short: for the strip of pins.
        long: for its tooltip: what is shared, and what is not.
        rewinding_helps: whether rewinding the current run makes the starts alike.
    """

    short: str
    long: str
    rewinding_helps: bool


def start_words(shared: SharedStart, name: str) -> StartWords:
    """Return what the pinned run ``name`` (the first of ``shared``) and the current one share."""
    same, other = _shared(shared), _different(shared)
    pinned, living = shared.changed
    pinned_since, since = shared.resumed
    long = "Shared: " + ", ".join(same) + "." if same else "Nothing is shared."
    if other:
        long += " Different: " + ", ".join(other) + "."
    if living is not None:
        long += f" The current run was changed at epoch {epoch_text(living)}; rewind to compare from the start."
    if pinned is not None:
        long += f" “{name}” was changed at epoch {epoch_text(pinned)}, before it was pinned."
    if since is not None:
        long += f" The current run was resumed at epoch {epoch_text(since)}; earlier changes are not known."
    if pinned_since is not None:
        long += f" “{name}” was resumed at epoch {epoch_text(pinned_since)}; earlier changes are not known."
    if shared.is_same:
        short = "Same start: data, initial weights, order of " + ("batches" if shared.batches else "samples")
    elif living is not None or since is not None:
        alike = shared.samples and shared.order and shared.drawn == shared.layers
        same_then = alike and pinned is None and pinned_since is None
        what_for = "for the same start" if same_then else "to compare from the start"
        what = "Resumed" if living is None else "Changed"
        epoch = epoch_text((since if living is None else living) or 0.0)
        short = f"{what} at epoch {epoch}: rewind {what_for}"
    elif pinned is not None:
        short = f"“{name}” was changed at epoch {epoch_text(pinned)}: not the same start"
    elif pinned_since is not None:
        short = f"“{name}” was resumed at epoch {epoch_text(pinned_since)}: its start is not known"
    else:
        short = "Not the same start: " + ", ".join(other)
    return StartWords(short, long, living is not None or since is not None)


def _shared(shared: SharedStart) -> list[str]:
    parts = []
    if shared.samples:
        parts.append("data" if shared.inputs else "samples")
    if shared.drawn:
        whole = shared.drawn == shared.layers
        parts.append(
            "random draws of the initial weights" + ("" if whole else f" in {shared.drawn} of {shared.layers} layers")
        )
    if shared.order:
        parts.append("order of batches" if shared.batches else "order of samples")
    return parts


def _different(shared: SharedStart) -> list[str]:
    parts = []
    if not shared.samples:
        parts.append("other data")
    elif not shared.inputs:
        parts.append("other features or scaling")
    if shared.drawn < shared.layers:
        missing = shared.layers - shared.drawn
        parts.append("other initial weights" + (f" in {missing} of {shared.layers} layers" if shared.drawn else ""))
    if not shared.order:
        parts.append("other order of batches")
    elif not shared.batches:
        parts.append("other batch size")
    return parts
