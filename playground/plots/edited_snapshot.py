"""A snapshot with the parameters of an edit, before the training thread has made it."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from core.analysis.landscape import mean_loss
from core.network import Network
from core.training.recorders.parameter_path import ParameterPath
from core.training.snapshot import Snapshot
from playground.worker.commands import SetParameter, SetParameters


def edited_snapshot(snapshot: Snapshot, edit: SetParameter | SetParameters) -> Snapshot | None:
    """Return ``snapshot`` with the network and the path after ``edit``, or ``None`` if the edit does not fit.

    Its losses, gradients and activations are those before the edit; see :func:`with_loss`.
    """
    network, path = snapshot.network, snapshot.path
    if not edit.fits(network.architecture.size):
        return None
    parameters = edit.applied(network.parameters)
    count = int(np.searchsorted(path.steps, snapshot.step))  # the point of this step is replaced, as by the recorder
    steps, points = np.append(path.steps[:count], snapshot.step), (*path.points[:count], parameters)
    return replace(snapshot, network=Network(network.architecture, parameters), path=ParameterPath(steps, points))


def with_loss(snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` with the training loss of its parameters."""
    samples = len(snapshot.trace.inputs[0])
    loss = mean_loss(snapshot.network, snapshot.data.x_train[:samples], snapshot.data.y_train[:samples])
    return replace(snapshot, scores=replace(snapshot.scores, train_loss=loss))
