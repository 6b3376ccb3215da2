"""The controls: the panel on the left, the toolbar, the message bar and the dialogs.

``ControlPanel`` holds the sections ``data``, ``training`` and ``layers``, which are built from ``controls``; each control is
bound to a field of the Experiment. ``pins`` is the strip of pinned runs, ``table`` the dialog that opens a user's table.
"""

from playground.panels.control_panel import ControlPanel
from playground.panels.data.data_choice import choose_data
from playground.panels.message_bar import MessageBar
from playground.panels.toolbar.toolbar import Toolbar

__all__ = ["ControlPanel", "MessageBar", "Toolbar", "choose_data"]
