"""Painting that cannot end the program: an exception in a paint method is reported, and the rest is painted on."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")


def guarded(paint: Callable[P, None]) -> Callable[P, None]:
    """Return ``paint``, an override of a Qt virtual, so that no exception leaves it.

    A QPainter that is still active when its paint method is left makes Qt crash. Here the frame of ``paint`` is cleared,
    which ends the painter, before Qt goes on; each error is given to ``sys.excepthook`` once.
    """
    told: set[str] = set()

    @functools.wraps(paint)
    def safe(*args: P.args, **kwargs: P.kwargs) -> None:
        failure = _failure(paint, *args, **kwargs)
        text = f"{type(failure).__name__}: {failure}"
        if failure is not None and text not in told:  # at 60 frames a second once is enough
            told.add(text)
            sys.excepthook(type(failure), failure, failure.__traceback__)

    return safe


def _failure(run: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> Exception | None:
    """Return the exception that ``run`` raises, or ``None``."""
    try:
        run(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - whatever it is, Qt must not see it
        # The traceback would keep the painter active until it is collected, long after the widget's painting.
        traceback.clear_frames(error.__traceback__)
        return error
    return None
