"""Cards for the blocks of a step: goals, questions and predictions."""
