"""The network as a picture: features, neurons and weights that can be looked at, clicked and changed.

``NetworkView`` is the card; ``builder`` places what ``painter`` draws, and ``intents`` turns clicks into edits.
"""

from playground.network_view.view import NetworkView

__all__ = ["NetworkView"]
