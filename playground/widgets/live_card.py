"""The interface of the cards in the window, which show live training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from playground.widgets.card import Card

if TYPE_CHECKING:
    from core.experiment import Experiment
    from core.training.snapshot import Snapshot
    from playground.style.theme import Style
    from playground.widgets.figure import Figure


IS_MODE: Final = "isMode"
"""Qt property of a checkable button that switches a mode, such as drawing; unlike a view option it is not remembered."""


class LiveCard(Card):
    """A card that draws snapshots in a style, and can be exported if it has a picture.

    Signals:
        reveal_requested: the key of another card that is to be shown.
        script_requested: the key of a framework whose script is to be saved.
    """

    reveal_requested = Signal(str)
    script_requested = Signal(str)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``."""

    def show_settings(self, experiment: Experiment) -> None:
        """Show the settings of ``experiment`` where the card shows any; its values follow with a snapshot."""

    def set_style(self, style: Style) -> None:
        """Draw in ``style`` from now on."""

    def hold(self, *, on: bool) -> None:
        """Postpone work that the window's first frame does not need (``on``), or resume it."""

    def view_data(self) -> str:
        """Return view options that are not states of checkable controls, as text to be saved; empty for none."""
        return ""

    def restore_view_data(self, text: str) -> None:
        """Restore options saved by :meth:`view_data`, which may be damaged."""

    @property
    def figure(self) -> Figure | None:
        """The picture that can be exported, or ``None``."""
        return None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of this card that can be exported now."""
        return () if self.figure is None else (self.figure,)

    @property
    def rendered_figures(self) -> tuple[Figure, ...]:
        """The figures that are exported without a window, where nothing is selected."""
        return () if self.figure is None else (self.figure,)

    @property
    def rendered_keys(self) -> frozenset[str]:
        """The keys of :attr:`rendered_figures`, for which subclasses need not compute them."""
        return frozenset(figure.figure_key for figure in self.rendered_figures)

    @property
    def has_figures(self) -> bool:
        """Whether the card can ever export a figure."""
        return self.figure is not None
