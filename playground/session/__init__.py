"""What the user made: the current Experiment, undo history, selection and files; the only thing that views talk to.

Start at ``Session``.
"""

from playground.session.session import Session, default_features

__all__ = ["Session", "default_features"]
