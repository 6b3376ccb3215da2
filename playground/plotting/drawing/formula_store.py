"""Typeset LaTeX formulas on a background thread, and cache them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from playground.style.formula_svg import formula_svg
from playground.worker.background import Advance, Background

TYPE_SIZE: Final = 14.0
"""Font size of formulas in pixels at scale 1."""

INK: Final = "#123456"
"""Placeholder colour in cached SVG, replaced by the theme's text colour when drawn."""


class FormulaStore(QObject):
    """Typesets each formula once, on a background thread because one takes 10 to 50 ms.

    Signals:
        ready: the LaTeX source of a formula that is now available.
    """

    ready = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawings: dict[str, bytes] = {}
        self._requested: set[str] = set()
        self._queued: list[str] | None = None
        self._jobs = Background("formulas", self, keep="all")
        self._jobs.succeeded.connect(self.ready.emit)
        self._jobs.failed.connect(_raise)

    def hold(self) -> None:
        """Queue requests until :meth:`release`, because loading the typesetter would delay the window by 250 ms."""
        self._queued = []

    def release(self) -> None:
        """Typeset the queued requests, and later ones immediately."""
        queued, self._queued = self._queued or [], None
        for latex in queued:
            self._typeset(latex)

    def drawing(self, latex: str) -> bytes | None:
        """Return the formula as SVG, or ``None`` while it is being typeset."""
        known = self._drawings.get(latex)
        if known is None and latex and latex not in self._requested:
            self._requested.add(latex)
            if self._queued is None:
                self._typeset(latex)
            else:
                self._queued.append(latex)
        return known

    def wait(self) -> None:
        """Block until all requested formulas are typeset."""
        self._jobs.wait()

    def _typeset(self, latex: str) -> None:
        def job(_advance: Advance) -> str:
            self._drawings[latex] = formula_svg(latex, TYPE_SIZE, INK)
            return latex

        self._jobs.submit(job)


def _raise(error: Exception) -> None:
    raise error
