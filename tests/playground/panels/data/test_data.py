from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.data.datasets import DATASETS
from core.data.loading import load
from core.experiment import DrawnSource, TableSource
from core.experiment.fitting import with_data
from playground.panels.data.data_choice import choose_data
from playground.panels.data.data_panel import DataPanel
from playground.panels.data.dataset_thumbnail import DatasetThumbnail, Thumbnail
from playground.panels.data.drawn_thumbnail import DrawnThumbnail
from playground.session import Session
from playground.style.theme import DARK, Style
from tests.playground.factory import snapshot_of
from tests.playground.panels.support import STYLE, choose, combo, slider
from tests.playground.recorder import Recorder


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> DataPanel:
    """The section Data."""
    made = DataPanel(session, STYLE)
    qtbot.addWidget(made)
    return made


def thumbnail(panel: DataPanel, key: str) -> DatasetThumbnail:
    return next(each for each in panel.findChildren(DatasetThumbnail) if each.key == key)


def test_every_data_set_is_in_the_menu_and_has_a_thumbnail(panel: DataPanel) -> None:
    menu = combo(panel, "datasetCombo")
    assert [menu.itemData(row) for row in range(menu.count())] == [*DATASETS, "drawn"]
    assert sorted(each.key for each in panel.findChildren(Thumbnail)) == sorted([*DATASETS, "drawn"])


def test_drawn_points_are_offered_and_kept_while_another_set_is_chosen(panel: DataPanel, session: Session) -> None:
    drawn = next(iter(panel.findChildren(DrawnThumbnail)))
    empty = drawn.grab().toImage()
    drawn.click()
    assert session.experiment.data.dataset == DrawnSource(points=())
    assert (combo(panel, "datasetCombo").currentData(), drawn.isChecked()) == ("drawn", True)
    assert not slider(panel, "noiseSlider").isEnabled()
    points = DrawnSource(points=((1.0, 1.0, 1.0), (-2.0, 3.0, 2.0)))
    session.edit_data("Draw", dataset=points)
    assert drawn.grab().toImage() != empty, "the picture follows the points"
    choose(combo(panel, "datasetCombo"), "xor")
    assert not drawn.isChecked()
    choose(combo(panel, "datasetCombo"), "drawn")
    assert session.experiment.data.dataset == points
    session.undo()
    assert combo(panel, "datasetCombo").currentData() == "xor"


@pytest.mark.parametrize("key", DATASETS)
def test_the_menu_changes_data_and_thumbnail(panel: DataPanel, session: Session, key: str) -> None:
    choose(combo(panel, "datasetCombo"), key)
    assert session.experiment.data.dataset == key
    assert thumbnail(panel, key).isChecked()


def test_a_click_on_a_thumbnail_is_one_undoable_edit(panel: DataPanel, session: Session) -> None:
    seen = Recorder(session)
    thumbnail(panel, "spiral").click()
    assert session.experiment.data.dataset == "spiral"
    assert (len(seen.changes), session.undo_label) == (1, "Data set")
    session.undo()
    assert session.experiment.data.dataset == "circle"
    assert (combo(panel, "datasetCombo").currentData(), thumbnail(panel, "circle").isChecked()) == ("circle", True)


def test_the_model_is_shown_without_emitting_edits(panel: DataPanel, session: Session) -> None:
    seen = Recorder(session)
    session.edit_data("test", dataset="xor", noise=0.25, test_fraction=0.2)
    session.edit_training("test", batch_size=0)
    assert len(seen.changes) == 2
    assert combo(panel, "datasetCombo").currentData() == "xor"
    assert slider(panel, "noiseSlider").value() == 25
    assert slider(panel, "testShareSlider").value() == 20
    batch = slider(panel, "batchSizeSlider")
    assert batch.value() == batch.maximum()


def test_sliders_act_while_dragged(panel: DataPanel, session: Session) -> None:
    for position in (10, 20, 30):
        slider(panel, "noiseSlider").setValue(position)
    assert session.experiment.data.noise == 0.3
    session.undo()
    assert session.experiment.data.noise == 0.0, "a drag is one undo step"
    slider(panel, "testShareSlider").setValue(10)
    assert session.experiment.data.test_fraction == 0.1
    batch = slider(panel, "batchSizeSlider")
    batch.setValue(batch.maximum())
    assert session.experiment.training.batch_size == 0
    batch.setValue(batch.minimum())
    assert session.experiment.training.batch_size == 1


