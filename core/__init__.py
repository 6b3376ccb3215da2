"""The NumPy core of NN Playground: data, networks, training and analyses, independent of any GUI.

Start at ``experiment.Experiment`` (what is trained), ``network.Network`` (forward and backward) and
``training.trainer.Trainer`` (one run); the registries of choices are in ``formulas``.
"""
