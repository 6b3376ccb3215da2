"""The base of all plot cards: a canvas, a figure for export, and a sentence about the snapshot that is drawn."""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Final, Generic, cast

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QWidget
from typing_extensions import override

from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.captions import as_title, same_words
from playground.plotting.cards.card_ghosts import CardGhosts
from playground.plotting.cards.enlargement import enlargement
from playground.plotting.drawing.pencil import elided, text_width
from playground.plotting.pictures.layered_picture import LayeredPicture, LayerLink
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Data, Ghost
from playground.plotting.pins.pinned_plot import with_pins
from playground.plotting.pins.run_tables import CURRENT, combined
from playground.style.theme import CARD_PADDING, TEXT_LABEL, Style
from playground.widgets.aligned_figure import AlignedFigure
from playground.widgets.card import Restyled
from playground.widgets.figure import Chart, Figure, FigureText, Table
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.live_card import LiveCard
from playground.widgets.plain_text import plain_tip
from playground.widgets.plot import Plot
from playground.widgets.still_line import StillLine

if TYPE_CHECKING:
    from core.arrays import Floats
    from core.training.snapshot import Snapshot
    from playground.session import Session
    from playground.session.pins import Pin, Pins

MIN_WIDTH: Final = 168
MIN_HEIGHT: Final = 150

READING_SECONDS: Final = 0.2
"""Minimum time during training for which a sentence and its picture are shown, in seconds."""


