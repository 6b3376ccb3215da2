"""What is selected in the network, with its numbers, its equation and its path ledger.

Each kind of selection has a page (``neuron_page``, ``weight_page`` …); ``InspectorPanel`` chooses among them.
"""

from playground.inspector.panel import InspectorPanel

__all__ = ["InspectorPanel"]
