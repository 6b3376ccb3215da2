"""Edits of the parts of an Experiment, each one undoable edit of the session."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from msgspec.structs import replace

from core.experiment import MAX_SEED, DataSettings, Experiment, NetworkSettings, TrainingSettings
from core.network.parameters import Spot
from core.training.snapshot import Snapshot
from playground.session.editing import edits
from playground.session.playback.walking import Walking


class Editing(Walking):
    """Changes fields of the Experiment through :meth:`edit`, which a subclass implements.

    Like :meth:`edit`, all methods that change something return whether the edit was accepted.
    """

    @property
    @abstractmethod
    def experiment(self) -> Experiment:
        """The current Experiment."""

    @abstractmethod
    def edit(
        self,
        experiment: Experiment,
        label: str,
        merge_key: str | None = None,
        *,
        rewinds: bool = False,
        spot: Spot | None = None,
    ) -> bool:
        """Apply ``experiment`` as one undoable edit with ``label``.

        Args:
            experiment: the new value; rejected with a message if it violates a limit.
            label: label in the Edit menu, such as "Learning rate".
            merge_key: quick successive edits with the same key, such as a slider's drag, become one entry.
            rewinds: whether training also starts over with the initial weights, which undo reverts too.
            spot: where a layer or a neuron is added or removed; without it, the last ones are assumed to be.

        Returns:
            Whether it was accepted.
        """

    def settable(self, shown: Snapshot | None) -> Snapshot | None:
        """Return ``shown``, unless its network is still to get another shape, which is then said: its weights will be others."""
        if shown is None or edits.is_same_shape(shown.experiment, self.experiment):
            return shown
        self.message.emit("The network is still being changed, so no weight was set.", "warning")
        return None

    def edit_data(self, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change fields of ``experiment.data``."""
        return self.edit_parts(label, merge_key, data=lambda data: replace(data, **changes))

    def edit_training(self, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change fields of ``experiment.training``."""
        return self.edit_parts(label, merge_key, training=lambda training: replace(training, **changes))

    def edit_network(self, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change fields of ``experiment.network``."""
        return self.edit_parts(label, merge_key, network=lambda network: replace(network, **changes))

    def new_seed(self) -> None:
        """Draw other initial weights and restart at step 0."""
        seed = (self.experiment.network.seed + 1) % (MAX_SEED + 1)
        self.edit_network("New seed", seed=seed)

    def edit_layer(self, index: int, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change fields of hidden layer ``index``."""
        return self.edit(edits.with_layer(self.experiment, index, changes), label, merge_key)

    def edit_all_layers(self, label: str, merge_key: str | None = None, **changes: object) -> bool:
        """Change the same fields of every hidden layer; ``initializer`` and ``gain`` also apply to the output layer."""
        return self.edit(edits.with_all_layers(self.experiment, changes), label, merge_key)

    def set_depth(self, depth: int) -> bool:
        """Set the number of hidden layers to ``depth``; new ones are copies of the last one."""
        return self.edit(edits.with_depth(self.experiment, depth), "Depth", "depth")

    def insert_layer(self, index: int) -> bool:
        """Insert a hidden layer before position ``index``, a copy of its predecessor."""
        return self.edit(edits.with_layer_inserted(self.experiment, index), "Add layer", spot=Spot(index))

    def remove_layer(self, index: int) -> bool:
        """Remove hidden layer ``index``."""
        return self.edit(edits.without_layer(self.experiment, index), "Remove layer", spot=Spot(index))

    def remove_neuron(self, layer: int, neuron: int) -> bool:
        """Remove ``neuron`` of hidden layer ``layer``; the others keep their weights. With the last one, remove the layer."""
        units = self.experiment.network.hidden[layer].units
        if units == 1:
            text = f"Hidden {layer + 1} had a single neuron, so the layer was removed; Undo restores it."
            removed = self.remove_layer(layer)
            if removed:
                self.message.emit(text, "info")
            return removed
        fewer = edits.with_layer(self.experiment, layer, {"units": units - 1})
        return self.edit(fewer, "Remove neuron", spot=Spot(layer, neuron))

    def edit_parts(
        self,
        label: str,
        merge_key: str | None = None,
        *,
        data: Callable[[DataSettings], DataSettings] | None = None,
        network: Callable[[NetworkSettings], NetworkSettings] | None = None,
        training: Callable[[TrainingSettings], TrainingSettings] | None = None,
    ) -> bool:
        """Change several parts of the Experiment as one undoable edit."""
        old = self.experiment
        new = replace(
            old,
            data=data(old.data) if data else old.data,
            network=network(old.network) if network else old.network,
            training=training(old.training) if training else old.training,
        )
        return self.edit(new, label, merge_key)
