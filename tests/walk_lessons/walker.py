"""Walk through a lesson with mouse and keyboard, take pictures, and report what a user could not do."""

from __future__ import annotations

import random
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QComboBox, QPushButton, QSlider, QWidget

from core.lessons.blocks import Ask, Goal, Predict, Show
from core.lessons.changes import apply_change
from core.lessons.goal_tracker import conditions_of
from playground.lessons.solver import steps_per_epoch
from tests.walk_lessons.moves import Move, NoControlError, moves
from tests.walk_lessons.special_steps import SPECIAL_STEPS
from tests.walk_lessons.user_input import UnreachableError, UserInput
from tests.walk_lessons.visual_checks import clipped_texts, ring_problem, squeezed_cards, unknown_numbers, wide_texts

if TYPE_CHECKING:
    from types import TracebackType

    from core.training.snapshot import Snapshot
    from playground.lessons.pages.lesson import LessonPage
    from playground.window.main_window import MainWindow

FEW_STEPS: Final = 20
"""Up to this many updates are made one by one with the Step button."""

PATIENCE: Final = 240.0
"""Longest time for the training of one goal, in seconds."""

TRAINING_SECONDS: Final = 6.0
SPEEDS: Final = (30.0, 5000.0)


class Walk:
    """One lesson in one window.

    Attributes:
        window: the window.
        user: the mouse and the keyboard.
        rng: chooses the answers.
        faults: what a user could not do, one sentence each.
        notes: what somebody should look at.
    """

    def __init__(self, window: MainWindow, key: str, seed: int, out: Path) -> None:
        self.window, self.key, self._out = window, key, out
        self.user = UserInput(window)
        self.rng = random.Random(seed)
        self.faults: list[str] = []
        self.notes: list[str] = []

    def take_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Report an exception that nothing caught."""
        sentence = f"{kind.__name__}: {error}"
        if sentence not in self.faults:
            self.faults.append(sentence)
            traceback.print_exception(kind, error, trace)

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def page(self) -> LessonPage:
        """The open lesson."""
        page = self.window.lessons.page
        if page is None:
            raise UnreachableError("no lesson is open")
        return page

    @property
    def number(self) -> int:
        """The number of the current step, from 1."""
        return self.page.run.index + 1

    @property
    def snapshot(self) -> Snapshot:
        """The state shown."""
        snapshot = self.window.session.snapshot
        if snapshot is None:
            raise UnreachableError("nothing is shown yet")
        return snapshot

    def settled(self) -> bool:
        """Return whether the state shown is that of the current settings."""
        session = self.window.session
        return session.snapshot is not None and session.snapshot.generation == session.generation

    def picture(self, name: str) -> None:
        """Save a picture of the window."""
        self.window.grab().save(str(self._out / f"{name}.png"))

    # -- the lesson --------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the lesson in the list with mouse clicks."""
        self.user.click("lessonsButton")
        browser = self.window.lessons.panel.browser
        self.user.wait(lambda: bool(browser.rows), 20, "the list of lessons")
        # On a busy machine the rows find their places only after a while.
        self.user.wait(lambda: all(row.isVisible() for row in browser.rows), 20, "the rows of the list")
        places: list[int] = []
        while not places or places != [row.y() for row in browser.rows]:
            places = [row.y() for row in browser.rows]
            self.user.rest(0.7)
        self.picture("0-list")
        self.user.click(next(row for row in browser.rows if row.lesson.key == self.key))
        self.user.wait(lambda: self.window.lessons.run is not None and self.settled(), 20, "the lesson to open")
        self.user.rest(1.0)
        opened = self.page.run.lesson.key
        if opened != self.key:
            raise UnreachableError(f"a click on {self.key} opened {opened}")

    def all_steps(self) -> None:
        """Walk through every step and finish."""
        lesson = self.page.run.lesson
        for number in range(1, len(lesson.steps) + 1):
            if self.number != number:
                self.faults.append(f"step {number}: the window shows step {self.number}")
                return
            self._guarded(self._step)
            self.user.click("lessonNextButton")
            self.user.wait(self.settled, 20, "the next step")
            self.user.rest(0.4)
        if self.window.lessons.run is not None:
            self.faults.append("the lesson is still open after its last step")
        self.user.rest(0.6)
        self.picture("9-end")

    def _guarded(self, act: Any, *arguments: object) -> None:
        number = self.number
        try:
            act(*arguments)
        except (UnreachableError, NoControlError) as problem:
            self.faults.append(f"step {number}: {problem}")
            self.picture(f"{number}-fault")

    def _step(self) -> None:
        number, page = self.number, self.page
        step = page.run.lesson.steps[number - 1]
        self.user.rest(0.6)
        if page.run.is_reached:
            self.faults.append(f"step {number}: the goal is reached before anything was done")
        shows = [part for part in step.content if isinstance(part, Show)]
        for index, show in enumerate(shows):
            self._guarded(self._show_me, show, f"{number}a-ring{index + 1 if index else ''}")
        if not shows:
            self.picture(f"{number}a-entry")
        predictions = asks = 0
        for part in step.content:
            if isinstance(part, Predict):
                self._guarded(self._predict, part, page.page.predictions[predictions])
                predictions += 1
            elif isinstance(part, Ask):
                self._guarded(self._answer, part, page.page.asks[asks])
                asks += 1
            elif isinstance(part, Goal):
                self.picture(f"{number}b-before")
                self._guarded(self._reach, part)
        recipe = SPECIAL_STEPS.get((self.key, number))
        if recipe is not None and page.page.goal is None:
            self._guarded(recipe, self)
        if page.page.challenge is not None:
            self._guarded(self._run_starts)
        self.user.rest(0.5)
        self._look(number)

    def _look(self, number: int) -> None:
        page = self.page
        if page.page.challenge is not None:
            self.user.reach(page.page.challenge, QPoint(20, 8))
        elif page.page.goal is not None:
            self.user.reach(page.page.goal, QPoint(20, 8))
        self.picture(f"{number}c-done")
        strip = QPixmap(page.page.size())
        strip.fill(QColor(self.window.appearance.style.theme.panel))
        page.page.render(strip)
        strip.save(str(self._out / f"{number}z-strip.png"))
        problems = [*unknown_numbers(page), *clipped_texts(self.window), *squeezed_cards(page), *wide_texts(page)]
        self.notes += [f"step {number}: {problem}" for problem in problems]

    # -- what a step asks for ----------------------------------------------------------------------------------------

    def _show_me(self, show: Show, name: str) -> None:
        self.user.click("lessonShowButton")
        pointing = self.window.lessons.pointing
        names_target = show.control is not None or show.card is not None or show.text.label
        if names_target:
            self.user.wait(lambda: pointing.ring.target is not None, 5, "the ring to appear")
        self.user.rest(0.4)
        self.picture(name)
        problem = ring_problem(pointing.ring, self.window) if names_target else ""
        if problem:
            raise UnreachableError(f"the ring around {show.control or show.card or 'the inspector'}: {problem}")

    def _predict(self, predict: Predict, card: Any) -> None:
        if predict.kind == "choice":
            index = self.rng.randrange(len(predict.text.choices))
            self._choose(_inside(card, f"predictChoice-{index + 1}"))
        elif predict.kind == "number":
            self.user.click(card.number)
            self.user.type(f"{self.rng.choice((0.25, 0.5, 1.0, 12.0)):g}")
        else:
            canvas = card.sketch.canvas
            width, height = canvas.width(), canvas.height()
            heights = sorted(self.rng.uniform(0.15, 0.75) for _ in range(6))
            places = [QPoint(round(width * (0.2 + 0.15 * n)), round(height * y)) for n, y in enumerate(heights)]
            self.user.drag(canvas, places)
            self.user.click(_inside(card, "keepSketchButton"))
        if not any(each.step == self.number for each in self.page.run.progress.predictions):
            raise UnreachableError("the prediction was not taken")

    def _choose(self, button: Any) -> None:
        """Click ``button``; again if the text moved under the mouse, as it does when a goal is ticked off."""
        for _ in range(3):
            self.user.click(button)
            if button.isChecked():
                return
            self.user.rest(0.3)

    def _answer(self, ask: Ask, card: Any) -> None:
        wrong = [n for n in range(1, len(ask.text.choices) + 1) if n != ask.answer]
        for choice in (self.rng.choice(wrong), ask.answer):
            self._choose(_inside(card, f"askChoice-{choice}"))
            if not card.explanation:
                raise UnreachableError("an answer is not explained")
        if card.heading != "Right":
            raise UnreachableError(f"the right answer is said to be “{card.heading}”")

    def _reach(self, goal: Goal) -> None:
        run = self.page.run
        recipe = SPECIAL_STEPS.get((self.key, self.number))
        if recipe is not None:
            recipe(self)
        else:
            wanted = apply_change(self.window.session.experiment, goal.solution)
            for move in moves(self.window.session.experiment, wanted):
                self.make(move)
            self.user.wait(self.settled, 20, "the change to be applied")
            self.user.rest(0.4)
            if goal.solution.restart and self.snapshot.step > 0:
                self.rewind()
            self.train(goal)
        self.user.wait(lambda: run.is_reached, 6, "the goal to be ticked off")

    def _run_starts(self) -> None:
        """Let the challenge run all starts."""
        card, run = self.page.page.challenge, self.page.challenge
        assert card is not None
        assert run is not None
        self.user.click(_inside(card, "runStartsButton"))
        self.user.wait(lambda: bool(card.result) and not run.is_running, PATIENCE, "the starts")
        if run.best is None:
            raise UnreachableError(f"the challenge says: {card.result}")

    def make(self, move: Move) -> None:
        """Move one control."""
        if move.inside:
            link = self.user.find(move.inside)
            if isinstance(link, QPushButton) and not link.isChecked():
                self.user.click(link)
        if move.layer is not None:
            line = next(
                each
                for each in self.window.controls.layers.findChildren(QPushButton)
                if each.text().startswith(f"Hidden {move.layer + 1} ")
            )
            if not line.isChecked():
                self.user.click(line)
        control = self.user.find(move.control)
        if move.kind == "feature":
            self.toggle_feature(control, str(move.value))
            return
        if move.kind == "choose":
            assert isinstance(control, QComboBox)
            self.user.choose(control, str(move.value))
            return
        assert isinstance(control, QSlider)
        self.slide(control, float(move.value))

    def toggle_feature(self, canvas: Any, key: str) -> None:
        """Click a feature below the inputs in the picture of the network."""
        controls = [each for each in canvas.builder.controls if each.key == key and each.action.startswith("feature")]
        if not controls:
            raise UnreachableError(f"the network does not offer the feature {key}")
        middle = controls[0].box.center()
        x, y = canvas.viewport.to_view(middle.x(), middle.y())
        self.user.click(canvas, QPoint(round(x), round(y)))
        self.user.wait(self.settled, 20, f"the feature {key}")
        self.user.rest(0.5)

    def slide(self, slider: QSlider, value: float) -> None:
        """Drag ``slider`` to ``value``; type it if the slider has no such position."""
        row: Any = slider.parentWidget()
        self.user.drag_slider(slider, row._scale.position_of(value))
        if row.value != value:
            self.user.click(row.value_edit)
            self.user.type(f"{value * 100 if row._percent else value:.10g}")
        if row.value != value:
            raise UnreachableError(f"{slider.objectName()} is at {row.value}, not at {value}")

    def rewind(self) -> None:
        """Click Rewind."""
        self.user.click("resetButton")
        self.user.wait(lambda: self.snapshot.step == 0, 10, "the run to be rewound")

    def train(self, goal: Goal) -> None:
        """Train as the solution of ``goal`` says, or until it is reached."""
        run, solution = self.page.run, goal.solution
        steps = solution.steps or solution.epochs * steps_per_epoch(self.snapshot)
        if steps == 0:
            return
        if run.is_reached:
            self.notes.append(f"step {self.number}: the goal is reached before the training that its text asks for")
            return
        if solution.steps and steps <= FEW_STEPS:
            for _ in range(steps):
                before = self.snapshot.step
                self.user.click("stepButton", QPoint(8, self.user.find("stepButton").height() // 2))
                self.user.wait(lambda before=before: self.snapshot.step > before, 10, "a step")
            return
        self._play(goal, steps)

    def _play(self, goal: Goal, steps: int) -> None:
        run = self.page.run
        is_limited = any(each.measure in ("epoch", "step") and each.below is not None for each in conditions_of(goal))
        default = self.window.session.speed
        wanted = min(max(steps / TRAINING_SECONDS, SPEEDS[0]), SPEEDS[1])
        if is_limited or (default is not None and wanted > default):
            self.set_speed(wanted)
        first, end = self.snapshot.step, time.monotonic() + PATIENCE
        self.user.click("playButton")
        while not run.is_reached and time.monotonic() < end and self.snapshot.step < first + 6 * steps:
            self.user.rest(0.02)
            if not self.window.session.playing and self.snapshot.step > first:
                break
        if self.window.session.playing:
            self.user.click("playButton")
        self.user.wait(lambda: not self.snapshot.playing, 10, "training to pause")
        taken, within = self.snapshot.step - first, goal.within
        if run.is_reached and taken > 2.5 * steps + 500:
            self.notes.append(f"step {self.number}: reached only after {taken} updates; promised: {within or steps}")

    def set_speed(self, steps_per_second: float) -> None:
        """Drag the Speed slider to ``steps_per_second``."""
        slider = self.user.find("speedSlider")
        assert isinstance(slider, QSlider)
        from playground.panels.toolbar.speed_control import _SCALE

        self.user.drag_slider(slider, _SCALE.position_of(steps_per_second))


def _inside(parent: QWidget, name: str) -> QWidget:
    found = parent.findChild(QWidget, name)
    if found is None:
        raise UnreachableError(f"{name} is missing")
    return found


def walk(key: str, theme: str, size: tuple[int, int], seed: int, out: Path) -> dict[str, Any]:
    """Walk through the lesson ``key``, save pictures to ``out``, and return the faults and notes."""
    from playground.app import make_application, make_window
    from playground.style.appearance import THEME_CHOICES

    make_application(["nn-playground"])
    window = make_window(None, None)
    window.appearance.choose_theme(next(choice for choice in THEME_CHOICES if choice == theme))
    window.resize(*size)
    window.move(0, 0)
    window.show()
    window.start_as_left(resume=False)
    walker = Walk(window, key, seed, out)
    sys.excepthook = walker.take_error
    window.controller.clock.view_failed.connect(lambda _view, error: walker.take_error(type(error), error, None))
    began = time.monotonic()
    try:
        walker.user.wait(walker.settled, 60, "the first state")
        window.activateWindow()
        walker.user.rest(1.5)
        if (window.width(), window.height()) != size:
            walker.faults.append(f"the window has {window.width()} × {window.height()} pixels")
        walker.open()
        walker.all_steps()
    except UnreachableError as problem:
        walker.faults.append(str(problem))
        walker.picture("fault")
    window.hide()
    seconds = round(time.monotonic() - began)
    return {"lesson": key, "seconds": seconds, "faults": walker.faults, "notes": list(dict.fromkeys(walker.notes))}
