"""One training step: random draws, the order of L2, clipping, optimizer and L1, and the evaluation of whole sets.

``engine_choice`` picks between NumPy, the readable reference, and ``compiled``.
"""
