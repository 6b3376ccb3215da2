"""The pinned runs, which every view compares with the current run."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from core.experiment import Experiment
from core.experiment.epoch_text import epoch_text
from core.experiment.naming import MAX_PARTS, SEPARATOR, distinguishing, short_name
from core.training.pins.pinned_run import MAX_PINS, PinnedRun

MAX_BYTES: Final = 400_000_000
"""Maximum size of all pinned runs in total."""

MAX_NAME: Final = 60
MAX_HEADING: Final = 80
"""Maximum length in characters of differences used as the title of a comparison: two lines of half a slide."""

NOW: Final = "now"
"""Name of the current run beside one with the same settings."""


class Pin(Struct, frozen=True, eq=False):
    """A pinned run.

    Attributes:
        key: unique key within the session.
        run: the pinned run.
        colour: index of its colour and dash pattern, 0 to ``MAX_PINS`` − 1.
        given_name: the user's name for it; empty for an automatic one.
        hidden: whether it is hidden.
    """

    key: int
    run: PinnedRun
    colour: int
    given_name: str = ""
    hidden: bool = False


class Pins(QObject):
    """The pinned runs of a session, each named after its differences from the current run; oldest first unless arranged.

    Signals:
        changed: the pins, their names, or the compared pin changed.
        stored_changed: something that must be saved changed.
        refused: a message; a run was not pinned.
    """

    changed = Signal()
    stored_changed = Signal()
    refused = Signal(str)

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._living = experiment
        self._pins: tuple[Pin, ...] = ()
        self._names: dict[int, str] = {}
        self._compared: int | None = None
        self._next_key = 1
        self._version = 0
        self.changed.connect(self._count)

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def all(self) -> tuple[Pin, ...]:
        """Every pin, in order."""
        return self._pins

    @property
    def visible(self) -> tuple[Pin, ...]:
        """The pins that are drawn."""
        return tuple(pin for pin in self._pins if not pin.hidden)

    @property
    def compared(self) -> Pin | None:
        """The pin with which readouts are compared: the selected one, or the newest visible one."""
        chosen = next((pin for pin in self.visible if pin.key == self._compared), None)
        return chosen or (self.visible[-1] if self.visible else None)

    def name(self, pin: Pin) -> str:
        """Return the name of ``pin``: the one given by the user, or its differences, such as ``ReLU · He``; no two are equal."""
        return self._names[pin.key]

    def differences(self, pin: Pin) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the differing settings of ``pin`` and of the current run as short texts."""
        pinned = pin.run.experiment
        return distinguishing(pinned, self._living), distinguishing(self._living, pinned)

    def differences_in_words(self, pin: Pin) -> str:
        """Return how ``pin`` differs from the current run: ``sigmoid instead of tanh``."""
        own, others = (SEPARATOR.join(parts) for parts in self.differences(pin))
        name = self.name(pin)
        if not own and not others:
            return f"{name}: the same settings"
        text = f"{own or 'without'} {'instead of ' if own else ''}{others}" if others else own
        # The differences alone do not distinguish two pins that differ in the same way.
        return text if name == short_name(pin.run.experiment, self._living) else f"{name}: {text}"

    def current_name(self, pin: Pin) -> str:
        """Return what the current run is called beside ``pin``: its differences, or with many of them its own name."""
        pinned, (_, others) = pin.run.experiment, self.differences(pin)
        own = self._living.name
        if len(others) > MAX_PARTS and own not in ("", Experiment().name, self.name(pin)):
            return own
        return short_name(self._living, pinned) or NOW

    def heading(self, pin: Pin) -> tuple[str, str]:
        """Return the title of a comparison with ``pin``, and the text below it: the differences, if too long for a title."""
        text = self.differences_in_words(pin)
        if len(text) <= MAX_HEADING:
            return text, ""
        return f"{self.name(pin)} compared with {self.current_name(pin)}", text

    def find(self, key: int) -> Pin | None:
        """Return the pin ``key``, or ``None`` if it was removed."""
        return next((pin for pin in self._pins if pin.key == key), None)

    @property
    def is_full(self) -> bool:
        """Whether no further run can be pinned."""
        return len(self._pins) >= MAX_PINS

    @property
    def version(self) -> int:
        """A number that increases with every change."""
        return self._version

    def _count(self) -> None:
        self._version += 1

    # -- changing ----------------------------------------------------------------------------------------------------

    def add(self, run: PinnedRun, *, name: str = "", colour: int | None = None, hidden: bool = False) -> Pin | None:
        """Pin ``run`` in ``colour`` (by default an unused one); return ``None`` if that is refused."""
        if run.snapshot.data.missing:
            self.refused.emit(f"This run cannot be pinned yet. {run.snapshot.data.missing}")
            return None
        if self.is_full:
            self.refused.emit(f"{MAX_PINS} runs are pinned already: remove one first.")
            return None
        if sum(pin.run.size for pin in self._pins) + run.size > MAX_BYTES:
            in_addition = " in addition to the runs that are already pinned" if self._pins else ""
            self.refused.emit(f"This network is too large to pin{in_addition}.")
            return None
        used = {pin.colour for pin in self._pins}
        free = next(number for number in range(MAX_PINS) if number not in used)
        pin = Pin(self._next_key, run, free if colour is None else colour, name, hidden)
        self._next_key += 1
        self._compared = None
        self._set((*self._pins, pin))
        return pin

    def remove(self, key: int) -> None:
        """Remove the pin ``key``."""
        self._set(tuple(pin for pin in self._pins if pin.key != key))

    def clear(self) -> None:
        """Remove all pins."""
        self._set(())

    def restore(self, pins: tuple[Pin, ...]) -> None:
        """Show just ``pins``, which were pinned before."""
        self._set(pins)

    def arrange(self, keys: Sequence[int]) -> None:
        """Put the pins in the order of ``keys``; others follow in their order."""
        order = {key: place for place, key in enumerate(keys)}
        pins = tuple(sorted(self._pins, key=lambda pin: order.get(pin.key, len(order))))
        if pins != self._pins:
            self._set(pins)

    def rename(self, key: int, name: str) -> None:
        """Rename the pin ``key``; an empty ``name`` restores the automatic one."""
        self._change(key, given_name=" ".join(name.split())[:MAX_NAME].rstrip())

    def recolour(self, key: int, colour: int) -> None:
        """Set the colour of the pin ``key``, 0 to ``MAX_PINS`` − 1."""
        self._change(key, colour=colour)

    def set_hidden(self, key: int, *, hidden: bool) -> None:
        """Hide or show the pin ``key``."""
        self._change(key, hidden=hidden)

    def compare(self, key: int) -> None:
        """Compare the readouts with the pin ``key`` from now on, and show it."""
        self._compared = key
        self._change(key, hidden=False)

    def follow(self, experiment: Experiment) -> None:
        """Name the pins after their differences from the current ``experiment``."""
        self._living = experiment
        before = self._names
        self._name_all()
        if self._names != before:
            self.changed.emit()

    def _change(self, key: int, **fields: object) -> None:
        changed = (replace(pin, **fields) if pin.key == key else pin for pin in self._pins)
        self._set(tuple(changed))

    def _set(self, pins: tuple[Pin, ...]) -> None:
        self._pins = pins
        self._name_all()
        self.changed.emit()
        self.stored_changed.emit()

    def _name_all(self) -> None:
        """Name every pin; pins with the same differences are distinguished by their epoch, else by a number."""
        plain = {pin.key: short_name(pin.run.experiment, self._living) for pin in self._pins}
        texts = list(plain.values())
        names = {
            pin.key: pin.given_name
            or (
                _with_epoch(plain[pin.key], pin.run.snapshot.epoch)
                if not plain[pin.key] or texts.count(plain[pin.key]) > 1
                else plain[pin.key]
            )
            for pin in self._pins
        }
        self._names = _numbered(names)


def _with_epoch(name: str, epoch: float) -> str:
    text = f"epoch {epoch_text(epoch)}"
    return f"{name} · {text}" if name else text


def _numbered(names: Mapping[int, str]) -> dict[int, str]:
    """Return ``names`` by key, with a number after each that an earlier pin has as well: ``ReLU (2)``."""
    found: dict[int, str] = {}
    for key in sorted(names):  # in order of creation, so that rearranging the pins renames none
        forms = (names[key] if count == 1 else f"{names[key]} ({count})" for count in itertools.count(1))
        found[key] = next(form for form in forms if form not in found.values())
    return found
