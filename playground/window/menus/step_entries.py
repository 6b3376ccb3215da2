"""The entries of the Train menu for single steps and their phases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.window.menu_entry import Entry

if TYPE_CHECKING:
    from playground.session import Session


def step_entries(session: Session) -> tuple[Entry, ...]:
    """Return the entries that step ``session``."""
    return (
        Entry(
            "stepSampleAction",
            "Step one s&ample",
            lambda: session.step("sample"),
            "Alt+S",
            "One sample, one update.",
        ),
        Entry("stepBatchAction", "Step one &batch", lambda: session.step("batch"), "S", "One batch, one update."),
        Entry(
            "stepEpochAction",
            "Step one &epoch",
            lambda: session.step("epoch"),
            "Shift+S",
            "Train to the end of the epoch.",
        ),
        Entry(
            "nextPhaseAction",
            "Next &phase of a step",
            session.advance_phase,
            "N",
            "Forward, loss, backward, update: one phase of a training step after the other, with its numbers.",
        ),
        Entry(
            "previousPhaseAction",
            "Previous p&hase",
            session.back_phase,
            "Shift+N",
            "One phase back; going back over an update restores the weights before it.",
        ),
    )
