"""The blocks between the texts of a lesson: goals, questions, predictions."""
