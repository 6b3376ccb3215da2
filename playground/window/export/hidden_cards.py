"""Cards that are never shown, from which figures of stored runs are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QWidget

from core.analysis.plane import default_axes, plane_of
from core.engine.evaluation import NumpyEvaluator
from core.training.pins.pinned_run import PinnedRun, StoredRun, data_for
from playground.export.deck.content import SIDE_BY_SIDE
from playground.export.origin import origin_of
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.widgets.figure import Comparable
from playground.window.cards import CARDS
from playground.window.export.deck_views import CardView, figure_called, read_view, show_view

if TYPE_CHECKING:
    from core.training.origins.origin import Origin
    from core.training.origins.shown_runs import ShownRuns
    from core.training.snapshot import Snapshot
    from playground.widgets.figure import Figure
    from playground.widgets.live_card import LiveCard

VIEW_SIZE: Final = QSize(960, 540)


class HiddenCards:
    """Draws figures of runs that were stored in a deck; call :meth:`close` in the end."""

    def __init__(self) -> None:
        self._holder: QWidget | None = None
        self._session: Session | None = None
        self._cards: dict[str, LiveCard] = {}
        self._snapshot: Snapshot | None = None
        self._origin: Origin | None = None

    def show(self, runs: ShownRuns) -> None:
        """Show ``runs`` from now on.

        Raises:
            PlaygroundError: their data cannot be loaded, or do not fit.
        """
        run = runs.current.restored(data_for(runs.current.state.experiment), coarse=False)
        pins = [(pin, pin.run.restored(data_for(pin.run.state.experiment))) for pin in runs.pins]
        self.close()
        self._holder = QWidget()
        session = self._session = Session(run.experiment, parent=self._holder)
        session.is_reproducible = True
        shown = [session.pins.add(pinned, name=stored.name, colour=stored.colour) for stored, pinned in pins]
        compared = shown[runs.compared] if runs.compared >= 0 else None
        if compared is not None:
            session.pins.compare(compared.key)
        self._begin(run)
        if self._origin is not None:
            self._origin = structs.replace(self._origin, runs=runs)

    def show_run(self, run: PinnedRun) -> None:
        """Show ``run`` alone from now on."""
        self.close()
        self._holder = QWidget()
        session = self._session = Session(run.experiment, parent=self._holder)
        session.is_reproducible = True
        self._begin(StoredRun.of(run).restored(run.snapshot.data, coarse=False))

    def _begin(self, run: PinnedRun) -> None:
        session = self._session
        if session is not None:
            self._snapshot = replace(run.snapshot, generation=session.generation, playing=False, state=run.state)
            session.snapshot = self._snapshot
            self._origin = origin_of(self._snapshot, None)

    @property
    def origin(self) -> Origin | None:
        """What is shown."""
        return self._origin

    def figure(self, key: str, view: str) -> Figure | None:
        """Return the figure ``key`` with the options of its card in ``view``; ``None`` if it does not exist or apply."""
        base = key.removesuffix(SIDE_BY_SIDE)
        options = read_view(view) or (CardView(base) if base in CARDS else None)
        self._span(None if options is None else options.axes)
        session, snapshot = self._session, self._snapshot
        if options is None or session is None or snapshot is None or not CARDS[options.card].applies_to(snapshot):
            return None
        card = self._cards.get(options.card)
        if card is None:
            card = self._cards[options.card] = CARDS[options.card].make(session, Style(LIGHT), self._holder)
            card.resize(VIEW_SIZE)
        card.show_snapshot(snapshot)  # the entries of some menus depend on the data
        if read_view(view) is not None:
            show_view(card, options, session)
            card.show_snapshot(snapshot)
        figure = figure_called(base, (*card.figures, *card.rendered_figures))
        if figure is not None and key != base:
            return figure.pair() if isinstance(figure, Comparable) else None
        return figure

    def _span(self, names: tuple[str, str] | None) -> None:
        """Compute the plane along the two inputs ``names``, or along the usual ones if the data lack them."""
        session, snapshot = self._session, self._snapshot
        if session is None or snapshot is None or snapshot.plane is None:
            return
        data, plane = snapshot.data, snapshot.plane
        axes = default_axes(data)
        if names is not None and set(names) <= set(data.input_names):
            axes = data.input_names.index(names[0]), data.input_names.index(names[1])
        if axes != plane.axes:
            plane = plane_of(snapshot.network, data, axes, len(plane.x), NumpyEvaluator())
            session.snapshot = self._snapshot = replace(snapshot, plane=plane)

    def close(self) -> None:
        """Delete the cards."""
        self._cards.clear()
        self._session = self._snapshot = self._origin = None
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.deleteLater()
            QCoreApplication.sendPostedEvents(holder, QEvent.Type.DeferredDelete.value)