class PlotCard(LiveCard, Generic[Data]):
    """A card with one plot; a subclass creates the picture and provides its data.

    Attributes:
        figure_key: stem of the file name for export.
        canvas: the canvas of the plot.
        min_height: minimum height of the card at scale 1.
        is_partial: whether the class is an abstract base of plots.
    """

    min_height: int = MIN_HEIGHT
    is_partial: bool = False
    has_own_margin = True
    figure_key: str

    @override
    def __init_subclass__(cls) -> None:
        """Reject a subclass that lacks abstract methods; Qt's classes cannot use ABC's metaclass.

        A class that sets ``is_partial`` in its own body counts as an abstract base.

        Raises:
            TypeError: with the names of the missing methods.
        """
        super().__init_subclass__()
        own = [each for each in cls.__mro__ if not each.__module__.startswith("PySide6")]  # Qt has hundreds of names
        names = sorted({name for each in own for name in vars(each)})
        missing = [name for name in names if getattr(getattr(cls, name, None), "__isabstractmethod__", False)]
        if missing and not cls.__dict__.get("is_partial", False):
            raise TypeError(f"{cls.__name__} lacks {', '.join(missing)}")

    def __init__(
        self, title: str, name: str, session: Session, style: Style, parent: QWidget | None = None, *, short: str = ""
    ) -> None:
        """Create an empty card.

        Args:
            title: title of the card.
            name: the card's ``objectName``.
            session: receives intents.
            style: the initial style.
            parent: the parent widget.
            short: a shorter title for narrow cards.
        """
        super().__init__(title, parent)
        self._title_forms = (title, short) if short else (title,)
        self.setObjectName(name)
        self._session = session
        self._given_style = self._style = style
        self._note_text = ""
        self._sentences: tuple[str, ...] = ("",)
        self._sentence_since = 0.0
        self._fitted: dict[Hashable, str] = {}
        self._last_generation = -1
        self._was_untrained = True
        self._controls: list[Restyled] = []
        self._title_controls: list[Restyled] = []
        self._overlays: list[tuple[QWidget, Callable[[Area, QSize], QPointF]]] = []
        self.canvas = Canvas(style)
        self._picture = self.make_picture(self.canvas)
        self._ghosts = CardGhosts(session.pins, self._ghost_of, self.ghost_choices)
        session.pins.changed.connect(self._follow_pins)
        self.canvas.setAccessibleName(title)
        self.canvas.setMinimumHeight(80)
        self.body.addWidget(self.canvas, 1)
        self.canvas.hovered.connect(self._hover)
        self.canvas.placed.connect(self._place_overlays)
        if isinstance(self._picture, LayeredPicture):
            LayerLink(self.canvas, self._picture, session, self)
        # An empty sentence keeps its line, so that the plot does not jump.
        self._sentence.setWordWrap(False)
        self._sentence.setMinimumWidth(1)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._line = StillLine(self._sentence)
        self._foot.insertWidget(0, self._line, 1)
        self.set_sentence(" ")

    @property
    def figure_title(self) -> str:
        """Title of the picture."""
        return self.title

    @override
    def set_style(self, style: Style) -> None:
        """Draw everything in ``style``; large cards scale up the plot, but not the title line, which is the same on all cards."""
        self._given_style = style
        self._apply_style()

    def _apply_style(self) -> None:
        enlarged = enlargement(self.size(), self._given_style.scale)
        self._style = style = replace(self._given_style, scale=self._given_style.scale * enlarged)
        self.canvas.set_ground(style)
        for control in self._controls:
            control.set_style(style)
        for control in self._title_controls:
            control.set_style(self._given_style)
        self._sentence.setStyleSheet(f"font-size: {round(style.px(TEXT_LABEL))}px;" if enlarged > 1.0 else "")
        self._line.fit()
        self.updateGeometry()
        self.fit_title()
        self.settle_layout()
        self.redraw()
        self._place_overlays()

    @abstractmethod
    def make_picture(self, canvas: Canvas) -> Picture[Data]:
        """Return the picture that draws the data on ``canvas``; called by the base's ``__init__``."""

    @abstractmethod
    def shown(self) -> Data | None:
        """Return the data to draw, or ``None``."""

    @abstractmethod
    def table_of(self, data: Data | None) -> Table:
        """Return ``data`` as a table."""

    def pin_table(self, pin: Pin, data: Data) -> Table:  # noqa: ARG002 - for subclasses
        """Return the ``data`` of a pinned run as a table."""
        return self.table_of(data)

    def figure_table(self) -> Table:
        """Return the data of the picture as a table; if it draws pinned runs, a column names the run of each row."""
        pinned = [(self.pins.name(pin), self.pin_table(pin, data)) for pin, data in self._ghosts.known()]
        return combined([(CURRENT, self.table_of(self.shown())), *pinned])

    def figure_note(self) -> str:
        """Return the note at the right of an exported figure's title line."""
        return self._note_text

    def lacking(self, snapshot: Snapshot) -> str:  # noqa: ARG002 - for subclasses
        """Return a sentence on what must be added before there is anything to draw; empty if nothing is lacking."""
        return ""

    def _ghost_of(self, pin: Pin, snapshot: Snapshot) -> Data | None:
        return None if self.lacking(snapshot) else self.ghost_of(pin, snapshot)

    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> Data | None:  # noqa: ARG002 - for subclasses
        """Return what the card shows of the ``snapshot`` of ``pin`` with its current choices.

        ``None`` if it draws no pinned runs, or computes this one in the background.
        """
        return None

    def ghost_choices(self) -> Hashable:
        """Return what the user chose here that :meth:`ghost_of` depends on."""
        return None

    def ghost_sentences(self, pin: Pin, data: Data) -> tuple[str, ...]:  # noqa: ARG002 - for subclasses
        """Return the sentence on the ``data`` of a pinned run, longest form first."""
        return ()

    def ghosts(self) -> tuple[Ghost[Data], ...]:
        """Return the pinned runs that are drawn here."""
        return self._ghosts.all()

    def _follow_pins(self) -> None:
        self.redraw()
        self.say(*self._sentences)

    def redraw(self) -> None:
        """Draw the current data on the canvas on screen."""
        if (data := self.shown()) is not None:
            self._picture.draw(data, self._style, self.ghosts())

    @property
    @override
    def figure(self) -> Figure:
        """The card itself."""
        return self

    def build_figure(self, style: Style, beside: Sequence[Data] = ()) -> QGraphicsView:
        """Return a separate view of what is currently shown, drawn in ``style`` on axes that also cover ``beside``."""
        canvas = Canvas(style, still=True)
        canvas.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        if (data := self.shown()) is not None:
            others = (Ghost("", 0, each, is_drawn=False) for each in beside)
            self.make_picture(canvas).draw(data, style, (*self.ghosts(), *others))
        return canvas

    def figure_data(self) -> Data | None:
        """Return what the figure draws."""
        return self.shown()

    def aligned(self, others: Sequence[object]) -> Figure:
        """Return the figure on axes that also cover ``others``, which are the data of other moments."""
        alike = cast("list[Data]", [each for each in others if type(each) is type(self.figure_data())])
        return AlignedFigure(self, lambda style: self.build_figure(style, alike))

    def figure_plot(self, style: Style) -> Plot | None:
        """Return what is currently shown as a plot that can be typeset; ``None`` if it is a table."""
        if (data := self.shown()) is None or (plot := self.plot_of(data, style)) is None:
            return None
        return with_pins(plot, self.ghosts(), self.pinned_plot_of, style)

    def plot_of(self, data: Data, style: Style) -> Plot | None:  # noqa: ARG002 - for subclasses
        """Return ``data`` as a plot that can be typeset; ``None`` if the card is a chart or a table."""
        return None

    def chart_of(self, data: Data, style: Style) -> Chart | None:  # noqa: ARG002 - for subclasses
        """Return ``data`` as a chart without pinned runs; ``None`` if the card is not a chart."""
        return None

    def plot_of_runs(self, runs: Sequence[tuple[str, Data]], style: Style) -> Plot | None:  # noqa: ARG002 - for subclasses
        """Return several runs, given with their names, as one plot; ``None`` to draw each of them on the same axes."""
        return None

    def pinned_plot_of(self, data: Data, style: Style) -> Plot | None:
        """Return a plot whose main curves are the ``data`` of a pinned run; its panes are those of :meth:`plot_of`."""
        return self.plot_of(data, style)

    def figure_text(self) -> FigureText:
        """Return title, note, sentence and what differs from the pinned runs that are drawn."""
        drawn, pins = {ghost.name for ghost in self.ghosts()}, self.pins
        texts = [pins.differences_in_words(pin) for pin in pins.visible if pins.name(pin) in drawn]
        finding, *briefer = (as_title(sentence.strip()) for sentence in self._compared(self._sentences))
        return FigureText(self.figure_title, self.figure_note(), finding, "; ".join(texts), tuple(briefer))

    @property
    def pins(self) -> Pins:
        """The pins of the session."""
        return self._session.pins

    @property
    def sentence(self) -> str:
        """The sentence on the current run, in full."""
        return self.sentence_forms[0]

    @property
    def sentence_forms(self) -> tuple[str, ...]:
        """The sentence on the current run, longest form first."""
        return tuple(sentence.strip() for sentence in self._sentences)

    def pair(self) -> Figure | None:
        """Return the compared pinned run beside the current one as a figure, or ``None`` if nothing is compared."""
        from playground.plotting.cards.card_pair import CardPair  # imported late: not needed for the first frame

        found = self.pair_data()
        return None if found is None else CardPair(self)

    def pair_data(self) -> tuple[Pin, Data] | None:
        """Return the compared pin and what the card shows of it, or ``None``."""
        return self._ghosts.compared()

    def must_wait(self, snapshot: Snapshot, sentences: tuple[str, ...], *, counting: bool = False) -> bool:
        """Return whether to skip ``snapshot``, so that the current sentence can be read.

        Picture and sentence are always of the same snapshot, so the picture waits with the sentence. Nothing waits while
        paused, after an edit, or when training has just begun.

        Args:
            snapshot: the newest snapshot.
            sentences: its sentences, longest first.
            counting: whether a sentence in which only numbers have changed need not be read again.
        """
        edited = snapshot.generation != self._last_generation
        begins = self._was_untrained and snapshot.step > 0
        self._last_generation, self._was_untrained = snapshot.generation, snapshot.step == 0
        said = counting and same_words(sentences[0], self._sentences[0])
        said = said or self._fitting(sentences) == self._fitting(self._sentences)
        if edited or begins or said or not snapshot.playing:
            return False
        return time.monotonic() - self._sentence_since < READING_SECONDS

    def say(self, *sentences: str) -> None:
        """Show the first of ``sentences``, longest first, that fits in one line; the last one is elided."""
        if sentences != self._sentences and self._fitting(sentences) != self._fitting(self._sentences):
            self._sentence_since = time.monotonic()
        self._sentences = sentences
        if (whole := self._compared(sentences)[0]) != self.accessibleDescription():
            self.setAccessibleDescription(whole)
        self.set_sentence(self._fitting(sentences) or " ")
        self._sentence.setToolTip(plain_tip(whole))

    def _fitting(self, sentences: tuple[str, ...]) -> str:
        room = self.contentsRect().width() - 2 * CARD_PADDING  # without the style sheet's border
        pinned = self._ghosts.sentences(self.ghost_sentences) if self._session.pins.visible else None
        key = (sentences, room, self._style, pinned)
        if key not in self._fitted:  # each snapshot's sentence is compared with the one shown
            fits = (s for s in self._compared(sentences) if text_width(self._style, s) <= room)
            shown = next(fits, elided(self._style, sentences[-1], room))
            self._fitted = {**dict(list(self._fitted.items())[-2:]), key: shown}
        return self._fitted[key]

    def _compared(self, sentences: tuple[str, ...]) -> tuple[str, ...]:
        """Return ``sentences``, preceded by longer ones that also describe the compared pinned run, if there is one."""
        if not self._session.pins.visible or not sentences[0].strip():
            return sentences
        name, others = self._ghosts.sentences(self.ghost_sentences)
        pairs = [(each, others[min(index, len(others) - 1)]) for index, each in enumerate(sentences) if others and each]
        return (*(f"{each} ({name}: {other})" for each, other in pairs if other and other != each), *sentences)

    @override
    def show_problem(self, error: Exception) -> None:
        """Show an error below the plot, which stays as last drawn."""
        short = "This cannot be drawn."
        self.say(f"This cannot be drawn ({type(error).__name__}: {error}).", short)

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Allow a narrow card: title, controls and sentence have shorter forms."""
        return QSize(round(self._given_style.px(MIN_WIDTH)), round(self._given_style.px(self.min_height)))

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the forms of title and sentence that fit."""
        super().resizeEvent(event)
        if self._given_style.scale * enlargement(self.size(), self._given_style.scale) != self._style.scale:
            self._apply_style()
        self.say(*self._sentences)

    def note(self, text: str) -> None:
        """Show ``text`` at the right of the title line, on screen and in the figure."""
        self._note_text = text
        self.set_note(text)

    def add_control(self, widget: QWidget, control: Restyled, *, is_switch: bool = False) -> None:
        """Add ``widget`` to the title line; ``control`` follows the style of the window."""
        self._title_controls.append(control)
        control.set_style(self._given_style)
        self.add_header_widget(widget, is_switch=is_switch)

    def add_overlay(self, widget: QWidget, control: Restyled, place: Callable[[Area, QSize], QPointF]) -> None:
        """Put ``widget`` on the canvas; ``place`` computes its top left corner from the plot's area and the widget's size."""
        widget.setParent(self.canvas)
        self._controls.append(control)
        self._overlays.append((widget, place))
        self._place_overlays()

    def _place_overlays(self) -> None:
        area = self.canvas.area()
        for widget, place in self._overlays:
            size = widget.sizeHint()
            corner = place(area, size)
            x = max(0, min(round(corner.x()), self.canvas.width() - size.width()))
            widget.setGeometry(x, round(corner.y()), min(size.width(), self.canvas.width()), size.height())

    def _hover(self, position: QPointF | None) -> None:
        """Show the values under the mouse at ``position`` (canvas pixels); ``None`` hides them."""
        self._picture.point_at(position)


def columns(**named: Sequence[float | int | str]) -> Table:
    """Return a table of equally long columns."""
    return Table(tuple(named), list(zip(*named.values(), strict=True)))


def cells(values: Floats) -> list[float | str]:
    """Return ``values`` as table cells; NaN becomes an empty cell."""
    return ["" if math.isnan(value) else value for value in values.tolist()]
