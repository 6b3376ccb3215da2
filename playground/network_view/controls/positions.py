"""Positions of the controls drawn inside the picture (headers, + and − circles, feature chips, fold markers)."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from core.experiment import MAX_HIDDEN, MAX_UNITS
from playground.network_view.layout.fonts import MIN_TYPE, caption_font, name_font
from playground.network_view.layout.geometry import CHIP_GAP, MARKER_HEIGHT, Layout
from playground.network_view.layout.shape import Shape
from playground.style.theme import Style

MIN_CIRCLE: Final = 7.5
"""Smallest diameter of a circle that can be clicked, in pixels at the window's scale; smaller ones are left out."""

SHRUNK: Final = 1.15
"""Maximum factor by which a caption is reduced to fit; a longer one is replaced by the sign of a menu."""

Action: TypeAlias = Literal[
    "menu",
    "add_neuron",
    "remove_neuron",
    "insert_layer",
    "remove_layer",
    "feature_on",
    "feature_off",
    "fold_up",
    "fold_down",
]


class Control(Struct, frozen=True):
    """A clickable control in the picture.

    Attributes:
        action: action of a click.
        index: column it belongs to, or position of the new layer.
        box: bounding box in the picture's coordinates.
        text: its label.
        tip: tooltip, a sentence.
        key: key of its feature.
        enabled: whether it can be clicked now.
    """

    action: Action
    index: int
    box: QRectF
    text: str
    tip: str
    key: str = ""
    enabled: bool = True


def controls_of(layout: Layout, shape: Shape, style: Style) -> tuple[Control, ...]:
    """Return every control of the picture."""
    found = []
    captions, names = QFontMetricsF(caption_font(style)), QFontMetricsF(name_font(style))
    least = MIN_CIRCLE * style.min_type / MIN_TYPE
    for column in () if layout.low else filter(layout.has_header, range(1, shape.columns)):
        found += _header(layout, shape, column, captions, names, least)
    found += _insertions(layout, shape, least)
    found += _chips(layout, shape)
    found += _markers(layout)
    return tuple(found)


def _header(
    layout: Layout, shape: Shape, column: int, captions: QFontMetricsF, names: QFontMetricsF, min_size: float
) -> list[Control]:
    s, x = layout.scale, layout.columns[column].x
    half = min(layout.spacing * layout.every / 2 - 2 * s, 70 * s)
    text = shape.captions[column] if layout.wide else shape.activations[column]
    if layout.is_figure and layout.wide and shape.counts[column] > 1:  # on screen, the number is between − and +
        text = f"{shape.counts[column]} × {text}"
    if not layout.is_figure and captions.horizontalAdvance(text) > 2 * half * SHRUNK:
        text = "▾"
    width = min(captions.horizontalAdvance(text) + 12 * s, 2 * half)
    name = shape.names[column]
    left = min(x - width / 2, layout.width - width)
    found = [
        Control(
            "menu",
            column,
            QRectF(left, (32 if layout.is_figure else 34) * s, width, 20 * s),
            text,
            f"{name}: {shape.captions[column]}. Click to change activation, initializer or dropout.",
        )
    ]
    apart, radius = (30 * s, 9 * s) if layout.wide else (20 * s, 7 * s)
    if column == shape.columns - 1 or 2 * radius < min_size:
        return found
    count = shape.counts[column]
    y = 69 * s
    for action, place, sign, enabled in (
        ("remove_neuron", x - apart, "−", count > 1),
        ("add_neuron", x + apart, "+", count < MAX_UNITS),
    ):
        tip = f"{'Add a neuron to' if sign == '+' else 'Remove the last neuron of'} {name.lower()}"
        box = QRectF(place - radius, y - radius, 2 * radius, 2 * radius)
        found.append(
            Control(
                "add_neuron" if action == "add_neuron" else "remove_neuron", column, box, sign, tip, enabled=enabled
            )
        )
    title = shape.names[column] if layout.wide else shape.short_name(column)
    room = names.horizontalAdvance(title) / 2 + 11 * s
    found.append(
        Control("remove_layer", column, QRectF(x + room - 7 * s, 9 * s, 14 * s, 14 * s), "×", f"Remove {name.lower()}")
    )
    return found


def _insertions(layout: Layout, shape: Shape, min_size: float) -> list[Control]:
    """Return the + circles between two columns."""
    s = layout.scale
    radius = 9 * s if layout.wide else 6.5 * s
    if shape.columns - 2 >= MAX_HIDDEN or 2 * radius < min_size:
        return []
    found = []
    for gap in range(layout.gaps):
        x = (layout.columns[gap].x + layout.columns[gap + 1].x) / 2
        box = QRectF(x - radius, 18 * s - radius, 2 * radius, 2 * radius)
        found.append(Control("insert_layer", gap, box, "+", f"Insert a hidden layer after {shape.names[gap].lower()}"))
    return found


def _chips(layout: Layout, shape: Shape) -> list[Control]:
    """Return the chips that add a feature, and the crosses that remove one."""
    s, column = layout.scale, layout.columns[0]
    found = []
    chips, spare = layout.chips, shape.spare_features
    if chips is not None:
        step, height = chips.width + CHIP_GAP * s, chips.height
        for place, (key, label) in enumerate(spare):
            row, at = divmod(place, chips.per_row)
            in_row = min(chips.per_row, len(spare) - row * chips.per_row)
            left = max(min(column.x - in_row * step / 2, chips.right - in_row * step), 0.0) + at * step
            box = QRectF(left, chips.top + row * (height + CHIP_GAP * s), chips.width, height)
            found.append(Control("feature_on", 0, box, label, f"Add {label} as a feature", key))
    if len(shape.feature_keys) > 1 and not column.image and shape.chooses_features:
        for row, y in enumerate(column.ys.tolist()):
            number = column.first + row
            if number < len(shape.feature_keys):
                box = QRectF(column.right - 8 * s, y - column.node / 2 - 6 * s, 14 * s, 14 * s)
                label = shape.feature_labels[number]
                found.append(
                    Control("feature_off", number, box, "×", f"Remove the feature {label}", shape.feature_keys[number])
                )
    return found


def _markers(layout: Layout) -> list[Control]:
    """Return "… 40 more" above and below folded columns."""
    s = layout.scale
    found = []
    half = min(layout.spacing / 2 - s, 46 * s)
    for column in layout.columns:
        if column.image:
            continue
        word = " more" if layout.wide else ""
        if column.above:
            box = QRectF(column.x - half, column.top, 2 * half, MARKER_HEIGHT * s)
            found.append(Control("fold_up", column.index, box, f"+ {column.above}{word}", "Show the neurons above"))
        if column.below:
            box = QRectF(column.x - half, column.bottom - MARKER_HEIGHT * s, 2 * half, MARKER_HEIGHT * s)
            found.append(Control("fold_down", column.index, box, f"+ {column.below}{word}", "Show the neurons below"))
    return found
