"""The loss over time."""
