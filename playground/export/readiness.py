"""Wait for the data of figures that are computed on threads, so that drawing them does not block the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer

from playground.widgets.figure import Computed, Derived, Figure

INTERVAL_MS: Final = 5


class Readiness(QObject):
    """Makes figures stay at the present moment of the training, and calls back once their data are computed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._staying: list[Computed] = []
        self._then: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_waiting(self) -> bool:
        """Whether data are being computed."""
        return self._then is not None

    def when_ready(self, figures: Sequence[Figure], then: Callable[[], None]) -> None:
        """Call ``then`` once the data of ``figures`` are complete: immediately if they are.

        The figures show the same moment until :meth:`release`. An earlier call that still waits is dropped.
        """
        computed: list[Computed] = [each for each in map(_original, figures) if isinstance(each, Computed)]
        for figure in computed:
            figure.stay()
        self.release()
        self._staying, self._then = computed, then
        self._look()

    def release(self) -> None:
        """Stop waiting, and let the figures follow the training again."""
        self._timer.stop()
        self._then = None
        for figure in self._staying:
            figure.follow()
        self._staying = []

    def _look(self) -> None:
        """Call back if every figure is complete; otherwise look again soon."""
        complete = [figure.prepare() for figure in self._staying]  # all of them, so that they compute at the same time
        if not all(complete):
            self._timer.start()
            return
        self._timer.stop()
        then, self._then = self._then, None
        if then is not None:
            then()


def _original(figure: object) -> object:
    """Return the figure that computes the data of ``figure``."""
    while isinstance(figure, Derived):
        figure = figure.original
    return figure
