"""The controls: the panel on the left, the toolbar, the message bar and the dialogs.

``ControlPanel`` holds the sections Data, Training and All layers; each control is bound to a field of the Experiment.
"""

from playground.panels.control_panel import ControlPanel
from playground.panels.data_choice import choose_data
from playground.panels.message_bar import MessageBar
from playground.panels.toolbar import Toolbar

__all__ = ["ControlPanel", "MessageBar", "Toolbar", "choose_data"]
