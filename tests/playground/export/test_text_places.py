"""No text of two runs side by side leaves its picture or covers other text, however narrow the picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF

from core.experiment import Experiment
from core.training.training_run import new_trainer
from playground.commandline.headless_cards import compared_run, headless_cards
from playground.commandline.picture_names import PAIR, choice_of
from playground.commandline.shown_run import train_shown
from playground.export.hidden_view import Look, hidden_view
from playground.export.sizes import SIZE_PRESETS
from playground.network_view.figure.items import NetworkItem
from playground.plotting.pictures.pair_view import PairView
from playground.style.theme import LIGHT, THEMES
from playground.widgets.figure import Figure
from tests.playground.export.text_places import misplaced, texts_of
from tests.playground.factory import network

pytestmark = pytest.mark.usefixtures("fonts")

CARDS = (
    "activation",
    "doctor",
    "gradient",
    "loss",
    "minima",
    "network",
    "output",
    "race",
    "sharpness",
    "waterfall",
    "weights",
)
EPOCHS = 6


def pairs(living: Experiment, pinned: Experiment, cards: tuple[str, ...]) -> Iterator[dict[str, Figure]]:
    choice = choice_of(tuple(f"{card}{PAIR}" for card in cards), compares=True)
    trainer = new_trainer(living, engine="numpy")
    with headless_cards(trainer, choice, compared_run(new_trainer(pinned, engine="numpy"), EPOCHS)) as built:
        _, last = train_shown(trainer, EPOCHS, built.session, built.cards.values(), (0, 3, 6))
        yield {figure.figure_key.removesuffix(PAIR): figure for figure in built.figures(last)}


@pytest.fixture(scope="module")
def compared(qapp: object) -> Iterator[dict[str, Figure]]:
    default = Experiment()
    penalized = replace(default, training=replace(default.training, l2=0.001))
    yield from pairs(penalized, network(4, 2, activation="relu"), CARDS)


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
@pytest.mark.parametrize("size", ["third", "half", "square", "16:9"])
def test_all_text_is_in_the_picture_and_legible(compared: dict[str, Figure], size: str, scale: float) -> None:
    assert set(compared) == set(CARDS)
    look = Look(SIZE_PRESETS[size].size, THEMES["print"], text_scale=scale)
    found = {key: misplaced(texts_of(figure, look), look.size) for key, figure in compared.items()}
    assert {key: faults for key, faults in found.items() if faults} == {}


@pytest.fixture(scope="module")
def alone(qapp: object) -> Iterator[list[Figure]]:
    deep = network(*[16] * 10, activation="sigmoid")
    trainer = new_trainer(deep, engine="numpy")
    cards = ("activation", "code", "gradient", "inspector", "loss", "network", "output", "waterfall", "weights")
    with headless_cards(trainer, choice_of(cards)) as built:
        _, last = train_shown(trainer, EPOCHS, built.session, built.cards.values(), (0, 3, 6))
        yield built.figures(last)


@pytest.mark.parametrize("scale", [1.25, 1.5])
@pytest.mark.parametrize("size", ["third", "half", "square"])
def test_larger_text_of_one_run_is_in_the_picture_and_legible(alone: list[Figure], size: str, scale: float) -> None:
    look = Look(SIZE_PRESETS[size].size, THEMES["print"], text_scale=scale)
    assert len(alone) > 9  # the inspector has several pages
    found = {figure.figure_key: misplaced(texts_of(figure, look), look.size) for figure in alone}
    assert {key: faults for key, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("size", "is_stacked"), [("third", True), ("half", False), ("16:9", False)])
def test_plots_that_are_too_narrow_side_by_side_are_below_each_other(
    compared: dict[str, Figure], size: str, *, is_stacked: bool
) -> None:
    with hidden_view(compared["loss"], Look(SIZE_PRESETS[size].size, LIGHT)) as view:
        assert isinstance(view, PairView)
        (first, at), (second, beside) = view.parts()
        assert at == QPointF(0.0, 0.0)
        assert (beside.x() == 0.0) is (beside.y() > 0.0) is is_stacked
        assert first.size() == second.size()
        assert (first.width() == view.width()) is is_stacked


def test_both_titles_of_a_pair_have_the_same_form(compared: dict[str, Figure]) -> None:
    for key, figure in compared.items():
        for size in ("third", "half", "square"):
            with hidden_view(figure, Look(SIZE_PRESETS[size].size, LIGHT)) as view:
                if isinstance(view, PairView):
                    first, second = (canvas.captions.title for canvas in view._canvases)
                    assert (": " in first) is (": " in second), (key, size)


@pytest.mark.parametrize("size", ["third", "half", "square"])
def test_no_number_or_learning_rate_is_cut(compared: dict[str, Figure], size: str) -> None:
    look = Look(SIZE_PRESETS[size].size, LIGHT)
    written = "".join(text.words for text in texts_of(compared["race"], look))  # Qt draws each script by itself
    assert len(re.findall(r"(?:S?GD|Momentum)[^α…]*, α 0\.0\d+", written)) == 6, written
    assert not [
        text.words for text in texts_of(compared["minima"], look) if text.words[:1].isdigit() and "…" in text.words
    ]


@pytest.mark.parametrize("size", ["16:9", "4:3", "a4-column"])
def test_a_deep_and_a_shallow_network_share_the_room_as_they_need(qapp: object, size: str) -> None:
    deep, shallow = network(*[16] * 10, activation="sigmoid"), network(16, 16)
    pair = next(pairs(deep, shallow, ("network",)))["network"]
    with hidden_view(pair, Look(SIZE_PRESETS[size].size, LIGHT)) as view:
        items = [item for item in view.scene().items() if isinstance(item, NetworkItem)]
        left, right = sorted(items, key=lambda item: item.pos().x())
        assert right.width > 1.5 * left.width
        for item in items:
            assert min(column.shown for column in item._builder.layout.columns[1:-1]) >= 3
