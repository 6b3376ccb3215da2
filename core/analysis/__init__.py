"""Analyses of a network's gradients, activations and loss; each module answers one question.

Gradients: ``chain_rule``, ``gradient_check``, ``gradient_flow``, ``gradient_stop``, ``gradient_noise``, ``delta_split``; theory:
``forecast``, ``dropout_truth``, ``dropout_inputs``; the loss: ``landscape``, ``plane``, ``surfaces``, ``sharpness``, ``race``;
neurons: ``neuron_marks``, ``symmetry``, ``normal_ranges``; ``diagnosis`` (the doctor) explains why a network does not learn.
"""
