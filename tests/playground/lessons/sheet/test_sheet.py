"""The layout of a classroom sheet: two complete pages, with related paragraphs kept together."""

from __future__ import annotations

import gc
import re
import shutil
import subprocess
import threading
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QColor, QImage, QTextBlock, QTextFormat

from core.lessons.blocks import Ask, Goal, Lesson, Predict
from core.lessons.catalogue import lessons
from core.lessons.file_format.reading import goal_of, parse_lesson
from core.lessons.headless.answer_key import solution_in_words
from core.lessons.headless.lesson_states import collect_states
from playground.lessons.sheet.answers import AnswerContent, answers_pdf
from playground.lessons.sheet.pdf import HEIGHT, sheet_pdf
from playground.lessons.sheet.text import SheetContent, SheetPictures, SheetSizes, SheetText
from playground.plotting.drawing.formula_store import INK, TYPE_SIZE
from playground.style.formula_svg import formula_svg
from playground.style.theme import LIGHT, Style

pytestmark = pytest.mark.usefixtures("fonts")

TEXT = """+++
title = "A short lesson, with 1 title"
minutes = 3
summary = "One *sentence*."
+++
The slope $\\varphi'(z)$ is {{depth}} at most.

## First step
Some text.
```predict
kind = "choice"
truth = { measure = "gradient_ratio", from = 1, to = "last" }
choices = [{ from = 1e-3 }, { below = 1e-3 }]
[text]
question = "How **much**?"
choices = ["more than 1", "less, by 3.5"]
```
```predict
kind = "curve"
truth = { measure = "loss_curve" }
x = [0, 10]
y = [1e-3, 1]
[text]
question = "Which shape?"
```
```predict
kind = "number"
truth = { measure = "test_loss" }
unit = "loss"
[text]
question = "Which loss?"
```
```goal
measure = "depth"
above = 9
[solution]
depth = 10
[text]
goal = "Ten layers"
```

Now it is {{test_loss}}.

## Second step
At first {{depth}}.
```ask
answer = 2
[text]
question = "What follows?"
choices = ["nothing at all follows from it, because this is a long answer that needs its own line", "everything"]
because = ["no", "yes"]
```
"""
SHORT = parse_lesson(TEXT, "50-short")


def image(colour: str = "#446688") -> QImage:
    result = QImage(656, 400, QImage.Format.Format_RGB32)
    result.fill(QColor(colour))
    return result


