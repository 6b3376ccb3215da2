"""Decorators for overrides of Qt virtuals: exceptions are reported and do not propagate into Qt."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_FREQUENT: Final = ("paintEvent", "paint", "sizeHint", "minimumSizeHint", "boundingRect", "data")
"""Virtuals that Qt calls repeatedly; each of their errors is reported only once."""


def guarded_or(otherwise: R) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for an override of a Qt virtual that catches exceptions and returns ``otherwise`` instead.

    An exception that propagates through Qt's frames can crash the program (observed with a modal dialog open). Qt also
    crashes if a QPainter is still active when its paint method returns, so the frame is cleared, which ends the painter.
    The error is passed to ``sys.excepthook``.
    """

    def decorate(run: Callable[P, R]) -> Callable[P, R]:
        reported: set[str] = set()
        once = run.__name__ in _FREQUENT

        @functools.wraps(run)
        def safe(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return run(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - no exception may reach Qt
                # Otherwise the traceback would keep the painter active until garbage collection.
                traceback.clear_frames(error.__traceback__)
                failure = error
            text = f"{type(failure).__name__}: {failure}"
            if not once or text not in reported:
                reported.add(text)
                sys.excepthook(type(failure), failure, failure.__traceback__)
            return otherwise

        safe.__dict__["is_guarded"] = True
        return safe

    return decorate


def guarded(run: Callable[P, None]) -> Callable[P, None]:
    """Guard ``run``, an override of a Qt virtual that returns nothing."""
    return guarded_or(None)(run)


def is_guarded(function: object) -> bool:
    """Return whether ``function`` is guarded."""
    return bool(getattr(function, "is_guarded", False))
