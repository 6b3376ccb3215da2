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
        self._staying: list[tuple[Computed, bool]] = []  # each with whether a pair is made of it
        self._then: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._check)

    @property
    def is_waiting(self) -> bool:
        """Whether data are being computed."""
        return self._then is not None

    def when_ready(self, figures: Sequence[Figure], then: Callable[[], None], *, paired: bool = False) -> None:
        """Call ``then`` once the data of ``figures`` are complete: immediately if they are.

        The figures show the same moment until :meth:`release`. An earlier call that still waits is dropped.

        Args:
            figures: the figures.
            then: what to do with them.
            paired: whether :meth:`Comparable.pair` will be called for each of them.
        """
        originals = [_original(figure, paired=paired) for figure in figures]
        computed = [(each, is_pair) for each, is_pair in originals if isinstance(each, Computed)]
        for figure, _ in computed:
            figure.stay()
        self.release()
        self._staying, self._then = computed, then
        self._check()

    def stays(self, figure: Figure) -> bool:
        """Return whether ``figure`` still shows the moment of :meth:`when_ready`."""
        original, _ = _original(figure, paired=False)
        return any(each is original for each, _ in self._staying)

    def release(self) -> None:
        """Stop waiting, and let the figures follow the training again."""
        self._timer.stop()
        self._then = None
        for figure, _ in self._staying:
            figure.follow()
        self._staying = []

    def _check(self) -> None:
        """Call back if every figure is complete; otherwise look again soon."""
        # All of them, so that they compute at the same time.
        complete = [figure.prepare(paired=is_pair) for figure, is_pair in self._staying]
        if not all(complete):
            self._timer.start()
            return
        self._timer.stop()
        then, self._then = self._then, None
        if then is not None:
            then()


def _original(figure: object, *, paired: bool) -> tuple[object, bool]:
    """Return the figure that computes the data of ``figure``, and whether that is a pair or will be ``paired``."""
    while isinstance(figure, Derived):
        figure, paired = figure.original, True
    return figure, paired
