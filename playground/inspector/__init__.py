"""The inspector: the selected neuron, weight or feature with its numbers, equation and gradient paths.

Each kind of selection has a page (``neuron_page``, ``weight_page`` …); ``InspectorPanel`` chooses among them.
"""

from playground.inspector.pages import RENDERED_PAGES
from playground.inspector.panel import InspectorPanel

__all__ = ["RENDERED_PAGES", "InspectorPanel"]
