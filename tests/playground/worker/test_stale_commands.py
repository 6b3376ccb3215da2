"""Outdated commands are dropped, and reading large tables reports progress and can be cancelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.experiment import DataSettings, Experiment, TableSource
from playground.worker import data_loader
from playground.worker.commands import ApplyExperiment, Command, Pause, Play, SetParameter, SetPlane, Step
from tests.playground.worker.support import Worker, at_step, opened, rewound, steps_after


def big_table(path: Path, rows: int = 60_000) -> Experiment:
    path.write_text("a,b,y\n" + "".join(f"{row},{row % 7},{row % 2}\n" for row in range(rows)), encoding="utf-8")
    return Experiment(data=DataSettings(dataset=TableSource(csv=str(path), target="y")))


@pytest.mark.parametrize("command", [SetPlane((0, 3)), SetPlane((3, 0)), SetParameter(10_000, 1.0)])
def test_an_outdated_command_is_dropped(worker: Worker, tmp_path: Path, command: Command) -> None:
    iris = Experiment(data=DataSettings(dataset="iris"))
    worker.send(opened(iris), SetPlane((0, 3)))
    assert worker.snapshot_where(lambda snapshot: snapshot.plane is not None).plane.axes == (0, 3)
    worker.send(ApplyExperiment(big_table(tmp_path / "t.csv"), 1), command)
    shown = worker.snapshot_where(lambda snapshot: snapshot.generation == 1)
    assert shown.plane is not None
    assert shown.plane.axes == (0, 1)
    worker.send(Play())
    worker.snapshot_where(steps_after(10))
    worker.send(rewound(shown.experiment, shown.generation + 1), Pause())
    worker.snapshot_where(at_step(0))
    assert worker.failed == []


def test_the_thread_recovers_from_axes_that_cannot_be_drawn(worker: Worker) -> None:
    worker.send(opened())
    worker.snapshot_where(lambda _: True)
    worker.thread._axes = (0, 9)  # as if a check were missing
    worker.send(Step())
    worker.until(lambda: len(worker.failed) == 1)
    worker.send(Step())
    assert worker.snapshot_where(at_step(2)).plane is not None
    assert len(worker.failed) == 1


def test_reading_a_large_table_reports_progress(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_loader, "REPORT_SECONDS", 0.0)
    shares: list[float] = []
    worker.thread.loading.connect(shares.append)
    worker.send(opened(big_table(tmp_path / "t.csv")))
    worker.snapshot_where(lambda snapshot: snapshot.data.table is not None)
    worker.until(lambda: bool(shares) and shares[-1] == 1)
    assert shares == sorted(shares)
    assert len(shares) > 3


def test_a_newer_experiment_cancels_reading_and_keeps_the_pending_restart(worker: Worker, tmp_path: Path) -> None:
    worker.send(opened(), Play())
    worker.snapshot_where(steps_after(10))
    worker.send(Pause(), ApplyExperiment(big_table(tmp_path / "t.csv"), 1, restart=True))
    worker.until(lambda: worker.thread._commands.is_empty)
    worker.send(ApplyExperiment(Experiment(name="newer"), 2))
    shown = worker.snapshot_where(lambda snapshot: snapshot.generation >= 1)
    last = shown if shown.generation == 2 else worker.snapshot_where(lambda snapshot: snapshot.generation == 2)
    assert (last.experiment.name, last.step) == ("newer", 0)
    assert worker.refused == []
    assert worker.failed == []
