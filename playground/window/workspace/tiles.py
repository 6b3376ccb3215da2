"""The visible cards of a workspace and their places, for a picture of the whole window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from playground.export.animation.job import Tile
from playground.widgets.live_card import LiveCard
from playground.window.workspace.card_place import CardPlace
from playground.window.workspace.page import Page

if TYPE_CHECKING:
    from playground.window.workspace.workspace import Workspace

Key: TypeAlias = Callable[[LiveCard], "str | None"]


def tiles_of(workspace: Workspace) -> tuple[Tile, ...]:
    """Return the cards shown in ``workspace`` that have a picture; the others' places are given to their neighbours."""
    if isinstance(workspace.enlarged, LiveCard):
        key = workspace.key_of(workspace.enlarged)
        has_picture = key is not None and workspace.enlarged.figure is not None
        return (Tile(key or "", 0.0, 0.0, 1.0, 1.0),) if has_picture else ()
    page = workspace.currentWidget()
    form = page.currentWidget() if isinstance(page, Page) else None
    children = form.children() if form is not None else []
    root = next((each for each in children if isinstance(each, QSplitter | CardPlace)), None)
    return tuple(_tiles(root, QRectF(0, 0, 1, 1), workspace.key_of))


def _tiles(part: QWidget | None, area: QRectF, key_of: Key) -> list[Tile]:
    if isinstance(part, CardPlace):
        card = part.currentWidget()
        key = key_of(card) if isinstance(card, LiveCard) else None
        return [] if key is None else [Tile(key, area.x(), area.y(), area.width(), area.height())]
    if not isinstance(part, QSplitter):
        return []
    sizes = dict(zip(map(part.widget, range(part.count())), part.sizes(), strict=True))
    shown = {each: size for each, size in sizes.items() if size and _has_picture(each)}
    total, start, tiles = sum(shown.values()), 0.0, []
    for each, size in shown.items():
        share = size / total
        if part.orientation() == Qt.Orientation.Horizontal:
            place = QRectF(area.x() + start * area.width(), area.y(), share * area.width(), area.height())
        else:
            place = QRectF(area.x(), area.y() + start * area.height(), area.width(), share * area.height())
        tiles += _tiles(each, place, key_of)
        start += share
    return tiles


def _has_picture(part: QWidget | None) -> bool:
    """Return whether a card in ``part`` has a picture."""
    if isinstance(part, QSplitter):
        return any(_has_picture(part.widget(index)) for index in range(part.count()))
    card = part.currentWidget() if isinstance(part, CardPlace) else None
    return isinstance(card, LiveCard) and card.has_figures and card.figure is not None
