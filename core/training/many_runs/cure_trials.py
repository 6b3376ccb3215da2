"""Try the doctor's cures on short runs, and offer for each finding one that works."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from core.analysis.diagnosis import Case, Cure, Finding, examine
from core.analysis.diagnosis.alternatives import alternatives
from core.analysis.diagnosis.case import LEARNED
from core.data.prepared_data import PreparedData, standardized
from core.engine.engine_choice import EngineChoice
from core.errors import ExperimentError
from core.experiment import Experiment
from core.experiment.resolution import resolve
from core.network.architecture import Architecture, architecture_for
from core.training.diagnosis_case import case_of
from core.training.divergence import Divergence
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder, next_landmark
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer

Advance: TypeAlias = Callable[[int, int], bool]
"""Called with (steps done, total); returns whether to continue."""

MAX_STEPS: Final = 4000
"""Length of a trial in steps. A trial is longer, up to ``MAX_LONG_STEPS``, if the training before the finding was."""

MAX_LONG_STEPS: Final = 20_000
MIN_STEPS: Final = 500
"""A network is too large for trials if they could not take this many steps."""

WORK: Final = 1_500_000_000
"""Maximum weights × samples × steps of a trial, which then takes about a second."""

MAX_NUMPY_LAYER_STEPS: Final = 30_000
"""Maximum layers × steps of a trial on NumPy, which then takes a second.

