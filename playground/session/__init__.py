"""The session: current Experiment, undo history, selection and files; the only interface of the views.

Start at ``Session``. It inherits its intents from ``editing`` and ``playback``; ``saving`` keeps its state from one start to the
next, and ``controller`` connects it with the training thread.
"""

from playground.session.features import default_features
from playground.session.session import Session

__all__ = ["Session", "default_features"]
