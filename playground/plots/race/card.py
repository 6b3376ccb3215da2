"""The race card: optimizers descend from the same start, on the loss of this network or on a surface."""

from __future__ import annotations

import math
import time
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.loss_surface import PLANES
from core.analysis.race import Racer
from core.analysis.surfaces import SURFACES
from core.training.many_runs.network_race import NetworkRace
from core.training.snapshot import Snapshot
from playground.plots.landscape.weight_pair import WeightPair
from playground.plots.landscape_3d.camera_control import CameraControl
from playground.plots.landscape_3d.height_field import Camera
from playground.plots.race.bar import RaceBar
from playground.plots.race.data import (
    RaceData,
    network_race,
    network_race_data,
    network_racers,
    race_data,
    results_at,
    surface_racers,
)
from playground.plots.race.extent import leaves_map
from playground.plots.race.memory import decoded, encoded, problem_of
from playground.plots.race.objective_menu import NETWORK
from playground.plots.race.picture import SURFACE_VIEWS, RacePicture, View
from playground.plots.race.pins import PinnedRaces
from playground.plots.race.sentence import race_sentences
from playground.plots.race.table import race_table
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.cards.computed_card import Work
from playground.session.selection import Selection
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.plot import Plot
from playground.worker.background import Advance

if TYPE_CHECKING:
    from playground.session import Session

FRAME_MS: Final = 33
FRAMES: Final = 150
"""Frames of the animation: about five seconds for any number of steps, slower at the start, where paths move most."""

PART_SECONDS: Final = 0.7
"""Approximate duration of the parts in which a race on a network is computed and shown."""

NARROW: Final = 320.0
"""Width below which the controls have short words, in pixels at scale 1."""

RESULT_FRAMES: Final = 3
"""Number of frames between updates of the table, so that it stays readable."""


