"""The inspector's figures for export: the whole page, and the plot of the loss along a parameter."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec import Struct, structs
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QVBoxLayout, QWidget
from typing_extensions import override

from playground.inspector.loss_slice.limit_label import limit_marks
from playground.inspector.pages.registry import SLICE
from playground.plotting.canvas.pin_legend import pin_colour
from playground.plotting.pins.run_tables import CURRENT, combined
from playground.session.restrictions import NONE, Restrictions
from playground.session.selection import index_of
from playground.style.resources import application_font
from playground.style.stylesheet import palette, stylesheet
from playground.style.theme import CARD_PADDING, GRID, LIGHT, TEXT_CONTROL, Style
from playground.widgets.figure import Figure, FigureText, Table
from playground.widgets.guard import guarded
from playground.widgets.plot import Axis, Curve, Pane, Plot

if TYPE_CHECKING:
    from core.data.sample import Sample
    from core.training.snapshot import Snapshot
    from playground.inspector.loss_slice.slice_numbers import ShownSlice
    from playground.inspector.pages.page import SelectionPage
    from playground.inspector.pages.registry import PageEntry
    from playground.inspector.pinned_numbers import PinnedNumbers
    from playground.plotting.drawing.formula_store import FormulaStore
    from playground.session.selection import Selection

LAYOUT_PASSES: Final = 3
"""Number of layout passes until the columns of a page and the heights of its rows are final."""

MIN_SHRINK: Final = 0.45
"""Minimum scale of a page that does not fit even without its optional parts, for example with text of twice the usual size."""

MAX_SHRINKS: Final = 12
"""Maximum number of steps to find the scale: a smaller page wraps fewer lines, so it cannot be computed in one step."""

MAX_SHRINK_STEP: Final = 0.9
"""Factor of the largest step."""

MIN_SHRINK_STEP: Final = 0.97
"""Factor of the smallest step."""

PATHS: Final = 5
"""Maximum number of paths listed in an exported page."""


def _nothing() -> bool:
    return False


class WidgetFigure(QGraphicsView):
    """A hidden view of a widget, laid out again for each size.

    Args:
        content: the widget.
        style: colours and scale.
        leave_out: leaves out the least important part of the content, and returns whether there was one.
    """

    def __init__(self, content: QWidget, style: Style, leave_out: Callable[[], bool] = _nothing) -> None:
        super().__init__()
        holder = QWidget()
        holder.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        holder.setPalette(palette(style))
        holder.setFont(application_font(style.px(TEXT_CONTROL), QFont.Weight.Normal, family=style.family))
        holder.setStyleSheet(stylesheet(style))
        layout = self._layout = QVBoxLayout(holder)
        # A minimum size of a window makes platforms without a screen print a warning.
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        padding = round(style.px(CARD_PADDING))
        layout.setContentsMargins(padding, padding, padding, padding)
        layout.setSpacing(round(style.px(GRID)))
        layout.addWidget(content, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setScene(QGraphicsScene(self))
        self._proxy = self.scene().addWidget(holder)
        self._leave_out = leave_out

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size; if space is short, reduce the margins, then leave out content, and finally scale down."""
        super().resizeEvent(event)
        if self._fit_at(1.0) < 1.0:
            margins = self._layout.contentsMargins()
            margins.setTop(margins.top() // 4)
            margins.setBottom(margins.bottom() // 4)
            self._layout.setContentsMargins(margins)
        while self._fit_at(1.0) < 1.0 and self._leave_out():
            # Layouts around a scroll area keep the height that its content needed before.
            for part in self._proxy.widget().findChildren(QWidget):
                part.updateGeometry()
        shrink = 1.0
        for _ in range(MAX_SHRINKS):
            fits = self._fit_at(shrink)
            if fits >= 1.0 or shrink <= MIN_SHRINK:
                break
            shrink = max(shrink * min(max(fits, MAX_SHRINK_STEP), MIN_SHRINK_STEP), MIN_SHRINK)
        self.setSceneRect(0, 0, self.width(), self.height())

    def _fit_at(self, shrink: float) -> float:
        """Lay out at the scale ``shrink``, and return the available height divided by the needed one."""
        self._lay_out(shrink)
        needed = self._layout.totalMinimumHeightForWidth(round(self.width() / shrink))
        return self.height() / shrink / max(needed, 1)

    def _lay_out(self, shrink: float) -> None:
        self._proxy.setScale(shrink)
        for _ in range(LAYOUT_PASSES):
            self._proxy.setMinimumSize(0, 0)
            self._proxy.resize(self.width() / shrink, self.height() / shrink)
            # A page that changes its columns requests another layout, and a picture cannot wait for the event loop.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


class PageFigure(Struct, frozen=True, kw_only=True, eq=False):
    """The page of a selection, with the numbers of one snapshot.

    Attributes:
        figure_title: name of the selection.
        entry: builds the page.
        formulas: typesets the formulas.
        snapshot: source of the numbers.
        selection: the element shown.
        sample: the sample shown; ``None`` for the mean.
        restrictions: the elements whose numbers are shown as question marks.
        pinned: the compared pinned run, if it has the selection.
    """

    figure_title: str
    entry: PageEntry
    formulas: FormulaStore
    snapshot: Snapshot
    selection: Selection
    sample: Sample | None
    restrictions: Restrictions = NONE
    pinned: PinnedNumbers | None = None

    figure_rooms: ClassVar[tuple[tuple[float, float], ...]] = ((165.0, 220.0),)

    @property
    def figure_key(self) -> str:
        """Stem of the file's name."""
        return self.entry.key

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a copy of the page in ``style``."""
        page = self._page(style)
        page.prepare_figure(PATHS)
        page.show_selection(self.snapshot, self.selection, self.sample)
        self.formulas.wait()  # so that setting the style draws them
        page.set_style(style)
        return WidgetFigure(page, style, page.leave_out)

    def figure_text(self) -> FigureText:
        """Return the title, and the main result."""
        page = self._page(Style(LIGHT))
        page.show_selection(self.snapshot, self.selection, self.sample)
        finding = page.finding(self.snapshot, self.selection)
        page.deleteLater()
        differences = "" if self.pinned is None else self.pinned.differences
        return FigureText(self.figure_title, finding=finding, differences=differences)

    def figure_table(self) -> Table:
        """Return the numbers on the page; with a pinned run, a column names the run of each row."""
        tables = [(CURRENT, self._table_of(self.snapshot))]
        if self.pinned is not None:
            tables.append((self.pinned.name, self._table_of(self.pinned.snapshot)))
        return combined(tables)

    def _table_of(self, snapshot: Snapshot) -> Table:
        page = self._page(Style(LIGHT))
        page.show_selection(snapshot, self.selection, self.sample)
        table = page.table(snapshot, self.selection)
        page.deleteLater()
        return table

    def _page(self, style: Style) -> SelectionPage:
        page = self.entry.make(style, self.formulas)
        page.restrictions, page.pinned = self.restrictions, self.pinned
        return page


class SliceFigure(Struct, frozen=True, kw_only=True, eq=False):
    """The plot of the loss along the selected weight or bias.

    Attributes:
        figure_title: name of the selection.
        shown: the slice to draw.
        pinned: the compared pinned run, if it has the parameter.
        selection: the weight or bias; ``None`` if it is not known.
    """

    figure_title: str
    shown: ShownSlice
    pinned: PinnedNumbers | None = None
    selection: Selection | None = None

    @property
    def figure_key(self) -> str:
        """Stem of the file's name."""
        return SLICE

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a copy of the plot in ``style``."""
        from playground.inspector.loss_slice.plot import LossSlice

        plot = LossSlice(style)
        plot.set_tall(on=True)
        plot.set_titled(on=True)
        plot.show_slice(self.shown)
        return WidgetFigure(plot, style)

    def figure_text(self) -> FigureText:
        """Return the title, what the slice shows, and how the pinned run differs."""
        differences = "" if self.shown.pinned is None else self.shown.pinned.differences
        return FigureText(self.figure_title, finding=self.shown.sentence, differences=differences)

    def pair(self) -> Figure | None:
        """Return the slices of both runs on the same axes, or ``None`` if nothing is compared."""
        from playground.inspector.loss_slice.slice_numbers import slice_of  # imported late: rarely needed

        pinned, selection = self.pinned, self.selection
        if pinned is None or selection is None or self.shown.pinned is None:
            return None
        index = index_of(pinned.snapshot.network.architecture, selection)
        if index is None:
            return None
        other = slice_of(pinned.snapshot, selection.layer, index, self.shown.name, self.shown.range, hold=True)
        return SlicePair(
            self.figure_title, (other, structs.replace(self.shown, pinned=None)), pinned, self.figure_table
        )

    def figure_table(self) -> Table:
        """Return the points of the curve."""
        taken, pinned = self.shown.slice, self.shown.pinned
        if pinned is None:
            return Table(
                (self.shown.name, "loss"), list(zip(taken.values.tolist(), taken.losses.tolist(), strict=True))
            )
        rows = zip(taken.values.tolist(), taken.losses.tolist(), pinned.losses.tolist(), strict=True)
        return Table((self.shown.name, "loss", f"loss, {pinned.name}"), list(rows))

    def figure_plot(self, style: Style) -> Plot:
        """Return the curve with its tangent, the next step, and where the longest useful steps land."""
        shown, taken, theme = self.shown, self.shown.slice, style.theme
        ends, here, loss = (shown.range.low, shown.range.high), taken.here, taken.loss
        curve = Curve(x=tuple(taken.values.tolist()), y=tuple(taken.losses.tolist()), colour=theme.ink)
        reach = 0.3 * shown.range.half_width
        sides = (here - reach, here + reach)
        tangent = Curve(
            x=sides, y=tuple(loss + taken.slope * (x - here) for x in sides), colour=theme.muted, thick=False
        )
        step = Curve(
            x=(here, here + shown.step), y=(loss, shown.landing), name="next step",
            colour=theme.positive if shown.step > 0 else theme.negative,
        )  # fmt: skip
        now = Curve(x=(here,), y=(loss,), colour=theme.accent, form="points", name="now")
        layers = [curve, tangent, step, now]
        if shown.pinned is not None:
            colour, losses = pin_colour(style, shown.pinned.colour).name(), tuple(shown.pinned.losses.tolist())
            layers.append(Curve(x=curve.x, y=losses, name=shown.pinned.name, dash=1, colour=colour))
        top = max((y for y in curve.y if math.isfinite(y)), default=loss)
        for mark in limit_marks(shown):
            name = mark.texts[0]
            layers.append(Curve(x=(mark.value,) * 2, y=(loss, top), name=name, dash=1, colour=theme.error, thick=False))
        return Plot((Pane(x=Axis(shown.name, ends), y=Axis("loss"), layers=tuple(layers)),))


class SlicePair:
    """The losses of the compared pinned run and of the current run along the same parameter, on the same axes.

    Args:
        title: title of the figure.
        sides: the slices of the pinned and of the current run, over the same range.
        pinned: the pinned run.
        table: returns the points of both curves.
    """

    figure_key = f"{SLICE}-side-by-side"
    figure_rooms = ((300.0, 150.0), (165.0, 270.0))

    def __init__(
        self, title: str, sides: tuple[ShownSlice, ShownSlice], pinned: PinnedNumbers, table: Callable[[], Table]
    ) -> None:
        self.figure_title = title
        self.sides = sides
        self._pinned, self._table = pinned, table

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a new hidden view of both plots, with that of the pinned run on the left."""
        from playground.inspector.loss_slice.side_by_side import SliceSides  # imported late: rarely needed

        return WidgetFigure(SliceSides(self.sides, (self._pinned.name, self._pinned.current), style), style)

    def figure_text(self) -> FigureText:
        """Return the title with what differs between the runs."""
        finding, differences = self._pinned.heading
        return FigureText(self.figure_title, finding=finding, differences=differences)

    def figure_table(self) -> Table:
        """Return the points of both curves."""
        return self._table()
