"""Zoom and pan: the visible part of the picture. Plain numbers, no widgets."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, MsgspecError, Struct
from msgspec import json as text_form

MIN_ZOOM: Final = 0.1
MAX_ZOOM: Final = 6.0
ZOOM_STEP: Final = 1.25


Share = Annotated[float, Meta(ge=0.0, le=1.0)]


class ChosenView(Struct, frozen=True):
    """A zoom that the user chose, to be saved.

    Attributes:
        zoom: view's units per unit of the picture.
        across: centre of the view as a share of the picture's width.
        down: the same of its height.
        layers: width of each hidden layer of the network it was chosen for.
    """

    zoom: Annotated[float, Meta(ge=MIN_ZOOM, le=MAX_ZOOM)]
    across: Share
    down: Share
    layers: tuple[int, ...]

    @property
    def text(self) -> str:
        """The view as text."""
        return text_form.encode(self).decode()


def chosen_view(text: str) -> ChosenView | None:
    """Return the view that ``text`` describes, or ``None`` if it is damaged."""
    try:
        return text_form.decode(text, type=ChosenView)
    except MsgspecError:
        return None


class Viewport:
    """Maps between the picture's coordinates and the view's: view = picture · zoom + offset."""

    def __init__(self) -> None:
        self.zoom = 1.0
        self.dx = self.dy = 0.0
        self._view = (1.0, 1.0)
        self._content = (1.0, 1.0)
        self._chosen = False
        self._centre: tuple[float, float] | None = None  # restored; the sizes change until the window is shown

    def chosen(self, layers: tuple[int, ...]) -> ChosenView | None:
        """Return the zoom and position that the user chose for a network with hidden ``layers``, or ``None``."""
        if not self._chosen:
            return None
        x, y = self.to_picture(self._view[0] / 2, self._view[1] / 2)
        across, down = (min(max(at / size, 0.0), 1.0) for at, size in zip((x, y), self._content, strict=True))
        return ChosenView(self.zoom, across, down, layers)

    def restore(self, view: ChosenView) -> None:
        """Show the picture as in ``view``."""
        self._chosen, self.zoom, self._centre = True, view.zoom, (view.across, view.down)
        self._place()

    def set_sizes(self, view: tuple[float, float], content: tuple[float, float]) -> None:
        """Set the sizes of view and picture; until the user zooms, the whole picture stays in view."""
        if (view, content) != (self._view, self._content):
            self._view, self._content = view, content
            if not self._chosen:
                self.zoom = max(self._whole, MIN_ZOOM)
            self._place()

    @property
    def can_pan(self) -> bool:
        """Whether the picture is larger than the view."""
        return any(c * self.zoom > v + 0.5 for c, v in zip(self._content, self._view, strict=True))

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return the picture's coordinates of a point in the view."""
        return (x - self.dx) / self.zoom, (y - self.dy) / self.zoom

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Return the view's coordinates of a point in the picture."""
        return x * self.zoom + self.dx, y * self.zoom + self.dy

    def visible(self) -> tuple[float, float]:
        """Return the smallest and largest visible x of the picture."""
        return self.to_picture(0, 0)[0], self.to_picture(self._view[0], 0)[0]

    def pan(self, dx: float, dy: float) -> bool:
        """Pan the picture; return whether it moved."""
        self._centre = None
        before = (self.dx, self.dy)
        self.dx, self.dy = self.dx + dx, self.dy + dy
        self._keep_inside()
        return (self.dx, self.dy) != before

    def zoom_at(self, x: float, y: float, factor: float) -> None:
        """Zoom by ``factor`` around the point (x, y) of the view."""
        self._chosen, self._centre = True, None
        px, py = self.to_picture(x, y)
        self.zoom = min(max(self.zoom * factor, MIN_ZOOM), MAX_ZOOM)
        self.dx, self.dy = x - px * self.zoom, y - py * self.zoom
        self._keep_inside()

    def zoom_centre(self, factor: float) -> None:
        """Zoom by ``factor`` around the view's centre."""
        self.zoom_at(self._view[0] / 2, self._view[1] / 2, factor)

    def fit(self) -> None:
        """Show the whole picture or, where it already is shown, return to its natural size."""
        self._chosen = abs(self.zoom - self._whole) < 1e-6 and self._whole < 1.0
        self.zoom, self._centre = 1.0 if self._chosen else self._whole, None
        self._keep_inside()

    @property
    def _whole(self) -> float:
        """Zoom at which the whole picture is in view, at most its natural size."""
        return min(self._view[0] / self._content[0], self._view[1] / self._content[1], 1.0)

    def reveal(self, left: float, right: float) -> None:
        """Pan so that the picture from ``left`` to ``right`` is in view."""
        self._centre = None
        first, last = self.visible()
        if left < first:
            self.dx += (first - left) * self.zoom
        elif right > last:
            self.dx -= (right - last) * self.zoom
        self._keep_inside()

    def _place(self) -> None:
        """Return to the restored centre, if there is one, and keep the picture in view."""
        if self._centre is not None:
            at = (share * size * self.zoom for share, size in zip(self._centre, self._content, strict=True))
            self.dx, self.dy = (view / 2 - place for view, place in zip(self._view, at, strict=True))
        self._keep_inside()

    def _keep_inside(self) -> None:
        self.dx = _inside(self.dx, self._content[0] * self.zoom, self._view[0])
        self.dy = _inside(self.dy, self._content[1] * self.zoom, self._view[1])


def _inside(offset: float, content: float, view: float) -> float:
    if content <= view:
        return (view - content) / 2
    return min(max(offset, view - content), 0.0)
