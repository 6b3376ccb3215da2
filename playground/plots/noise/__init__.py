"""The gradient noise: batch against full gradient, and the variance by batch size."""
