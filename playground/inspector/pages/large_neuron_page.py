"""The page of a neuron with its activation curve, where an enlarged inspector has room for one."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from core.data.sample import Sample
from core.training.snapshot import Snapshot
from playground.inspector.neuron.activation_curve import ActivationCurve
from playground.inspector.neuron.neuron_activation import on_curve
from playground.inspector.pages.neuron_page import NeuronPage
from playground.session.selection import Selection
from playground.style.theme import GRID

MIN_CURVE: Final = 120.0
"""Minimum height that must be left for the curve, in pixels at scale 1."""

CURVE_ROW: Final = 3
"""Row of the page's grid below all others."""


class LargeNeuronPage(NeuronPage):
    """Draws φ with the sample's z below the numbers, if there is more room than they need; a picture has its own curve.

    Attributes:
        curve: the curve; ``None`` until there has been room for it.
    """

    # Set by the class, because the base class already lays the page out.
    curve: ActivationCurve | None = None
    _is_beside: bool | None = None
    _last: tuple[Snapshot, Selection, Sample | None] | None = None

    @override
    def show_selection(self, snapshot: Snapshot, selection: Selection, sample: Sample | None) -> None:
        """Show the neuron ``selection`` in ``snapshot``, for one ``sample`` or the mean over the training set."""
        super().show_selection(snapshot, selection, sample)
        self._last = (snapshot, selection, sample)
        self._draw()

    @override
    def set_visible_height(self, height: int) -> None:
        """Show the curve if ``height`` leaves room for it."""
        super().set_visible_height(height)
        if self._curve is not None:
            return
        # With two columns and the classes in one of them, the curve has the other one.
        is_beside = self.is_wide and self.has_classes
        above = self._numbers.sizeHint().height() + GRID if is_beside else self._needed()
        shown = height - above >= self.current_style.px(MIN_CURVE)
        if shown and self.curve is None:
            self.curve = ActivationCurve(self.current_style)
            self.curve.setAccessibleName("Activation function")
            self.curve.hide()
        if self.curve is None:
            return
        if is_beside is not self._is_beside:  # each change of the layout leads here again
            self._is_beside = is_beside
            self._grid.removeWidget(self.curve)
            self._grid.addWidget(self.curve, CURVE_ROW, 0, 1, 1 if is_beside else 2)
        if shown is self.curve.isHidden():
            self.curve.setVisible(shown)
            self._fit_terms()
            self._draw()
        # Without a minimum height, the terms would scroll although there is room for them.
        column = self._needed() - self._numbers.sizeHint().height() - GRID if self.is_wide else self._sum_height()
        self._grid.setRowMinimumHeight(1, column if shown and not is_beside else 0)
        self._grid.setRowStretch(1, int(not shown))
        self._grid.setRowStretch(CURVE_ROW, int(shown))

    @override
    def _fit_terms(self) -> None:
        """Keep the total directly below the terms above the curve, too."""
        super()._fit_terms()
        if self._curve is None and self.curve is not None and not self.curve.isHidden():
            self._scroll.setMaximumHeight(self._terms_height())

    def _needed(self) -> int:
        """Return the height in pixels of all parts with all terms."""
        numbers = self._numbers.sizeHint().height() + GRID
        meaning = 0 if self.has_classes else self._meaning.sizeHint().height() + GRID
        if self.is_wide:
            return max(numbers + meaning, self._sum_height())
        return numbers + self._sum_height() + GRID + meaning

    def _sum_height(self) -> int:
        """Return the height in pixels of a title, all terms, a line, the total and, for a softmax, what it makes of it."""
        below = [self._meaning, self.classes] if self.has_classes else []
        height = sum(each.sizeHint().height() + GRID for each in below)
        return self._terms_height() + 2 * self.total.sizeHint().height() + 4 * GRID + height

    def _terms_height(self) -> int:
        return max(self.terms.sizeHint().height() + GRID, self._scroll.minimumHeight())

    def _draw(self) -> None:
        if self._curve is None and self.curve is not None and not self.curve.isHidden() and self._last is not None:
            self.curve.show_activation(on_curve(*self._last))

    @override
    def prepare_figure(self, paths: int) -> None:
        """Make the page static for a picture, which has its own curve."""
        if self.curve is not None:
            self.curve.hide()
        super().prepare_figure(paths)
