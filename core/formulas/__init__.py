"""The registries: each activation, loss, penalty, initializer, optimizer, feature and metric is one entry.

Start at ``activations.ACTIVATIONS``, ``losses.LOSSES``, ``initializers.INITIALIZERS`` and ``optimizers.OPTIMIZERS``.
"""
