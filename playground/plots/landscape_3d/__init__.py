"""The loss over a plane in weight space as a rotatable height field."""
