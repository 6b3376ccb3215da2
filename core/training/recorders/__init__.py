"""What is recorded during a run, in bounded memory: the loss curve, the gradient norms and the path of the parameters."""
