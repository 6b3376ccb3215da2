"""The walk through the phases of a training step."""
