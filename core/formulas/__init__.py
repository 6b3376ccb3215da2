"""The registries: each activation, loss, penalty, initializer, optimizer, dropout scaling and feature is one entry.

Start at ``activations.ACTIVATIONS``, ``losses.LOSSES``, ``initializers.INITIALIZERS`` and ``optimizers.OPTIMIZERS``.
A new entry also needs its source code for exported scripts (``activation_code`` and ``training_code``), and its reference values
from PyTorch: ``tests/golden/make_golden.py`` says how to compute them.
"""
