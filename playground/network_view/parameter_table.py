"""All weights and biases as a table, for export."""

from __future__ import annotations

from core.training.snapshot import Snapshot
from playground.network_view.shape import Shape
from playground.widgets.figure import Table

COLUMNS = ("layer", "from", "to", "value", "gradient", "last update")


def parameter_table(snapshot: Snapshot | None, shape: Shape) -> Table:
    """Return one row per weight and per bias (``from`` is "bias"), layer by layer."""
    rows: list[tuple[float | int | str, ...]] = []
    if snapshot is None:
        return Table(COLUMNS, rows)
    network = snapshot.network
    values, gradient, update = (
        flat.tolist() for flat in (network.parameters, snapshot.gradients.flat, snapshot.last_update)
    )
    for index, layer in enumerate(network.architecture.layers):
        targets = [shape.called.of_neuron(index + 1, neuron) for neuron in range(layer.fan_out)]
        sources = [shape.called.of_neuron(index, source) for source in range(layer.fan_in)]
        for source, name in enumerate(sources):
            for neuron, target in enumerate(targets):
                at = layer.weight_index(source, neuron)
                rows.append((layer.name, name, target, values[at], gradient[at], update[at]))
        for neuron, target in enumerate(targets):
            at = layer.bias_index(neuron)
            rows.append((layer.name, "bias", target, values[at], gradient[at], update[at]))
    return Table(COLUMNS, rows)