def content(lesson: Lesson) -> SheetContent:
    ranges = {
        (number, index): image()
        for number, step in enumerate(lesson.steps, start=1)
        for index, each in enumerate((e for e in step.content if isinstance(e, Predict)), start=1)
        if each.kind == "curve"
    }
    pictures = SheetPictures([image("#aa0000"), image()], [image("#00aa00"), image()], 1, ranges)
    return SheetContent(
        lesson,
        None,
        pictures,
        lambda latex: formula_svg(latex, TYPE_SIZE, INK),
        lambda step, source: f"{source} in {step}",
    )


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def text_of(pdf: bytes, folder: Path) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    path = folder / "sheet.pdf"
    path.write_bytes(pdf)
    return subprocess.run([tool, "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout


def test_a_short_lesson_fills_two_pages_with_lines(tmp_path: Path) -> None:
    pdf = sheet_pdf(content(SHORT))
    assert pdf is not None
    assert pages(pdf) == 2
    text = " ".join(text_of(pdf, tmp_path).split())
    for words in (
        "A short lesson, with 1 title",
        "One sentence.",
        "is depth in 0 at most.",
        "1 First step",
        "Before you try: How much?",
        "more than 1",
        "less, by 3.5",
        "Which shape?",
        "My number",
        "Do: Ten layers",
        "Now it is _________.",
        "At first depth in 2.",
        "What follows?",
        "everything",
        "At the start:",
        "After step 1:",
        "page 2 of 2",
    ):
        assert words in text, words
    assert "yes" not in text  # the answers are not printed


def test_the_answer_sheet_has_solutions_truths_and_explanations(tmp_path: Path) -> None:
    run = collect_states(SHORT, engine="numpy")
    goal = goal_of(SHORT.steps[0])
    assert goal is not None
    solution = solution_in_words(goal.solution, run.entries[0].experiment, run.exits[0].experiment)
    assert solution == "hidden layers 2 → 10"
    sheet = replace(content(SHORT), number=run.number_after)
    pdf = answers_pdf(AnswerContent(sheet, [solution, ""], run.truths))
    text = " ".join(text_of(pdf, tmp_path).split())
    for words in (
        "Answers: A short lesson, with 1 title",
        "Prediction: How much?",
        "Measured: Gradient ratio, layer 1 to last: ",
        "Prediction: Which shape?",
        f"Measured: Test loss: {run.number_after(1, 'test_loss')} loss",
        "Goal: Ten layers",
        "How: hidden layers 2 → 10",
        "Question: What follows?",
        "everything – yes",
        "its own line – no",
    ):
        assert words in text, words
    assert "My number" not in text
    assert pages(pdf) == 1


def longest(count: int) -> list[Lesson]:
    def length(lesson: Lesson) -> int:
        return sum(len(str(part)) for step in lesson.steps for part in step.content)

    every = sorted(lessons("en"), key=length)
    return [every[0], *every[-count:]]


@pytest.mark.parametrize("lesson", longest(3), ids=lambda lesson: lesson.key)
def test_shipped_lessons_have_two_pages_with_every_question(lesson: Lesson, tmp_path: Path) -> None:
    pdf = sheet_pdf(content(lesson))
    assert pdf is not None
    assert pages(pdf) == 2
    text = re.sub(r"\W+", "", text_of(pdf, tmp_path))
    for step in lesson.steps:
        for part in step.content:
            if isinstance(part, Ask | Predict | Goal):
                said = part.text.goal if isinstance(part, Goal) else part.text.question
                start = re.sub(r"\W+", "", re.split(r"[$`*{\[]", said)[0])
                assert start in text, said


def test_a_sheet_can_be_created_on_any_thread_and_cancelled() -> None:
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(sheet_pdf(content(SHORT))))
    thread.start()
    thread.join()
    assert results[0].startswith(b"%PDF")
    assert sheet_pdf(content(SHORT), lambda _done, _total: False) is None


def test_a_long_sheet_is_laid_out_and_deleted_on_its_thread(qtlog: Any) -> None:
    """Qt lays such a text out in parts, by timers, which belong to the thread."""
    lesson = parse_lesson(TEXT.replace("Some text.", "\n\n".join(["A paragraph of many words. " * 20] * 60)), "50-long")
    seen: list[Any] = []

    def lay_out() -> None:
        text = SheetText(content(lesson), SheetSizes(Style(LIGHT), 1, 150.0))
        seen.append(weakref.ref(text))
        seen.append(text.paginate(HEIGHT))
        del text
        seen.append(seen[0]() is None)

    thread = threading.Thread(target=lay_out)
    gc.disable()  # which would delete it on another thread
    try:
        thread.start()
        thread.join()
    finally:
        gc.enable()
    assert seen[1] > 5
    assert seen[2], "its document and its timers are gone"
    assert [record.message for record in qtlog.records if "imer" in record.message] == []


def test_a_question_stays_with_its_choices() -> None:
    """Whatever the number of lines before it, the question and its choices are on one page."""
    moved = 0
    for notes in range(1, 30):
        filler = "\n\n".join(f"Paragraph {number}." for number in range(notes))
        lesson = parse_lesson(TEXT.replace("Some text.", filler), "50-short")
        text = SheetText(content(lesson), SheetSizes(Style(LIGHT), 1, 150.0))
        text.paginate(HEIGHT / 2)
        layout, document = text.document.documentLayout(), text.document
        ranges = {}
        block = document.begin()
        while block.isValid():
            for words in ("What follows?", "everything", "2  Second step"):
                if words in block.text():
                    ranges[words] = int(layout.blockBoundingRect(block).top() // (HEIGHT / 2))
            block = block.next()
        assert ranges["What follows?"] == ranges["everything"] == ranges["2  Second step"]
        moved += ranges["everything"]
    assert moved


def test_small_type_does_not_lose_text() -> None:
    text = SheetText(content(SHORT), SheetSizes(Style(LIGHT, 0.6), 0, 110.0, notes=3))
    plain = text.document.toPlainText()
    assert plain.count("What did you find out?") == 1
    assert "less, by 3.5" in plain


def line_top(block: QTextBlock) -> float:
    """Return where the first line of ``block`` is, which may be on the page after the block's beginning."""
    return block.layout().position().y() + block.layout().lineAt(0).y()


def test_a_sentence_stays_with_the_formula_that_follows() -> None:
    """Wherever the page ends, heading, sentence and formula are on one page."""
    moved = 0
    page = HEIGHT / 2
    for height in np.arange(20.0, 120.0, 2.5):
        both = TEXT.replace("At first {{depth}}.", "It is:\n\n$$\\frac{1}{2}$$\n\nFurther.")
        text = SheetText(content(parse_lesson(both, "50-short")), SheetSizes(Style(LIGHT), 1, height))
        text.paginate(page)
        block = text.document.begin()
        while "2  Second step" not in block.text():
            block = block.next()
        assert block.next().text() == "It is:"
        tops = [line_top(each) for each in (block, block.next(), block.next().next())]
        assert len({int(top // page) for top in tops}) == 1, (height, tops)
        moved += block.blockFormat().pageBreakPolicy() == QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
    assert moved
