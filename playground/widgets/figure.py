"""The interface of views that can be exported as a picture and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from msgspec import Struct
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsView

from playground.style.theme import Style

Positions: TypeAlias = tuple[float, ...] | tuple[str, ...]
"""Positions on a horizontal axis of numbers, or names of bars."""


class Table(Struct, frozen=True):
    """The data of a figure, as a spreadsheet table.

    Attributes:
        columns: headings, with units if any.
        rows: one tuple per row; numbers at full precision.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[float | int | str, ...]]


class Series(Struct, frozen=True):
    """One series of a chart.

    Attributes:
        name: name in the legend.
        values: its values; those that are not finite are gaps.
        colour: its colour, such as ``#1F78C8``; one for each value if bars differ.
        dashed: whether its line is dashed.
        printed: whether dashes and hatches replace colours.
        x: its positions or categories, if they are not those of the chart.
    """

    name: str
    values: tuple[float, ...]
    colour: str | tuple[str, ...]
    dashed: bool = False
    printed: bool = False
    x: Positions = ()


class Chart(Struct, frozen=True, kw_only=True):
    """The data of a figure as a chart that other programs can draw and edit.

    Attributes:
        x: positions of the values on a horizontal axis of numbers, or names of bars.
        series: what is drawn.
        x_title: title of the horizontal axis.
        y_title: title of the vertical axis.
        log: whether the vertical axis is logarithmic.
        lines: lines over it, such as pinned runs, forecasts and initial distributions; between bars, from the middle of
            each to that of the next. A line without a name belongs to the line before it.
    """

    x: Positions
    series: tuple[Series, ...]
    x_title: str
    y_title: str
    log: bool = False
    lines: tuple[Series, ...] = ()


@runtime_checkable
class Charted(Protocol):
    """A figure that can also be drawn as an editable chart, or as a table.

    Attributes:
        is_table: whether it is a table.
    """

    is_table: bool

    def figure_chart(self, style: Style) -> Chart | Table | None:
        """Return the chart or table in colours of ``style``, or ``None`` if there is no data."""
        ...


@runtime_checkable
class Computed(Protocol):
    """A figure whose data are computed on a thread."""

    def stay(self) -> None:
        """Stay at the newest snapshot until :meth:`follow`."""
        ...

    def follow(self) -> None:
        """Follow the training again."""
        ...

    def prepare(self, *, paired: bool = False) -> bool:
        """Let the thread compute what the figure, or that ``paired`` with a pinned run, needs; return whether it is complete."""
        ...


class Column(Struct, frozen=True):
    """One layer of a diagram.

    Attributes:
        name: its heading.
        nodes: names of its features or neurons, from top to bottom.
    """

    name: str
    nodes: tuple[str, ...]


class Edge(Struct, frozen=True):
    """One weight of a diagram.

    Attributes:
        column: number of the column in which it starts.
        source: number of the node there.
        target: number of the node in the next column.
        value: the weight.
    """

    column: int
    source: int
    target: int
    value: float


class Diagram(Struct, frozen=True):
    """A network as nodes and edges that other programs can draw.

    Attributes:
        columns: from the features to the output.
        edges: every weight.
        positive: colour of positive weights.
        negative: colour of negative weights.
    """

    columns: tuple[Column, ...]
    edges: tuple[Edge, ...]
    positive: str
    negative: str


@runtime_checkable
class Diagrammed(Protocol):
    """A figure that can also be drawn as a diagram."""

    def figure_diagram(self, style: Style) -> Diagram | None:
        """Return the diagram in colours of ``style``, or ``None`` if there is no data."""
        ...


@runtime_checkable
class Parted(Protocol):
    """A figure of several runs, each of which can also be drawn as a chart or a diagram."""

    def figure_parts(self, style: Style) -> tuple[tuple[str, Chart | Diagram], ...]:
        """Return what is drawn of each run, with its name; empty if it is neither a chart nor a diagram."""
        ...


@runtime_checkable
class Scripted(Protocol):
    """A figure of source code."""

    def figure_script(self) -> str:
        """Return the whole script.

        Raises:
            PlaygroundError: it needs a file with samples beside it.
        """
        ...


class FigureText(Struct, frozen=True):
    """What is written around a picture.

    Attributes:
        name: what the picture is, such as ``Gradient by layer``.
        note: what it shows, such as the quantity on the axis; may be empty.
        finding: one sentence on what the picture shows; may be empty.
        differences: what differs between the runs that are compared; may be empty.
        briefer: shorter forms of the finding, longest first.
    """

    name: str
    note: str = ""
    finding: str = ""
    differences: str = ""
    briefer: tuple[str, ...] = ()


@runtime_checkable
class Composite(Protocol):
    """A view that paints other views."""

    def parts(self) -> tuple[tuple[QGraphicsView, QPointF], ...]:
        """Return those views, each with its upper left corner."""
        ...


@runtime_checkable
class Roomy(Protocol):
    """A figure that needs more room than others, so that larger text shrinks earlier.

    Attributes:
        figure_rooms: widths and heights in pixels at scale 1; one of them is enough.
    """

    figure_rooms: tuple[tuple[float, float], ...]


@runtime_checkable
class Comparable(Protocol):
    """A figure that can also show the compared pinned run beside the current one."""

    def pair(self) -> Figure | None:
        """Return both runs side by side as one figure, or ``None`` if nothing is compared."""
        ...


@runtime_checkable
class Derived(Protocol):
    """A pair made from a figure, which computes its data."""

    @property
    def original(self) -> object:
        """That figure."""
        ...


@runtime_checkable
class Alignable(Protocol):
    """A figure whose axes can cover what it shows at other moments, so that its pictures can be compared."""

    def figure_data(self) -> object | None:
        """Return what is drawn now, for :meth:`aligned` at other moments; ``None`` for nothing."""
        ...

    def aligned(self, others: Sequence[object]) -> Figure:
        """Return this figure on axes that also cover ``others``; those of another kind have no effect."""
        ...


class Figure(Protocol):
    """A view whose picture can be rebuilt for another size and style."""

    @property
    def figure_key(self) -> str:
        """Stem of the exported file's name, such as ``loss``."""
        ...

    @property
    def figure_title(self) -> str:
        """Title of the picture, such as ``Loss``."""
        ...

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a new, hidden view of the current picture: same data, ranges, options, axes and legend.

        It is drawn in ``style`` (colours, and all lengths times ``style.scale``), without :meth:`figure_text`, and does not
        change when training continues. The caller resizes, renders and deletes it.
        """
        ...

    def figure_text(self) -> FigureText:
        """Return the text around the picture."""
        ...

    def figure_table(self) -> Table:
        """Return the data of the picture as a table."""
        ...
