"""The menus that save the experiment as code and the network as a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from playground.window.menu_entry import Entry, add_entry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from playground.export.code_saving import CodeSaving
    from playground.window.parts import WindowParts


def add_code_entries(parts: WindowParts, menu: QMenu, saving: CodeSaving) -> None:
    """Add *Export code* and *Export network* to ``menu``."""
    code = menu.addMenu("Export &code")
    for framework in FRAMEWORKS.values():
        hint = f"Save the experiment as a {framework.label} script that trains to the same losses."
        run = partial(saving.save_script, framework.key)
        add_entry(parts.window, code, Entry(f"code-{framework.key}", f"{framework.label}…", run, None, hint))
    reveal = partial(parts.workspace.reveal, "code")
    code.addSeparator()
    add_entry(parts.window, code, Entry("showCodeAction", "&Show code", reveal, None, "Show the card with the script."))
    network = menu.addMenu("Export &network")
    for each in MODEL_FORMATS.values():
        run = partial(saving.save_model, each.key)
        hint = f"Save the network as it is now. {each.explanation}"
        add_entry(parts.window, network, Entry(f"network-{each.key}", f"{each.label}…", run, None, hint))