def test_noise_is_for_generated_data(panel: DataPanel) -> None:
    choose(combo(panel, "datasetCombo"), "iris")
    noise = slider(panel, "noiseSlider")
    assert not noise.isEnabled()
    assert "generated data only" in noise.toolTip()
    choose(combo(panel, "datasetCombo"), "moons")
    assert noise.isEnabled()


def test_the_list_of_more_data_expands_when_one_is_chosen(panel: DataPanel) -> None:
    link = panel.findChild(QPushButton, "moreDataLink")
    assert link is not None
    assert not link.isChecked()
    assert thumbnail(panel, "moons").isHidden() or not thumbnail(panel, "moons").isVisibleTo(panel)
    choose(combo(panel, "datasetCombo"), "moons")
    assert link.isChecked()
    assert thumbnail(panel, "moons").isVisibleTo(panel)


def test_the_users_table_is_reported_and_stays_in_the_menu(panel: DataPanel, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("size,weight,grade\n1,2,A\n,3,B\n4,5,A\n6,7,B\n8,9,A\n", encoding="utf-8")
    source = TableSource(csv=str(path), target="grade")
    assert choose_data(session, source)
    texts = [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]
    assert "grades.csv: grade" in texts
    assert combo(panel, "datasetCombo").currentText() == "grades.csv"
    assert not any(each.isChecked() for each in panel.findChildren(DatasetThumbnail))
    report = load(session.experiment.data).table
    snapshot = snapshot_of()
    panel.show_snapshot(msgspec.structs.replace(snapshot, data=msgspec.structs.replace(snapshot.data, table=report)))
    texts = [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]
    assert (
        "1 of 5 rows left out for missing values (line 3). Class “B” has only one sample, "
        "which is in either the training or the test set."
    ) in texts
    choose(combo(panel, "datasetCombo"), "circle")
    assert not panel.findChild(QPushButton, "editColumnsLink").isVisibleTo(panel)  # type: ignore[union-attr]
    combo(panel, "datasetCombo").setCurrentIndex(len(DATASETS) + 1)
    assert session.experiment.data.dataset == source


def test_the_links_emit_requests(panel: DataPanel, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.open_data_requested):
        panel.findChild(QPushButton, "openDataLink").click()  # type: ignore[union-attr]
    with qtbot.waitSignal(panel.edit_columns_requested):
        panel.findChild(QPushButton, "editColumnsLink").click()  # type: ignore[union-attr]


def test_a_rejected_value_is_restored(panel: DataPanel, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.message):
        panel._try(session.edit_data("test", test_fraction=2.0))
    assert slider(panel, "testShareSlider").value() == 50


def test_thumbnails_differ_and_follow_the_theme(qtbot: QtBot) -> None:
    pictures = {}
    for key in DATASETS:
        picture = DatasetThumbnail(key, STYLE)
        qtbot.addWidget(picture)
        picture.resize(picture.sizeHint())
        picture.grab()  # the digits are loaded after the first grab
        light = picture.grab().toImage()
        pictures[key] = bytes(light.constBits())
        picture.set_style(Style(DARK))
        assert picture.grab().toImage() != light
    assert len(set(pictures.values())) == len(DATASETS)


def test_thumbnails_respond_to_the_keyboard(panel: DataPanel, session: Session) -> None:
    QTest.keyClick(thumbnail(panel, "gauss"), Qt.Key.Key_Space)
    assert session.experiment.data.dataset == "gauss"
    assert thumbnail(panel, "gauss").accessibleName() == DATASETS["gauss"].label


def test_the_split_is_chosen_and_explained(panel: DataPanel, session: Session) -> None:
    menu = combo(panel, "splitCombo")
    assert not menu.isVisibleTo(panel), "generated data have no split to choose"
    choose(combo(panel, "datasetCombo"), "iris")
    assert menu.isVisibleTo(panel)
    assert menu.currentData() == "random"
    assert "random, not stratified" in menu.toolTip()
    choose(menu, "stratified")
    assert (session.experiment.data.split, session.undo_label) == ("stratified", "Split")
    assert "same share" in menu.toolTip()
    session.undo()
    assert menu.currentData() == "random"
    panel.show_snapshot(snapshot_of(with_data(session.experiment, "sine")))
    assert not menu.isEnabled(), "a regression has no classes"