Larger trials, and all trials while the network trains, wait for the compiled engine: NumPy would compete with training and
the window for the GIL.
"""

POSTPONED: Final = "postponed"
"""In place of the result of a trial that waits for the compiled engine."""

UNCONFIRMED: Final = "This may go away by itself; that is tried once the compiled engine is loaded."
UNTRIED: Final = "The cure is tried once the compiled engine is loaded."

EARLY: Final = 1000
"""Steps after which a trial ends if the network has learned and nothing is wrong."""

RECORDED: Final = 250
"""Steps between two recorded losses."""

RECORDED_OFTEN: Final = 25
"""The same where the lowest test loss matters."""

BEGINNING: Final = 200
"""Number of steps before which a network that will learn is not reported: its apparent problems disappear by themselves."""

MAX_DATA: Final = 4
"""Maximum number of data sets whose results are kept."""

MAX_KEPT: Final = 500
"""Maximum number of results kept for each data set."""


class Trial(Struct, frozen=True):
    """The result of training with a cure.

    Attributes:
        steps: steps taken.
        remaining: final training loss as a share of a constant prediction's.
        does_well: whether the network learned most, or improves.
        problems: keys of the rules that found a problem at the end.
    """

    steps: int
    remaining: float
    does_well: bool
    problems: frozenset[str]

    @property
    def learns(self) -> bool:
        """Whether the network learns and nothing is wrong."""
        return self.does_well and not self.problems


class TrialCancelled(Exception):  # noqa: N818 - not an error
    """The trials were cancelled."""


class CureTrials:
    """Tries cures, and keeps the results while the data stay the same. Threads may share it.

    A trial is the training that a click on the cure would start, with the same seeds, so its result is exact for its steps.
    """

    def __init__(self) -> None:
        # Weak, because results do not fit any other data, and a closed table may be large.
        self._kept: tuple[tuple[weakref.ref[PreparedData], dict[object, Trial]], ...] = ()

    def tested(
        self, snapshot: Snapshot, findings: Sequence[Finding], advance: Advance, engine: EngineChoice | None = None
    ) -> tuple[Finding, ...] | None:
        """Return ``findings``, each with a cure that worked in a trial; ``None`` if cancelled.

        At the beginning of training, warnings are left out if the network learns as it is. If the network is too large for
        trials, findings keep the cures of their rules. If no cure works, the finding has none, and the evidence says
        how many were tried. Where a trial must wait for the compiled engine, the evidence says so.

        Args:
            snapshot: the state of training.
            findings: what the rules found in it.
            advance: called regularly.
            engine: the engine of the trials; by default the compiled one, if that is loaded.
        """
        try:
            as_it_is = self._as_it_is(snapshot, findings, advance, engine)
            if isinstance(as_it_is, Trial) and as_it_is.remaining <= LEARNED and as_it_is.problems <= {"overfitting"}:
                findings = [finding for finding in findings if finding.severity != "warning"]
            case = case_of(snapshot)
            return tuple(
                _unconfirmed(finding, UNCONFIRMED)
                if as_it_is == POSTPONED and finding.severity == "warning"
                else self._treated(finding, findings, case, snapshot, advance, engine)
                if finding.is_problem
                else finding
                for finding in findings
            )
        except TrialCancelled:
            return None

    def _as_it_is(
        self, snapshot: Snapshot, findings: Sequence[Finding], advance: Advance, engine: EngineChoice | None
    ) -> Trial | Literal["postponed"] | None:
        """Return where a training that has just begun leads without a change; ``None`` if there is nothing to be tried."""
        warned = any(finding.severity == "warning" for finding in findings)
        if snapshot.step >= BEGINNING or snapshot.divergence is not None or not warned:
            return None
        return self._trial(AS_IT_IS, snapshot, advance, engine, ends_early=True)

    def _treated(
        self,
        finding: Finding,
        findings: Sequence[Finding],
        case: Case,
        snapshot: Snapshot,
        advance: Advance,
        engine: EngineChoice | None,
    ) -> Finding:
        """Return ``finding`` with the first cure after which the network learns, or else one that removes this problem."""
        problems = frozenset(each.key for each in findings if each.is_problem)
        partial: Cure | None = None
        tried = 0
        for cure in _candidates(finding, findings, case):
            # Overfitting comes after learning, so that a trial must not end when the network has learned.
            trial = self._trial(cure, snapshot, advance, engine, ends_early=finding.key != "overfitting")
            if trial == POSTPONED:
                return _unconfirmed(finding, UNTRIED)
            if trial is None:
                if tried == 0:
                    return finding  # the rule's own cure cannot be tried, such as on a large network
                continue
            tried += 1
            if trial.learns:
                return replace(finding, cure=_with_outcome(cure, trial))
            is_gone = finding.key not in trial.problems and trial.problems <= problems
            if is_gone and partial is None:
                partial = _with_outcome(cure, trial)
        if partial is not None:
            return replace(finding, cure=partial)
        return replace(finding, cure=None, evidence=f"{finding.evidence} {_none_of(tried)}") if tried else finding

    def _trial(
        self, cure: Cure, snapshot: Snapshot, advance: Advance, engine: EngineChoice | None, *, ends_early: bool
    ) -> Trial | Literal["postponed"] | None:
        """Return the result of a trial, known or new; ``None`` if there cannot be one."""
        kept = self._results_for(snapshot.data)
        cured = cure.change(snapshot.experiment)
        # A trial from initial weights depends only on the settings, any other also on the current step. During training the
        # step is rounded to a power of two, so that not every examination repeats the same trials.
        moment = snapshot.step if not snapshot.playing else -snapshot.step.bit_length()
        key = (cured, ends_early, None if cure.rewinds else (snapshot.experiment, moment))
        if key not in kept:
            trial = try_cure(
                cured, snapshot, rewinds=cure.rewinds, ends_early=ends_early, advance=advance, engine=engine
            )
            if not isinstance(trial, Trial):
                return trial
            kept[key] = trial
        return kept[key]

    def _results_for(self, data: PreparedData) -> dict[object, Trial]:
        """Return the results for ``data`` as a dictionary that the caller may extend."""
        alive = [(known, results) for known, results in self._kept if known() is not None]
        kept = next((results for known, results in alive if known() is data and len(results) < MAX_KEPT), {})
        others = [each for each in alive if each[0]() is not data]
        self._kept = ((weakref.ref(data), kept), *others[: MAX_DATA - 1])
        return kept


def _unchanged(experiment: Experiment) -> Experiment:
    return experiment


AS_IT_IS: Final = Cure("", _unchanged, rewinds=True)
"""The training from the start without a change."""


def _candidates(finding: Finding, findings: Sequence[Finding], case: Case) -> Iterator[Cure]:
    """Yield the cure of ``finding``, then those of the other problems, which may have caused this one, and then others."""
    own = finding.cure
    if own is not None:
        yield own
    yield from (each.cure for each in findings if each.is_problem and each.cure is not None and each.cure != own)
    yield from alternatives(finding, case)


def _unconfirmed(finding: Finding, why: str) -> Finding:
    """Return ``finding`` with ``why`` no trial has confirmed it or its cure yet."""
    if finding.cure is None and why == UNTRIED:
        return replace(finding, awaits_trial=True)
    return replace(finding, awaits_trial=True, evidence=f"{finding.evidence} {why}")


def _with_outcome(cure: Cure, trial: Trial) -> Cure:
    left = 100.0 * trial.remaining
    percent = "less than 1" if left < 1.0 else f"{left:.0f}"
    text = f"tried for {trial.steps:,} steps: the loss reaches {percent}\u2009% of a constant prediction's"
    return Cure(cure.label, cure.change, rewinds=cure.rewinds, outcome=text.replace(",", "\u2009"))


def _none_of(tried: int) -> str:
    return "The change tried does not cure it." if tried == 1 else f"None of the {tried} changes tried cures it."


def steps_of(architecture: Architecture, samples: int, batch_size: int, done: int) -> int:
    """Return the length of a trial of a network whose finding came after ``done`` steps; 0 if it is too large."""
    weights = sum(layer.fan_in * layer.fan_out for layer in architecture.layers)
    wanted = min(max(MAX_STEPS, done), MAX_LONG_STEPS)
    possible = WORK // max(weights * (min(batch_size, samples) or samples), 1)
    return min(wanted, possible) if possible >= MIN_STEPS else 0


def try_cure(
    cured: Experiment,
    snapshot: Snapshot,
    *,
    rewinds: bool,
    advance: Advance,
    ends_early: bool = True,
    engine: EngineChoice | None = None,
) -> Trial | Literal["postponed"] | None:
    """Train ``cured`` as it would train after a click; return ``None`` if that cannot be tried.

    Args:
        cured: the changed settings.
        snapshot: the state of training before the change.
        rewinds: whether to start from initial weights.
        advance: called regularly.
        ends_early: whether the trial ends when the network has learned.
        engine: the engine; by default the compiled one, if that is loaded.

    Raises:
        TrialCancelled: ``advance`` returned ``False``.
    """
    data = _data_after(cured, snapshot)
    if data is None:
        return None
    total = steps_of(architecture_for(cured, data), len(data.x_train), cured.training.batch_size, snapshot.step)
    if not total:
        return None
    recorder, early = LossRecorder(), EARLY if ends_early else total
    if not rewinds and snapshot.state is None:
        return None
    engine = engine or _engine()
    layers = len(snapshot.network.architecture.layers)
    if engine == "numpy" and (snapshot.playing or layers * total > MAX_NUMPY_LAYER_STEPS):
        return POSTPONED
    if rewinds or snapshot.state is None:
        return _run(Trainer(cured, data, engine), recorder, total, early, advance)
    trainer = Trainer(snapshot.experiment, snapshot.data, engine)
    trainer.restore(snapshot.state)
    trainer.apply(cured, data)
    recorder.resume(snapshot.curve)
    return _run(trainer, recorder, total, early, advance)


def _engine() -> EngineChoice:
    """Return the compiled engine if it is loaded: loading it would hold the GIL for seconds, and so would freeze a window."""
    from core.engine.compiled.kernel import is_loaded  # imported late: NumPy takes the first steps

    return "auto" if is_loaded() else "numpy"


def _run(trainer: Trainer, recorder: LossRecorder, total: int, early: int, advance: Advance) -> Trial:
    first = trainer.step
    divergence: Divergence | None = None
    while True:
        done = trainer.step - first
        if not advance(done, total):
            raise TrialCancelled
        seen = observe(trainer, recorder, axes=None, divergence=divergence)
        if done >= total or divergence is not None or (done >= early and done % EARLY == 0):
            trial = _trial_of(seen, done)
            if done >= total or divergence is not None or (trial.remaining <= LEARNED and trial.learns):
                return trial
        often = min(next_landmark(done) - done, RECORDED_OFTEN - done % RECORDED_OFTEN)
        spacing = RECORDED if early < total else often
        divergence = trainer.run(min(spacing, total - done))


def _trial_of(snapshot: Snapshot, steps: int) -> Trial:
    case = case_of(snapshot)
    found = examine(case) or ()
    return Trial(steps, case.remaining, case.does_well, frozenset(each.key for each in found if each.is_problem))


def _data_after(cured: Experiment, snapshot: Snapshot) -> PreparedData | None:
    """Return the data for ``cured``; ``None`` if they cannot be derived from those of ``snapshot``."""
    data, before = snapshot.data, snapshot.experiment
    try:
        if data.missing or resolve(cured, data.task, data.classes).coding != data.coding:
            return None
    except ExperimentError:
        return None
    if cured.data == before.data:
        return data
    if replace(cured.data, standardize=before.data.standardize) == before.data and cured.data.standardize:
        return standardized(data)
    return None
