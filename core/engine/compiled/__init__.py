"""The training loop as machine code that runs without the GIL; all code that uses Numba is here.

The interface is ``burst`` (take training steps), ``evaluation`` (evaluate a set) and ``compilation`` (compile in the
background); README.md describes how it works and how to test it.
"""
