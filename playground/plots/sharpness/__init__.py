"""The largest curvature of the loss over the run, and the learning rate that it allows."""
