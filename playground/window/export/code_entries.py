"""The menus that save the experiment as code and the network as a file."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from playground.window.menu_entry import Entry, add_entry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from playground.export.code_saving import CodeSaving
    from playground.window.parts import WindowParts


class CodeMenus:
    """Adds *Export code* and *Export network* to a menu; they are filled once the first frame is on the screen.

    Until then nothing is imported that the first frame does not need.
    """

    def __init__(self, parts: WindowParts, menu: QMenu) -> None:
        self._parts = parts
        self._code, self._network = menu.addMenu("Export &code"), menu.addMenu("Export &network")
        menu.aboutToShow.connect(self.fill)

    @cached_property
    def saving(self) -> CodeSaving:
        """Saves scripts and the network."""
        from playground.export.code_saving import CodeSaving

        return CodeSaving(self._parts.session, self._parts.window)

    def save_script(self, framework: str) -> None:
        """Ask for a path and save the script for ``framework``."""
        self.saving.save_script(framework)

    def fill(self) -> None:
        """Add the entries, unless they are there."""
        if not self._code.isEmpty():
            return
        from core.code_export.frameworks import FRAMEWORKS
        from core.code_export.model_formats import MODEL_FORMATS

        window, code, network = self._parts.window, self._code, self._network
        for framework in FRAMEWORKS.values():
            hint = f"Save the experiment as a {framework.label} script that trains to the same losses."
            run = partial(self.save_script, framework.key)
            add_entry(window, code, Entry(f"code-{framework.key}", f"{framework.label}…", run, None, hint))
        code.addSeparator()
        show = partial(self._parts.workspace.reveal, "code")
        add_entry(window, code, Entry("showCodeAction", "&Show code", show, None, "Show the card with the script."))
        for each in MODEL_FORMATS.values():
            run = partial(self._save_model, each.key)
            hint = f"Save the network as it is now. {each.explanation}"
            add_entry(window, network, Entry(f"network-{each.key}", f"{each.label}…", run, None, hint))

    def _save_model(self, suffix: str) -> None:
        self.saving.save_model(suffix)
