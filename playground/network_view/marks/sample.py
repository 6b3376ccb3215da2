"""The selected sample in the network: activations beside the nodes; neurons that do not fire are faded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.data.sample import Sample
from core.training.snapshot import Snapshot
from playground.network_view.layout.geometry import Column, Layout, corner_radius
from playground.network_view.picture import SampleMarks
from playground.session.restrictions import NONE, Restrictions
from playground.style.resources import application_font
from playground.style.theme import Style

if TYPE_CHECKING:
    from core.training.phases import PhaseStep

OFF_VEIL: Final = 0.74
"""Opacity of the overlay on a neuron that is off."""

_TYPE: Final = 10.5
_GAP: Final = 4.0
_WIDTH: Final = 60.0
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter


def marks_of(
    snapshot: Snapshot | None,
    sample: Sample | None,
    restrictions: Restrictions = NONE,
    step: PhaseStep | None = None,
) -> SampleMarks | None:
    """Return the marks of ``sample`` in the network of ``snapshot``, or ``None`` if there is no such sample.

    In a ``step`` on this sample, its neurons are dropped, and their activations are 0.
    """
    if snapshot is None or sample is None or not sample.exists_in(snapshot.data):
        return None
    X, _ = sample.rows(snapshot.data)
    with np.errstate(over="ignore", invalid="ignore"):
        trace = snapshot.network.forward(X, None if step is None else step.masks_of(sample))
    layers = snapshot.network.architecture.layers
    last = len(layers) - 1
    off = [np.zeros(X.shape[1], dtype=np.bool_)]
    for index, (layer, A) in enumerate(zip(layers, trace.activations, strict=True)):
        resting = ~(A[0] > layer.activation_entry.fires_above)
        off.append(resting if index < last else np.zeros_like(resting))
    passed_on = (
        A[0] * (np.asarray(mask) != 0.0).reshape(-1)
        for A, mask in zip((X, *trace.activations), trace.masks, strict=False)
    )
    return SampleMarks(sample, (*passed_on, trace.prediction[0]), tuple(off), restrictions)


def paint_sample(painter: QPainter, marks: SampleMarks | None, layout: Layout, style: Style) -> None:
    """Paint the activations beside the nodes, and fade the nodes that are off."""
    if marks is None or len(marks.values) != len(layout.columns):
        return
    painter.setFont(application_font(max(style.px(_TYPE), 8.0), family=style.family))
    for column in layout.columns:
        if column.image or len(marks.values[column.index]) != column.count:
            continue
        _paint_column(painter, marks, column, layout, style)


def _paint_column(painter: QPainter, marks: SampleMarks, column: Column, layout: Layout, style: Style) -> None:
    texts, off = marks.texts(column.index), marks.off[column.index]
    height = painter.fontMetrics().height()
    written = column.node >= 1.4 * height
    for row, y in enumerate(column.ys.tolist()):
        neuron = column.first + row
        box = QRectF(column.left, y - column.node / 2, column.node, column.node)
        if off[neuron]:
            _paint_off(painter, box, layout, style)
        if written:
            at, side = QRectF(box.right() + style.px(_GAP), box.bottom() - height, style.px(_WIDTH), height), _LEFT
            if column.index == len(layout.columns) - 1 and column.count == 1:
                # A single output is often at the edge of the picture.
                at, side = (
                    QRectF(
                        box.left() - style.px(_GAP),
                        box.bottom() + style.px(_GAP),
                        box.width() + style.px(2 * _GAP),
                        height,
                    ),
                    _CENTRE,
                )
            painter.setPen(QColor(style.theme.muted if off[neuron] else style.theme.ink))
            painter.drawText(at, side, texts[neuron])


def _paint_off(painter: QPainter, box: QRectF, layout: Layout, style: Style) -> None:
    veil = QColor(style.theme.panel)
    veil.setAlphaF(OFF_VEIL)
    radius = corner_radius(box.width(), layout.scale)
    painter.setPen(QPen(QColor(style.theme.faint), layout.scale))
    painter.setBrush(veil)
    painter.drawRoundedRect(box, radius, radius)
