"""Proof that the gradients are right: each one beside a central difference, and the error of the difference itself."""

from playground.gradient_check.window import GradientCheckWindow

__all__ = ["GradientCheckWindow"]
