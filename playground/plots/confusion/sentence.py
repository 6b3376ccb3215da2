"""Sentences about a confusion matrix: its most frequent kinds of mistake, with ties and the rest."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from core.arrays import Integers
from playground.style.numbers import thousands


class Mistake(Struct, frozen=True):
    """Samples of one class that were predicted as another.

    Attributes:
        row: index of the true class.
        column: index of the predicted class.
        count: number of samples.
        of: number of samples of the true class.
    """

    row: int
    column: int
    count: int
    of: int

    def reverses(self, other: Mistake) -> bool:
        """Return whether this is ``other`` with the classes exchanged."""
        return (self.row, self.column) == (other.column, other.row)


def mistakes_of(counts: Integers) -> list[Mistake]:
    """Return the kinds of mistake in ``counts`` (K, K), the most frequent first."""
    sizes = counts.sum(axis=1)
    kinds = [
        Mistake(row, column, int(counts[row, column]), int(sizes[row]))
        for row, column in np.argwhere(counts > 0).tolist()
        if row != column
    ]
    return sorted(kinds, key=lambda kind: -kind.count)


def confusion_sentences(counts: Integers, names: tuple[str, ...], source: str) -> tuple[str, ...]:
    """Return sentences about ``counts`` (K, K; true classes by row), longest first.

    The two most frequent kinds of mistake are named, and the rest is counted. If more than two kinds are equally frequent,
    one is named only with the number of the others.

    Args:
        counts: number of samples by true and by predicted class.
        names: names of the classes.
        source: name of the set of samples.
    """
    kinds = mistakes_of(counts)
    if not kinds:
        return (f"{source}: no mistakes", "no mistakes")
    most, total = kinds[0].count, sum(kind.count for kind in kinds)
    ties = [kind for kind in kinds if kind.count == most]
    everything = _mistakes(total)
    if len(ties) > 2:
        each = f"{everything}{_at_most(most)}"
        some = ", ".join(f"{names[kind.row]} as {names[kind.column]}" for kind in ties[:2])
        others = f"{len(ties) - 2} other kind{'s' if len(ties) > 3 else ''}"
        return (f"{source}: {each}: {some} and {others}", f"{source}: {each}", each, everything)
    named = [*ties, *_second(kinds)][:2]
    rest = total - sum(kind.count for kind in named)
    text = ", ".join(_named(kind, named[0], names) for kind in named)
    others = f"; {_mistakes(rest, 'other ')}" if rest else ""
    arrow = f"{names[kinds[0].row]} → {names[kinds[0].column]}"
    share = f"all {arrow}" if most == total else f"{thousands(most)} of them {arrow}"
    brief = f"{everything}, {share}" if len(ties) == 1 else f"{everything}{_at_most(most)}"
    return (f"{source}: {text}{others}", f"{text}{others}", brief, everything)


def _second(kinds: list[Mistake]) -> list[Mistake]:
    """Return the kind to name after a single most frequent one: the next one; of several equal ones, only its reverse."""
    following = [kind for kind in kinds[1:] if kind.count == kinds[1].count]
    reverse = [kind for kind in following if kind.reverses(kinds[0])]
    return reverse or (following if len(following) == 1 else [])


def _named(kind: Mistake, first: Mistake, names: tuple[str, ...]) -> str:
    share = (
        f"all {thousands(kind.of)}" if kind.count == kind.of > 1 else f"{thousands(kind.count)} of {thousands(kind.of)}"
    )
    if kind.reverses(first):
        return f"{share} the other way round"
    verb = "predicted as" if kind == first else "as"
    return f"{share} {_plural_of(names[kind.row])} {verb} {names[kind.column]}"


def _at_most(most: int) -> str:
    """Say that no kind of mistake, a true class taken for another, occurred more than ``most`` times."""
    return " of different kinds" if most == 1 else f", at most {thousands(most)} of the same kind"


def _mistakes(count: int, which: str = "") -> str:
    return f"{thousands(count)} {which}mistake{'' if count == 1 else 's'}"


def _plural_of(name: str) -> str:
    """Return the samples of class ``name``; a number after their count would read as one number."""
    return f"of class {name}" if name[:1].isdigit() else name
