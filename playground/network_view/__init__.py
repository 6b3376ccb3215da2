"""The network as a picture: features, neurons and weights that can be looked at, clicked and changed."""

from playground.network_view.view import NetworkView

__all__ = ["NetworkView"]
