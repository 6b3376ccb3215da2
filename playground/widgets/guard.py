"""Overrides of Qt virtuals that cannot end the program: an exception in one is reported, and Qt goes on."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_MANY_A_SECOND: Final = ("paintEvent", "paint", "sizeHint", "minimumSizeHint", "boundingRect", "data")
"""What Qt calls again and again: of these each error is told once."""


def guarded_or(otherwise: R) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for an override of a Qt virtual, so that no exception leaves it; it returns ``otherwise`` then.

    An exception that crosses Qt's own frames can end the program (with a modal dialog open it did). A QPainter that is
    still active when its paint method is left makes Qt crash; here the frame is cleared, which ends the painter, before Qt
    goes on. The error is given to ``sys.excepthook``.
    """

    def decorate(run: Callable[P, R]) -> Callable[P, R]:
        told: set[str] = set()
        once = run.__name__ in _MANY_A_SECOND

        @functools.wraps(run)
        def safe(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return run(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - whatever it is, Qt must not see it
                # The traceback would keep the painter active until it is collected, long after the widget's painting.
                traceback.clear_frames(error.__traceback__)
                failure = error
            text = f"{type(failure).__name__}: {failure}"
            if not once or text not in told:
                told.add(text)
                sys.excepthook(type(failure), failure, failure.__traceback__)
            return otherwise

        safe.__dict__["is_guarded"] = True
        return safe

    return decorate


def guarded(run: Callable[P, None]) -> Callable[P, None]:
    """Return ``run``, an override of a Qt virtual that returns nothing, so that no exception leaves it."""
    return guarded_or(None)(run)


def is_guarded(function: object) -> bool:
    """Return whether ``function`` was guarded."""
    return bool(getattr(function, "is_guarded", False))
