"""Neurons and weights in ``lock`` and ``hide``: reading, checking, adding and removing them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import LessonError
from core.lessons.blocks import Element, Lesson
from core.lessons.file_format.editing import LessonFile
from core.lessons.file_format.reading import parse_lesson, read_lesson
from core.lessons.headless.walkthrough import walk_through
from tests.core.lessons.support import LESSON

WEIGHT, NEURON = Element(weight=(1, 2, 1)), Element(neuron=(3, 2))


def with_front(line: str) -> Lesson:
    return parse_lesson(LESSON.replace("start =", f"{line}\nstart =", 1), "07-x", "07-x.md")


def test_elements_can_be_listed_beside_controls() -> None:
    front = with_front('lock = ["depthSlider", { weight = [1, 2, 1] }]\nhide = [{ neuron = [3, 2] }]').front
    assert front.lock == ("depthSlider", WEIGHT)
    assert front.hide == (NEURON,)
    assert (WEIGHT.name, NEURON.name) == ("weight [1, 2, 1]", "neuron [3, 2]")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{ neuron = [1] }", "lock[1].neuron: expected a list of 2 entries, got [1]"),
        ("{ weight = [1, 2] }", "lock[1].weight: expected a list of 3 entries, got [1, 2]"),
        ("{ neuron = [0, 1] }", "lock[1].neuron: layers and neurons count from 1 to 512, got [0, 1]"),
        ("{ nuron = [1, 1] }", 'lock[1]: unknown key "nuron", did you mean "neuron"?'),
        ("{ }", "lock[1]: give either a neuron or a weight"),
        ("{ neuron = [1, 1], weight = [1, 1, 1] }", "lock[1]: give either a neuron or a weight"),
        ("[1, 2]", "lock[1]: expected text, got [1, 2]"),
    ],
)
def test_an_invalid_element_is_reported(entry: str, message: str) -> None:
    with pytest.raises(LessonError) as raised:
        with_front(f'lock = ["depthSlider", {entry}]')
    assert str(raised.value) == f"07-x.md, line 9, {message}"


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        # The lesson starts with three hidden layers of eight neurons; its first step leads to ten.
        ("lock = [{ weight = [4, 8, 1] }]\nhide = [{ neuron = [10, 8] }]", []),
        ("hide = [{ neuron = [12, 1] }]", ["hide: no step has a network with the neuron [12, 1]"]),
        ("lock = [{ weight = [1, 3, 1] }]", ["lock: no step has a network with the weight [1, 3, 1]"]),
    ],
)
def test_an_element_that_no_step_has_is_reported(line: str, problems: list[str]) -> None:
    assert list(walk_through(with_front(line), 1, engine="numpy").problems) == problems


def test_elements_can_be_added_removed_and_undone(tmp_path: Path) -> None:
    path = tmp_path / "07-x.md"
    path.write_text(LESSON)
    file = LessonFile(path)
    assert file.add_name("lock", WEIGHT, "Lock").front.lock == (WEIGHT,)
    file.add_name("lock", "depthSlider", "Lock")
    assert file.add_name("lock", NEURON, "Lock").front.lock == (WEIGHT, "depthSlider", NEURON)
    file.add_name("lock", NEURON, "Lock again")
    assert file.undo_label == "Lock"
    assert 'lock = [{weight = [1, 2, 1]}, "depthSlider", {neuron = [3, 2]}]\n' in path.read_text()
    assert file.remove_name("lock", WEIGHT, "Unlock").front.lock == ("depthSlider", NEURON)
    assert file.undo().front.lock == (WEIGHT, "depthSlider", NEURON)
    for _ in range(3):
        file.undo()
    assert read_lesson(path) == parse_lesson(LESSON, "07-x")
    assert path.read_text() == LESSON
