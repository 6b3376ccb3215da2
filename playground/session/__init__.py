"""The session: current Experiment, undo history, selection and files; the only interface of the views.

Start at ``Session``.
"""

from playground.session.features import default_features
from playground.session.session import Session

__all__ = ["Session", "default_features"]
