"""Convert a snapshot to a case of :mod:`core.analysis.diagnosis`."""

from __future__ import annotations

from core.analysis.diagnosis import Case, Overflow
from core.training.snapshot import Snapshot


def case_of(snapshot: Snapshot) -> Case:
    """Return the case for ``snapshot``."""
    divergence = snapshot.divergence
    return Case(
        experiment=snapshot.experiment,
        data=snapshot.data,
        network=snapshot.network,
        trace=snapshot.trace,
        gradients=snapshot.gradients,
        last_update=snapshot.last_update,
        step=snapshot.step,
        train_loss=snapshot.scores.train_loss,
        test_loss=snapshot.scores.test_loss,
        penalty=snapshot.scores.penalty,
        steps=snapshot.curve.step,
        train=snapshot.curve.train,
        test=snapshot.curve.test,
        overflow=None if divergence is None else Overflow(divergence.step, divergence.layer, divergence.quantity),
    )
