"""Check every gradient against a central difference, and show the error of the difference itself.

``GradientCheckWindow`` shows the result; ``check_run`` computes it on a background thread.
"""

from playground.gradient_check.window import GradientCheckWindow

__all__ = ["GradientCheckWindow"]
