"""The truths that a learner was shown are saved with the progress."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.lessons.catalogue import lesson_files
from core.lessons.file_format.reading import read_lesson
from core.lessons.headless.lesson_states import collect_states
from core.lessons.progress.measured import MAX_POINTS, measure_truths, recorded_truth
from core.lessons.progress.record import LessonProgress, Progress, load, save


def test_recorded_truths_survive_saving(tmp_path: Path) -> None:
    lesson = read_lesson(lesson_files("en")["07-vanishing-gradient"])
    run = collect_states(lesson, engine="numpy")
    progress = LessonProgress()
    for number, (step, end) in enumerate(zip(lesson.steps, run.exits, strict=True), start=1):
        progress = progress.with_measured(measure_truths(step, number, end))
    assert progress.with_measured(progress.measured) == progress
    save(Progress().with_lesson(lesson.key, progress), tmp_path / "progress.json")
    stored = load(tmp_path / "progress.json")[0].of(lesson.key)
    assert stored == progress
    for position, truth in run.truths.items():
        kept = stored.truth(*position)
        assert kept is not None
        found = recorded_truth(kept)
        if not isinstance(truth, tuple):
            assert found == truth
            continue
        assert isinstance(found, tuple)
        x, y = found
        assert len(x) == min(MAX_POINTS, len(truth[0]))
        assert (x[0], x[-1]) == (truth[0][0], truth[0][-1])
        np.testing.assert_array_equal(y, np.interp(x, *truth))
    assert stored.truth(99) is None
