"""The card of the race: optimizers descend the loss of this network, or a surface, from one start."""

from __future__ import annotations

import math
import time
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.race import Racer
from core.analysis.surfaces import SURFACES
from core.arrays import Floats
from core.engine.engine_choice import EngineChoice
from core.errors import PlaygroundError
from core.experiment.experiment_file import checked
from core.training.network_race import NetworkRace, raced
from core.training.snapshot import Snapshot
from playground.plots.camera_control import CameraControl
from playground.plots.height_field import Camera
from playground.plots.race_bar import RaceBar
from playground.plots.race_data import (
    NETWORK,
    RaceData,
    arrival_of,
    network_race_data,
    network_racers,
    race_data,
    race_sentences,
    steps_for,
    surface_racers,
)
from playground.plots.race_picture import RacePicture, View
from playground.plotting.canvas import Canvas
from playground.plotting.computed_card import ComputedCard, Work
from playground.style.numbers import short
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.guard import guarded, guarded_or
from playground.worker.background import Advance

if TYPE_CHECKING:
    from playground.session import Session

FRAME_MS: Final = 33
FRAMES: Final = 150
"""A race takes about five seconds regardless of its number of steps; it starts slowly, where most happens."""

PART_SECONDS: Final = 0.7
"""A race on a large network is shown in parts of about this duration."""

RESULT_FRAMES: Final = 3
"""The table follows every so many frames; faster, nobody could read it."""

_COLUMNS: Final = (
    "racer",
    "learning rate α",
    "batch size",
    "momentum μ",
    "step",
    "direction 1",
    "direction 2",
    "height",
)


