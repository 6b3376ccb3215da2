"""The section Training: optimizer, learning rate, loss and regularization."""
