"""Builds the frozen Picture from its inputs (settings, snapshot, size, folding)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace
from PySide6.QtGui import QFontMetricsF

from core.analysis.neuron_marks import NeuronMarks, neuron_marks
from core.arrays import Booleans, Floats
from core.data.prepared_data import PreparedData
from core.data.sample import Sample
from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.network_view.controls.positions import Control, controls_of
from playground.network_view.edges.errors import EdgeErrors, error_strengths
from playground.network_view.edges.values import EdgeValue, all_strengths, full_width_value, without_dropped
from playground.network_view.layout.figure import ROOMY_SPACING, figure_scale, is_crowded, lay_out_figure
from playground.network_view.layout.fit import fitted_scale
from playground.network_view.layout.fonts import MIN_TYPE, caption_font, label_font
from playground.network_view.layout.geometry import LABEL_GAP, Layout, Request, lay_out
from playground.network_view.layout.shape import Shape, shape_of
from playground.network_view.layout.shown_parameters import Indices, ShownParameters
from playground.network_view.marks.hidden import without_hidden
from playground.network_view.marks.sample import marks_of
from playground.network_view.marks.shown import (
    Dropped,
    LegendEntry,
    dropped_in,
    legend_of,
    legend_of_dropped,
    shown_dropped,
    shown_marks,
)
from playground.network_view.nodes.biases import bias_signs
from playground.network_view.nodes.pictures import Look, NodePictures
from playground.network_view.picture import ColumnMarks, Picture, Strengths
from playground.session.restrictions import NONE, Restrictions
from playground.session.selection import Selection
from playground.style.theme import Style

if TYPE_CHECKING:
    from core.training.phases import PhaseStep

DECAY: Final = 0.93
"""Share by which the full-width value follows a falling maximum at each snapshot, so that edges do not pulse."""

MAX_FALL: Final = 8.0
"""Factor of a falling maximum above which it is followed without smoothing (after a reset, or from infinity)."""

TIGHT: Final = 0.7
"""Smallest distance between columns of networks side by side, relative to the usual one, where more is left out otherwise."""


class PictureBuilder:
    """Turns settings and snapshots into pictures, and recomputes only what has changed."""

    def __init__(self, experiment: Experiment, style: Style, *, is_figure: bool = False) -> None:
        self._is_figure = is_figure
        self.experiment = experiment
        self.snapshot: Snapshot | None = None
        self.style = style
        self._drawn_style = style
        self.shows: EdgeValue = "weight"
        self.full = 0.0
        self.errors: EdgeErrors | None = None
        self.sample: Sample | None = None
        self._step: PhaseStep | None = None
        self._step_values: Floats | None = None
        self.restrictions = NONE
        self.marked = True
        self._marks: NeuronMarks | None = None
        self._marks_of: Snapshot | None = None
        self._counts: tuple[NeuronMarks | None, tuple[LegendEntry, ...]] | None = None
        self._columns_marked: tuple[NeuronMarks | None, Layout, tuple[ColumnMarks | None, ...]] | None = None
        self._size = (640.0, 400.0)
        self._scroll: dict[int, int] = {}
        self._pictures = NodePictures()
        self._shown = ShownParameters()
        self._shape: Shape | None = None
        self._shape_of: tuple[Experiment, PreparedData | None, object] | None = None
        self._layout: Layout | None = None
        self._controls: tuple[Control, ...] | None = None
        self._values: Picture | None = None
        self._built_for: tuple[float, tuple[float, float], bool] | None = None

    # -- inputs --------------------------------------------------------------------------------------------------------

    def set_size(self, width: float, height: float) -> None:
        """Set the size of the view."""
        if (width, height) != self._size:
            self._size = (width, height)
            self._forget_layout()

    def set_style(self, style: Style) -> None:
        """Set the colours and the scale."""
        self.style = style
        self._forget_layout()

    def set_experiment(self, experiment: Experiment) -> None:
        """Show the shape of ``experiment`` at once; its values follow with the next snapshot."""
        self.experiment = experiment
        self._check_shape()

    def set_snapshot(self, snapshot: Snapshot) -> None:
        """Show the values of ``snapshot``."""
        self.snapshot = snapshot
        self._check_shape()
        self._measure()
        self._values = None

    def set_shows(self, shows: EdgeValue) -> None:
        """Set the quantity that the edges show."""
        self.shows, self.full = shows, 0.0
        self._measure()
        self._values = None

    def set_errors(self, errors: EdgeErrors | None) -> None:
        """Set the result of a gradient check, for edges that show it."""
        self.errors = errors
        self._values = None

    def set_step(self, step: PhaseStep | None, values: Floats | None = None) -> None:
        """Show what ``step`` drops, and on the edges its ``values`` (P,), slopes or changes; ``None`` ends that."""
        self._step, self._step_values = step, values
        self._values = None

    def set_sample(self, sample: Sample | None) -> None:
        """Set the sample whose activations are written beside the nodes."""
        self.sample = sample
        self._values = None

    def set_restrictions(self, restrictions: Restrictions) -> None:
        """Set which weights and neurons are drawn without their values."""
        self.restrictions = restrictions
        self._values = None

    def set_marked(self, *, on: bool) -> None:
        """Set whether dead, saturated, cloned and dropped neurons are marked."""
        self.marked = on
        self._values = None

    def set_marks(self, snapshot: Snapshot, marks: NeuronMarks) -> None:
        """Set the marks of the neurons in ``snapshot``."""
        self._marks, self._marks_of = marks, snapshot
        self._values = None

    @property
    def marks(self) -> NeuronMarks | None:
        """Marks of the current network; ``None`` if unknown or switched off."""
        fits = self._marks_of is not None and self._marks_of.network.architecture == self._architecture()
        return self._marks if self.marked and fits else None

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """The marks that occur in the picture."""
        if not self.marked:
            return ()
        marks = self.marks
        if self._counts is None or self._counts[0] is not marks:
            self._counts = marks, legend_of(marks)
        return (*self._counts[1], *legend_of_dropped(self._dropped, step=self._shown_step, sample=self.sample))

    def scroll(self, column: int, rows: int) -> None:
        """Scroll a folded column down by ``rows``."""
        self.scroll_to(column, self.layout.columns[column].first + rows)

    def scroll_to(self, column: int, first: int) -> None:
        """Scroll a folded column so that it starts at neuron ``first``."""
        place = self.layout.columns[column]
        first = min(max(first, 0), place.count - place.shown)
        if first != place.first:
            self._scroll[column] = first
            self._forget_layout()

    def reveal(self, column: int, neuron: int) -> None:
        """Scroll a folded column so that ``neuron`` is shown."""
        place = self.layout.columns[column]
        if neuron < place.first:
            self.scroll_to(column, neuron)
        elif neuron >= place.first + place.shown:
            self.scroll_to(column, neuron - place.shown + 1)

    def frozen_copy(self, style: Style) -> PictureBuilder:
        """Return a builder of the same picture in another style, independent of further training."""
        other = PictureBuilder(self.experiment, style, is_figure=True)
        other.snapshot, other.shows, other.full = self.snapshot, self.shows, self.full
        other.errors, other.marked = self.errors, self.marked
        if self.marked and self.snapshot is not None:
            fresh = self._marks if self._marks_of is self.snapshot else None
            known = fresh or neuron_marks(self.snapshot.network, self.snapshot.trace)
            other.set_marks(self.snapshot, known)
        other.sample, other.restrictions = self.sample, self.restrictions
        other._step, other._step_values = self._step, self._step_values
        other._scroll = dict(self._scroll)
        other._pictures = self._pictures.copy()
        return other

    # -- picture ---------------------------------------------------------------------------------------------------------

    @property
    def shape(self) -> Shape:
        """Columns of the picture with their names."""
        key = (self.experiment, self.snapshot.data if self.snapshot else None, self._architecture())
        if (
            self._shape is None
            or self._shape_of is None
            or any(a is not b for a, b in zip(key, self._shape_of, strict=True))
        ):
            self._shape_of = key
            fresh = shape_of(self.experiment, self.snapshot)
            # Keep the same object for an equal shape, because callers compare by identity to skip work.
            self._shape = self._shape if fresh == self._shape and self._shape is not None else fresh
        return self._shape

    @property
    def layout(self) -> Layout:
        """Positions of everything in the picture."""
        if self._layout is None:
            self._drawn_style, labels = self._fitted()
            request = self._request(self._size, self._drawn_style.scale, labels)
            self._layout = (lay_out_figure if self._is_figure else lay_out)(request)
        return self._layout

    def fits(self, width: float, height: float, *, tightly: bool = False) -> bool:
        """Return whether a figure of this size in pixels has text of the size that its style says, and whole names.

        Args:
            width: width of the figure.
            height: its height.
            tightly: whether columns may be closer, with fewer headers.
        """
        style, labels = self.style, self._label_widths(self.style)
        if figure_scale(self.shape.counts, (width, height), style.scale, labels) < style.scale:
            return False
        layout = lay_out_figure(self._request((width, height), style.scale, labels))
        needed = max(labels) if layout.names_above else 0.0
        return layout.spacing >= max(needed, ROOMY_SPACING * style.scale) * (TIGHT if tightly else 1.0)

    def is_crowded(self, width: float, height: float) -> bool:
        """Return whether a figure of this size in pixels has hardly any room for the neurons of a layer."""
        return is_crowded(self._request((width, height), self.style.scale, self._label_widths(self.style)))

    def _request(self, size: tuple[float, float], scale: float, labels: tuple[float, float]) -> Request:
        """Return the inputs of the layout of a picture of ``size``."""
        return Request(
            counts=self.shape.counts,
            width=size[0],
            height=size[1],
            scale=scale,
            scroll=self._scroll,
            left_label=labels[0],
            right_label=labels[1],
            chips=len(self.shape.spare_features),
            image=self.shape.image,
            header=self._header_width() * scale / self.style.scale,
        )

    def _header_width(self) -> float:
        """Return the width of the longest activation at the scale of the style."""
        metrics = QFontMetricsF(caption_font(self.style))
        return max(metrics.horizontalAdvance(text) for text in self.shape.activations)

    def _label_widths(self, style: Style) -> tuple[float, float]:
        """Return the widths of the longest names of features and outputs."""
        shape = self.shape
        texts = (() if shape.image else shape.feature_labels[:64], shape.output_labels[:64])
        metrics, gap = QFontMetricsF(label_font(style)), LABEL_GAP * style.scale
        left, right = (max((metrics.horizontalAdvance(t) + gap for t in each if t), default=0.0) for each in texts)
        return left, right

    def _fitted(self) -> tuple[Style, tuple[float, float]]:
        """Return the style at the scale that fits the view, and the widths of the longest names at that scale."""
        shape, style, widths = self.shape, self.style, self._label_widths
        if self._is_figure:
            scale = figure_scale(shape.counts, self._size, style.scale, widths(style))
        else:
            scale = fitted_scale(shape.counts, self._size, style.scale, widths(style))
        least = 0.0 if self._is_figure else style.px(MIN_TYPE)
        style = replace(style, scale=scale, min_type=least)
        return style, widths(style)

    @property
    def controls(self) -> tuple[Control, ...]:
        """Controls of the picture, which can be clicked like nodes and edges."""
        if self._controls is None:
            layout = self.layout
            self._controls = controls_of(layout, self.shape, self._drawn_style)
        return self._controls

    def picture(
        self,
        ratio: float,
        selection: Selection | None,
        hovered: tuple[Selection, ...] | None,
        visible: tuple[float, float] = (-1e9, 1e9),
        *,
        vector: bool = False,
    ) -> Picture:
        """Return the picture.

        Args:
            ratio: device pixels of the nodes' images per unit.
            selection: the accented element.
            hovered: the highlighted element.
            visible: smallest and largest visible x.
            vector: whether the painter draws as vector shapes all that it can.
        """
        values = self._values
        if values is None or (ratio, visible, vector) != self._built_for:
            self._built_for = (ratio, visible, vector)
            values = self._values = self._build(ratio, visible, vector=vector)
        highlighted = hovered or ()
        if values.selection != selection or values.hovered != highlighted:
            values = self._values = replace(values, selection=selection, hovered=highlighted)
        return values

    def _build(self, ratio: float, visible: tuple[float, float], *, vector: bool) -> Picture:
        layout, snapshot = self.layout, self.snapshot
        shown = None if snapshot is None else self._shown.of(snapshot.network.architecture, layout)
        signs = bias_signs(snapshot, layout, shown)
        dropped = shown_dropped(self._dropped if self.marked else (), layout)
        marks = self._shown_marks(layout)
        look = Look(
            theme=self.style.theme,
            ratio=ratio,
            visible=visible,
            image=self.shape.image,
            dropped=dropped,
            dots=() if vector else signs,
            marks=marks,
        )
        strips = self._pictures.strips(snapshot, layout, look)
        return Picture(
            layout=layout,
            shape=self.shape,
            style=self._drawn_style,
            strips=strips,
            strengths=without_hidden(self._strengths(layout, dropped, shown), self.restrictions, layout),
            bias_signs=signs,
            dropped=dropped,
            marks=marks,
            dots_painted=not vector,
            signed=self.shows != "check",
            sample=marks_of(snapshot, self.sample, self.restrictions, self._shown_step),
            hidden=self.restrictions.hidden,
        )

    @property
    def _dropped(self) -> Dropped:
        return dropped_in(self.snapshot, self._shown_step, self.sample)

    @property
    def _shown_step(self) -> PhaseStep | None:
        """The step, unless the snapshot is already that of other layers."""
        step, snapshot = self._step, self.snapshot
        if step is None or snapshot is None or step.network.architecture != snapshot.network.architecture:
            return None
        return step

    def _strengths(
        self, layout: Layout, dropped: tuple[Booleans | None, ...], shown: Indices | None
    ) -> tuple[Strengths, ...]:
        if self.shows == "check":
            return tuple(error_strengths(self.errors, self.snapshot, layout, gap) for gap in range(layout.gaps))
        values, snapshot = self._step_values, self.snapshot
        if values is not None and snapshot is not None and len(values) == snapshot.network.architecture.size:
            of_step = replace(snapshot, last_update=values)
            return all_strengths(of_step, "update", layout, full_width_value(of_step, "update"), shown)
        return without_dropped(all_strengths(self.snapshot, self.shows, layout, self.full, shown), dropped)

    def _shown_marks(self, layout: Layout) -> tuple[ColumnMarks | None, ...]:
        """Return the marks of each column, which are found less often than the picture is built."""
        marks, kept = self.marks, self._columns_marked
        if kept is None or kept[0] is not marks or kept[1] is not layout:
            kept = self._columns_marked = (marks, layout, shown_marks(marks, layout))
        return kept[2]

    def _measure(self) -> None:
        full = full_width_value(self.snapshot, self.shows)
        playing = self.snapshot is not None and self.snapshot.playing
        self.full = max(full, self.full * DECAY) if playing and full * MAX_FALL > self.full else full

    def _architecture(self) -> object:
        return self.snapshot.network.architecture if self.snapshot is not None else None

    def _check_shape(self) -> None:
        before = self._shape
        if before is None or self.shape != before:
            # A layer of unchanged width keeps its scroll position.
            counts = before.counts if before is not None else ()
            self._scroll = {c: f for c, f in self._scroll.items() if self.shape.counts[c : c + 1] == counts[c : c + 1]}
            self._forget_layout()

    def _forget_layout(self) -> None:
        self._layout = self._controls = self._values = None