class RacePlot(ComputedCard[RaceData]):
    """Up to six racers from one start, on the present network or on an analytic surface."""

    figure_key = "race"
    min_height = 330

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        self._frame = FRAMES
        self._view: View = "map"
        self._control: CameraControl | None = None
        self._viewport: QObject | None = None
        super().__init__("Race of optimizers", "racePlot", session, style, parent, short="Race")
        self._ground = NETWORK
        self._start: tuple[float, float] | None = None
        self._weights: Floats | None = None
        self._own: dict[str, tuple[Racer, ...]] = {}
        self._seen: Snapshot | None = None
        self._key: Hashable = None
        self._running: tuple[Hashable, NetworkRace] | None = None
        self._animated: Hashable = None
        self._is_whole = False
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self._tick)
        self.bar = RaceBar(style, self._problem)
        self._controls.append(self.bar)
        self.body.insertWidget(0, self.bar.top)
        self.body.addWidget(self.bar.bottom)
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus | Qt.FocusPolicy.TabFocus)
        self._control = CameraControl(self.canvas, self, self.redraw, is_on=lambda: self._view == "3-D")
        self._viewport = self.canvas.viewport()
        self._viewport.installEventFilter(self)

    def _connect(self) -> None:
        bar = self.bar
        bar.ground_chosen.connect(self.choose_ground)
        bar.view_chosen.connect(self.choose_view)
        bar.start_chosen.connect(lambda present: self.choose_start(present=present))
        bar.again.connect(self.race_again)
        bar.restored.connect(self.restore_racers)
        bar.edited.connect(self.set_racers)
        bar.table.refused.connect(lambda sentence: self._session.message.emit(sentence, "error"))

    @property
    def camera(self) -> Camera:
        """The viewpoint in 3-D."""
        return self._control.camera if self._control is not None else Camera()

    # -- choosing ----------------------------------------------------------------------------------------------------

    @property
    def racers(self) -> tuple[Racer, ...]:
        """Who races on the present ground."""
        if self._ground in self._own:
            return self._own[self._ground]
        if self._ground in SURFACES:
            return surface_racers(SURFACES[self._ground])
        return network_racers(self._seen) if self._seen is not None else ()

    def choose_ground(self, key: str) -> None:
        """Race on the network or on surface ``key``, from its default start."""
        self._ground, self._start = key, None
        self._restart()

    def choose_surface(self, key: str) -> None:
        """Race on surface ``key`` from its default starting point."""
        self.choose_ground(key)

    def choose_view(self, view: View) -> None:
        """Show the paths from above, in 3-D, or the heights against the steps."""
        self._view = view
        self.bar.show_view(view)
        self.redraw()

    def choose_start(self, *, present: bool) -> None:
        """Start at the present weights, or at the initial ones."""
        self._weights = self._seen.network.parameters.copy() if present and self._seen is not None else None
        self._restart()

    def start_at(self, x: float, y: float) -> None:
        """Race on the surface from (x, y)."""
        if self._ground in SURFACES:
            self._start = (x, y)
            self._restart()

    def set_racers(self, racers: tuple[Racer, ...]) -> None:
        """Let ``racers`` race on this ground from now on."""
        self._own[self._ground] = racers
        self._restart()

    def restore_racers(self) -> None:
        """Let the default racers of this ground race."""
        self._own.pop(self._ground, None)
        self._restart()

    def race_again(self) -> None:
        """Repeat the race; from the present weights if it starts there."""
        if self._weights is not None:
            self.choose_start(present=True)
        elif self._data is not None:
            self._animate()

    def _problem(self, racer: Racer) -> str:
        """Return why ``racer`` cannot race, or nothing."""
        try:
            checked(raced(self._session.experiment, racer))
        except PlaygroundError as error:
            return str(error)
        return ""

    # -- computing ---------------------------------------------------------------------------------------------------

    def _restart(self) -> None:
        self._key = None
        if self._seen is not None:
            self.show_snapshot(self._seen)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Race if this is another ground, start or field, or the experiment has changed; training does not disturb it."""
        self._seen = snapshot
        self.bar.show_choices(self._ground, self._view, self.racers, present=self._weights is not None)
        key = self._key_of(snapshot)
        if key == self._key:
            return
        self._key = key
        self._jobs.cancel()
        self._submitted, self._generation = None, -1
        super().show_snapshot(snapshot)

    def _key_of(self, snapshot: Snapshot) -> Hashable:
        """Return what the race depends on."""
        if self._ground in SURFACES:
            return self._ground, self.racers, self._start
        training = snapshot.experiment.training
        settings = raced(replace(snapshot.experiment, name=""), self.racers[0])
        return NETWORK, self.racers, settings, id(snapshot.data), id(self._weights), training.seed

    @override
    def work(self, snapshot: Snapshot) -> Work[RaceData]:
        if self._ground in SURFACES:
            key, start, racers = self._ground, self._start, self.racers
            return lambda _advance: race_data(key, start, racers)
        running, is_whole = self._network_race(snapshot), self._is_whole

        def part(advance: Advance) -> RaceData | None:
            deadline = math.inf if is_whole else time.perf_counter() + PART_SECONDS
            while not running.is_over and (time.perf_counter() < deadline or running.step == 0):
                if not advance(running.step, running.steps):
                    return None
                running.advance()
            return network_race_data(running, advance)

        return part

    def _network_race(self, snapshot: Snapshot) -> NetworkRace:
        """Return the race that is going on, or a new one."""
        key = self._key_of(snapshot)
        if self._running is None or self._running[0] != key:
            network, racers = snapshot.network, self.racers
            start = (
                self._weights if self._weights is not None and len(self._weights) == len(network.parameters) else None
            )
            steps = steps_for(network.architecture, len(snapshot.data.x_train), len(racers))
            engine: EngineChoice = "compiled" if snapshot.engine == "compiled" else "numpy"
            race = NetworkRace(snapshot.experiment, snapshot.data, racers, steps, start=start, engine=engine)
            self._running = (key, race)
        return self._running[1]

    @override
    def settle(self) -> None:
        """Race to the end now, on the calling thread."""
        data = self._data
        if data is not None and data.done < data.steps and self._waiting is None:
            self._waiting = self._submitted
        self._is_whole = True
        super().settle()
        self._is_whole = False

    @override
    def accept(self, data: RaceData) -> None:
        """Animate the race, and go on with it if it is not over."""
        if self._animated != self._key and self.isVisible():
            self._animated = self._key
            self._animate()
        self._show_results(data)
        if data.done < data.steps and self.isVisible():
            QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        """Compute the next part of a race that is not over."""
        data, snapshot = self._data, self._submitted
        if data is not None and data.done < data.steps and snapshot is not None and self._waiting is None:
            self._submitted, self._generation = None, -1
            super().show_snapshot(snapshot)

    # -- showing -----------------------------------------------------------------------------------------------------

    @property
    def shown_step(self) -> int:
        """The last step that is drawn."""
        data = self.shown()
        return 0 if data is None else min(round(data.steps * (self._frame / FRAMES) ** 2), data.done)

    @override
    def make_picture(self, canvas: Canvas) -> RacePicture:
        # An exported figure shows the whole race.
        shown = (lambda: 10**9) if canvas.still else (lambda: self.shown_step)
        return RacePicture(canvas, shown, lambda: self._view, lambda: self.camera)

    def _animate(self) -> None:
        self._frame = 0
        self._clock.start()

    def _tick(self) -> None:
        self._frame += 1
        if self._frame >= FRAMES:
            self._clock.stop()
        data = self.shown()
        if data is not None and (self._frame % RESULT_FRAMES == 0 or self._frame >= FRAMES):
            self._show_results(data)
        self.canvas.repaint_soon()

    def _show_results(self, data: RaceData) -> None:
        step = self.shown_step
        detours = [lane.detour_at(step) for lane in data.lanes]
        self.bar.table.show_results(
            [
                (arrival_of(lane, step), short(detour, 2) if math.isfinite(detour) else "–")
                for lane, detour in zip(data.lanes, detours, strict=True)
            ]
        )

    @override
    def sentences(self, data: RaceData) -> tuple[str, ...]:
        return race_sentences(data)

    @override
    def figure_note(self) -> str:
        return SURFACES[self._ground].label if self._ground in SURFACES else "this network"

    @override
    def table_of(self, data: RaceData | None) -> Table:
        if data is None:
            return Table(_COLUMNS, [])
        rows = [
            (lane.name, lane.racer.learning_rate, lane.racer.batch_size, lane.racer.momentum, step, *point, value)
            for lane in data.lanes
            for step, point, value in zip(lane.steps.tolist(), lane.points.tolist(), lane.values.tolist(), strict=True)
        ]
        return Table(_COLUMNS, rows)

    # -- mouse, keyboard, visibility -----------------------------------------------------------------------------------

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Restart the race on a surface from where the map is clicked."""
        if watched is not self._viewport or not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        pressed = event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton
        if pressed and self._view == "map" and self._ground in SURFACES:
            area, position = self.canvas.area(), event.position()
            if area.rect.contains(position):
                self.start_at(*area.value_at(position))
                return True
        return super().eventFilter(watched, event)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the surface with the keyboard."""
        if self._control is None or not self._control.take_key(event.key()):
            super().keyPressEvent(event)

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Go on with a race that is not over."""
        super().showEvent(event)
        self._go_on()

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the animation; the race is complete when the card is shown again."""
        super().hideEvent(event)
        self._clock.stop()
        self._frame = FRAMES
