"""Analyses of a network's gradients, activations and loss; each module answers one question.

See ``chain_rule``, ``gradient_check``, ``gradient_flow``, ``gradient_stop``, ``delta_split``, ``forecast``, ``dropout_truth``,
``dropout_inputs``, ``landscape``, ``surfaces`` and ``plane``; ``diagnosis`` explains why a network does not learn.
"""
