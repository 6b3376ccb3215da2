"""The card of the race: several optimizers descend a surface from a starting point that the user clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QMouseEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.surfaces import SURFACES
from core.training.snapshot import Snapshot
from playground.plots.race_data import RaceData, race_data, race_sentences
from playground.plots.race_picture import RacePicture
from playground.plotting.canvas import Canvas
from playground.plotting.computed_card import ComputedCard, Work
from playground.plotting.word_choice import WordMenu
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.guard import guarded, guarded_or

if TYPE_CHECKING:
    from playground.session import Session

FRAME_MS: Final = 33
FRAMES: Final = 120
"""A race takes about four seconds regardless of its number of steps; it starts slowly, where most happens."""


class RacePlot(ComputedCard[RaceData]):
    """Six optimizers on an analytic surface from one starting point; a click on the map restarts them there."""

    figure_key = "race"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        self._viewport: QObject | None = None
        self._frame = FRAMES
        super().__init__("Race of optimizers", "racePlot", session, style, parent, short="Race")
        self._surface = next(iter(SURFACES))
        self._start: tuple[float, float] | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self._tick)
        self._menu = WordMenu("Surface", style)
        self._menu.setToolTip("\n".join(f"{surface.label}: {surface.explanation}" for surface in SURFACES.values()))
        self._menu.offer([surface.label for surface in SURFACES.values()], 0)
        self._menu.chosen.connect(lambda index: self.choose_surface(tuple(SURFACES)[index]))
        self.add_control(self._menu, self._menu)
        self._viewport = self.canvas.viewport()
        self._viewport.installEventFilter(self)

    def choose_surface(self, key: str) -> None:
        """Race on surface ``key`` from its default starting point."""
        self._surface, self._start = key, None
        self._menu.offer([surface.label for surface in SURFACES.values()], tuple(SURFACES).index(key))
        self.recompute()

    def start_at(self, x: float, y: float) -> None:
        """Race from (x, y)."""
        self._start = (x, y)
        self.recompute()

    @property
    def shown_step(self) -> int:
        """The last step that is drawn."""
        data = self.shown()
        return 0 if data is None else round(data.steps * (self._frame / FRAMES) ** 2)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Race once: the surface does not depend on the network."""
        if self._waiting is None and self._submitted is None:
            super().show_snapshot(snapshot)

    @override
    def work(self, snapshot: Snapshot) -> Work[RaceData]:
        key, start = self._surface, self._start
        return lambda _advance: race_data(key, start)

    @override
    def accept(self, data: RaceData) -> None:
        """Animate the race from its start."""
        if self.isVisible():
            self._frame = 0
            self._clock.start()

    @override
    def make_picture(self, canvas: Canvas) -> RacePicture:
        # An exported figure shows the whole race.
        return RacePicture(canvas, (lambda: 10**9) if canvas.still else (lambda: self.shown_step))

    @override
    def sentences(self, data: RaceData) -> tuple[str, ...]:
        return race_sentences(data)

    @override
    def figure_note(self) -> str:
        return SURFACES[self._surface].label

    @override
    def table_of(self, data: RaceData | None) -> Table:
        if data is None:
            return Table(("racer", "step", "x", "y", "f"), [])
        rows = [
            (run.racer.label, step, *point, height)
            for run in data.runs
            for step, (point, height) in enumerate(zip(run.path.tolist(), run.heights.tolist(), strict=True))
        ]
        return Table(("racer", "step", "x", "y", "f"), rows)

    def _tick(self) -> None:
        self._frame += 1
        if self._frame >= FRAMES:
            self._clock.stop()
        self.canvas.repaint_soon()

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Restart the race from where the map is clicked."""
        pressed = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress
        if watched is self._viewport and pressed and event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            area, position = self.canvas.area(), event.position()  # type: ignore[attr-defined]
            if area.rect.contains(position):
                self.start_at(*area.value_at(position))
                return True
        return super().eventFilter(watched, event)

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the animation; the race is complete when the card is shown again."""
        super().hideEvent(event)
        self._clock.stop()
        self._frame = FRAMES
