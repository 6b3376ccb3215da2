"""Share links of TensorFlow Playground: every setting is imported, and errors and differences are reported."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PlaygroundError
from core.experiment import HiddenLayer
from core.experiment.experiment_file import dump, parse
from core.experiment.tf_playground_link import looks_like_link, parse_link

LINK = (
    "https://playground.example/#activation=relu&regularization=L1&batchSize=25&dataset=spiral&regDataset=reg-gauss"
    "&learningRate=0.1&regularizationRate=0.003&noise=15&networkShape=8,5,3&seed=0.98765&showTestData=false"
    "&discretize=false&percTrainData=70&x=false&y=true&xTimesY=true&xSquared=true&ySquared=true&cosX=false&sinX=true"
    "&cosY=false&sinY=true&collectStats=false&problem=classification&initZero=false&hideText=false&seed_hide=true"
)

FOLLOW = "To train exactly as the original does, choose Train → Train like TF Playground."


def test_every_setting_is_imported() -> None:
    experiment, notes = parse_link(LINK).experiment, parse_link(LINK).notes
    data, network, training = experiment.data, experiment.network, experiment.training
    assert (data.dataset, data.samples, data.noise, data.tf_playground_seed) == ("spiral", 500, 0.15, "0.98765")
    assert data.test_fraction == pytest.approx(0.3)
    assert data.features == ("x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2")
    assert network.hidden == tuple(HiddenLayer(units=n, activation="relu", initializer="uniform") for n in (8, 5, 3))
    assert (network.start, network.output_initializer) == ("tf_playground", "uniform")
    assert (training.batch_size, training.learning_rate, training.l1, training.l2) == (25, 0.1, 0.003, 0.0)
    assert (training.optimizer, training.shuffle) == ("sgd", False)
    assert len(notes) == 2
    assert notes[0].startswith(
        "regularization: TensorFlow Playground takes the sign of a weight before the data's step"
    )
    assert "one that L1 sets to zero stays zero" in notes[0]
    assert notes[1] == FOLLOW
    assert not training.as_tf_playground


def test_missing_settings_take_tf_playgrounds_defaults() -> None:
    experiment = parse_link("#seed=0.1").experiment
    assert (experiment.data.dataset, experiment.data.noise, experiment.data.test_fraction) == ("circle", 0.0, 0.5)
    assert experiment.data.features == ("x1", "x2")
    assert [(layer.units, layer.activation) for layer in experiment.network.hidden] == [(4, "tanh"), (2, "tanh")]
    assert (experiment.training.learning_rate, experiment.training.batch_size) == (0.03, 10)


def test_a_regression_takes_its_own_data_set() -> None:
    experiment = parse_link("#problem=regression&regDataset=reg-gauss&dataset=xor&seed=1").experiment
    assert (experiment.data.dataset, experiment.data.samples) == ("gauss_bumps", 1200)


@pytest.mark.parametrize(
    "text", [LINK.split("#")[1], "#" + LINK.split("#")[1], f"  {LINK}\n", LINK.replace(",", "%2C")]
)
def test_the_link_in_many_forms(text: str) -> None:
    assert looks_like_link(text)
    assert parse_link(text) == parse_link(LINK)


def test_imported_experiments_round_trip_through_a_file() -> None:
    experiment = parse_link(LINK).experiment
    assert parse(dump(experiment)) == experiment


def test_no_hidden_layer() -> None:
    assert parse_link("#networkShape=&seed=1").experiment.network.hidden == ()


@pytest.mark.parametrize(
    ("settings", "note"),
    [
        ("cosX=true", "cosX: TensorFlow Playground has no such input"),
        ("colour=blue", "Ignored, because unknown: colour."),
        ("discretize=true&showTestData=true", "showTestData, discretize: a display option"),
        ("noise=90", "noise: 90 is more than 80, which TensorFlow Playground reads as 50"),
    ],
)
def test_differences_are_noted(settings: str, note: str) -> None:
    notes = parse_link(f"#seed=1&{settings}").notes
    assert len(notes) == 1
    assert note in notes[0]


@pytest.mark.parametrize(
    ("settings", "note"),
    [
        ("batchSize=30", "the last partial batch is used, so the losses already differ at epoch 1"),
        ("batchSize=300", "300 is more than the 250 training samples"),
    ],
)
def test_differences_in_the_batches_are_noted_with_the_setting_that_removes_them(settings: str, note: str) -> None:
    notes = parse_link(f"#seed=1&{settings}").notes
    assert note in notes[0]
    assert notes[1:] == (FOLLOW,)


def test_a_missing_seed_is_noted() -> None:
    imported = parse_link("#dataset=xor")
    assert imported == parse_link("#dataset=xor")
    assert imported.notes[0].startswith("seed: the link has none")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("activation=swish", 'activation: expected one of relu, tanh, sigmoid, linear; got "swish"'),
        ("dataset=moons", 'dataset: expected one of circle, xor, gauss, spiral; got "moons"'),
        ("learningRate=fast", 'learningRate: expected a number from 1e-12 to 1000, got "fast"'),
        ("learningRate=nan", 'learningRate: expected a number from 1e-12 to 1000, got "nan"'),
        ("batchSize=2.5", 'batchSize: expected a whole number from 1 to 100000, got "2.5"'),
        ("networkShape=4,inf", 'networkShape: expected a whole number from 1 to 512, got "inf"'),
        ("networkShape=" + "2," * 60 + "2", "networkShape: expected at most 50 layers, got 61"),
        ("percTrainData=5", 'percTrainData: expected a number from 10 to 100, got "5"'),
        ("seed=" + "9" * 101, "seed: expected at most 100 characters, got 101"),
        ("x=false&y=false", "x, y: every input is switched off in this link"),
    ],
)
def test_an_invalid_setting_is_named(settings: str, message: str) -> None:
    with pytest.raises(PlaygroundError) as caught:
        parse_link(f"#{settings}")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("text", ["", "#", "circle.json", "https://playground.example/", "https://a.example/?q=1#top"])
def test_other_texts_are_not_links(text: str) -> None:
    assert not looks_like_link(text)
    with pytest.raises(PlaygroundError, match="not a link to TensorFlow Playground"):
        parse_link(text)


@given(
    st.lists(st.tuples(st.sampled_from(["noise", "seed", "batchSize", "networkShape", "x", "q"]), st.text(max_size=12)))
)
def test_any_text_gives_an_experiment_or_an_error_message(pairs: list[tuple[str, str]]) -> None:
    text = "#dataset=circle&" + "&".join(f"{key}={value}" for key, value in pairs)
    try:
        experiment = parse_link(text).experiment
    except PlaygroundError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert parse(dump(experiment)) == experiment
