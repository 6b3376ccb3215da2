"""The pinned runs of one plot card: what the card shows of each, computed once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Final, Generic

from playground.plotting.ghosts import Data, Ghost

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session.pins import Pin, Pins

MAX_KNOWN: Final = 60
"""Data kept of pins under choices that are not the current ones."""


class CardGhosts(Generic[Data]):
    """Keeps the data of the visible pins for the card's current choices.

    Args:
        pins: the pins of the session.
        make: returns what the card shows of a snapshot; ``None`` if it shows nothing of it, or not yet.
        choices: returns what the card's user chose that those data depend on.
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
        """Return the visible pins, oldest first, as far as their data are known."""
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

    def look_again(self) -> None:
        """Ask again for data that are not known, next time."""
        self._valid_for = None

    def compared(self) -> tuple[Pin, Data] | None:
        """Return the pin that read-outs are compared with and its data, if they are known."""
        pin = self._pins.compared
        data = None if pin is None else self._data_of(pin)
        return None if pin is None or data is None else (pin, data)

    def sentences(self, say: Callable[[Pin, Data], tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
        """Return the name of the compared pin and what ``say`` says of it, if it is known."""
        valid_for = (self._pins.version, self._choices())
        if valid_for != self._said_for:
            found = self.compared()
            if found is None:
                return "", ()
            self._said_for, self._said = valid_for, (self._pins.name(found[0]), say(*found))
        return self._said

    def add(self, pin_key: int, choices: Hashable, data: Data) -> None:
        """Take ``data`` of a pin that were computed elsewhere."""
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
