"""The card with the experiment as a script; it follows every change, and copies or saves the script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.parts import HEADING
from core.code_export.plan import DEFAULT_EPOCHS, Plan, Script
from core.errors import PlaygroundError
from playground.code_view.code_text import CodeText
from playground.code_view.tokens import shown_line
from playground.plotting.cards.plot_card import MIN_HEIGHT, MIN_WIDTH
from playground.plotting.cards.word_choice import WordButton, WordMenu
from playground.style.theme import Style
from playground.widgets.guard import guarded_or
from playground.widgets.live_card import LiveCard
from playground.worker.background import Advance, Background

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.data.prepared_data import PreparedData
    from core.experiment import Experiment
    from core.training.snapshot import Snapshot
    from playground.session import Session
    from playground.widgets.figure import Figure

TITLE: Final = "Code"
SENTENCE: Final = "The same samples, initial weights and order of batches: it trains to the same losses."
BESIDE: Final = "The samples go into a file beside the script: use Save."


class _Shown(Struct, frozen=True, eq=False):
    """A script and its input."""

    experiment: Experiment
    data: PreparedData
    framework: str
    epochs: int
    script: Script


class CodeCard(LiveCard):
    """Shows the current experiment as a script."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, parent)
        self.setObjectName("codeCard")
        self._session, self._style = session, style
        self._snapshot: Snapshot | None = None
        self._asked: tuple[Experiment, PreparedData, str, int] | None = None
        self._shown: _Shown | None = None
        self._epochs = DEFAULT_EPOCHS
        self._framework = next(iter(FRAMEWORKS))
        self._jobs = Background("code", self)
        self._jobs.succeeded.connect(self._take)
        self._jobs.failed.connect(self._fail)
        self.choice = WordMenu("Framework", style)
        self.choice.setToolTip("Write the experiment for PyTorch, Keras or plain NumPy.")
        self.choice.offer([each.label for each in FRAMEWORKS.values()], 0)
        self.choice.chosen.connect(self._choose)
        self.copy_button = WordButton("copy", "Copy the script", style)
        self.copy_button.setToolTip("Copy the whole script (Ctrl+C in the code copies the selection).")
        self.copy_button.clicked.connect(self.copy)
        self.save_button = WordButton("save…", "Save the script", style)
        self.save_button.setToolTip("Save the script as a .py file.")
        self.save_button.clicked.connect(lambda: self.script_requested.emit(self._framework))
        self.add_header_widget(self.choice)
        for button in (self.copy_button, self.save_button):  # the card's menu has them, too
            self.add_header_widget(button, optional=True)
        self._text: CodeText | None = None

    @property
    def text(self) -> CodeText:
        """The text field, built when it is first needed."""
        if self._text is None:
            self._text = CodeText(self._style)
            self._text.copy_requested.connect(self.copy)
            self.body.addWidget(self._text, 1)
        return self._text

    @property
    def framework(self) -> str:
        """Key of the framework shown."""
        return self._framework

    @property
    def script(self) -> Script | None:
        """The script shown; ``None`` before there is one."""
        return self._shown.script if self._shown is not None else None

    def copy(self) -> None:
        """Copy the script to the clipboard."""
        script = self.script
        if script is not None:
            QGuiApplication.clipboard().setText(script.text)
            beside = f" {BESIDE}" if script.data_file else ""
            self._session.message.emit(f"Copied the {FRAMEWORKS[self._framework].label} script.{beside}", "info")

    def _choose(self, index: int) -> None:
        self._framework = tuple(FRAMEWORKS)[index]
        if self._snapshot is not None:
            self._ask(self._snapshot)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the script of the settings of ``snapshot``, unless it is shown already."""
        self._snapshot = snapshot
        if not snapshot.playing:  # while training, the number of epochs would change all the time
            self._epochs = int(snapshot.epoch) or DEFAULT_EPOCHS
        if not self._session.is_reproducible:  # without a window, only a picture at the end is asked for
            self._ask(snapshot)

    def _ask(self, snapshot: Snapshot) -> None:
        """Write the script on the worker thread: packing the samples can take a while."""
        wanted = (snapshot.experiment, snapshot.data, self._framework, self._epochs)
        asked = self._asked
        if asked is not None and asked[0] is wanted[0] and asked[1] is wanted[1] and asked[2:] == wanted[2:]:
            return
        self._asked = wanted
        experiment, data, framework, epochs = wanted
        plan = self._plan(snapshot)

        def job(_advance: Advance) -> _Shown:
            return _Shown(experiment, data, framework, epochs, FRAMEWORKS[framework].script(plan))

        self._jobs.submit(job)

    def _plan(self, snapshot: Snapshot) -> Plan:
        architecture = snapshot.network.architecture
        return Plan(experiment=snapshot.experiment, data=snapshot.data, architecture=architecture, epochs=self._epochs)

    def _take(self, made: _Shown) -> None:
        same = self._shown is not None and self._shown.framework == made.framework
        self._shown = made
        lines = [shown_line(line) for line in made.script.text.rstrip("\n").split("\n")]
        self.text.show_lines(lines, flash=same, start=_first_heading(lines))
        self.set_sentence(f"{SENTENCE} {BESIDE}" if made.script.data_file else SENTENCE)
        self._enable()

    def _fail(self, error: Exception) -> None:
        self._shown = None
        self.text.show_lines([], flash=False, start=0)
        self._enable()
        if not isinstance(error, PlaygroundError):
            self.show_problem(error)
            raise error
        self.set_sentence(str(error))

    def _enable(self) -> None:
        for button in (self.copy_button, self.save_button):
            button.setEnabled(self._shown is not None)

    @override
    def menu_actions(self) -> Sequence[QAction]:
        """Return actions that copy and save the script."""
        entries = []
        for text, button in (("Copy code", self.copy_button), ("Save code…", self.save_button)):
            action = QAction(text, self)
            action.triggered.connect(lambda _=False, button=button: button.click())
            entries.append(action)
        return entries

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Allow a narrow card: the text scrolls."""
        return QSize(round(self._style.px(MIN_WIDTH)), round(self._style.px(MIN_HEIGHT)))

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        if self._text is not None:
            self._text.set_style(style)
        self.choice.set_style(style)
        for button in (self.copy_button, self.save_button):
            button.set_style(style)
        self.fit_title()

    @property
    @override
    def figure(self) -> Figure | None:
        """The visible part of the script."""
        if self._shown is None:
            return None
        from playground.code_view.figure import CodeFigure

        label = FRAMEWORKS[self._shown.framework].label
        first = self.text.firstVisibleBlock().blockNumber()
        return CodeFigure(self._shown.script, label, first)

    @property
    @override
    def rendered_figures(self) -> tuple[Figure, ...]:
        """The script from where the card begins; nothing if none can be written."""
        from playground.code_view.figure import CodeFigure

        snapshot = self._snapshot
        if snapshot is None:
            return ()
        framework = FRAMEWORKS[self._framework]
        try:
            script = framework.script(self._plan(snapshot))
        except PlaygroundError:
            return ()
        return (CodeFigure(script, framework.label, _first_heading(script.text.split("\n"))),)

    @property
    @override
    def has_figures(self) -> bool:
        """Whether there is ever something to export."""
        return True


def _first_heading(lines: Sequence[str]) -> int:
    """Return the number of the line at which the settings begin, after docstring and imports."""
    return next((number for number, line in enumerate(lines) if line.startswith(HEADING)), 0)
