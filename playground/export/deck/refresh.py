"""Redraw the figures of an existing deck, and leave everything else in it unchanged.

Figures are found by what the app keeps in each slide, or by the names of their shapes where a program dropped that. A text is
replaced only if it still is what the app wrote; position, size and format of shapes stay, and so do slides and shapes of
others.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from msgspec import structs

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.training.origins.deck_origin import checked_package
from core.training.origins.shown_runs import decode
from playground.export.deck.deck import panel_of, words_of
from playground.export.deck.design import opened_deck
from playground.export.deck.moments import beside, moment_panel, shown_in
from playground.export.deck.parts import SHAPE, SlideData, read
from playground.export.deck.plan import NewFigure, RewrittenDeck, SlidePlan, SlideUpdate, places_in, shapes_of
from playground.export.names import free_path
from playground.export.xml_text import xml_text
from playground.style.theme import THEMES

if TYPE_CHECKING:
    from core.training.origins.origin import Origin
    from core.training.origins.shown_runs import ShownRuns
    from playground.widgets.figure import Figure

NOTHING: Final = "it has no slide made by this program that can be drawn again"
NO_EXPERIMENT: Final = (
    "the experiments of its figures are missing: it was exported without them, or saved by a program that drops them; let all "
    "slides show the experiment in the window, or FILE"
)
LOST: Final = "the program that saved the deck dropped its experiment"


class Drawing(Protocol):
    """Draws figures of stored runs."""

    @property
    def origin(self) -> Origin | None:
        """What is shown."""
        ...

    def show(self, runs: ShownRuns) -> None:
        """Show ``runs`` from now on; raise a :class:`PlaygroundError` if their data cannot be loaded."""
        ...

    def figure(self, key: str, view: str) -> Figure | None:
        """Return the figure ``key`` with the options in ``view``, or ``None``."""
        ...


def plans_in(path: Path, *, replaces: bool = False) -> tuple[bytes, list[SlidePlan]]:
    """Return the content of the deck at ``path``, and its slides that can be drawn again.

    Args:
        path: the deck.
        replaces: whether all slides will show another experiment, so that they need none of their own.

    Raises:
        PlaygroundError: it cannot be read, or has no such slide; the message names the file.
    """
    from playground.export.deck.recovery import recovered  # imported late: only needed for decks

    content = checked_package(path)
    plans: list[SlidePlan] = []
    recovered_plans: list[SlidePlan] = []
    has_figures = False
    for number, slide in enumerate(opened_deck(content, path).slides, start=1):
        found = read(slide)
        if found is not None and found[1]:
            places = places_in(slide, found[0])
            if places:
                plans.append(SlidePlan(number, *found, places))
        elif (data := recovered(slide)) is not None:
            recovered_plans.append(SlidePlan(number, data, [], places_in(slide, data), is_recovered=True))
        has_figures = has_figures or any(shape.name.startswith(SHAPE) for shape in shapes_of(slide.shapes))
    if not plans and not (replaces and recovered_plans):
        raise PlaygroundError(f"{path}: {NO_EXPERIMENT if has_figures else NOTHING}")
    return content, sorted([*plans, *recovered_plans], key=lambda plan: plan.number)


def draw(plan: SlidePlan, drawing: Drawing, present: ShownRuns | None) -> SlideUpdate:
    """Record the figures of one slide in the GUI thread, and wait for what they compute.

    Args:
        plan: the slide.
        drawing: draws the figures.
        present: the runs to show instead of those of the slide; moments that are over stay what they are.

    Raises:
        PlaygroundError: a figure cannot be drawn; the message says why, without the number of the slide.
    """
    steps = drawn(plan, drawing, present)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast("SlideUpdate", end.value)


def drawn(plan: SlidePlan, drawing: Drawing, present: ShownRuns | None) -> Generator[Figure, None, SlideUpdate]:
    """Do the same in steps: each figure is yielded, so that the caller can wait until it is computed, and then recorded."""
    theme = next((theme for name, theme in THEMES.items() if name == plan.data.theme), THEMES["light"])
    figures: list[NewFigure] = []
    data = plan.data
    seen = yield from _seen(plan, drawing)
    for place in plan.places:
        shown = place.shown
        if present is not None and not shown.is_moment:
            drawing.show(present)
        elif shown.runs < len(plan.runs):
            drawing.show(decode(plan.runs[shown.runs]))
        else:
            raise PlaygroundError(LOST if plan.is_recovered else "its experiment is missing")
        figure, origin = drawing.figure(shown.figure, shown.view), drawing.origin
        if figure is None and plan.is_recovered:
            raise PlaygroundError("the program that saved the deck dropped what it showed")
        if figure is None or origin is None:
            raise PlaygroundError(f"the figure “{shown.figure}” does not exist for its experiment")
        yield figure
        origin = structs.replace(origin, views={shown.figure: shown.view})
        if not shown.is_moment:
            data = _data_of(figure, origin, data)
        description = " – ".join(filter(None, (data.title, data.subtitle)))
        if shown.is_moment:
            aligned = beside(figure, [seen.get((number, shown.figure, shown.view)) for number in shown.beside])
            panel = moment_panel(aligned, place.box, theme, origin, description)
        else:
            panel = panel_of(figure, place.box, theme, origin, description=description, as_picture=place.is_picture)
        figures.append(NewFigure(place, structs.replace(panel, is_moment=shown.is_moment), origin))
    return SlideUpdate(plan.number, tuple(figures), data)


def _seen(plan: SlidePlan, drawing: Drawing) -> Generator[Figure, None, dict[tuple[int, str, str], object | None]]:
    """Return what other moments show, by number of their runs, key of the figure and options; in steps as :func:`drawn`."""
    wanted = dict.fromkeys(
        (number, place.shown.figure, place.shown.view)
        for place in plan.places
        for number in place.shown.beside
        if number < len(plan.runs)
    )
    seen: dict[tuple[int, str, str], object | None] = {}
    for number, key, view in sorted(wanted):
        drawing.show(decode(plan.runs[number]))
        figure = drawing.figure(key, view)
        if figure is not None:
            yield figure
            seen[number, key, view] = shown_in(figure)
    return seen


def _data_of(figure: Figure, origin: Origin, data: SlideData) -> SlideData:
    """Return the texts that ``figure`` gives."""
    title, subtitle = words_of(figure)
    caption = " · ".join(filter(None, (figure.figure_text().differences, origin.recipe if data.is_captioned else "")))
    return structs.replace(data, title=title, subtitle=subtitle, caption=xml_text(caption))


def prepare_refresh(content: bytes, path: Path, updates: Sequence[SlideUpdate]) -> Callable[[], RewrittenDeck]:
    """Return a function that builds the deck with ``updates`` on any thread."""

    def build() -> RewrittenDeck:
        from playground.export.deck.rewriting import rewritten_deck  # imported late: only needed for decks

        return rewritten_deck(content, path, updates)

    return build


def summary(path: Path, refreshed: int, left: Sequence[str]) -> str:
    """Return one sentence on what was refreshed, followed by what was ``left`` unchanged.

    Raises:
        PlaygroundError: nothing was refreshed.
    """
    if not refreshed:
        raise PlaygroundError(f"{path}: nothing was refreshed: {'; '.join(left)}")
    count = "1 slide" if refreshed == 1 else f"{refreshed} slides"
    return " ".join([f"Refreshed {count} of {path.name}.", *(f"Unchanged: {each}." for each in left)])


def write_refreshed(path: Path, before: bytes, after: bytes, *, keep_copy: bool) -> Path | None:
    """Write the deck, and return the path of the copy of the original, if one is kept.

    Raises:
        PlaygroundError: a file cannot be written; the deck is then as it was.
    """
    copy = free_path(path.with_name(f"{path.stem} (before refresh){path.suffix}")) if keep_copy else None
    if copy is not None:
        write_atomically(copy, before)
    try:
        write_atomically(path, after)
    except PlaygroundError:
        if copy is not None:
            copy.unlink(missing_ok=True)
        raise
    return copy