class RacePlot(PinnedRaces):
    """Shows up to six racers from the same start, on the current network or on an analytic surface."""

    figure_key = "race"
    computing = "Racing the optimizers …"
    min_height = 330

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        self._frame = FRAMES
        self._control: CameraControl | None = None
        self._viewport: QObject | None = None
        super().__init__("Race of optimizers", "racePlot", session, style, parent, short="Race")
        self._start: tuple[float, float] | None = None
        self._plane, self._pair, self._axes = next(iter(PLANES)), WeightPair(), (0, 0)
        self._own: dict[str, tuple[Racer, ...]] = {}
        self._running: tuple[Hashable, NetworkRace] | None = None
        self._animated: Hashable = None
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self.bar = RaceBar(style, self._problem, self)
        self._controls.append(self.bar)
        self.add_overlay(self.bar.plane, self.bar.plane, self._beside_axis_name)
        self.body.insertWidget(0, self.bar.top)
        self.body.addWidget(self.bar.bottom)
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus | Qt.FocusPolicy.TabFocus)
        self._control = CameraControl(self.canvas, self, self.redraw, is_on=lambda: self._view == "3-D")
        self._viewport = self.canvas.viewport()
        self._viewport.installEventFilter(self)

    def _connect(self) -> None:
        bar = self.bar
        bar.objective_chosen.connect(self.choose_objective)
        bar.view_chosen.connect(self.choose_view)
        bar.plane_chosen.connect(self.choose_plane)
        self._session.selection_changed.connect(self._remember)
        bar.start_chosen.connect(lambda present: self.choose_start(present=present))
        bar.again.connect(self.race_again)
        bar.whole_chosen.connect(self.choose_whole)
        self._session.pins.changed.connect(self._cover_pins)
        bar.restored.connect(self.restore_racers)
        bar.edited.connect(self.set_racers)
        bar.alone.connect(self.canvas.setHidden)
        bar.table.refused.connect(lambda sentence: self._session.message.emit(sentence, "error"))

    @property
    def camera(self) -> Camera:
        """The camera of the 3-D view."""
        return self._control.camera if self._control is not None else Camera()

    # -- choosing ----------------------------------------------------------------------------------------------------

    @property
    @override
    def racers(self) -> tuple[Racer, ...]:
        """The racers on the current objective."""
        if self._objective in self._own:
            return self._own[self._objective]
        if self._objective in SURFACES:
            return surface_racers(SURFACES[self._objective])
        return network_racers(self._seen) if self._seen is not None else ()

    def choose_objective(self, key: str) -> None:
        """Race on the network (``NETWORK``) or on surface ``key``, from its default start."""
        self._objective, self._start = key, None
        self.draws_pins = key not in SURFACES  # a surface is the same in every run
        self._restart()

    def choose_view(self, view: View) -> None:
        """Show the paths from above or in 3-D, or the losses against the steps."""
        self._view = view
        self.bar.show_view(view)
        self._offer_planes()
        self._ghosts.request_missing()
        self.redraw()

    def _offer_planes(self) -> None:
        """Show the menu of planes where there is a choice, and keep the name of the vertical axis away from it."""
        is_offered = self._objective not in SURFACES and self._view in SURFACE_VIEWS
        self.bar.plane.setVisible(is_offered)
        if isinstance(self._picture, RacePicture):
            self._picture.reserved = float(self.bar.plane.sizeHint().width()) if is_offered else 0.0
        self._place_overlays()

    def _beside_axis_name(self, area: Area, size: QSize) -> QPointF:
        """Return the place of the menu of planes: above the right end of the plot."""
        return QPointF(area.rect.right() - size.width(), max(area.rect.top() - size.height() - self._style.px(4), 0.0))

    def choose_plane(self, choice: str) -> None:
        """Show a race on the network over the plane with key ``choice`` in ``PLANES``."""
        self._plane = choice
        if self._seen is not None:
            self._axes = self._pair.indices(self._seen)
        self._restart()

    def _remember(self, selection: Selection | None) -> None:
        """Use a selected weight or bias for the plane of two weights."""
        if self._pair.remember(selection):
            self.choose_plane(self._plane)

    def choose_start(self, *, present: bool) -> None:
        """Start at the current weights, or at the initial ones."""
        self._weights = self._seen.network.parameters.copy() if present and self._seen is not None else None
        self._restart()

    def choose_whole(self, on: bool) -> None:  # noqa: FBT001 - a slot of QToolButton.clicked
        """Widen the map to the paths that leave it, or show its usual range."""
        self._is_whole = on
        self._restart()

    def _cover_pins(self) -> None:
        """Cover the paths of the current pinned runs, not of removed ones."""
        if self._is_whole and self._seen is not None and self.key_of(self._seen) != self._key:
            self._restart()

    def start_at(self, x: float, y: float) -> None:
        """Race on the surface from (x, y)."""
        if self._objective in SURFACES:
            self._start = (x, y)
            self._restart()

    def set_racers(self, racers: tuple[Racer, ...]) -> None:
        """Use ``racers`` on the current objective."""
        self._own[self._objective] = racers
        self._restart()

    def restore_racers(self) -> None:
        """Use the default racers of the current objective."""
        self._own.pop(self._objective, None)
        self._restart()

    def race_again(self) -> None:
        """Repeat the animation, or race from the current weights if that is the chosen start."""
        if self._weights is not None:
            self.choose_start(present=True)
        elif self._data is not None:
            self._animate()

    @override
    def view_data(self) -> str:
        return encoded(self._own)

    @override
    def restore_view_data(self, text: str) -> None:
        self._own = decoded(text, self._problem)
        self._restart()

    def _problem(self, racer: Racer) -> str:
        return problem_of(racer, self._session.experiment)

    # -- computing ---------------------------------------------------------------------------------------------------

    def _restart(self) -> None:
        self._key = None
        if self._seen is not None:
            self.show_snapshot(self._seen)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Race if the settings or the racers have changed; training does not restart a race."""
        if self._seen is None or snapshot.network.architecture != self._seen.network.architecture:
            self._axes = self._pair.indices(snapshot)
        self._seen = snapshot
        self.bar.show_choices(self._objective, self._view, self._plane, self.racers, present=self._weights is not None)
        self._offer_planes()
        super().show_snapshot(snapshot)

    @override
    def lacking(self, snapshot: Snapshot) -> str:
        return "" if self._objective in SURFACES else super().lacking(snapshot)

    @override
    def key_of(self, snapshot: Snapshot) -> Hashable:
        """Return everything that the race and its plane depend on; training does not change it."""
        axes = self._axes if PLANES[self._plane].of_weights else ()
        pins = tuple(pin.key for pin, _ in self._pinned_paths(snapshot))
        return self._race_key(snapshot), self._plane, axes, self._is_whole, pins

    def _race_key(self, snapshot: Snapshot) -> Hashable:
        """Return everything that the race depends on."""
        if self._objective in SURFACES:
            return self._objective, self.racers, self._start
        training = snapshot.experiment.training
        return NETWORK, self.racers, self._settings(snapshot), snapshot.data, id(self._weights), training.seed

    @override
    def work(self, snapshot: Snapshot) -> Work[RaceData]:
        if self._objective in SURFACES:
            key, start, racers = self._objective, self._start, self.racers
            whole = self._is_whole
            return lambda _advance: race_data(key, start, racers, whole=whole)
        # An export does not show intermediate parts of a race.
        running, is_whole = self._network_race(snapshot), self._is_settling or (self._stays and not self.isVisible())
        choice, axes = self._plane, self._axes
        also = [path for _, path in self._pinned_paths(snapshot)]

        def part(advance: Advance) -> RaceData | None:
            deadline = math.inf if is_whole else time.perf_counter() + PART_SECONDS
            while not running.is_over and (time.perf_counter() < deadline or running.step == 0):
                if not advance(running.step, running.steps):
                    return None
                running.advance(running.stride)
            return network_race_data(running, snapshot, choice, axes, advance, also)

        return part

    def _network_race(self, snapshot: Snapshot) -> NetworkRace:
        """Return the unfinished or finished race with these settings, or a new one."""
        key = self._race_key(snapshot)
        if self._running is None or self._running[0] != key:
            fits = self._weights is not None and len(self._weights) == len(snapshot.network.parameters)
            self._running = (key, network_race(snapshot, self.racers, self._weights if fits else None))
        return self._running[1]

    @override
    def has_more(self, data: RaceData) -> bool:
        return data.done < data.steps

    @override
    def accept(self, data: RaceData) -> None:
        """Animate a new race, and show its results."""
        super().accept(data)
        race = self._race_key(self._seen) if self._seen is not None else None
        if self._animated != race and self.isVisible():
            self._animated = race
            self._animate()
        self._show_results(data)

    # -- showing -----------------------------------------------------------------------------------------------------

    @property
    def shown_step(self) -> int:
        """The last step that is drawn."""
        data = self.shown()
        return 0 if data is None else min(round(data.steps * (self._frame / FRAMES) ** 2), data.done)

    @override
    def plot_of(self, data: RaceData, style: Style) -> Plot | None:
        from playground.plots.race.typeset import race_plot  # imported late: only needed for LaTeX

        return race_plot(data, data.done, style, as_curves=self._view == "curves")

    @override
    def make_picture(self, canvas: Canvas) -> RacePicture:
        shown = (lambda: 10**9) if canvas.still else (lambda: self.shown_step)  # a figure shows the whole race
        return RacePicture(canvas, shown, lambda: self._view, lambda: self.camera)

    @override
    def redraw(self) -> None:
        """Draw the race, and offer a wider map if a path leaves it."""
        super().redraw()
        data = self.shown()
        if data is None:
            return
        every = [data, *(ghost.data for ghost in self.ghosts())]
        paths = (trajectory.points for each in every for trajectory in each.trajectories)
        leaves = self._view in SURFACE_VIEWS and leaves_map(data.x, data.y, paths)
        self.bar.whole.setVisible(leaves or self._is_whole)

    def _animate(self) -> None:
        self._frame = 0
        self._clock.start(FRAME_MS)

    def _tick(self) -> None:
        self._frame += 1
        if self._frame >= FRAMES:
            self._clock.stop()
        data = self.shown()
        if data is not None and (self._frame % RESULT_FRAMES == 0 or self._frame >= FRAMES):
            self._show_results(data)
        self.canvas.repaint_soon()

    def _show_results(self, data: RaceData) -> None:
        self.bar.table.show_results(results_at(data, self.shown_step))

    @override
    def sentences(self, data: RaceData) -> tuple[str, ...]:
        return race_sentences(data)

    @override
    def figure_note(self) -> str:
        return SURFACES[self._objective].label if self._objective in SURFACES else "this network"

    @override
    def table_of(self, data: RaceData | None) -> Table:
        return race_table(data)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the form of the controls."""
        self._fit_bar()
        super().resizeEvent(event)

    @override
    def _apply_style(self) -> None:
        super()._apply_style()
        self._fit_bar()  # the size that the card needs depends on the style, too

    def _fit_bar(self) -> None:
        """Use short words in a narrow card, and show the plot or the table in a low one."""
        self.bar.set_compact(on=self.width() < self._style.px(NARROW))
        self.bar.set_low(on=self.height() < self._given_style.px(self.min_height) - 1)

    # -- mouse, keyboard, visibility -----------------------------------------------------------------------------------

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Start the race on a surface at the clicked position of the map."""
        if watched is not self._viewport or not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        pressed = event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton
        if pressed and self._view == "map" and self._objective in SURFACES:
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
    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the animation; the race is complete when the card is shown again."""
        super().hideEvent(event)
        self._clock.stop()
        self._frame = FRAMES
