"""Proof that the gradients are right: each one beside a central difference, and the error of the difference itself.

``GradientCheckWindow`` shows it; ``check_run`` computes it beside the window.
"""

from playground.gradient_check.window import GradientCheckWindow

__all__ = ["GradientCheckWindow"]
