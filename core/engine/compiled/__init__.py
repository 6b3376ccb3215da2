"""The training loop in machine code that runs without the GIL; everything that touches Numba is here.

The interface is ``burst`` (train some steps), ``evaluation`` (evaluate a set) and ``compilation`` (compile beside a running
program); README.md says how it works and how to check it.
"""
