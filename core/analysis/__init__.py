"""What a network's gradients, activations and loss can be asked beyond training: each file is one question with its formula.

See ``chain_rule``, ``gradient_check``, ``gradient_flow``, ``gradient_stop``, ``delta_split``, ``forecast``, ``dropout_truth``,
``landscape``, ``surfaces`` and ``plane``.
"""
