"""Errors that a user may see: each says the place, the rule and the value got, in one sentence."""

from __future__ import annotations


class PlaygroundError(ValueError):
    """Base of every error whose text is meant for the user at the window or the command line."""


class ExperimentError(PlaygroundError):
    """An Experiment breaks a rule of the contract; the text starts with the path (``$.network.hidden[1].dropout: …``)."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class TableError(PlaygroundError):
    """A user's own table cannot be used as data; the text names the file and, where known, the column and row."""


class ShapeError(PlaygroundError):
    """An array does not have the shape that the network expects; the text names both shapes."""


class EngineError(PlaygroundError):
    """A training engine was asked for that cannot run here; the text says why."""
