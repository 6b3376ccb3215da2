"""The inspector's displayed products, sums and steps can be verified from the displayed digits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from playground.inspector import InspectorPanel
from playground.inspector.pages.registry import PAGES
from playground.session import Session
from playground.session.selection import Selection
from playground.style.consistent_digits import confirms, value_of, with_digits, written_product, written_sum
from playground.style.numbers import MINUS, short
from playground.style.resources import load_fonts
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of


@pytest.mark.parametrize(
    ("result", "text", "expected"),
    [
        (-1.1692, "−1.169", True),
        (-1.1716, "−1.169", False),
        (0.00012345, "1.2e−4", True),
        (0.00012545, "1.2e−4", False),
        (123456.0, "1.23e5", True),
        (0.0, "0", True),
        (1e-9, "0", False),
        (math.inf, "∞", True),
        (math.inf, "1.0", False),
    ],
)
def test_a_result_is_compared_to_the_last_digit(result: float, text: str, expected: bool) -> None:
    assert confirms(result, text) is expected


def test_examples_for_which_fixed_digits_are_inconsistent() -> None:
    weight, value = -0.56561, 2.06743
    first, second = written_product((weight, value), short(weight * value), 3)
    assert confirms(value_of(first) * value_of(second), short(weight * value))
    assert len(first) <= len("−0.5656")
    factors = (-1.0432, 0.5823, -0.1706)
    texts = written_product(factors, short(math.prod(factors)))
    assert confirms(math.prod(map(value_of, texts)), short(math.prod(factors)))


@pytest.mark.parametrize("count", [1, 2, 4, 7, 40])
@pytest.mark.parametrize("spread", [0.1, 3.0, 20.0])
def test_products_and_sums_of_any_numbers_are_consistent(count: int, spread: float) -> None:
    rng = np.random.default_rng(count)
    for _ in range(40):
        numbers = (rng.choice([-1.0, 1.0], count) * np.exp(spread * rng.standard_normal(count) / count)).tolist()
        product, total = short(math.prod(numbers), 3), short(math.fsum(numbers))
        assert confirms(math.prod(map(value_of, written_product(numbers, product))), product)
        assert confirms(math.fsum(map(value_of, written_sum(numbers, total))), total)


def test_no_more_digits_than_needed() -> None:
    assert written_product((2.0, 3.0), "6.00") == ["2.0", "3.0"]
    assert written_sum((1.0, 2.0), "3.000") == ["1.000", "2.000"]
    assert with_digits((0.12345, 1.2345e-5, 0.0), 3) == ["0.123", f"1.23e{MINUS}5", "0"]


def test_non_finite_numbers_are_formatted_as_such() -> None:
    assert written_product((math.inf, 0.0), short(math.nan))[0] == "∞"
    assert written_sum((math.nan, 1.0), short(math.nan))[0] == "NaN"


EXPERIMENTS = {
    "default": Experiment(),
    "deep": Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=3),) * 6)),
    "wide relu": Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=20, activation="relu"),) * 2)),
    "iris": Experiment(training=TrainingSettings(learning_rate=0.017)),
}


@pytest.fixture(params=EXPERIMENTS.values(), ids=EXPERIMENTS.keys())
def panel(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[InspectorPanel]:
    load_fonts()
    snapshot = snapshot_of(request.param, 150)
    session = Session(snapshot.experiment)
    session.snapshot = snapshot
    panel = InspectorPanel(session, Style(LIGHT))
    panel.resize(300, 560)
    qtbot.addWidget(panel)
    panel.show_snapshot(snapshot)
    yield panel
    panel.formulas.wait()


@pytest.mark.parametrize("sample", [None, Sample(0), Sample(7)])
def test_every_term_of_a_neuron_is_the_product_shown_and_they_add_up(
    panel: InspectorPanel, sample: Sample | None
) -> None:
    panel._samples[PAGES["neuron"]] = sample
    for layer in range(2):
        for neuron in range(2):
            panel._session.select(Selection("neuron", layer, neuron))
            lines = panel.page_of("neuron").terms.lines
            for line in lines:
                if line.product:
                    product = math.prod(value_of(text) for text in line.product.split(" × "))
                    assert confirms(product, line.value)
            assert confirms(math.fsum(value_of(line.value) for line in lines), panel.page_of("neuron").z.text)


@pytest.mark.parametrize("sample", [None, Sample(0), Sample(7)])
def test_every_path_is_the_product_of_its_chips_and_they_add_up(panel: InspectorPanel, sample: Sample | None) -> None:
    panel._samples[PAGES["weight"]] = sample
    for selection in (Selection("weight", 0, 1, 1), Selection("weight", 1, 0, 1), Selection("bias", 0, 1)):
        panel._session.select(selection)
        page = panel.page_of("weight")
        rows = [row for row in page.rows if not row.isHidden()]
        assert rows
        for row in rows:
            assert confirms(math.prod(map(value_of, row.chip_texts)), row.value_text)
        terms = [row.value_text for row in rows]
        if not page.others.isHidden():
            terms.append(page.others.text.rpartition(" ")[2])
        total = page.sum.text.rpartition(" ")[2]
        assert confirms(math.fsum(map(value_of, terms)), total)
        assert page.backprop.text.rpartition(" ")[2] == total


def test_the_next_step_is_the_learning_rate_times_the_gradient_shown(panel: InspectorPanel) -> None:
    rate = panel._session.snapshot.experiment.training.learning_rate  # type: ignore[union-attr]
    for selection in (Selection("weight", 0, 1, 1), Selection("weight", 1, 0, 1), Selection("bias", 0, 1)):
        panel._session.select(selection)
        page = panel.page_of("weight")
        assert page.step.label == "next step"
        assert confirms(-rate * value_of(page.gradient.text), page.step.text.removeprefix("+"))


def rounded(exact: Decimal, text: str) -> str:
    """Return ``exact``, rounded to the places of ``text`` as people do it: half away from zero."""
    places = Decimal(text.replace(MINUS, "-")).as_tuple().exponent
    return str(exact.quantize(Decimal(1).scaleb(int(places)), rounding=ROUND_HALF_UP))


def test_sums_and_products_are_not_halfway_between_two_results() -> None:
    random = np.random.default_rng(5)
    for _ in range(3000):
        values = random.normal(size=int(random.integers(2, 6))).tolist()
        total, product = short(sum(values)), short(math.prod(values))
        terms = [Decimal(text.replace(MINUS, "-")) for text in written_sum(values, total)]
        factors = [Decimal(text.replace(MINUS, "-")) for text in written_product(values, product)]
        for exact, text in ((sum(terms, Decimal(0)), total), (math.prod(factors, start=Decimal(1)), product)):
            assert Decimal(rounded(exact, text)) == Decimal(text.replace(MINUS, "-")), (terms, factors, text)
