"""The network: its architecture, one flat parameter vector, forward and backward passes, and dropout.

Start at ``Network``: ``forward`` returns a ``Trace``, ``backward`` returns ``Gradients``, and neither changes the network.
"""

from core.network.network import Gradients, Network, Trace

__all__ = ["Gradients", "Network", "Trace"]
