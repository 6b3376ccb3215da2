"""The names that lessons may use for controls, sections, cards and workspaces, and the check of a lesson's names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from core.errors import LessonError
from core.lessons.blocks import Lesson, Show
from playground.window.cards import CARDS
from playground.window.workspace.arrangements import ARRANGEMENTS

CONTROLS: Final = (
    *("playButton", "stepButton", "resetButton", "seedButton", "speedSlider", "startAgainButton"),
    *("dataSets", "moreData", "datasetCombo", "noiseSlider", "testShareSlider", "splitCombo", "batchSizeSlider"),
    *("shuffleCheck", "drawButton"),
    *(
        "depthSlider",
        "widthSlider",
        "activationCombo",
        "initializerCombo",
        "gainSlider",
        "dropoutSlider",
        "eachLayerLink",
    ),
    *(
        "inputDropoutSlider",
        "dropoutScalingCombo",
        "lossCombo",
        "optimizerCombo",
        "learningRateSlider",
        "momentumSlider",
    ),
    *("alphaSlider", "l1Slider", "l2Slider", "clipNormSlider", "moreDataLink", "moreTrainingLink"),
    *("networkView", "networkCanvas", "phaseBar", "weightEdgesButton", "gradientEdgesButton", "updateEdgesButton"),
    *("marksButton", "doctorButton", "exportButton", "inspectorPanel", "parameterEditor", "racerTable", "alphaHandle"),
    *("lossPlot", "gradientPlot", "gradientHistoryPlot", "weightHistogramPlot", "activationPlot", "outputPlot"),
    *(
        "confusionPlot",
        "samplesCard",
        "codeCard",
        "waterfallPlot",
        "forecastPlot",
        "rangesPlot",
        "noisePlot",
        "dropoutTruthPlot",
    ),
    *("doctorPlot", "landscapePlot", "landscape3DPlot", "racePlot", "minimaPlot", "sharpnessPlot"),
)
"""Object names of controls and views that a lesson may point at, lock or hide."""

SECTIONS: Final = ("Data", "Training", "All layers")
"""Titles of the sections of the control panel, which a lesson may hide; case does not matter."""


def check_names(lesson: Lesson, where: str = "") -> None:
    """Check that every control, card and workspace that ``lesson`` names exists.

    Raises:
        LessonError: one does not; the message names the place and the nearest name.
    """
    file, front = where or lesson.key, lesson.front
    workspaces = [arrangement.key for arrangement in ARRANGEMENTS]
    _require((front.workspace,), workspaces, "workspace", "workspace", file, 2)
    _require(front.cards, CARDS, "card", "cards", file, 2)
    _require(_names(front.lock), CONTROLS, "control", "lock", file, 2)
    titles = [title.lower() for title in SECTIONS]
    hidden = (name for name in _names(front.hide) if name.lower() not in titles)
    _require(hidden, (*CONTROLS, *SECTIONS), "control", "hide", file, 2)
    for step in lesson.steps:
        for show in (block for block in step.content if isinstance(block, Show)):
            for name, known in (("control", CONTROLS), ("card", tuple(CARDS)), ("workspace", tuple(workspaces))):
                wanted = getattr(show, name)
                if wanted is not None:
                    _require((wanted,), known, name, f"show.{name}", file, step.line)


def _names(entries: Iterable[object]) -> list[str]:
    """Return the names among ``entries``, whose neurons and weights depend on the network."""
    return [each for each in entries if isinstance(each, str)]


def _require(names: Iterable[str], known: Iterable[str], kind: str, key: str, where: str, line: int) -> None:
    known = tuple(known)
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(known)}"
            raise LessonError(f'there is no {kind} called "{name}", {hint}', where=where, line=line, key=key)
