"""Open exported pictures and decks: read the experiment in one, and ask which if a deck has several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QInputDialog, QWidget

from core.training.origins.picture_names import looks_like_deck

if TYPE_CHECKING:
    from core.training.origins.deck_origin import SlideOrigin
    from core.training.origins.origin import Origin


def ask_origin(path: Path, window: QWidget) -> Origin | None:
    """Return the experiment in the picture or deck at ``path``, or ``None`` if the user cancels the choice.

    Raises:
        PlaygroundError: it cannot be read, or has no usable experiment; the message names the file.
    """
    if not looks_like_deck(path):
        from core.training.origins.picture_origin import load_origin  # imported late: not needed for the first frame

        return load_origin(path)
    from core.training.origins.deck_origin import different, opened, origins_in_deck

    choices = different(origins_in_deck(path))
    chosen = choices[0] if len(choices) == 1 else _ask_slide(path, choices, window)
    return None if chosen is None else opened(path, chosen)


def _ask_slide(path: Path, choices: tuple[SlideOrigin, ...], window: QWidget) -> SlideOrigin | None:
    names = [f"Slide {each.number}: {each.title}".removesuffix(": ") for each in choices]
    question = f"{path.name} has several experiments. Open that of"
    name, accepted = QInputDialog.getItem(window, "Open experiment", question, names, 0, False)
    return choices[names.index(name)] if accepted else None
