"""The colours, type and sizes of the window in light and dark, and of print; each colour has one meaning."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtGui import QColor

from playground.style.theme_names import ThemeName

# The end of viridis is darkened until bars and lines stand out from white (WCAG 2.1, 1.4.11).
_VIRIDIS_LIGHT: Final = ("#472D7B", "#3B528B", "#2C728E", "#21918C", "#27A87C", "#46A84B", "#7BA02B")
_VIRIDIS_DARK: Final = ("#8B6BD1", "#6F86D6", "#4F9FC6", "#38B5B0", "#38C39A", "#7CD668", "#B5DA4A")

# Orange and blue mean signs, so the palette for more than two classes excludes them. The first colours are
# distinguishable with normal vision, deuteranopia and protanopia.
_CLASSES_LIGHT: Final = (
    "#0E8F62", "#A8239A", "#829600", "#4B1750", "#CD5FD7", "#5F6B07", "#00A04B", "#7A2244", "#4F8B8C", "#B46EB9",
)  # fmt: skip
_CLASSES_DARK: Final = (
    "#38C39A", "#D24FD0", "#DCEB3A", "#7C8607", "#F0B4F0", "#378250", "#AA50A5", "#8FF0A0", "#C34B7D", "#5FA0A0",
)  # fmt: skip

# Pinned runs are muted, and neither orange, blue nor violet; their dashes differ, too.
_PINS_LIGHT: Final = ("#B03F6E", "#7A6420", "#2E7D74", "#8A4B32", "#8D4A9B", "#4F6478")
_PINS_DARK: Final = ("#E58BAE", "#D2BE74", "#7FCDC1", "#DDA184", "#D09BDD", "#A9BED2")

# In print, dashes, hatches and markers tell classes and runs apart; neighbours differ in lightness, too.
_CLASSES_PRINT: Final = (
    "#000000", "#9A9A9A", "#505050", "#BEBEBE", "#282828", "#787878", "#3C3C3C", "#AAAAAA", "#646464", "#8C8C8C",
)  # fmt: skip
_PINS_PRINT: Final = ("#505050", "#787878", "#282828", "#8C8C8C", "#3C3C3C", "#646464")

ON_MAP: Final = 0.35
"""Fraction of ink mixed into a point's colour, so that it stands out from a map of the same colour."""


class Theme(Struct, frozen=True):
    """A set of colours.

    Attributes:
        name: its key in ``THEMES``.
        background: page background.
        panel: card background.
        line: hairlines.
        ink: text.
        muted: labels.
        faint: disabled elements.
        negative: sign −, class −1, as a fill or a line.
        zero: zero.
        positive: sign +, class +1, as a fill or a line.
        negative_text: negative numbers.
        positive_text: positive numbers.
        accent: interactive or selected elements.
        soft: background of selected elements.
        field: background of fields and buttons.
        error: text of errors.
        layer_anchors: colours from the first layer to the last.
        class_palette: colours of more than two classes.
        pin_palette: colours of pinned runs.
        ramp: colours of maps from negative over zero to positive, where those of signs are too alike.
        printed: whether dashes, hatches and markers replace colours (:mod:`.patterns`).
    """

    name: str
    background: str
    panel: str
    line: str
    ink: str
    muted: str
    faint: str
    negative: str
    zero: str
    positive: str
    negative_text: str
    positive_text: str
    accent: str
    soft: str
    field: str
    error: str
    layer_anchors: tuple[str, ...]
    class_palette: tuple[str, ...]
    pin_palette: tuple[str, ...]
    ramp: tuple[str, str, str] | None = None
    printed: bool = False

    @property
    def grounds(self) -> tuple[str, ...]:
        """The backgrounds on which text is written."""
        return self.panel, self.background, self.field, self.soft

    def sign_text(self, value: float) -> QColor:
        """Return the colour of a number: that of its sign, or for 0 and NaN the text colour."""
        return QColor(self.negative_text if value < 0 else self.positive_text if value > 0 else self.ink)

    @property
    def map_ends(self) -> tuple[str, str, str]:
        """Colours of maps from negative over zero to positive."""
        return self.ramp or (self.negative, self.zero, self.positive)

    def layer_colour(self, index: int, count: int) -> QColor:
        """Return the colour of layer ``index`` of ``count`` (output included), along the viridis scale."""
        return QColor(_between(self.layer_anchors, index, count))

    def class_colour(self, index: int, count: int) -> QColor:
        """Return the colour of class ``index`` of ``count``: a sign colour for two classes, else from the class palette."""
        if count <= 2:
            return QColor(self.positive if index else self.negative)
        return QColor(self.class_palette[index % len(self.class_palette)])

    def on_map(self, colour: QColor) -> QColor:
        """Return ``colour`` adjusted for a point on a map of the same colour."""
        return mixed(colour, QColor(self.ink), ON_MAP)

    def sign_colour(self, value: float, scale: float = 1.0) -> QColor:
        """Return the colour of ``value`` between negative (−scale), zero and positive (scale)."""
        share = float(np.clip(value / scale, -1.0, 1.0)) if scale else 0.0
        low, middle, high = self.map_ends
        return mixed(QColor(middle), QColor(high if share >= 0 else low), abs(share))

    def sign_table(self) -> npt.NDArray[np.uint32]:
        """Return 256 colours 0xffRRGGBB from negative over zero to positive, for whole heat maps at once."""
        shares = np.linspace(-1.0, 1.0, 256)[:, None]
        low, middle, high = (_channels(name) for name in self.map_ends)
        ends = np.where(shares >= 0, high, low)
        red, green, blue = np.rint(middle + (ends - middle) * np.abs(shares)).astype(np.uint32).T
        table: npt.NDArray[np.uint32] = 0xFF000000 | red << 16 | green << 8 | blue
        return table


