"""The code card: the current experiment as a script for PyTorch, Keras or NumPy, which follows every change."""

from __future__ import annotations

from playground.code_view.card import CodeCard

__all__ = ["CodeCard"]
