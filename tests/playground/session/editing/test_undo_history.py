"""Undo and redo: in order, merged within a drag, bounded."""

from __future__ import annotations

from core.experiment import Experiment
from playground.session.editing.undo_history import (
    MAX_ENTRIES,
    MERGE_SECONDS,
    ExperimentEdit,
    ParameterEdit,
    UndoHistory,
)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def edit(label: str, old: str, new: str) -> ExperimentEdit:
    return ExperimentEdit(label, Experiment(name=old), Experiment(name=new))


def test_undo_reverts_in_reverse_and_redo_repeats_in_order() -> None:
    history = UndoHistory()
    first, second = edit("First", "a", "b"), edit("Second", "b", "c")
    history.push(first)
    history.push(second)
    assert (history.undo_label, history.redo_label) == ("Second", None)
    assert history.undo() is second
    assert (history.undo_label, history.redo_label) == ("First", "Second")
    assert history.undo() is first
    assert history.undo() is None
    assert [history.redo(), history.redo(), history.redo()] == [first, second, None]


def test_a_new_change_clears_redo() -> None:
    history = UndoHistory()
    history.push(edit("First", "a", "b"))
    history.undo()
    history.push(edit("Other", "a", "c"))
    assert history.redo() is None
    assert history.undo_label == "Other"


def test_a_drag_is_one_entry_from_its_start_to_its_end() -> None:
    clock = Clock()
    history = UndoHistory(clock)
    for old, new in (("a", "b"), ("b", "c"), ("c", "d")):
        history.push(edit("Noise", old, new), "noise")
        clock.now += 0.9 * MERGE_SECONDS
    undone = history.undo()
    assert isinstance(undone, ExperimentEdit)
    assert (undone.old.name, undone.new.name) == ("a", "d")
    assert history.undo() is None


def test_a_pause_another_control_or_an_undo_ends_the_entry() -> None:
    clock = Clock()
    history = UndoHistory(clock)
    history.push(edit("Noise", "a", "b"), "noise")
    clock.now += MERGE_SECONDS
    history.push(edit("Noise", "b", "c"), "noise")
    history.push(edit("Rate", "c", "d"), "rate")
    history.push(edit("Plain", "d", "e"))
    history.push(edit("Plain", "e", "f"))
    undone = history.undo()
    assert undone is not None
    history.push(edit("Plain", "e", "g"), "noise")
    labels = []
    while (entry := history.undo()) is not None:
        labels.append(entry.label)
    assert labels == ["Plain", "Plain", "Rate", "Noise", "Noise"]


def test_a_drag_of_a_weight_is_one_entry_too() -> None:
    history = UndoHistory(Clock())
    history.push(ParameterEdit("Weight", 3, 0.1, 0.2), "parameter 3")
    history.push(ParameterEdit("Weight", 3, 0.2, 0.3), "parameter 3")
    history.push(ParameterEdit("Weight", 4, 0.5, 0.6), "parameter 4")
    history.push(ParameterEdit("Weight", 4, 0.6, 0.7))
    undone = [history.undo() for _ in range(4)]
    assert undone == [
        ParameterEdit("Weight", 4, 0.6, 0.7),
        ParameterEdit("Weight", 4, 0.5, 0.6),
        ParameterEdit("Weight", 3, 0.1, 0.3),
        None,
    ]


def test_an_edit_of_a_weight_never_merges_with_one_of_the_experiment() -> None:
    history = UndoHistory(Clock())
    history.push(edit("Noise", "a", "b"), "same")
    history.push(ParameterEdit("Weight", 3, 0.1, 0.2), "same")
    history.push(edit("Noise", "b", "c"), "same")
    assert [type(history.undo()) for _ in range(3)] == [ExperimentEdit, ParameterEdit, ExperimentEdit]


def test_only_the_newest_entries_are_kept() -> None:
    history = UndoHistory()
    for number in range(MAX_ENTRIES + 10):
        history.push(edit(str(number), "a", str(number)))
    taken = 0
    while history.undo() is not None:
        taken += 1
    assert taken == MAX_ENTRIES
    assert history.redo_label == "10"


def test_clearing_discards_undo_and_redo() -> None:
    history = UndoHistory()
    history.push(edit("First", "a", "b"))
    history.push(edit("Second", "b", "c"))
    history.undo()
    history.clear()
    assert (history.undo(), history.redo()) == (None, None)


def test_edits_while_a_slider_is_held_are_one_entry_and_the_next_hold_another() -> None:
    clock = Clock()
    history = UndoHistory(clock)
    history.hold(True)
    history.push(edit("Depth", "a", "b"), "depth")
    clock.now += 60 * MERGE_SECONDS
    history.push(edit("Depth", "b", "c"), "depth")
    history.hold(False)
    history.hold(True)
    history.push(edit("Depth", "c", "d"), "depth")
    history.hold(False)
    taken_back = [history.undo(), history.undo(), history.undo()]
    assert [(e.old.name, e.new.name) for e in taken_back if isinstance(e, ExperimentEdit)] == [("c", "d"), ("a", "c")]
