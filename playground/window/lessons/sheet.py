"""Create the classroom sheet of a lesson: run it, draw its cards, and lay everything out as PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.errors import PlaygroundError
from core.lessons.classroom.questions import PredictionPosition, predictions_of
from core.lessons.file_format.reading import goal_of
from core.lessons.headless.answer_key import solution_in_words
from core.lessons.headless.lesson_states import Cancelled, LessonStates, collect_states, with_plane
from core.lessons.sketches.axes import sketch_axes
from playground.export.hidden_view import Look, play_picture, record_picture
from playground.lessons.sheet.answers import AnswerContent, answers_pdf
from playground.lessons.sheet.axes import EmptyAxes
from playground.lessons.sheet.pdf import sheet_pdf
from playground.lessons.sheet.text import SheetContent, SheetPictures
from playground.plotting.cards.computed_card import ComputedCard
from playground.plotting.drawing.formula_store import INK, TYPE_SIZE
from playground.session import Session
from playground.style.formula_svg import formula_svg
from playground.style.theme import LIGHT, Style
from playground.window.cards import CARDS

if TYPE_CHECKING:
    from core.lessons.blocks import Lesson
    from core.training.snapshot import Snapshot
    from playground.export.display_list import DisplayList
    from playground.widgets.live_card import LiveCard

Advance = Callable[[int, int], bool]

MAX_CARDS: Final = 2
"""Maximum number of cards on a sheet, each at the start and at the end."""

DEFAULT_CARDS: Final = ("network", "output", "loss")
"""Cards that are added if a lesson names too few."""

INTERACTIVE: Final = frozenset({"inspector", "samples"})
"""Cards that show a selection, or a table that is too large to print."""

HISTORIES: Final = frozenset({"loss", "gradient_history"})
"""Cards that are empty before training."""

PRINTED: Final = (328, 200)
"""Size of a picture on the page in pixels at 96 dots per inch."""

SHARP: Final = 4
"""Pixels of a picture per pixel of the page."""

TYPE: Final = 0.9
"""Size of the type in a picture relative to the screen."""

VIEW_SIZE: Final = QSize(640, 440)


@dataclass(frozen=True, slots=True)
class PrintLook(Look):
    """The look of a picture on the page: small, with legible type."""

    @property
    @override
    def style(self) -> Style:
        """The style."""
        return Style(self.theme, SHARP * TYPE, self.family)


LOOK: Final = PrintLook((PRINTED[0] * SHARP, PRINTED[1] * SHARP), LIGHT)


class Recorded(Struct, frozen=True):
    """Paint commands of the pictures of a sheet.

    Attributes:
        before: picture of each card at the start.
        after: picture of each card after the step ``step``.
        step: number of that step.
        axes: the empty axes of each prediction of a curve.
    """

    before: tuple[DisplayList, ...]
    after: tuple[DisplayList, ...]
    step: int
    axes: tuple[tuple[PredictionPosition, DisplayList], ...]

    def pictures(self) -> SheetPictures:
        """Paint the pictures; may run on any thread."""
        before, after = ([play_picture(each, LOOK) for each in pictures] for pictures in (self.before, self.after))
        axes = {position: play_picture(commands, LOOK) for position, commands in self.axes}
        return SheetPictures(before, after, self.step, axes)


def run_lesson(lesson: Lesson, advance: Advance) -> LessonStates | None:
    """Run ``lesson``, on any thread; return ``None`` if cancelled.

    Raises:
        PlaygroundError: the lesson cannot be run.
    """
    from core.engine.compiled.compilation import is_cached  # imported late: takes half a second

    try:
        run = collect_states(lesson, advance, engine="auto" if is_cached() else "numpy")
    except Cancelled:
        return None
    shown = solved_step(lesson) - 1
    exits = tuple(with_plane(each) if index == shown else each for index, each in enumerate(run.exits))
    return replace(run, start=with_plane(run.start), exits=exits)


def cards_of(lesson: Lesson, *snapshots: Snapshot) -> tuple[str, ...]:
    """Return the keys of the cards on the sheet: those that the lesson names, and the network, if they apply."""
    wanted = dict.fromkeys((*lesson.front.cards, *DEFAULT_CARDS))
    usable = [key for key in wanted if key in CARDS and key not in INTERACTIVE]
    started = any(snapshot.step for snapshot in snapshots)
    shown = [key for key in usable if all(map(CARDS[key].applies_to, snapshots)) and (started or key not in HISTORIES)]
    return tuple(shown[:MAX_CARDS])


def solved_step(lesson: Lesson) -> int:
    """Return the number of the step after which the second pictures are taken: the last goal before *Now break it*."""
    goals = [number for number, step in enumerate(lesson.steps, start=1) if goal_of(step) is not None]
    return goals[-2] if len(goals) > 1 else len(lesson.steps)


def record(lesson: Lesson, run: LessonStates, *, patiently: bool = False) -> Iterator[Recorded | int]:
    """Draw the pictures in the GUI thread; yield how many are drawn, often, and the result last.

    Args:
        lesson: the lesson.
        run: its run.
        patiently: let cards that compute their data do so on a thread, and yield until they have; the caller lets the event
            loop run. Otherwise everything is computed here.
    """
    step = solved_step(lesson)
    drawn: list[list[DisplayList]] = [[], []]
    for snapshot, pictures in zip((run.start, run.exits[step - 1]), drawn, strict=True):
        for key in cards_of(lesson, snapshot):
            with _card(key, snapshot) as card:
                while patiently and isinstance(card, ComputedCard) and not card.prepare():
                    yield sum(map(len, drawn))
                figures = card.rendered_figures if card.has_figures else ()
                pictures += [record_picture(figure, LOOK) for figure in figures[:1]]
            yield sum(map(len, drawn))
    axes = []
    for position, predict in predictions_of(lesson):
        if predict.kind == "curve":
            axes.append((position, record_picture(EmptyAxes(sketch_axes(predict)), LOOK)))
    yield Recorded(tuple(drawn[0]), tuple(drawn[1]), step, tuple(axes))


@contextmanager
def _card(key: str, snapshot: Snapshot) -> Iterator[LiveCard]:
    """Build the card ``key`` off screen with ``snapshot``."""
    holder = QWidget()
    try:
        session = Session(snapshot.experiment, parent=holder)
        session.snapshot = snapshot
        card = CARDS[key].make(session, Style(LIGHT), holder)
        card.resize(VIEW_SIZE)
        card.show_snapshot(snapshot)
        yield card
    finally:
        holder.deleteLater()
        QCoreApplication.sendPostedEvents(holder, QEvent.Type.DeferredDelete.value)


def compose(
    lesson: Lesson,
    folder: Path | None,
    run: LessonStates,
    recorded: Recorded,
    advance: Advance = lambda _done, _total: True,
) -> bytes | None:
    """Lay out the sheet as PDF, on any thread; return ``None`` if cancelled.

    Raises:
        PlaygroundError: it cannot be written.
    """
    content = SheetContent(lesson, folder, recorded.pictures(), _Formulas(), run.number)
    return sheet_pdf(content, advance)


def record_answers(lesson: Lesson, run: LessonStates) -> Iterator[Recorded | int]:
    """Draw the measured curves of ``lesson`` in the GUI thread; see :func:`record`."""
    axes = []
    for position, predict in predictions_of(lesson):
        truth = run.truths[position]
        if isinstance(truth, tuple):
            axes.append((position, record_picture(EmptyAxes(sketch_axes(predict), truth), LOOK)))
            yield len(axes)
    yield Recorded((), (), 0, tuple(axes))


def compose_answers(lesson: Lesson, folder: Path | None, run: LessonStates, recorded: Recorded) -> bytes:
    """Lay out the answers as PDF, on any thread.

    Raises:
        PlaygroundError: it cannot be written.
    """
    solutions = [
        "" if goal is None else solution_in_words(goal.solution, before.experiment, after.experiment)
        for goal, before, after in zip(map(goal_of, lesson.steps), run.entries, run.exits, strict=True)
    ]
    content = SheetContent(lesson, folder, recorded.pictures(), _Formulas(), run.number_after)
    return answers_pdf(AnswerContent(content, solutions, run.truths))


class _Formulas:
    """Typesets each formula once."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def __call__(self, latex: str) -> bytes:
        if latex not in self._known:
            self._known[latex] = formula_svg(latex, TYPE_SIZE, INK)
        return self._known[latex]


def sheet(lesson: Lesson, folder: Path | None, advance: Advance, *, answers: bool = False) -> bytes:
    """Create the sheet of ``lesson``, or its answers, synchronously in the GUI thread; for use without a window.

    Raises:
        PlaygroundError: the lesson cannot be run or the sheet cannot be written.
    """
    run = collect_states(lesson, advance)
    made = None
    if run is not None:
        recorded = next(
            each for each in (record_answers if answers else record)(lesson, run) if isinstance(each, Recorded)
        )
        made = (compose_answers if answers else compose)(lesson, folder, run, recorded)
    if made is None:
        raise PlaygroundError(f"{lesson.key}: the sheet was not finished")
    return made
