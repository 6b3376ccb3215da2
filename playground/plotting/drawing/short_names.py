"""Shorten names to fit the available room while keeping them distinct."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from playground.plotting.drawing.pencil import text_width
from playground.style.theme import TEXT_LABEL, Style

Fits: TypeAlias = Callable[[str], bool]
DOTS: Final = "…"
MAX_HEAD: Final = 4
"""Maximum number of letters that names have in common and that are kept before those in which they differ."""


def short_names(names: Sequence[str], width: float, style: Style, *, size: float = TEXT_LABEL) -> tuple[str, ...]:
    """Return ``names`` in at most ``width`` pixels each: those that are too wide lose their middle, or their end.

    Names that would then be equal are shortened to the part where they begin to differ.
    """
    return _cached(tuple(names), width, style, size)


@lru_cache(maxsize=256)
def _cached(names: tuple[str, ...], width: float, style: Style, size: float) -> tuple[str, ...]:
    return distinct_names(names, lambda text: text_width(style, text, size=size) <= width)


def distinct_names(names: Sequence[str], fits: Fits) -> tuple[str, ...]:
    """Return ``names``, those for which ``fits`` is false shortened; a single letter is kept at least."""
    if all(map(fits, names)):
        return tuple(names)
    forms = [
        tuple(name if fits(name) else cut(name, fits) for name in names) for cut in (_without_middle, _without_end)
    ]
    best = list(max(forms, key=lambda form: len(set(form))))  # the first of equally good ones
    for text in {text for text in best if best.count(text) > 1}:
        alike = [place for place, each in enumerate(best) if each == text and not fits(names[place])]
        others = _distinguished([names[place] for place in alike], fits) if len(alike) > 1 else ()
        for place, other in zip(alike, others, strict=False):
            best[place] = other
    return tuple(best)


def _distinguished(names: Sequence[str], fits: Fits) -> tuple[str, ...]:
    """Return ``names`` with equal ends from where they begin to differ, preceded by a few letters if possible."""
    first = _shared_letters(names)
    found = tuple(names)
    for head in range(min(first, MAX_HEAD), -1, -1):
        found = tuple(_without_end(name[:head].rstrip() + DOTS + name[first:].lstrip(), fits) for name in names)
        if len(set(found)) == len(set(names)):
            break
    return found


def _shared_letters(names: Sequence[str]) -> int:
    """Return the number of letters with which all ``names`` begin."""
    differing = (place for place, letters in enumerate(zip(*names, strict=False)) if len(set(letters)) > 1)
    return next(differing, min(map(len, names)))


def _without_middle(name: str, fits: Fits) -> str:
    """Return beginning and end of ``name``, the beginning with half of the letters or more."""
    for kept in range(len(name) - 1, 2, -1):
        text = f"{name[: kept - kept // 2].rstrip()}{DOTS}{name[len(name) - kept // 2 :].lstrip()}"
        if fits(text):
            return text
    return _without_end(name, fits)


def _without_end(name: str, fits: Fits) -> str:
    if fits(name):
        return name
    return next((text for kept in range(len(name) - 1, 0, -1) if fits(text := name[:kept].rstrip() + DOTS)), name[:1])
