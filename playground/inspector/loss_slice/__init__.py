"""The loss along one parameter: its numbers and its plot."""
