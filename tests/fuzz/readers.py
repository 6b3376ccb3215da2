"""The readers under test: how their inputs are made, and what reading one may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import documents
import runs
from checks import check_sentence, written
from tables import table_file

from core.data.settings import TableSource
from core.data.tables.preview import preview_table
from core.data.tables.tables import read_table
from core.errors import PlaygroundError


@dataclass(frozen=True)
class Reader:
    """One reader under test.

    Attributes:
        made: makes an input; the same generator always makes the same one.
        read: reads an input, and returns whether it was accepted; may only raise a :class:`PlaygroundError`.
        share: share of all inputs.
    """

    made: Callable[[Random], Any]
    read: Callable[[Any], bool]
    share: float


def read_any_table(file: tuple[str, bytes]) -> bool:
    """Preview a table, then read it as proposed and with every other column as the target."""
    suffix, content = file
    path = written(content, suffix)
    try:
        preview = preview_table(path)
    except PlaygroundError as error:
        check_sentence(error)
        return False
    names = [column.name for column in preview.columns]
    assert len(set(names)) == len(names)
    for note in preview.notes:
        check_sentence(note)
    for target in dict.fromkeys((preview.suggested_target, *names[:3])):
        try:
            raw = read_table(TableSource(csv=str(path), target=target))
        except PlaygroundError as error:
            check_sentence(error)
            continue
        assert raw.inputs.shape[0] == len(raw.target)
    return True


READERS = {
    "experiment": Reader(documents.experiment, documents.read_experiment, 0.28),
    "link": Reader(documents.link, documents.read_link, 0.28),
    "state": Reader(runs.state, runs.read_state, 0.14),
    "table": Reader(table_file, read_any_table, 0.14),
    "picture": Reader(runs.picture, runs.read_picture, 0.04),
    "deck": Reader(runs.deck_file, runs.read_deck, 0.01),
    "pins": Reader(runs.pins, runs.read_pins, 0.02),
    "history": Reader(runs.history, runs.read_history, 0.03),
    "answers": Reader(documents.answers, documents.read_answer_file, 0.02),
    "progress": Reader(documents.progress_file, documents.read_progress, 0.01),
    "drawn": Reader(documents.drawn, documents.read_drawn, 0.02),
    "lesson": Reader(documents.lesson, documents.read_lesson_file, 0.01),
}
