"""The theoretical forecast of activations and gradients against measurements."""
