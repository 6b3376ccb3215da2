"""The registries: each activation, loss, penalty, initializer, optimizer, dropout scaling and feature is one entry.

Start at ``activations.ACTIVATIONS``, ``losses.LOSSES``, ``initializers.INITIALIZERS`` and ``optimizers.OPTIMIZERS``.
"""
