"""The probabilities of the classes for one sample, as bars that sum to 100 %."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from typing_extensions import override

from core.data.sample import Sample
from core.training.snapshot import Snapshot
from playground.inspector.pinned_numbers import PinnedNumbers
from playground.inspector.snapshot_numbers import traced
from playground.inspector.widgets.painted import LEFT, RIGHT, Painted
from playground.plotting.canvas.pin_legend import pin_pen
from playground.style.numbers import percent
from playground.style.patterns import fill_rect
from playground.style.theme import TEXT_LABEL
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.plain_text import plain_tip

LINE_HEIGHT: Final = 20.0
NAME_SHARE: Final = 0.36
"""Usual share of the width for the names."""

MAX_NAME_SHARE: Final = 0.5
"""Maximum share of the width for the names."""

MAX_LISTED: Final = 10
"""Maximum number of classes listed, the most probable ones first."""


class ClassShare(Struct, frozen=True):
    """One class.

    Attributes:
        index: index of the class.
        name: name of the class.
        share: probability, 0 to 1.
        wins: whether it has the highest probability.
        true: whether it is the sample's true class.
    """

    index: int
    name: str
    share: float
    wins: bool
    true: bool

    @property
    def text(self) -> str:
        """The line in words: ``setosa 97.1 %, predicted, true``."""
        words = [f"{self.name} {percent(self.share)}", *["predicted"] * self.wins, *["true"] * self.true]
        return ", ".join(words)


def class_shares(snapshot: Snapshot, probabilities: list[float], true: int | None) -> tuple[ClassShare, ...]:
    """Return the classes with their ``probabilities``, in the order of the data; ``true`` is the sample's class."""
    names = snapshot.data.class_names
    best = max(range(len(probabilities)), key=probabilities.__getitem__)
    every = tuple(
        ClassShare(k, names[k] if k < len(names) else str(k + 1), share, k == best, k == true)
        for k, share in enumerate(probabilities)
    )
    if len(every) <= MAX_LISTED:
        return every
    return tuple(sorted(sorted(every, key=lambda each: -each.share)[:MAX_LISTED], key=lambda each: each.index))


def probabilities_of(snapshot: Snapshot, sample: Sample | None) -> list[float]:
    """Return the probability of each class for ``sample``, or its mean over the training set."""
    trace, _ = traced(snapshot, sample)
    means = trace.prediction.mean(axis=0) if len(trace.prediction) else np.zeros(trace.prediction.shape[1])
    return [float(each) for each in np.nan_to_num(means, nan=0.0)]


def shares_of(snapshot: Snapshot, sample: Sample | None) -> tuple[ClassShare, ...]:
    """Return the probabilities for ``sample``, or their means over the training set."""
    return class_shares(
        snapshot, probabilities_of(snapshot, sample), None if sample is None else int(sample.label(snapshot.data))
    )


class ClassBars(Painted):
    """Paints a bar for each class, with its probability; hidden while there is none."""

    _shares: tuple[ClassShare, ...] = ()
    _count = 0
    _pinned: tuple[float, ...] = ()
    _colour = 0

    @property
    def shares(self) -> tuple[ClassShare, ...]:
        """The classes shown."""
        return self._shares

    @property
    def pinned(self) -> tuple[float, ...]:
        """The probabilities of the pinned run for the classes shown; empty without one."""
        return self._pinned

    def show_shares(
        self,
        shares: tuple[ClassShare, ...],
        count: int,
        pinned: PinnedNumbers | None = None,
        sample: Sample | None = None,
    ) -> None:
        """Show ``shares``, of a problem of ``count`` classes; those of a ``pinned`` run for ``sample`` are dashed outlines."""
        others = () if pinned is None else probabilities_of(pinned.snapshot, sample)
        beside = tuple(others[share.index] for share in shares) if len(others) == count else ()
        colour = 0 if pinned is None else pinned.colour
        if (shares, count, beside, colour) == (self._shares, self._count, self._pinned, self._colour):
            return
        taller = len(shares) != len(self._shares)
        self._shares, self._count, self._pinned, self._colour = shares, count, beside, colour
        tip = "Softmax: the probabilities sum to 1, and the highest wins"
        texts = [share.text for share in shares]
        if pinned is not None and beside:
            texts = [f"{text}, {pinned.name} {percent(other)}" for text, other in zip(texts, beside, strict=True)]
            tip = f"{tip}\nDashed: {pinned.name}"
        self.setAccessibleName("; ".join(texts))
        self.setToolTip(plain_tip(tip))
        if taller:
            self.updateGeometry()
        self.update()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the height of all bars."""
        px = self.current_style.px
        return QSize(round(px(120)), round(px(LINE_HEIGHT * len(self._shares))))

    @override
    def row_ends(self) -> tuple[int, ...]:
        height = self.current_style.px(LINE_HEIGHT)
        return tuple(round(height * count) for count in range(1, len(self._shares) + 1))

    def _name_width(self) -> float:
        """Return the width for the names: as they need, but not most of the line."""
        metrics = QFontMetricsF(self.font_of(TEXT_LABEL, QFont.Weight.DemiBold))
        longest = max((metrics.horizontalAdvance(_labelled(share)) for share in self._shares), default=0.0)
        return min(max(longest + self.current_style.px(8), self.width() * NAME_SHARE), self.width() * MAX_NAME_SHARE)

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars: name, bar, probability; the true class is named so."""
        theme, px = self.current_style.theme, self.current_style.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = self._name_width()
        for row, share in enumerate(self._shares):
            weight = QFont.Weight.DemiBold if share.wins else QFont.Weight.Normal
            painter.setFont(self.font_of(TEXT_LABEL, weight))
            metrics = painter.fontMetrics()
            line = QRectF(0, row * px(LINE_HEIGHT), self.width(), px(LINE_HEIGHT))
            right = self.width() - metrics.horizontalAdvance("100.0 %") - px(8)
            painter.setPen(QColor(theme.ink))
            shown = metrics.elidedText(_labelled(share), Qt.TextElideMode.ElideRight, int(left - px(6)))
            painter.drawText(QRectF(0, line.top(), left, line.height()), LEFT, shown)
            painter.drawText(line, RIGHT, percent(share.share))
            track = QRectF(left, line.center().y() - px(4), max(right - left, 1.0), px(8))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line))
            painter.drawRoundedRect(track, px(4), px(4))
            if share.share > 0:
                track.setWidth(max(track.width() * min(share.share, 1.0), px(2)))
                colour = theme.class_colour(share.index, self._count)
                fill_rect(painter, track, self.current_style, colour, share.index, px(4))
            if self._pinned:
                width = max(right - left, 1.0) * min(self._pinned[row], 1.0)
                painter.setPen(pin_pen(self.current_style, self._colour))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(left, line.center().y() - px(6), max(width, px(2)), px(12)))
        painter.end()


def _labelled(share: ClassShare) -> str:
    return f"{share.name} (true)" if share.true else share.name
