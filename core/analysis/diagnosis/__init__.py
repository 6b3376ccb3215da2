"""The doctor: rules that examine the state of training and report why a network does not learn, with evidence.

A rule is a function from a :class:`Case` to a :class:`Finding` or ``None``, and an entry of ``RULES``; each file holds one
family. A finding names layers and numbers, the card that shows them, and a change of the Experiment that removes the cause.
``alternatives`` are further changes to try, and ``core.training.many_runs.cure_trials`` tries them on short runs.
"""

from core.analysis.diagnosis.case import Case, Overflow
from core.analysis.diagnosis.finding import Cure, Finding
from core.analysis.diagnosis.rules import RULES, examine
from core.analysis.diagnosis.steady import Steady

__all__ = ["RULES", "Case", "Cure", "Finding", "Overflow", "Steady", "examine"]
