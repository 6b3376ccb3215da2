"""The data table shows the data's own numbers and the core's losses, sorts, and shares the session's sample."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment import DataSettings, Experiment
from core.experiment.presets import preset
from core.training.sample_results import SampleResults
from core.training.snapshot import Snapshot
from playground.export.export import export_figure
from playground.export.hidden_view import Look
from playground.export.vector import prepare_svg
from playground.samples import SamplesCard
from playground.samples.figure import SamplesFigure, _TableItem
from playground.samples.rows import SampleRows, columns_of, plain
from playground.samples.table import SampleTable, spread
from playground.session import Session
from playground.style.consistent_digits import confirms, value_of
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.factory import snapshot_of


def texts(card: SamplesCard, line: int) -> list[str]:
    """Return the texts in ``line`` of the table."""
    model = card.table.model()
    return [str(model.index(line, column).data()) for column in range(model.columnCount())]


def headings(card: SamplesCard) -> list[str]:
    model = card.table.model()
    return [str(model.headerData(n, Qt.Orientation.Horizontal)).strip() for n in range(model.columnCount())]


def click_heading(card: SamplesCard, qtbot: QtBot, heading: str) -> None:
    header = card.table.horizontalHeader()
    column = headings(card).index(heading)
    at = QPoint(header.sectionViewportPosition(column) + 8, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def click_line(card: SamplesCard, qtbot: QtBot, line: int) -> None:
    at = card.table.visualRect(card.table.model().index(line, 1)).center()
    qtbot.mouseClick(card.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_row03_each_line_has_raw_values_target_prediction_and_loss(card: SamplesCard, snapshot: Snapshot) -> None:
    assert headings(card) == ["Sample", "play", "study", "sleep", "y", "ŷ", "L"]
    data = snapshot.data
    lines = [texts(card, line) for line in range(24)]
    assert ["2", "4", "8", "pass"] in [line[1:5] for line in lines]
    results = SampleResults(snapshot.network, data, test=False)
    for row in range(len(data.x_train)):
        assert [float(text) for text in lines[row][1:4]] == data.positions_train[row].tolist()
        assert confirms(float(results.prediction(row)[0]), lines[row][5].removesuffix(" ✗"))
        assert confirms(results.loss(row), lines[row][6])
        wrong = (results.prediction(row)[0] > 0) != (data.labels_train[row] == 1)
        assert lines[row][5].endswith(" ✗") == wrong
    assert lines[len(data.x_train)][0] == "test 1"


def test_row04_the_losses_on_screen_average_to_the_shown_loss(card: SamplesCard, snapshot: Snapshot) -> None:
    losses = [value_of(texts(card, line)[6]) for line in range(len(snapshot.data.x_train))]
    assert np.mean(losses) == pytest.approx(snapshot.scores.train_loss, rel=1e-3)
    assert card._sentence.text().startswith("18 training samples, mean loss ")


def test_a_click_on_a_heading_sorts(card: SamplesCard, qtbot: QtBot) -> None:
    click_heading(card, qtbot, "study")
    study = [float(texts(card, line)[2]) for line in range(24)]
    assert study == sorted(study)
    click_heading(card, qtbot, "study")
    assert [float(texts(card, line)[2]) for line in range(24)] == study[::-1]


def test_worst_first_on_request(card: SamplesCard, snapshot: Snapshot, qtbot: QtBot) -> None:
    qtbot.mouseClick(card.worst, Qt.MouseButton.LeftButton)
    losses = [value_of(texts(card, line)[6]) for line in range(24)]
    assert losses == sorted(losses, reverse=True)
    every = [SampleResults(snapshot.network, snapshot.data, test=test).losses().max() for test in (False, True)]
    assert confirms(float(max(every)), texts(card, 0)[6])
    assert card.worst.isChecked()
    click_heading(card, qtbot, "play")
    assert not card.worst.isChecked()
    qtbot.mouseClick(card.worst, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(card.worst, Qt.MouseButton.LeftButton)
    assert [texts(card, line)[0] for line in (0, 1, 18)] == ["1", "2", "test 1"]


def test_worst_first_waits_for_the_first_samples(qtbot: QtBot) -> None:
    card = SamplesCard(Session(Experiment()), Style(LIGHT))
    qtbot.addWidget(card)
    card.show()
    qtbot.mouseClick(card.worst, Qt.MouseButton.LeftButton)
    card.show_snapshot(snapshot_of(Experiment()))
    assert card.worst.isChecked()
    column = card.table.samples.column_of("loss")
    assert card.table.samples.sorted_by == (column, Qt.SortOrder.DescendingOrder)


def test_a_click_on_a_line_chooses_its_sample(card: SamplesCard, session: Session, qtbot: QtBot) -> None:
    click_line(card, qtbot, 4)
    assert session.sample == Sample(4)
    click_heading(card, qtbot, "L")
    assert session.sample == Sample(4)
    line = card.table.selectionModel().selectedRows()[0].row()
    assert texts(card, line)[0] == "5"
    qtbot.keyClick(card.table, Qt.Key.Key_Down)
    assert session.sample == card.table.samples.sample(line + 1) != Sample(4)


def test_the_session_s_sample_is_marked(card: SamplesCard, session: Session) -> None:
    session.select_sample(Sample(2, is_test=True))
    assert [index.row() for index in card.table.selectionModel().selectedRows()] == [20]
    session.select_sample(None)
    assert card.table.selectionModel().selectedRows() == []


def test_the_order_stays_while_training_and_follows_at_rest(card: SamplesCard, qtbot: QtBot) -> None:
    qtbot.mouseClick(card.worst, Qt.MouseButton.LeftButton)
    before = card.table.samples.order.tolist()
    later = snapshot_of(preset("student-day"), 400)
    fields = {name: getattr(later, name) for name in Snapshot.__struct_fields__}
    data = card.table.samples.rows.data  # type: ignore[union-attr]
    card.show_snapshot(Snapshot(**{**fields, "data": data, "playing": True}))
    assert card.table.samples.order.tolist() == before
    card.show_snapshot(Snapshot(**{**fields, "data": data}))
    losses = [value_of(texts(card, line)[6]) for line in range(24)]
    assert losses == sorted(losses, reverse=True)
    assert card.table.samples.order.tolist() != before


def test_a_hundred_thousand_rows_are_computed_as_they_come_into_view(qtbot: QtBot, fonts: None) -> None:
    snapshot = snapshot_of(Experiment(data=DataSettings(dataset="circle", samples=500)), 1)
    data = snapshot.data
    many = {name: np.tile(getattr(data, name), (400, 1)) for name in ("x_train", "y_train", "positions_train")}
    many["labels_train"] = np.tile(data.labels_train, 400)
    fields = {name: getattr(data, name) for name in type(data).__struct_fields__}
    large = type(data)(**{**fields, **many})
    own = {name: getattr(snapshot, name) for name in Snapshot.__struct_fields__}
    rows = SampleRows(Snapshot(**{**own, "data": large}))
    table = SampleTable(Style(LIGHT))
    qtbot.addWidget(table)
    table.resize(500, 400)
    with qtbot.waitExposed(table):
        table.show()
    table.show_rows(rows, resort=True)
    table.grab()
    assert table.model().rowCount() == 100_000 + len(data.x_test)
    assert len(rows._train._blocks) == 1
    table.show_sample(Sample(90_000))
    table.grab()
    assert len(rows._train._blocks) <= 3
    table.sort_worst_first()
    assert table.samples.sample(0) is not None


@pytest.mark.parametrize("name", ["iris", "sine", "digits", "gauss-bumps"])
@pytest.mark.parametrize("style", [Style(LIGHT), Style(DARK, 1.4)])
def test_any_kind_of_data(qtbot: QtBot, fonts: None, name: str, style: Style) -> None:
    snapshot = snapshot_of(preset(name), 3)
    session = Session(snapshot.experiment)
    card = SamplesCard(session, style)
    qtbot.addWidget(card)
    card.resize(300, 260)
    card.show_snapshot(snapshot)
    card.set_style(style)
    assert not card.grab().isNull()
    shown = texts(card, 0)
    columns = [column.kind for column in columns_of(snapshot.data)]
    assert confirms(SampleResults(snapshot.network, snapshot.data, test=False).loss(0), shown[columns.index("loss")])
    for column in range(len(columns)):
        card.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert sorted(card.table.samples.order.tolist()) == list(range(card.table.model().rowCount()))


def test_softmax_predictions_are_the_most_probable_class(qtbot: QtBot, fonts: None) -> None:
    snapshot = snapshot_of(preset("iris"), 100)
    rows = SampleRows(snapshot)
    column = next(column for column in columns_of(snapshot.data) if column.kind == "prediction")
    shares = SampleResults(snapshot.network, snapshot.data, test=False).prediction(0)
    best = int(np.argmax(shares))
    name, share = rows.text(0, column).removesuffix(" ✗").split(" ")
    assert name == snapshot.data.class_names[best]
    assert confirms(float(shares[best]), share)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "csv"])
def test_the_table_is_exported(
    card: SamplesCard, snapshot: Snapshot, tmp_path: Path, suffix: str, qtbot: QtBot
) -> None:
    qtbot.mouseClick(card.worst, Qt.MouseButton.LeftButton)
    figure = card.figure
    assert figure is not None
    path = tmp_path / f"samples.{suffix}"
    export_figure(figure, path)
    assert path.stat().st_size > 200
    if suffix == "png":
        assert not QImage(str(path)).isNull()
    if suffix == "csv":
        with path.open(encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
        losses = [float(row[-1]) for row in rows[1:]]
        assert losses == sorted(losses, reverse=True)
        assert np.mean([x for x, row in zip(losses, rows[1:], strict=True) if "test" not in row[0]]) == pytest.approx(
            snapshot.scores.train_loss
        )


def test_raw_values_are_written_as_in_the_data() -> None:
    values = (2.0, -0.5, 0.0, 123456.0, 0.957224, 1e12)
    assert [plain(value) for value in values] == ["2", "−0.5", "0", "123456", "0.9572", "1.00e12"]


def test_new_numbers_leave_the_table_where_it_is_scrolled(
    card: SamplesCard, session: Session, snapshot: Snapshot
) -> None:
    card.resize(620, 200)
    session.select_sample(Sample(1))
    bar = card.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    card.show_snapshot(snapshot)
    assert bar.value() == bar.maximum() > 0
    session.select_sample(Sample(2))
    assert bar.value() < bar.maximum()


def test_the_table_is_built_when_it_is_first_shown(qtbot: QtBot, fonts: None, session: Session) -> None:
    card = SamplesCard(session, Style(LIGHT))
    qtbot.addWidget(card)
    session.select_sample(Sample(1))
    card.set_style(Style(DARK))
    assert card.findChild(SampleTable) is None
    assert card.figure is None
    assert card.has_figures


@pytest.mark.parametrize("size", [(1920, 1080), (960, 1080), (640, 1080)])
def test_a_picture_of_the_table_cuts_no_number(card: SamplesCard, size: tuple[int, int]) -> None:
    assert card.figure is not None
    svg = prepare_svg(card.figure, Look(size, LIGHT, titled=False))().decode()
    table = card.figure.figure_table()
    found = re.findall(r'<text x="([-.\d]+)" y="([-.\d]+)"[^>]*font-size="([.\d]+)"[^>]*>([^<]*)</text>', svg)
    texts = [text for *_, text in found]
    place = next(number for number, text in enumerate(texts) if text.startswith("… "))
    cells, note = found[:place], " ".join(texts[place:])
    assert min(float(x) for x, *_ in found) >= 0.0
    assert max(float(x) for x, *_ in cells) > 0.75 * size[0], "the columns spread over the whole width"
    assert {float(each) for _, _, each, _ in found} == {32.0}
    assert not any("…" in text for *_, text in cells)
    shown = {heading for heading in table.columns if heading in texts}
    assert {"y", "ŷ"} <= shown, "the main columns stay"
    left_out = [heading for heading in table.columns if heading not in shown]
    assert all(heading in note for heading in left_out) or f"{len(left_out)} more columns" in note
    lines = {y for _, y, _, _ in cells}
    assert f"{len(table.rows) - len(lines) + 1} more row" in note
    first = [plain(value) if isinstance(value, float) else str(value) for value in table.rows[0]]
    assert first[table.columns.index("y")] in texts


@pytest.mark.parametrize("columns", [2, 3])
def test_a_narrow_table_is_split_into_parts_side_by_side(card: SamplesCard, columns: int) -> None:
    whole = card.figure
    assert isinstance(whole, SamplesFigure)
    order = np.tile(whole._order, 5)
    figure = SamplesFigure(whole._rows, whole._columns[:columns], order, None, "")
    svg = prepare_svg(figure, Look((1920, 1080), LIGHT, titled=False))().decode()
    texts = re.findall(r'<text x="([-.\d]+)"[^>]*font-size="([.\d]+)"[^>]*>([^<]*)</text>', svg)
    parts = sum(text == "Sample" for _, _, text in texts)
    assert parts > 1
    assert len(texts) > 1.8 * columns * (1080 / 1.8 / 32 - 2), "rows in every part"
    assert {float(size) for _, size, _ in texts} == {32.0}
    assert max(float(x) for x, _, _ in texts) > 0.75 * 1920


@pytest.mark.parametrize("size", [(640, 1080), (960, 1080), (1004, 700)])
def test_a_picture_of_a_table_with_classes_cuts_no_name_while_there_is_room(size: tuple[int, int]) -> None:
    snapshot = snapshot_of(preset("iris"), steps=20)
    rows = SampleRows(snapshot)
    figure = SamplesFigure(rows, columns_of(snapshot.data), np.arange(rows.count), None, "")
    svg = prepare_svg(figure, Look(size, LIGHT, titled=False))().decode()
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert {"setosa", "versicolor", "virginica"} <= set(texts)
    assert not [text for text in texts if "…" in text and not text.startswith("… ")]


def test_names_that_are_too_long_stay_distinct(qapp: object) -> None:
    lines = [
        ["a", f"Iris {kind} var. canadensis {number / 10:.3f}"] for number, kind in enumerate(("setosa", "virginica"))
    ]
    columns = columns_of(snapshot_of(preset("iris")).data)
    places = [
        next(place for place, each in enumerate(columns) if each.kind == kind) for kind in ("target", "prediction")
    ]
    item = _TableItem([columns[place] for place in places], lines, 2, None, Style(LIGHT, 2.9))
    item.set_size(420.0, 400.0)
    texts = [line[1] for line in item._fitted().lines]
    assert len(set(texts)) == 2
    assert [text[-6:] for text in texts] == [" 0.000", " 0.100"]
    assert all("…" in text for text in texts)


def test_few_samples_are_written_in_large_type(card: SamplesCard) -> None:
    whole = card.figure
    assert isinstance(whole, SamplesFigure)
    figure = SamplesFigure(whole._rows, whole._columns[:4], whole._order[:5], None, "")
    svg = prepare_svg(figure, Look((1920, 1080), LIGHT, titled=False))().decode()
    assert min(float(size) for size in re.findall(r'font-size="([.\d]+)"', svg)) > 40.0


@pytest.mark.parametrize(("name", "targets"), [("vanishing-gradient", {"0", "1"}), ("default", {"−1", "+1"})])
def test_row04_the_loss_follows_from_the_target_and_the_prediction_in_its_row(name: str, targets: set[str]) -> None:
    snapshot = snapshot_of(preset(name), steps=20)
    rows, columns = SampleRows(snapshot), columns_of(snapshot.data)
    y, prediction, loss = (
        next(each for each in columns if each.kind == kind) for kind in ("target", "prediction", "loss")
    )
    assert {rows.text(row, y) for row in range(rows.count)} == targets
    for row in range(40):
        true = float(rows.text(row, y).replace("−", "-"))
        a = value_of(rows.text(row, prediction).removesuffix(" ✗"))
        expected = -math.log(a if true else 1.0 - a) if name == "vanishing-gradient" else 0.5 * (a - true) ** 2
        assert value_of(rows.text(row, loss)) == pytest.approx(expected, rel=2e-2, abs=1e-4)


def test_columns_share_the_room_up_to_a_readable_width() -> None:
    assert spread([50, 120, 80], 600, 200) == [200, 200, 200]
    assert spread([50, 120, 80], 1000, 200) == [200, 200, 200], "wider gaps are hard to read"
    assert spread([50, 120, 80], 300, 200) == [90, 120, 90]
    assert spread([50, 120, 80], 200, 200) == [50, 120, 80], "without room, the table scrolls"
    assert spread([], 200, 200) == []


@pytest.mark.parametrize("width", [900, 1900])
def test_a_wide_table_is_filled_by_its_columns(card: SamplesCard, qtbot: QtBot, width: int) -> None:
    card.resize(width, 460)
    table = card.table
    header = table.horizontalHeader()
    qtbot.waitUntil(lambda: 0 <= table.viewport().width() - header.length() <= header.count())
    assert table.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize(("width", "first"), [(300, ["y", "ŷ", "L", "Sample"]), (330, ["Sample", "y", "ŷ", "L"])])
def test_row03_a_narrow_table_shows_target_prediction_and_loss_without_scrolling(
    card: SamplesCard, qtbot: QtBot, width: int, first: list[str]
) -> None:
    table = card.table
    header, columns = table.horizontalHeader(), table.samples.columns
    in_model = [column.heading for column in columns]

    def shown() -> list[str]:
        return [columns[header.logicalIndex(visual)].heading for visual in range(header.count())]

    assert shown() == in_model, "all columns fit"
    card.resize(width, 300)
    qtbot.waitUntil(lambda: shown() == [*first, "play", "study", "sleep"])
    card._session.select_sample(Sample(3))
    assert table.horizontalScrollBar().value() == 0, "following a sample does not scroll sideways"
    ends = [
        table.columnViewportPosition(in_model.index(name)) + table.columnWidth(in_model.index(name)) for name in "yŷL"
    ]
    assert max(ends) <= table.viewport().width()
    card.resize(900, 300)
    qtbot.waitUntil(lambda: shown() == in_model)


def test_widths_that_the_user_has_set_stay(card: SamplesCard, qtbot: QtBot) -> None:
    table = card.table
    table.horizontalHeader().resizeSection(1, 170)
    card.resize(900, 460)
    qtbot.waitUntil(lambda: table.width() > 700)
    assert table.columnWidth(1) == 170
