"""One workspace's splitters and places, in the form that fits the width."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

from playground.style.theme import GRID
from playground.window.workspace.arrangements import CONTROLS, Arrangement, Part, Place
from playground.window.workspace.card_place import CardPlace

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from playground.style.theme import Style
    from playground.window.card_entry import CardEntry


class _Form(QWidget):
    """The splitters and places of one form of an arrangement."""

    def __init__(self, root: Part, make_place: Callable[[tuple[str, ...]], CardPlace]) -> None:
        super().__init__()
        self._make_place = make_place
        self.by_key: dict[str, CardPlace] = {}
        self.splitters: dict[str, QSplitter] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.addWidget(self._built(root))
        self.initial = {name: splitter.saveState() for name, splitter in self.splitters.items()}

    def _built(self, part: Part) -> QWidget:
        if isinstance(part, Place):
            place = self._make_place(part.keys)
            self.by_key.update(dict.fromkeys(part.keys, place))
            return place
        across = part.direction == "across"
        splitter = QSplitter(Qt.Orientation.Horizontal if across else Qt.Orientation.Vertical)
        splitter.setObjectName(part.name)
        splitter.setHandleWidth(GRID)
        splitter.setChildrenCollapsible(False)
        for index, (child, share) in enumerate(zip(part.parts, part.stretch, strict=True)):
            splitter.addWidget(self._built(child))
            splitter.setStretchFactor(index, share)
        splitter.setSizes(list(part.sizes))
        self.splitters[part.name] = splitter
        return splitter


class Page(QStackedWidget):
    """One arrangement: its usual form or, where that has no room, the narrow one, which is built when it is first needed.

    Args:
        arrangement: the arrangement.
        widgets: the cards and the control panel that are already built, by key.
        entries: the table of cards.
        style: the initial style.
        complete: called when a missing card is to be shown; it must call :meth:`add`.

    Attributes:
        places: the place of each widget in the present form.
    """

    def __init__(
        self,
        arrangement: Arrangement,
        widgets: Mapping[str, QWidget],
        entries: Mapping[str, CardEntry],
        style: Style,
        complete: Callable[[], None],
    ) -> None:
        super().__init__()
        self._arrangement, self._entries, self._style, self._complete = arrangement, entries, style, complete
        self._widgets = dict(widgets)
        self._saved: Callable[[str], object] | None = None
        self._usual = self._form = self._make(arrangement.root)
        self._narrow: _Form | None = None
        self.places = self._places()

    @property
    def splitters(self) -> dict[str, QSplitter]:
        """The splitters of all forms that are built, by name."""
        return {name: each for form in self._forms for name, each in form.splitters.items()}

    @property
    def initial(self) -> dict[str, QByteArray]:
        """The initial sizes, by the names of the splitters."""
        return {name: state for form in self._forms for name, state in form.initial.items()}

    @property
    def _forms(self) -> tuple[_Form, ...]:
        return (self._usual,) if self._narrow is None else (self._usual, self._narrow)

    def add(self, key: str, widget: QWidget) -> None:
        """Let ``widget``, built later, belong to the place for ``key``, if there is one."""
        self._widgets[key] = widget
        for form in self._forms:
            if key in form.by_key:
                form.by_key[key].add(key, widget)
        self.places = self._places()

    def fit(self, width: int) -> bool:
        """Switch to the form for ``width`` pixels, which still has no widgets then; return whether it is another one."""
        controls = self._widgets.get(CONTROLS)
        rest = width - (0 if controls is None else controls.minimumSizeHint().width())
        if (rest < self._style.px(self._arrangement.roomy)) is (self._form is not self._usual):
            return False
        if self._form is self._usual:
            if self._narrow is None:
                self._narrow = self._make(self._arrangement.narrow)
            self._form = self._narrow
        else:
            self._form = self._usual
        self.places = self._places()
        self.setCurrentWidget(self._form)
        return True

    def visible_keys(self) -> frozenset[str]:
        """Return the keys of the widgets that are shown at their places."""
        return frozenset(place.chosen for place in self.places.values())

    def show_first(self) -> None:
        """Show the first card of each place."""
        for form in self._forms:
            for place in set(form.by_key.values()):
                place.show_first()

    def set_style(self, style: Style) -> None:
        """Draw the switches in ``style``."""
        self._style = style
        for form in self._forms:
            for place in set(form.by_key.values()):
                place.set_style(style)

    def store(self, settings: QSettings, group: str) -> None:
        """Save sizes and shown cards in ``group`` of ``settings``."""
        for name, splitter in self.splitters.items():
            settings.setValue(f"{group}/{name}", splitter.saveState())
        settings.setValue(f"{group}/{self._shown_name}", sorted(self.visible_keys()))

    @property
    def _shown_name(self) -> str:
        return f"shown/{self._arrangement.key}"

    def recall(self, settings: QSettings, group: str) -> None:
        """Restore sizes and shown cards saved in ``group`` of ``settings``, also those of a form that is built later."""
        self._saved = lambda name: settings.value(f"{group}/{name}")
        for form in self._forms:
            self._recall_form(form)

    def _recall_form(self, form: _Form) -> None:
        if self._saved is None:
            return
        for name, splitter in form.splitters.items():
            state = self._saved(name)
            if isinstance(state, QByteArray):
                splitter.restoreState(state)
        shown = self._saved(self._shown_name)
        if isinstance(shown, str):  # Qt reads a list of one text as a text
            shown = [shown]
        if isinstance(shown, list):
            for place in set(form.by_key.values()):
                place.recall([key for key in shown if isinstance(key, str)])

    def _make(self, root: Part) -> _Form:
        form = _Form(root, self._place)
        self.addWidget(form)
        self._recall_form(form)
        return form

    def _place(self, keys: tuple[str, ...]) -> CardPlace:
        here = {key: self._widgets[key] for key in keys if key in self._widgets}
        return CardPlace(keys, here, self._entries, self._style, self._complete)

    def _places(self) -> dict[QWidget, CardPlace]:
        by_key = self._form.by_key
        return {widget: by_key[key] for key, widget in self._widgets.items() if key in by_key}
