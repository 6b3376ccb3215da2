"""The gradient's magnitude by layer."""
