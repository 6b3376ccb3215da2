"""The picture of the network: features, neurons and weights that can be inspected, clicked and edited.

``NetworkView`` is the card; ``builder`` builds the picture that ``painter`` draws, and ``intents`` turns clicks into edits.
"""

from playground.network_view.view import NetworkView

__all__ = ["NetworkView"]
