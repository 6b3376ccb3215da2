"""The inspector: the selected neuron, weight or feature with its numbers, equation and gradient paths.

``InspectorPanel`` shows the page that ``pages.registry`` names for the kind of selection. The parts of a page are in
``neuron``, ``ledger`` and ``loss_slice``; ``figure`` draws the same pages for export.
"""

from playground.inspector.pages.registry import RENDERED_PAGES
from playground.inspector.panel import InspectorPanel

__all__ = ["RENDERED_PAGES", "InspectorPanel"]
