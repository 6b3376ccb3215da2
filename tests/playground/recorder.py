"""A recorder of a session's signals for tests."""

from __future__ import annotations

from core.experiment import Experiment
from playground.session import Session
from playground.session.selection import Selection
from playground.worker.commands import Command


class Recorder:
    """Records everything a session emits."""

    def __init__(self, session: Session) -> None:
        self.commands: list[Command] = []
        self.changes: list[tuple[Experiment, Experiment]] = []
        self.messages: list[tuple[str, str]] = []
        self.selections: list[Selection | None] = []
        self.playing: list[bool] = []
        session.command.connect(self.commands.append)
        session.experiment_changed.connect(lambda old, new: self.changes.append((old, new)))
        session.message.connect(lambda text, kind: self.messages.append((text, kind)))
        session.selection_changed.connect(self.selections.append)
        session.playing_changed.connect(self.playing.append)
