"""The shipped fonts and icons as Qt objects; icons are drawn in theme colours."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import count

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from core.assets import asset

__all__ = [
    "application_font",
    "application_icon",
    "asset",
    "icon",
    "icon_names",
    "icon_pixmap",
    "load_fonts",
    "svg_source",
]

FAMILY = "Inter"
ICON_SIZES = (16, 20, 24, 32)
DISABLED_OPACITY = 0.38


def load_fonts() -> str:
    """Register the shipped Inter with Qt, once per application, and return its family name.

    Raises:
        FileNotFoundError: a font file is missing.
        RuntimeError: Qt cannot read a font file.
    """
    if _is_registered():
        return FAMILY
    for weight in ("Regular", "Medium", "SemiBold", "Bold"):
        path = asset(f"fonts/{FAMILY}-{weight}.ttf")
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise RuntimeError(f"{path}: Qt cannot read this font")
    return FAMILY


def _is_registered() -> bool:
    """Return whether this application already has Inter; Qt would register a file twice."""
    for number in count():
        families = QFontDatabase.applicationFontFamilies(number)
        if not families:
            return False
        if FAMILY in families:
            return True
    return False


def application_font(
    size: float, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = True, family: str = FAMILY
) -> QFont:
    """Return Inter at ``size`` device-independent pixels, rounded to whole ones.

    With ``tabular``, all digits have the same width (OpenType's ``tnum``), so that changing numbers do not jump.
    """
    font = QFont(family)
    font.setPixelSize(max(1, round(size)))
    font.setWeight(weight)
    # Hinting would round glyph widths to pixels, so that the window and its exports would differ.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def icon_names() -> list[str]:
    """Return the names that :func:`icon` knows, sorted."""
    return sorted(path.stem for path in asset("icons").glob("*.svg"))


def icon_pixmap(name: str, colour: QColor | str, size: float, ratio: float = 1.0, *, opacity: float = 1.0) -> QPixmap:
    """Return the icon ``name`` drawn in ``colour``, ``size`` logical pixels wide, for a screen with pixel ``ratio``.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    return _Drawer(name, QColor(colour)).pixmap(size, ratio, opacity)


def icon(name: str, colour: QColor | str, *, sizes: tuple[int, ...] = ICON_SIZES) -> QIcon:
    """Return the icon ``name`` in ``colour``, sharp at each of ``sizes`` logical pixels; faint if disabled.

    Create a new one when the theme changes. Raises like :func:`icon_pixmap`.
    """
    drawer = _Drawer(name, QColor(colour))
    # The application's pixel ratio is the maximum over all screens, among which a window may move.
    application = QGuiApplication.instance()
    ratio = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    result = QIcon()
    for size in sizes:
        result.addPixmap(drawer.pixmap(size, ratio))
        result.addPixmap(drawer.pixmap(size, ratio, DISABLED_OPACITY), QIcon.Mode.Disabled)
    return result


@lru_cache
def svg_source(name: str, colour: str) -> bytes:
    """Return the icon ``name`` in ``colour`` (``#rrggbb``) as SVG. Raises like :func:`icon_pixmap`."""
    return _svg_text(name).replace("currentColor", colour).encode()


@lru_cache
def _svg_text(name: str) -> str:
    return asset(f"icons/{name}.svg").read_text(encoding="utf-8")


def application_icon() -> QIcon:
    """Return the application icon for window frames and task bars."""
    result = QIcon(str(asset("icons/nn-playground.png")))
    result.addFile(str(asset("icons/nn-playground.svg")))
    return result


class _Drawer:
    """Draws one icon in one colour; many buttons have the same one, so Qt's cache keeps the pixmaps."""

    def __init__(self, name: str, colour: QColor) -> None:
        self._name, self._colour = name, colour

    @cached_property
    def _renderer(self) -> QSvgRenderer:
        return QSvgRenderer(QByteArray(svg_source(self._name, self._colour.name())))

    def pixmap(self, size: float, ratio: float, opacity: float = 1.0) -> QPixmap:
        side, opacity = max(1, round(size * ratio)), opacity * self._colour.alphaF()
        key = f"icon {self._name} {self._colour.name()} {side} {ratio} {opacity}"
        pixmap = QPixmap()
        if not QPixmapCache.find(key, pixmap):
            area = QRectF(0, 0, side, side)
            opaque = self.pixmap(size, ratio, 1.0) if opacity < self._colour.alphaF() else None
            renderer = self._renderer if opaque is None else None
            pixmap = QPixmap(side, side)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            if renderer is not None:
                painter.setOpacity(opacity)
                renderer.render(painter, area)
            elif opaque is not None:
                painter.setOpacity(opacity / self._colour.alphaF())
                painter.drawPixmap(area, opaque, QRectF(opaque.rect()))
            painter.end()
            pixmap.setDevicePixelRatio(ratio)
            QPixmapCache.insert(key, pixmap)
        return pixmap
