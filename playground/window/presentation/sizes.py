"""The sizes of the cards in presentation mode and outside of it, which are independent of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from playground.widgets.later import later

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray

    from playground.style.appearance import Appearance
    from playground.window.workspace.workspace import Workspace


class PresentedSizes(QObject):
    """Returns to the sizes that the cards had when presentation mode was last turned off, or on.

    Large type widens the controls; without this they would stay wide.
    """

    def __init__(self, workspace: Workspace, appearance: Appearance) -> None:
        super().__init__(workspace)
        self._workspace, self._appearance = workspace, appearance
        self._is_on = appearance.presentation
        self._sizes: dict[bool, dict[str, QByteArray]] = {}
        appearance.changed.connect(self._follow)

    def _follow(self) -> None:
        on = self._appearance.presentation
        if on is self._is_on:
            return
        # The layouts follow the new type only later, so these are still the sizes of the other mode.
        self._sizes[self._is_on] = self._workspace.sizes()
        self._is_on = on
        if on in self._sizes or not on:
            later(0, self, self._restore)

    def _restore(self) -> None:
        self._workspace.set_sizes(self._sizes.get(self._is_on, {}))
