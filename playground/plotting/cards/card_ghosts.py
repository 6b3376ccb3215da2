"""The data of the pinned runs in one plot card, computed once per pin."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Final, Generic

from playground.plotting.pins.ghosts import Data, Ghost

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session.pins import Pin, Pins

MAX_KNOWN: Final = 60
"""Maximum number of cached pin data for settings other than the current ones."""


class CardGhosts(Generic[Data]):
    """Caches the data of the visible pins for the card's current settings.

    Args:
        pins: the pins of the session.
        make: returns the card's data for a pin's snapshot; ``None`` if there are none, or not yet.
        choices: returns the card's settings on which these data depend.
    """

    def __init__(
        self, pins: Pins, make: Callable[[Pin, Snapshot], Data | None], choices: Callable[[], Hashable]
    ) -> None:
        self._pins = pins
        self._make, self._choices = make, choices
        self._known: dict[tuple[int, Hashable], Data] = {}
        self._valid_for: tuple[object, Hashable] | None = None
        self._ghosts: tuple[Ghost[Data], ...] = ()
        self._said_for: tuple[object, Hashable] | None = None
        self._said: tuple[str, tuple[str, ...]] = ("", ())

    def all(self) -> tuple[Ghost[Data], ...]:
        """Return the visible pins whose data are known, oldest first."""
        if not self._pins.visible:
            self._known.clear()
            self._valid_for, self._ghosts = None, ()
            return ()
        valid_for = (self._pins.version, self._choices())
        if valid_for != self._valid_for:
            self._valid_for = valid_for
            found = ((pin, self._data_of(pin)) for pin in self._pins.visible)
            self._ghosts = tuple(
                Ghost(self._pins.name(pin), pin.colour, data) for pin, data in found if data is not None
            )
            existing = {pin.key for pin in self._pins.all}
            of_choices = valid_for[1] if len(self._known) > MAX_KNOWN else None
            self._known = {
                key: data
                for key, data in self._known.items()
                if key[0] in existing and (of_choices is None or key[1] == of_choices)
            }
        return self._ghosts

    def known(self) -> list[tuple[Pin, Data]]:
        """Return the visible pins whose data are known, oldest first, with their data."""
        found = ((pin, self._data_of(pin)) for pin in self._pins.visible)
        return [(pin, data) for pin, data in found if data is not None]

    def request_missing(self) -> None:
        """Request data that are not known again at the next redraw."""
        self._valid_for = None

    def compared(self) -> tuple[Pin, Data] | None:
        """Return the compared pin and its data, if they are known."""
        pin = self._pins.compared
        data = None if pin is None else self._data_of(pin)
        return None if pin is None or data is None else (pin, data)

    def sentences(self, say: Callable[[Pin, Data], tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
        """Return the name of the compared pin and the result of ``say`` for it, if its data are known."""
        valid_for = (self._pins.version, self._choices())
        if valid_for != self._said_for:
            found = self.compared()
            if found is None:
                return "", ()
            self._said_for, self._said = valid_for, (self._pins.name(found[0]), say(*found))
        return self._said

    def add(self, pin_key: int, choices: Hashable, data: Data) -> None:
        """Store ``data`` of a pin that were computed in the background."""
        self._known[pin_key, choices] = data
        self._valid_for = None

    def knows(self, pin_key: int, choices: Hashable) -> bool:
        """Return whether the data of a pin are known."""
        return (pin_key, choices) in self._known

    def _data_of(self, pin: Pin) -> Data | None:
        key = (pin.key, self._choices())
        if key not in self._known:
            data = self._make(pin, pin.run.snapshot)
            if data is None:
                return None
            self._known[key] = data
        return self._known[key]
