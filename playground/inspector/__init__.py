"""What is selected in the network, with its numbers, its equation and its path ledger."""

from playground.inspector.panel import InspectorPanel

__all__ = ["InspectorPanel"]
