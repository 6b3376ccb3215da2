"""The picture of the network: features, neurons and weights that can be inspected, clicked and edited.

``NetworkView`` is the card. ``builder`` turns settings and snapshots into a frozen ``Picture``; the folders lay out, compute
and paint its parts, and ``canvas`` is the widget that shows it and turns clicks and keys into intents.
"""

from playground.network_view.view import NetworkView

__all__ = ["NetworkView"]
