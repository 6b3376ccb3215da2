"""The loss over a plane in weight space, from above, with the training path."""