@lru_cache(maxsize=1024)
def _between(anchors: tuple[str, ...], index: int, count: int) -> QColor:
    """Return the colour at ``index`` of ``count`` along ``anchors``; plots of many layers ask for each at every frame."""
    position = index / max(count - 1, 1) * (len(anchors) - 1)
    low = int(position)
    a, b = QColor(anchors[low]), QColor(anchors[min(low + 1, len(anchors) - 1)])
    return mixed(a, b, position - low)


def _channels(name: str) -> npt.NDArray[np.float64]:
    colour = QColor(name)
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float64)


def mixed(a: QColor, b: QColor, share: float) -> QColor:
    """Return the linear interpolation between ``a`` (``share`` 0) and ``b`` (``share`` 1)."""
    return QColor.fromRgbF(
        a.redF() + (b.redF() - a.redF()) * share,
        a.greenF() + (b.greenF() - a.greenF()) * share,
        a.blueF() + (b.blueF() - a.blueF()) * share,
    )


LIGHT: Final = Theme(
    name="light",
    background="#F4F5F7",
    panel="#FFFFFF",
    line="#E3E6EB",
    ink="#1B1F27",
    muted="#656D7A",
    faint="#A4ABB6",
    negative="#CA7518",
    zero="#EEF0F3",
    positive="#1F78C8",
    negative_text="#9F5C13",
    positive_text="#1D6FB9",
    accent="#6A4CE0",
    soft="#F0EDFC",
    field="#F4F5F7",
    error="#C0392B",
    layer_anchors=_VIRIDIS_LIGHT,
    class_palette=_CLASSES_LIGHT,
    pin_palette=_PINS_LIGHT,
)

DARK: Final = Theme(
    name="dark",
    background="#14161B",
    panel="#1C1F26",
    line="#2C313B",
    ink="#E9ECF1",
    muted="#98A1B0",
    faint="#5D6674",
    negative="#F09A3C",
    zero="#2A2E37",
    positive="#4FA3EE",
    negative_text="#F09A3C",
    positive_text="#4FA3EE",
    accent="#9D87FF",
    soft="#2A2547",
    field="#252932",
    error="#FF8A7A",
    layer_anchors=_VIRIDIS_DARK,
    class_palette=_CLASSES_DARK,
    pin_palette=_PINS_DARK,
)

PRINT: Final = Theme(
    name="print",
    background="#FFFFFF",
    panel="#FFFFFF",
    line="#D2D2D2",
    ink="#000000",
    muted="#3A3A3A",
    faint="#9A9A9A",
    negative="#000000",
    zero="#F2F2F2",
    positive="#8A8A8A",
    negative_text="#000000",
    positive_text="#000000",
    accent="#000000",
    soft="#E4E4E4",
    field="#F2F2F2",
    error="#000000",
    layer_anchors=("#000000", "#1E1E1E", "#3C3C3C", "#5A5A5A"),
    class_palette=_CLASSES_PRINT,
    pin_palette=_PINS_PRINT,
    # Dark to white, so that black lines and markers stand out everywhere.
    ramp=("#6E6E6E", "#BEBEBE", "#FFFFFF"),
    printed=True,
)

THEMES: Final[Mapping[ThemeName, Theme]] = MappingProxyType({"light": LIGHT, "dark": DARK, "print": PRINT})
"""Every theme by name."""

# Sizes in pixels at scale 1.
TEXT_READOUT: Final = 18
TEXT_TITLE: Final = 12
TEXT_CONTROL: Final = 12
TEXT_LABEL: Final = 11
GRID: Final = 8
TITLE_ICON: Final = 14
"""Side of the icons in the title line of a card."""

CARD_RADIUS: Final = 10
CARD_PADDING: Final = 16
PRESENTATION_SCALE: Final = 1.4
ENLARGED: Final = 1.25
"""Scale of a card that fills the window."""


class Style(Struct, frozen=True):
    """A drawing style: colours, and a scale of type, pens, ticks and symbols.

    The scale is 1 on screen, up to 1.4 in presentation mode, and the ratio of picture width to design width in exports.

    Attributes:
        theme: the colours.
        scale: scale of all lengths.
        family: font family.
        min_type: smallest size of type in pixels, for a picture that is drawn smaller than the rest of the window.
        is_roomy: whether text must have room in other fonts, too.
    """

    theme: Theme
    scale: float = 1.0
    family: str = "Inter"
    min_type: float = 0.0
    is_roomy: bool = False

    def px(self, length: float) -> float:
        """Return ``length`` (pixels at scale 1) at this style's scale."""
        return length * self.scale

    def type_px(self, size: float) -> float:
        """Return the size of type of ``size`` pixels at scale 1, at least ``min_type``."""
        return max(self.px(size), self.min_type)


FILLED_BY_TYPE: Final = (1400.0, 800.0)
"""Size in pixels of a card that type at scale 1 fills well."""

MAX_ENLARGED: Final = 2.0


def enlarged(style: Style, width: float = 0.0, height: float = 0.0, min_factor: float = ENLARGED) -> Style:
    """Return ``style`` for a card that fills the window; larger type still where it is ``width`` by ``height`` pixels.

    The scale grows by at least the factor ``min_factor`` and in steps, so that a window is not restyled at each pixel.
    """
    room = math.floor(20.0 * min(width / FILLED_BY_TYPE[0], height / FILLED_BY_TYPE[1])) / 20.0
    return replace(style, scale=max(style.scale * min_factor, min(room, style.scale * MAX_ENLARGED)))
