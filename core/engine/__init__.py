"""Training steps and evaluation: random draws, then forward, backward, L2, clipping, optimizer and L1.

``engine_choice`` selects between NumPy, the reference implementation, and ``compiled``.
"""
